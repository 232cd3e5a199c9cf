// Session timers with peers that know no UPDATE: we refresh by re-INVITE (RFC 4028).

import Basics
import Testing

@testable import SIP

extension OnTheWire {
    struct RefreshTests {
        /// 12 s instead of 90: the first refresh comes after a third of it.
        private func house(_ port: UInt16) throws -> House {
            try House(port: port, trunkPort: port + 1) { settings, _ in
                settings.sessionTimerSeconds = 12
                settings.sessionTimerMinSeconds = 12
            }
        }

        @Test("our call to a phone without UPDATE, which answers that 501, outlives its session timer, and is hung up at once")
        func outbound() async throws {
            let house = try house(15_170)
            let peer = Peer(port: 15_171, endpoint: 15_170)
            let call = try house.endpoint.invite(trunk: House.trunk, number: "1", from: Caller(user: "5"), sdp: Peer.sdp)
            let first = try await peer.request("INVITE")
            #expect(first["Session-Expires"].hasPrefix("12"))
            peer.reply(first, "200 OK", headers: ["Allow: INVITE, ACK, BYE, CANCEL"], body: Peer.sdp)
            _ = try await house.answered(call)
            _ = try await peer.request("ACK")
            let second = try await refresh(of: peer)
            #expect(second.body == Peer.sdp)
            #expect(second["Session-Expires"].hasPrefix("12"))
            #expect(second.toTag == "pt" && second["Call-ID"] == first["Call-ID"])
            // When two re-INVITEs meet, ours is sent again.
            peer.reply(second, "491 Request Pending")
            _ = try await peer.request("ACK")
            let third = try await refresh(of: peer)
            peer.reply(third, "200 OK", headers: ["Allow: INVITE, ACK, BYE, CANCEL"], body: Peer.sdp)
            _ = try await peer.request("ACK")
            // The next one is under way when the call is hung up.
            let fourth = try await refresh(of: peer)
            house.endpoint.hangUp(call)
            peer.reply(fourth, "200 OK", headers: ["Allow: INVITE, ACK, BYE, CANCEL"], body: Peer.sdp)
            peer.reply(try await peer.request("BYE"), "200 OK")
            #expect(try await house.ended(call) == .hungUpHere)
            #expect(!peer.inbox.waiting.contains { $0.method == "BYE" || $0.method == "UPDATE" })
            #expect(house.endpoint.figures.liveHandles == 0)
        }

        @Test(
            "the same for a caller that knows no UPDATE: without a session timer of its own, or one that wants us to refresh",
            arguments: [
                (15_172, []), (15_174, ["Supported: timer", "Session-Expires: 12;refresher=uas"]),
            ] as [(UInt16, [String])]
        )
        func inbound(port: UInt16, headers: [String]) async throws {
            let house = try house(port)
            let peer = Peer(port: port + 1, endpoint: port)
            let callID = Peer.fresh("call")
            peer.send(peer.request("INVITE", callID: callID, headers: headers, body: Peer.sdp))
            let call = try await house.invited().call
            house.endpoint.answer(call, sdp: "v=0\r\nours")
            let ok = try await peer.response(200)
            #expect(ok["Session-Expires"] == "12;refresher=uas")
            peer.send(peer.request("ACK", callID: callID, toTag: ok.toTag))
            try await house.confirmed(call)
            for _ in 0..<2 {
                let refresh = try await refresh(of: peer)
                #expect(refresh.body == "v=0\r\nours")
                #expect(refresh["Call-ID"] == callID)
                peer.reply(refresh, "200 OK", body: Peer.sdp)
                _ = try await peer.request("ACK")
            }
            peer.send(peer.request("BYE", callID: callID, sequence: 2, toTag: ok.toTag))
            #expect(try await house.ended(call) == .hungUpByPeer(nil))
            #expect(house.endpoint.figures.liveHandles == 0)
        }

        @Test("a peer that has gone does not answer the refresh, and so its call ends")
        func gone() async throws {
            let house = try house(15_176)
            let peer = Peer(port: 15_177, endpoint: 15_176)
            let call = try house.endpoint.invite(trunk: House.trunk, number: "1", from: Caller(user: "5"), sdp: Peer.sdp)
            peer.reply(try await peer.request("INVITE"), "200 OK", body: Peer.sdp)
            _ = try await house.answered(call)
            _ = try await peer.request("ACK")
            let refresh = try await refresh(of: peer)
            peer.reply(refresh, "481 Call/Transaction Does Not Exist")
            #expect(try await house.ended(call) == .timedOut)
            #expect(house.endpoint.figures.liveHandles == 0)
        }

        @Test("a peer that knows UPDATE is refreshed by it, and gets no re-INVITE")
        func update() async throws {
            let house = try house(15_178)
            let peer = Peer(port: 15_179, endpoint: 15_178)
            let call = try house.endpoint.invite(trunk: House.trunk, number: "1", from: Caller(user: "5"), sdp: Peer.sdp)
            peer.reply(try await peer.request("INVITE"), "200 OK", headers: ["Allow: INVITE, UPDATE"], body: Peer.sdp)
            _ = try await house.answered(call)
            _ = try await peer.request("ACK")
            let refresh = try await peer.request("UPDATE")
            #expect(refresh.body.isEmpty)
            peer.reply(refresh, "200 OK", headers: ["Supported: timer", "Session-Expires: 12;refresher=uac"])
            house.endpoint.hangUp(call)
            peer.reply(try await peer.request("BYE"), "200 OK")
            _ = try await house.ended(call)
            #expect(!peer.inbox.waiting.contains { $0.method == "INVITE" })
        }

        private func refresh(of peer: Peer) async throws -> SIPMessage {
            try await peer.inbox.take("a re-INVITE") { $0.method == "INVITE" && !$0.toTag.isEmpty }
        }
    }
}
