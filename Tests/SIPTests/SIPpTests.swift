// The same against somebody else's SIP: SIPp from Debian as caller, called and registering party.

import Basics
import Foundation
import Testing

@testable import SIP

extension OnTheWire {
    struct SIPpTests {
        /// Runs `sipp` and gives its exit status: 0 if every call of the scenario went as written.
        private func sipp(_ arguments: [String], scenario: String? = nil) async throws -> Int32 {
            let folder = FileManager.default.temporaryDirectory.appendingPathComponent("sipp-\(UUID().uuidString)")
            try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
            defer { try? FileManager.default.removeItem(at: folder) }
            var arguments = arguments + ["-i", "127.0.0.1", "-nostdin", "-timeout", "45", "-timeout_error"]
            if let scenario {
                let file = folder.appendingPathComponent("scenario.xml")
                try scenario.write(to: file, atomically: true, encoding: .utf8)
                arguments += ["-sf", file.path]
            }
            let process = Process()
            process.executableURL = URL(fileURLWithPath: "/usr/bin/sipp")
            process.arguments = arguments
            process.currentDirectoryURL = folder
            process.environment = ["TERM": "dumb"]
            process.standardOutput = FileHandle.nullDevice
            process.standardError = FileHandle.nullDevice
            return try await withCheckedThrowingContinuation { continuation in
                process.terminationHandler = { continuation.resume(returning: $0.terminationStatus) }
                do { try process.run() } catch { continuation.resume(throwing: error) }
                // It does not always heed its own time limit.
                DispatchQueue.main.asyncAfter(deadline: .now() + 48) {
                    if process.isRunning { kill(process.processIdentifier, SIGKILL) }
                }
            }
        }

        /// Returns when a UDP socket is bound to `port`.
        private func bound(_ port: Int) async throws {
            let line = ":" + String(port, radix: 16, uppercase: true) + " "
            for _ in 0..<500 {
                // Files under /proc have no size, so they are read to their end.
                let table = FileHandle(forReadingAtPath: "/proc/net/udp")?.readDataToEndOfFile() ?? Data()
                if String(decoding: table, as: UTF8.self).contains(line) { return }
                _ = try? await Mailbox<Int>().take("nothing", within: 0.01)
            }
            throw Missing(description: "a socket on port \(port)")
        }

        private func header(_ method: String, _ number: Int, extra: String = "") -> String {
            """
            Via: SIP/2.0/[transport] [local_ip]:[local_port];branch=[branch]
            From: <sip:anna@127.0.0.1:[local_port]>;tag=[call_number]
            To: <sip:anna@127.0.0.1:[remote_port]>
            Call-ID: [call_id]
            CSeq: \(number) \(method)
            Contact: <sip:anna@[local_ip]:[local_port]>
            Max-Forwards: 70
            \(extra)
            """
        }

        @Test("60 calls of SIPp's own caller scenario are answered and hung up by it")
        func caller() async throws {
            let house = try House(port: 15_140, trunkPort: 15_141, channels: 100)
            house.endpoint.onEvent = { [unowned house, events = house.events] event in
                if case .invited(let invitation) = event {
                    house.endpoint.ring(invitation.call)
                    house.endpoint.answer(invitation.call, sdp: Peer.sdp)
                }
                events.put(event)
            }
            let status = try await sipp(["-sn", "uac", "127.0.0.1:15140", "-p", "15141", "-m", "60", "-r", "60", "-d", "20"])
            #expect(status == 0)
            for _ in 0..<60 {
                _ = try await house.events.take("an end") { if case .ended(_, .hungUpByPeer) = $0 { true } else { false } }
            }
            #expect(house.endpoint.figures.liveHandles == 0)
            #expect(house.endpoint.channelsTaken(of: House.trunk) == 0)
        }

        @Test("20 calls to SIPp's own called party are answered, and hung up by us")
        func called() async throws {
            let house = try House(port: 15_142, trunkPort: 15_143, channels: 100)
            async let status = sipp(["-sn", "uas", "-p", "15143", "-m", "20"])
            try await bound(15_143)
            for _ in 0..<20 {
                let call = try house.endpoint.invite(trunk: House.trunk, number: "100", from: Caller(user: "1"), sdp: Peer.sdp)
                _ = try await house.events.take("an answer") {
                    if case .answered(call, _) = $0 { true } else { false }
                }
                house.endpoint.hangUp(call)
                #expect(try await house.ended(call) == .hungUpHere)
            }
            #expect(try await status == 0)
            #expect(house.endpoint.figures.liveHandles == 0)
        }

        @Test("SIPp registers with digest and calls in; it cancels calls that ring")
        func registers() async throws {
            let house = try House(port: 15_144, trunkPort: 15_149)
            // SIPp takes the first challenge, and this one knows MD5 only.
            let account = Account(id: "anna", ha1MD5: DigestAlgorithm.md5.hash("anna:house:secret"))
            house.endpoint.apply(trunks: [], accounts: [account])
            house.endpoint.onEvent = { [unowned house, events = house.events] event in
                if case .invited(let invitation) = event { house.endpoint.ring(invitation.call) }
                events.put(event)
            }
            let password = "[authentication username=anna password=secret]"
            let body = "Content-Type: application/sdp\nContent-Length: [len]"
            let register = """
                <?xml version="1.0" encoding="ISO-8859-1" ?><scenario name="register">
                <send retrans="500"><![CDATA[
                REGISTER sip:[remote_ip]:[remote_port] SIP/2.0
                \(header("REGISTER", 1, extra: "Expires: 60\nContent-Length: 0"))

                ]]></send>
                <recv response="401" auth="true"></recv>
                <send retrans="500"><![CDATA[
                REGISTER sip:[remote_ip]:[remote_port] SIP/2.0
                \(header("REGISTER", 2, extra: "Expires: 60\n\(password)\nContent-Length: 0"))

                ]]></send>
                <recv response="200"></recv>
                </scenario>
                """
            #expect(try await sipp(["127.0.0.1:15144", "-p", "15145", "-m", "3", "-r", "10"], scenario: register) == 0)
            #expect(house.endpoint.bindings(of: "anna").count == 1)
            let sdp = "v=0\no=- 1 1 IN IP4 127.0.0.1\ns=-\nc=IN IP4 127.0.0.1\nt=0 0\nm=audio 40000 RTP/AVP 8"
            // The request URI has no user part, because SIPp leaves it out of its digest.
            let cancel = """
                <?xml version="1.0" encoding="ISO-8859-1" ?><scenario name="cancel">
                <send retrans="500"><![CDATA[
                INVITE sip:[remote_ip]:[remote_port] SIP/2.0
                \(header("INVITE", 1, extra: body))

                \(sdp)
                ]]></send>
                <recv response="100" optional="true"></recv>
                <recv response="401" auth="true"></recv>
                <send><![CDATA[
                ACK sip:[remote_ip]:[remote_port] SIP/2.0
                [last_Via:]
                [last_From:]
                [last_To:]
                [last_Call-ID:]
                CSeq: 1 ACK
                Content-Length: 0

                ]]></send>
                <send retrans="500"><![CDATA[
                INVITE sip:[remote_ip]:[remote_port] SIP/2.0
                \(header("INVITE", 2, extra: "\(password)\n\(body)"))

                \(sdp)
                ]]></send>
                <recv response="100" optional="true"></recv>
                <recv response="180"></recv>
                <send retrans="500"><![CDATA[
                CANCEL sip:[remote_ip]:[remote_port] SIP/2.0
                [last_Via:]
                From: <sip:anna@127.0.0.1:[local_port]>;tag=[call_number]
                To: <sip:anna@127.0.0.1:[remote_port]>
                [last_Call-ID:]
                CSeq: 2 CANCEL
                Max-Forwards: 70
                Content-Length: 0

                ]]></send>
                <recv response="200"></recv>
                <recv response="487"></recv>
                <send><![CDATA[
                ACK sip:[remote_ip]:[remote_port] SIP/2.0
                [last_Via:]
                [last_From:]
                [last_To:]
                [last_Call-ID:]
                CSeq: 2 ACK
                Content-Length: 0

                ]]></send>
                </scenario>
                """
            #expect(try await sipp(["127.0.0.1:15144", "-p", "15146", "-m", "5", "-r", "10"], scenario: cancel) == 0)
            for _ in 0..<5 {
                _ = try await house.events.take("cancelled") { if case .ended(_, .cancelled) = $0 { true } else { false } }
            }
            #expect(house.endpoint.figures.liveHandles == 0)
        }
    }
}
