// The end of an endpoint.

import Basics
import Testing

@testable import SIP

extension OnTheWire {
    struct ShutDownTests {
        @Test("shutting down hangs up every call, refuses new ones, and returns when all have ended; then the port is free")
        func shutDown() async throws {
            let house = try House(port: 15_160, trunkPort: 15_161)
            let peer = Peer(port: 15_161, endpoint: 15_160)
            let callID = Peer.fresh("call")
            peer.send(peer.request("INVITE", callID: callID, body: Peer.sdp))
            let call = try await house.invited().call
            house.endpoint.answer(call, sdp: Peer.sdp)
            let ok = try await peer.response(200)
            peer.send(peer.request("ACK", callID: callID, toTag: ok.toTag))
            try await house.confirmed(call)
            peer.send(peer.request("INVITE", callID: Peer.fresh("call"), body: Peer.sdp))
            let ringing = try await house.invited().call
            let out = try house.endpoint.invite(trunk: House.trunk, number: "1", from: Caller(user: "2"), sdp: Peer.sdp)
            let invite = try await peer.request("INVITE")
            peer.reply(invite, "180 Ringing")
            _ = try await house.events.take("180") { if case .progressed = $0 { true } else { false } }

            async let down: Void = house.endpoint.shutDown(within: 5)
            peer.reply(try await peer.request("BYE"), "200 OK")
            _ = try await peer.response(503)
            let cancel = try await peer.request("CANCEL")
            peer.reply(cancel, "200 OK")
            peer.reply(invite, "487 Request Terminated")
            await down
            for id in [call, ringing, out] { #expect(try await house.ended(id) == .hungUpHere) }
            peer.send(peer.request("INVITE", callID: Peer.fresh("call"), body: Peer.sdp))
            _ = try await peer.response(503)
            #expect(throws: EndpointError.inviteRefused) {
                try house.endpoint.invite(trunk: House.trunk, number: "1", from: Caller(user: "2"), sdp: Peer.sdp)
            }
            #expect(house.endpoint.channelsTaken(of: House.trunk) == 0)
            await house.endpoint.close()
            house.endpoint.hangUp(call)
            #expect(house.endpoint.figures.liveHandles == 0)
            _ = try House(port: 15_160, trunkPort: 15_161)
        }

        @Test("a peer that does not answer its BYE holds the shutdown no longer than it was told")
        func limit() async throws {
            let house = try House(port: 15_162, trunkPort: 15_163)
            let peer = Peer(port: 15_163, endpoint: 15_162)
            let callID = Peer.fresh("call")
            peer.send(peer.request("INVITE", callID: callID, body: Peer.sdp))
            let call = try await house.invited().call
            house.endpoint.answer(call, sdp: Peer.sdp)
            let ok = try await peer.response(200)
            peer.send(peer.request("ACK", callID: callID, toTag: ok.toTag))
            try await house.confirmed(call)
            let start = ContinuousClock.now
            await house.endpoint.shutDown(within: 0.3)
            #expect(ContinuousClock.now - start < .seconds(2))
            #expect(house.endpoint.figures.calls == 1)
        }
    }
}
