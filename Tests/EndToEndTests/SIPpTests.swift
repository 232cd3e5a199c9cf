// SIPp from Debian: many calls a second, and orders of messages that no phone sends.

import Foundation
import Testing

extension EndToEnd {
    struct SIPpTests {
        private static let files = [
            "listeners.yaml": """
            sip: {port: @SIP@}
            rtp: {port_first: 27400, port_last: 27999}
            http: {port: @HTTP@}

            """,
            "trunks.yaml": "trunks:\n  carrier: {peer: 127.0.0.1:@CARRIER@, inbound: [127.0.0.1], channels: 200}\n",
            "numbers.yaml": "numbers:\n  \"100\": {flow: main}\n  \"400\": {flow: outside}\n",
            "flows/main.yaml": """
            start: menu
            nodes:
              menu: {do: menu, say: Press one., choices: {"1": sales}, timeout_seconds: 60, otherwise: sales}
              sales: {do: queue, queue: sales}

            """,
            "flows/outside.yaml": """
            start: call
            nodes:
              call: {do: transfer, trunk: carrier, number: "900", otherwise: sorry}
              sorry: {do: hang_up, say: Nobody is there.}

            """,
        ]

        private func sipp(_ house: House, _ arguments: [String], scenario: String? = nil) async throws -> Program {
            var arguments = arguments + ["-i", "127.0.0.1", "-nostdin", "-timeout", "70", "-timeout_error"]
            if let scenario {
                let file = house.folder + "/\(UUID().uuidString).xml"
                try scenario.write(toFile: file, atomically: true, encoding: .utf8)
                arguments += ["-sf", file]
            }
            return house.keep(try Program("/usr/bin/sipp", arguments, in: house.folder))
        }

        /// SIPp does not say when it listens, and the kernel tells nobody: its table of sockets is looked at again.
        private func bound(_ port: Int) async throws {
            let line = ":" + String(port, radix: 16, uppercase: true) + " "
            let end = ContinuousClock.now + .seconds(30)
            while ContinuousClock.now < end {
                // Files under /proc have no size, so they are read to their end.
                let table = FileHandle(forReadingAtPath: "/proc/net/udp")?.readDataToEndOfFile() ?? Data()
                if String(decoding: table, as: UTF8.self).contains(line) { return }
                try await Task.sleep(for: .milliseconds(10))
            }
            throw Failure("SIPp does not listen on port \(port)")
        }

        private func expectGood(_ program: Program, _ location: SourceLocation = #_sourceLocation) async throws {
            let status = try await program.status(within: .seconds(75))
            #expect(
                status == 0, "\(program.output.lines.suffix(60).joined(separator: "\n"))\n\(program.errors.lines)",
                sourceLocation: location)
        }

        @Test("ten calls a second for five seconds go through a flow to the carrier and back; none fails")
        func load() async throws {
            try await House.open(Self.files) { house in
                let carrier = try await sipp(house, ["-sn", "uas", "-p", "\(house.carrierPort)", "-m", "50"])
                try await bound(house.carrierPort)
                let callers = try await sipp(
                    house,
                    [
                        "127.0.0.1:\(house.sipPort)", "-sn", "uac", "-s", "400", "-p", "\(house.freePort)", "-r", "10", "-m",
                        "50", "-d", "500",
                    ])
                try await expectGood(callers)
                try await expectGood(carrier)
                try await house.eventually("all contacts are closed") {
                    try house.rows("SELECT * FROM contacts WHERE outcome = 'transferred'").count == 50
                }
            }
        }

        // MARK: Odd orders

        private static let sdp = """
            v=0
            o=- 1 1 IN IP4 127.0.0.1
            s=-
            c=IN IP4 127.0.0.1
            t=0 0
            m=audio [media_port] RTP/AVP 8
            """

        private static func request(
            _ method: String, _ sequence: Int, branch: String = "[branch]", extra: String = "", body: String = ""
        ) -> String {
            let content = body.isEmpty ? "Content-Length: 0" : "Content-Type: application/sdp\nContent-Length: [len]"
            return """
                \(method) sip:100@[remote_ip]:[remote_port] SIP/2.0
                Via: SIP/2.0/[transport] [local_ip]:[local_port];branch=\(branch)
                From: <sip:odd@127.0.0.1:[local_port]>;tag=[call_number]
                To: <sip:100@127.0.0.1:[remote_port]>[peer_tag_param]
                Call-ID: [call_id]
                CSeq: \(sequence) \(method)
                Contact: <sip:odd@[local_ip]:[local_port]>
                Max-Forwards: 70
                \(content)

                \(body)
                """
        }

        private static func send(_ text: String, retransmits: Bool = true) -> String {
            "<send\(retransmits ? " retrans=\"500\"" : "")><![CDATA[\n\(text)\n]]></send>\n"
        }

        private static func scenario(_ name: String, _ steps: [String]) -> String {
            "<?xml version=\"1.0\" encoding=\"ISO-8859-1\" ?>\n<scenario name=\"\(name)\">\n" + steps.joined() + "</scenario>\n"
        }

        private static let provisional =
            "<recv response=\"100\" optional=\"true\"></recv>\n<recv response=\"180\" optional=\"true\"></recv>\n"

        /// BYE directly behind the ACK.
        private static let byeAtOnce = scenario(
            "bye at once",
            [
                send(request("INVITE", 1, body: sdp)), provisional, "<recv response=\"200\"></recv>\n",
                send(request("ACK", 1), retransmits: false),
                send(request("BYE", 2)), "<recv response=\"200\"></recv>\n",
            ])

        /// Hold and resume by re-INVITE, RFC 3264 §8.4.
        private static let holdAndResume = scenario(
            "hold and resume",
            [
                send(request("INVITE", 1, body: sdp)), provisional, "<recv response=\"200\"></recv>\n",
                send(request("ACK", 1), retransmits: false),
                "<pause milliseconds=\"200\"/>\n",
                send(request("INVITE", 2, body: sdp.replacingOccurrences(of: "1 1 IN", with: "1 2 IN") + "\n    a=sendonly")),
                provisional,
                "<recv response=\"200\"><action><ereg regexp=\"a=(recvonly|inactive)\" search_in=\"body\" check_it=\"true\" assign_to=\"1\"/></action></recv>\n",
                "<Reference variables=\"1\"/>\n",
                send(request("ACK", 2), retransmits: false), "<pause milliseconds=\"200\"/>\n",
                send(request("INVITE", 3, body: sdp.replacingOccurrences(of: "1 1 IN", with: "1 3 IN") + "\n    a=sendrecv")),
                provisional, "<recv response=\"200\"></recv>\n", send(request("ACK", 3), retransmits: false),
                send(request("BYE", 4)), "<recv response=\"200\"></recv>\n",
            ])

        @Test("BYE at once, hold and resume: each ends as RFC 3261 says, and nothing is left")
        func oddOrders() async throws {
            try await House.open(Self.files) { house in
                for scenario in [Self.byeAtOnce, Self.holdAndResume] {
                    let program = try await sipp(
                        house, ["127.0.0.1:\(house.sipPort)", "-p", "\(house.freePort)", "-r", "20", "-m", "20"],
                        scenario: scenario)
                    try await expectGood(program)
                }
                try await house.eventually("nothing is left") {
                    try house.rows("SELECT * FROM contacts WHERE ended IS NOT NULL").count
                        == house.rows("SELECT * FROM contacts").count
                }
                // A caller still comes through.
                let caller = try house.call("100", "wait answered; hear speech; hang up")
                try await caller.succeeds()
            }
        }

        @Test("CANCEL in the same moment as INVITE: either 487, or the call was answered and takes its BYE")
        func cancelAtOnce() async throws {
            try await House.open(Self.files) { house in
                let socket = try Datagrams()
                for number in 0..<20 {
                    let id = "cancel-\(number)"
                    func send(_ method: String, _ sequence: Int, toTag: String? = nil, body: String = "") {
                        let text = house.message(
                            method, from: socket.port, callID: id, sequence: sequence, toTag: toTag, body: body)
                        socket.send(Array(text.utf8), to: house.sipPort)
                    }
                    send("INVITE", 1, body: HostileTests.sdp)
                    send("CANCEL", 1)
                    let final = await socket.receive(within: .seconds(15)) {
                        $0.contains("Call-ID: \(id)\r\n") && $0.contains("CSeq: 1 INVITE") && !$0.hasPrefix("SIP/2.0 1")
                    }
                    let answer = try #require(final, "no final answer to INVITE \(number)")
                    let tag = answer.firstMatch(of: /To: [^\r]*;tag=([^;\r]+)/).map { String($0.1) }
                    send("ACK", 1, toTag: tag)
                    if answer.hasPrefix("SIP/2.0 487") { continue }
                    #expect(answer.hasPrefix("SIP/2.0 200"), "\(answer)")
                    send("BYE", 2, toTag: tag)
                    let bye = await socket.receive(within: .seconds(15)) {
                        $0.contains("Call-ID: \(id)\r\n") && $0.contains("CSeq: 2 BYE")
                    }
                    #expect(bye?.hasPrefix("SIP/2.0 200") == true, "\(bye ?? "no answer to BYE")")
                }
                // Behind the last ACK or BYE on the same way.
                _ = try await house.roundTrip(from: socket)
                try await house.eventually("nothing is left") {
                    try await house.get("/v1/status", token: "admin").body.contains("\"contacts\":0,\"calls\":0,\"legs\":0")
                }
            }
        }
    }
}
