// The other side of a trunk when it does what no telephone does.

import Foundation
import Testing

extension EndToEnd {
    struct TrunkTests {
        @Test("a carrier that has to prove itself is asked for its password, and its address alone is not enough")
        func digest() async throws {
            let trunks = """
                trunks:
                  carrier:
                    peer: 127.0.0.1:@CARRIER@
                    inbound: [127.0.0.1]
                    digest:
                      user: center
                      realm: carrier.example
                      ha1: "center:carrier.example:\(String(repeating: "0", count: 64))"
                      inbound: true

                """
            try await House.open(["trunks.yaml": trunks]) { house in
                let carrier = try Datagrams()
                let invite = house.message("INVITE", from: carrier.port, callID: "asked", body: HostileTests.sdp)
                carrier.send(Array(invite.utf8), to: house.sipPort)
                let answer = await carrier.receive(within: .seconds(15)) {
                    $0.hasPrefix("SIP/2.0 ") && !$0.hasPrefix("SIP/2.0 100")
                }
                let challenge = try #require(answer)
                #expect(challenge.hasPrefix("SIP/2.0 401"))
                #expect(challenge.contains("realm=\"carrier.example\"") && challenge.contains("algorithm=SHA-256"))
                #expect(!challenge.contains("algorithm=MD5"), "there is no hash for it")
                #expect(try house.rows("SELECT * FROM contacts").isEmpty)
            }
        }

        @Test("an answer without any description is no conversation: it is hung up, and the caller goes on")
        func answerWithoutDescription() async throws {
            let flow = """
                start: call
                nodes:
                  call: {do: transfer, trunk: carrier, number: "777", otherwise: sorry}
                  sorry: {do: hang_up, say: Nobody can be reached.}

                """
            try await House.open(["flows/main.yaml": flow]) { house in
                let carrier = try Datagrams(port: house.carrierPort)
                let caller = try house.call("100", "wait answered; hear speech within 10s; wait bye within 20s")
                let invite = try #require(await carrier.receive(within: .seconds(10)) { $0.hasPrefix("INVITE ") })
                carrier.send(Array(Self.reply("200 OK", to: invite, from: house.carrierPort).utf8), to: house.sipPort)
                let bye = try #require(await carrier.receive(within: .seconds(15)) { $0.hasPrefix("BYE ") })
                carrier.send(Array(Self.reply("200 OK", to: bye, from: house.carrierPort).utf8), to: house.sipPort)
                try await caller.succeeds()
                let metrics = try await house.get("/metrics", token: "admin").body
                #expect(metrics.contains("switchboard_sip_refused_total{cause=\"no_channel\"} 0"), "\(metrics)")
            }
        }

        private static func reply(_ status: String, to request: String, from port: Int) -> String {
            let kept = request.components(separatedBy: "\r\n").filter { line in
                ["Via:", "From:", "To:", "Call-ID:", "CSeq:"].contains { line.hasPrefix($0) }
            }
            let lines = kept.map { $0.hasPrefix("To:") && !$0.contains("tag=") ? $0 + ";tag=there" : $0 }
            return (["SIP/2.0 \(status)"] + lines + ["Contact: <sip:carrier@127.0.0.1:\(port)>", "Content-Length: 0"])
                .joined(separator: "\r\n") + "\r\n\r\n"
        }
    }
}
