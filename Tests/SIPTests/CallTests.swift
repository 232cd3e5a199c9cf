// Calls over real sockets: in, out, and every way to end.

import Basics
import Testing

@testable import SIP

extension OnTheWire {
    struct CallTests {
        @Test("an INVITE of a trunk is rung, answered, confirmed and ended by BYE, and its channel is free again")
        func inbound() async throws {
            let house = try House(port: 15_000, trunkPort: 15_001)
            let peer = Peer(port: 15_001, endpoint: 15_000)
            let callID = Peer.fresh("call")
            peer.send(peer.request("INVITE", to: "%2b49100", callID: callID, branch: "in1", body: Peer.sdp))
            _ = try await peer.response(100)
            let invitation = try await house.invited()
            #expect(invitation.source == .trunk(House.trunk, channel: 1))
            #expect(invitation.dialled == "+49100")
            #expect(invitation.fromUser == "alice")
            #expect(invitation.fromDisplay == "Alice A")
            #expect(invitation.sdp == Peer.sdp)
            house.endpoint.ring(invitation.call)
            _ = try await peer.response(180)
            house.endpoint.progress(invitation.call, sdp: "v=0\r\nearly")
            #expect(try await peer.response(183).body == "v=0\r\nearly")
            house.endpoint.answer(invitation.call, sdp: "v=0\r\nanswer")
            let ok = try await peer.response(200)
            #expect(ok.body == "v=0\r\nanswer")
            #expect(ok["Contact"].contains("switchboard@127.0.0.1:15000"))
            #expect(ok["User-Agent"] == "Switchboard")
            peer.send(peer.request("ACK", to: "%2b49100", callID: callID, toTag: ok.toTag))
            try await house.confirmed(invitation.call)
            #expect(house.endpoint.channelsTaken(of: House.trunk) == 1)
            peer.send(
                peer.request(
                    "BYE", to: "%2b49100", callID: callID, sequence: 2, toTag: ok.toTag, headers: ["Reason: Q.850;cause=16"]))
            _ = try await peer.response(200, to: "BYE")
            #expect(try await house.ended(invitation.call) == .hungUpByPeer(.normalClearing))
            #expect(house.endpoint.channelsTaken(of: House.trunk) == 0)
            #expect(house.endpoint.figures.liveHandles == 0)
        }

        @Test("our INVITE over a trunk passes early media, is answered, and is ended by our BYE with its cause")
        func outbound() async throws {
            let house = try House(port: 15_002, trunkPort: 15_003)
            let peer = Peer(port: 15_003, endpoint: 15_002)
            let call = try house.endpoint.invite(
                trunk: House.trunk, number: "+4930", from: Caller(user: "500", display: "Desk \"5\""), sdp: "v=0\r\noffer")
            let invite = try await peer.request("INVITE")
            #expect(invite.uri == "sip:+4930@127.0.0.1:15003")
            #expect(invite.body == "v=0\r\noffer")
            #expect(invite["From"].hasPrefix("\"Desk \\\"5\\\"\" <sip:500@127.0.0.1:15002>"))
            peer.reply(invite, "180 Ringing")
            peer.reply(invite, "183 Session Progress", body: "v=0\r\nearly")
            _ = try await house.events.take("180") { if case .progressed(call, 180, nil) = $0 { true } else { false } }
            _ = try await house.events.take("183") {
                if case .progressed(call, 183, "v=0\r\nearly") = $0 { true } else { false }
            }
            peer.reply(invite, "200 OK", body: "v=0\r\nanswer")
            #expect(try await house.answered(call) == "v=0\r\nanswer")
            _ = try await peer.request("ACK")
            house.endpoint.hangUp(call, cause: .normalClearing)
            let bye = try await peer.request("BYE")
            #expect(bye["Reason"] == "Q.850;cause=16")
            peer.reply(bye, "200 OK")
            #expect(try await house.ended(call) == .hungUpHere)
            #expect(house.endpoint.figures.liveHandles == 0)
            #expect(house.endpoint.channelsTaken(of: House.trunk) == 0)
        }

        @Test("a display name with a quote that only looks like another character stays in its quotes, and the call is made")
        func oddDisplay() async throws {
            let house = try House(port: 15_004, trunkPort: 15_005)
            let peer = Peer(port: 15_005, endpoint: 15_004)
            let call = try house.endpoint.invite(
                trunk: House.trunk, number: "1", from: Caller(user: "500", display: "\"\u{301}, <sip:x@y>"), sdp: Peer.sdp)
            let invite = try await peer.request("INVITE")
            let expected = "\"\\\"\u{301}, <sip:x@y>\" <sip:500@127.0.0.1:15004>"
            #expect(invite["From"].utf8.starts(with: expected.utf8), "\(invite["From"])")
            peer.reply(invite, "486 Busy Here")
            #expect(try await house.failed(call) == 486)
        }

        @Test("names in Contact and Record-Route are never looked up: the peer is where it was")
        func names() async throws {
            let house = try House(port: 15_006, trunkPort: 15_007)
            let peer = Peer(port: 15_007, endpoint: 15_006)
            let call = try house.endpoint.invite(trunk: House.trunk, number: "1", from: Caller(user: "5"), sdp: Peer.sdp)
            let route = "Record-Route: <sip:proxy.no-such.invalid;lr>"
            peer.reply(
                try await peer.request("INVITE"), "200 OK", contact: "<sip:peer@no-such.invalid>", headers: [route],
                body: Peer.sdp)
            _ = try await house.answered(call)
            #expect(try await peer.request("ACK")["Route"].contains("proxy.no-such.invalid"))
            house.endpoint.hangUp(call)
            let bye = try await peer.request("BYE")
            #expect(bye.uri == "sip:peer@no-such.invalid")
            peer.reply(bye, "200 OK")
            #expect(try await house.ended(call) == .hungUpHere)
        }

        @Test("the same over IPv6")
        func overIPv6() async throws {
            let house = try House(port: 15_008, trunkPort: 15_009) { settings, trunk in
                settings.address = "::1"
                guard let there = SocketAddress(host: "::1", port: 15_009) else { return }
                trunk.peer = there
                trunk.inboundAddresses = [AddressRange(there)]
            }
            let peer = Peer(port: 15_009, endpoint: 15_008, host: "::1")
            let callID = Peer.fresh("call")
            peer.send(peer.request("INVITE", callID: callID, body: Peer.sdp))
            let invitation = try await house.invited()
            #expect(invitation.source == .trunk(House.trunk, channel: 1))
            house.endpoint.answer(invitation.call, sdp: Peer.sdp)
            let ok = try await peer.response(200)
            #expect(ok["Contact"].contains("switchboard@[::1]:15008"))
            peer.send(peer.request("ACK", callID: callID, toTag: ok.toTag))
            try await house.confirmed(invitation.call)
            peer.send(peer.request("BYE", callID: callID, sequence: 2, toTag: ok.toTag))
            #expect(try await house.ended(invitation.call) == .hungUpByPeer(nil))
            let out = try house.endpoint.invite(trunk: House.trunk, number: "1", from: Caller(user: "5"), sdp: Peer.sdp)
            let invite = try await peer.request("INVITE")
            #expect(invite.uri == "sip:1@[::1]:15009")
            peer.reply(invite, "486 Busy Here")
            #expect(try await house.failed(out) == 486)
            #expect(house.endpoint.figures.liveHandles == 0)
        }
    }
}
