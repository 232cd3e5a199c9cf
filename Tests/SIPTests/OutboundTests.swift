// INVITEs of ours and everything that can be answered to them.

import Basics
import Testing

@testable import SIP

extension OnTheWire {
    struct OutboundTests {
        private func call(_ house: House) throws -> CallID {
            try house.endpoint.invite(trunk: House.trunk, number: "100", from: Caller(user: "500"), sdp: Peer.sdp)
        }

        @Test("a refusal fails the call with its status and cause; a redirection fails it too and is not followed")
        func refused() async throws {
            let house = try House(port: 15_030, trunkPort: 15_031)
            let peer = Peer(port: 15_031, endpoint: 15_030)
            let busy = try call(house)
            peer.reply(try await peer.request("INVITE"), "486 Busy Here", headers: ["Reason: Q.850;cause=17"])
            _ = try await house.events.take("failed") {
                if case .failed(busy, 486, "Busy Here", .userBusy) = $0 { true } else { false }
            }
            let redirected = try call(house)
            peer.reply(
                try await peer.request("INVITE"), "302 Moved Temporarily", headers: ["Contact: <sip:premium@127.0.0.1:15031>"])
            #expect(try await house.failed(redirected) == 302)
            _ = try await peer.request("ACK")
            _ = try await peer.request("ACK")
            #expect(!peer.inbox.waiting.contains { $0.method == "INVITE" })
            #expect(house.endpoint.figures.liveHandles == 0)
            #expect(house.endpoint.channelsTaken(of: House.trunk) == 0)
        }

        @Test("hanging up a ringing call sends CANCEL, and the 487 ends it as hung up here")
        func cancelled() async throws {
            let house = try House(port: 15_032, trunkPort: 15_033)
            let peer = Peer(port: 15_033, endpoint: 15_032)
            let id = try call(house)
            let invite = try await peer.request("INVITE")
            peer.reply(invite, "180 Ringing")
            _ = try await house.events.take("180") { if case .progressed(id, 180, _) = $0 { true } else { false } }
            house.endpoint.hangUp(id, cause: .normalClearing)
            let cancel = try await peer.request("CANCEL")
            #expect(cancel["Reason"] == "Q.850;cause=16")
            peer.reply(cancel, "200 OK")
            peer.reply(invite, "487 Request Terminated")
            #expect(try await house.ended(id) == .hungUpHere)
            // Another phone took it: this one is to list no missed call (RFC 3326 §2).
            let other = try call(house)
            let second = try await peer.request("INVITE")
            peer.reply(second, "180 Ringing")
            _ = try await house.events.take("180") { if case .progressed(other, 180, _) = $0 { true } else { false } }
            house.endpoint.hangUp(other, completedElsewhere: true)
            let elsewhere = try await peer.request("CANCEL")
            #expect(elsewhere["Reason"] == "SIP;cause=200;text=\"Call completed elsewhere\"")
            peer.reply(elsewhere, "200 OK")
            peer.reply(second, "487 Request Terminated")
            #expect(try await house.ended(other) == .hungUpHere)
            #expect(house.endpoint.figures.liveHandles == 0)
        }

        @Test("when our CANCEL and their 200 cross, the call is confirmed and hung up at once")
        func cancelRace() async throws {
            let house = try House(port: 15_034, trunkPort: 15_035)
            let peer = Peer(port: 15_035, endpoint: 15_034)
            let id = try call(house)
            let invite = try await peer.request("INVITE")
            peer.reply(invite, "180 Ringing")
            _ = try await house.events.take("180") { if case .progressed(id, 180, _) = $0 { true } else { false } }
            house.endpoint.hangUp(id)
            let cancel = try await peer.request("CANCEL")
            peer.reply(invite, "200 OK", body: Peer.sdp)
            peer.reply(cancel, "481 Call/Transaction Does Not Exist")
            _ = try await peer.request("ACK")
            peer.reply(try await peer.request("BYE"), "200 OK")
            #expect(try await house.ended(id) == .hungUpHere)
            #expect(house.endpoint.figures.liveHandles == 0)
        }

        @Test("the second branch of a fork that answers gets ACK and BYE, and the first stays")
        func fork() async throws {
            let house = try House(port: 15_036, trunkPort: 15_037)
            let peer = Peer(port: 15_037, endpoint: 15_036)
            let id = try call(house)
            let invite = try await peer.request("INVITE")
            peer.reply(invite, "200 OK", tag: "one", body: Peer.sdp)
            #expect(try await house.answered(id) == Peer.sdp)
            #expect(try await peer.request("ACK").toTag == "one")
            peer.reply(invite, "200 OK", tag: "two", body: Peer.sdp)
            let bye = try await peer.request("BYE")
            #expect(bye.toTag == "two")
            #expect(try await peer.request("ACK").toTag == "two")
            peer.reply(bye, "200 OK")
            house.endpoint.hangUp(id)
            let last = try await peer.request("BYE")
            #expect(last.toTag == "one")
            peer.reply(last, "200 OK")
            #expect(try await house.ended(id) == .hungUpHere)
        }

        @Test("a trunk's challenge, 401 or 407, MD5 or SHA-256, is answered once with nc=00000001, in the same call")
        func challenged() async throws {
            let house = try House(port: 15_038, trunkPort: 15_039) { _, trunk in
                trunk.credentials = DigestCredentials(
                    user: "us", ha1MD5: DigestAlgorithm.md5.hash("us:c:pw"), ha1SHA256: DigestAlgorithm.sha256.hash("us:c:pw"))
            }
            let peer = Peer(port: 15_039, endpoint: 15_038)
            for (algorithm, status, field, header) in [
                (DigestAlgorithm.md5, "401 Unauthorized", "WWW-Authenticate", "Authorization"),
                (.sha256, "407 Proxy Authentication Required", "Proxy-Authenticate", "Proxy-Authorization"),
            ] {
                let id = try call(house)
                let first = try await peer.request("INVITE")
                peer.reply(
                    first, status,
                    headers: [
                        "\(field): Digest realm=\"c\", nonce=\"n1\", algorithm=\(algorithm.rawValue), "
                            + "qop=\"auth\", opaque=\"x\""
                    ])
                let second = try await peer.inbox.take("an INVITE with credentials") {
                    $0.method == "INVITE" && !$0[header].isEmpty
                }
                #expect(second["Call-ID"] == first["Call-ID"])
                #expect(second["From"] == first["From"])
                #expect(second["CSeq"] > first["CSeq"])
                #expect(second.body == Peer.sdp)
                let credentials = second[header]
                let expected = algorithm.response(
                    ha1: algorithm.hash("us:c:pw"), method: "INVITE", uri: first.uri, nonce: "n1", nc: "00000001",
                    cnonce: credentials.quotedValue(of: "cnonce"), qop: "auth")
                #expect(credentials.quotedValue(of: "response") == expected)
                #expect(credentials.contains("nc=00000001") && credentials.quotedValue(of: "opaque") == "x")
                peer.reply(second, status, headers: ["\(field): Digest realm=\"c\", nonce=\"n2\", algorithm=MD5, qop=\"auth\""])
                #expect(try await house.failed(id) == Int(status.prefix(3)), "once per call")
            }
            let id = try call(house)
            peer.reply(
                try await peer.request("INVITE"), "401 Unauthorized",
                headers: ["WWW-Authenticate: Digest realm=\"c\", nonce=\"n1\", algorithm=MD5"])
            let again = try await peer.inbox.take("an INVITE with credentials") {
                !$0["Authorization"].isEmpty && $0.method == "INVITE"
            }
            peer.reply(again, "200 OK", body: Peer.sdp)
            _ = try await house.answered(id)
            house.endpoint.hangUp(id)
            peer.reply(try await peer.request("BYE"), "200 OK")
            _ = try await house.ended(id)
            #expect(house.endpoint.figures.liveHandles == 0)
        }

        @Test("a session timer that is too short for the peer is lengthened once")
        func lengthened() async throws {
            let house = try House(port: 15_040, trunkPort: 15_041)
            let peer = Peer(port: 15_041, endpoint: 15_040)
            let id = try call(house)
            let first = try await peer.request("INVITE")
            #expect(first["Session-Expires"].hasPrefix("1800"))
            peer.reply(first, "422 Session Interval Too Small", headers: ["Min-SE: 3600"])
            let second = try await peer.inbox.take("a longer one") {
                $0.method == "INVITE" && $0["Session-Expires"].hasPrefix("3600")
            }
            peer.reply(second, "422 Session Interval Too Small", headers: ["Min-SE: 7200"])
            #expect(try await house.failed(id) == 422)
        }

        @Test("a peer that is silent fails the call with 408 after one time, one that rings for ever after another")
        func deadlines() async throws {
            let quick = try House(port: 15_042, trunkPort: 15_043) { settings, _ in
                settings.setUpMaxSeconds = 1
                settings.unansweredMaxSeconds = 60
                settings.closingMaxSeconds = 1
            }
            let mute = Peer(port: 15_043, endpoint: 15_042)
            let silent = try call(quick)
            _ = try await mute.request("INVITE")
            #expect(try await quick.failed(silent) == 408)
            #expect(quick.endpoint.channelsTaken(of: House.trunk) == 0)
            #expect(quick.endpoint.figures.liveHandles == 0)
            let house = try House(port: 15_046, trunkPort: 15_047) { settings, _ in
                settings.setUpMaxSeconds = 60
                // Counted from the INVITE; the 180 has to be there before.
                settings.unansweredMaxSeconds = 3
                settings.closingMaxSeconds = 1
            }
            let peer = Peer(port: 15_047, endpoint: 15_046)
            let ringing = try call(house)
            peer.reply(try await peer.request("INVITE"), "180 Ringing")
            _ = try await house.events.take("180") { if case .progressed(ringing, 180, _) = $0 { true } else { false } }
            #expect(try await house.failed(ringing) == 408)
            #expect(house.endpoint.channelsTaken(of: House.trunk) == 0)
            #expect(house.endpoint.figures.liveHandles == 0)
        }

        @Test("a call that came in and that nobody answers ends, too")
        func unanswered() async throws {
            let house = try House(port: 15_044, trunkPort: 15_045) { settings, _ in
                settings.setUpMaxSeconds = 1
                settings.unansweredMaxSeconds = 1
            }
            let peer = Peer(port: 15_045, endpoint: 15_044)
            peer.send(peer.request("INVITE", callID: Peer.fresh("call"), body: Peer.sdp))
            let call = try await house.invited().call
            _ = try await peer.response(480)
            #expect(try await house.ended(call) == .timedOut)
        }
    }
}
