// Calls that would last for ever.

import Basics
import Testing

@testable import SIP

extension OnTheWire {
    struct LongCallTests {
        @Test("a call that lasts too long is hung up with cause 102; one that began later stays, until the limit is lowered")
        func limit() async throws {
            let house = try House(port: 15_430, trunkPort: 15_431)
            let peer = Peer(port: 15_431, endpoint: 15_430)
            func establish() async throws -> CallID {
                let callID = Peer.fresh("long")
                peer.send(peer.request("INVITE", callID: callID, body: Peer.sdp))
                let call = try await house.invited().call
                house.endpoint.answer(call, sdp: Peer.sdp)
                let ok = try await peer.response(200, callID: callID)
                peer.send(peer.request("ACK", callID: callID, toTag: ok.toTag))
                try await house.confirmed(call)
                return call
            }
            func hungUp(_ call: CallID) async throws {
                let bye = try await peer.request("BYE")
                #expect(bye["Reason"] == "Q.850;cause=102")
                peer.reply(bye, "200 OK")
                #expect(try await house.ended(call) == .timedOut)
            }
            let first = try await establish()
            house.endpoint.callSecondsMax = 1
            try await hungUp(first)
            house.endpoint.callSecondsMax = 3_600
            let second = try await establish()
            let third = try house.endpoint.invite(trunk: House.trunk, number: "1", from: Caller(user: "5"), sdp: Peer.sdp)
            peer.reply(try await peer.request("INVITE"), "200 OK", body: Peer.sdp)
            _ = try await house.answered(third)
            #expect(house.endpoint.figures.calls == 2 && house.endpoint.figures.overdue == 1)
            house.endpoint.callSecondsMax = 1
            try await hungUp(second)
            try await hungUp(third)
            #expect(house.endpoint.figures.overdue == 3 && house.endpoint.figures.liveHandles == 0)
            #expect(house.endpoint.due > 0, "nothing is left to be served")
        }
    }
}
