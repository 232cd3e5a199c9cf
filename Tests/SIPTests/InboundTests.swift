// Calls that come in: whose they are, and how they end before and after the answer.

import Basics
import Testing

@testable import SIP

extension OnTheWire {
    struct InboundTests {
        @Test("CANCEL before the answer ends the call as cancelled, with 487 for the INVITE")
        func cancel() async throws {
            let house = try House(port: 15_010, trunkPort: 15_011)
            let peer = Peer(port: 15_011, endpoint: 15_010)
            let callID = Peer.fresh("call")
            peer.send(peer.request("INVITE", callID: callID, branch: "same", body: Peer.sdp))
            let call = try await house.invited().call
            house.endpoint.ring(call)
            _ = try await peer.response(180)
            peer.send(peer.request("CANCEL", callID: callID, branch: "same"))
            _ = try await peer.response(200, to: "CANCEL")
            let terminated = try await peer.response(487)
            peer.send(peer.request("ACK", callID: callID, toTag: terminated.toTag, branch: "same"))
            #expect(try await house.ended(call) == .cancelled)
            house.endpoint.answer(call, sdp: Peer.sdp)
            house.endpoint.hangUp(call)
            #expect(house.endpoint.figures.liveHandles == 0)
        }

        @Test("a rejected and an unanswered call that is hung up get the final response that says so")
        func reject() async throws {
            let house = try House(port: 15_012, trunkPort: 15_013)
            let peer = Peer(port: 15_013, endpoint: 15_012)
            peer.send(peer.request("INVITE", callID: Peer.fresh("call"), body: Peer.sdp))
            let first = try await house.invited().call
            house.endpoint.reject(first, status: 486, reason: "Busy\r\nEvil: 1", headers: [Header("Retry-After", "5")])
            let busy = try await peer.response(486)
            #expect(busy.startLine == "SIP/2.0 486 BusyEvil: 1")
            #expect(busy["Retry-After"] == "5")
            #expect(try await house.ended(first) == .hungUpHere)
            peer.send(peer.request("INVITE", callID: Peer.fresh("call"), body: Peer.sdp))
            let second = try await house.invited().call
            house.endpoint.hangUp(second, cause: .unallocatedNumber)
            #expect(try await peer.response(404)["Reason"] == "Q.850;cause=1")
            #expect(try await house.ended(second) == .hungUpHere)
            #expect(house.endpoint.figures.liveHandles == 0)
        }

        @Test("a call that is hung up between our answer and its ACK gets BYE after the ACK, not before (RFC 3261 §15)")
        func hangUpBeforeACK() async throws {
            let house = try House(port: 15_014, trunkPort: 15_015)
            let peer = Peer(port: 15_015, endpoint: 15_014)
            let callID = Peer.fresh("call")
            peer.send(peer.request("INVITE", callID: callID, body: Peer.sdp))
            let call = try await house.invited().call
            house.endpoint.answer(call, sdp: Peer.sdp)
            let ok = try await peer.response(200)
            house.endpoint.hangUp(call)
            // The second 200 is the retransmission after T1: until then no BYE was sent.
            _ = try await peer.response(200)
            #expect(!peer.inbox.waiting.contains { $0.method == "BYE" })
            peer.send(peer.request("ACK", callID: callID, toTag: ok.toTag))
            peer.reply(try await peer.request("BYE"), "200 OK")
            #expect(try await house.ended(call) == .hungUpHere)
        }

        @Test("channels: the lowest free number, and 503 with Retry-After when all are taken")
        func channels() async throws {
            let house = try House(port: 15_016, trunkPort: 15_017, channels: 2)
            let peer = Peer(port: 15_017, endpoint: 15_016)
            var calls: [CallID] = []
            for number in 1...2 {
                peer.send(peer.request("INVITE", callID: Peer.fresh("call"), body: Peer.sdp))
                let invitation = try await house.invited()
                #expect(invitation.source == .trunk(House.trunk, channel: number))
                calls.append(invitation.call)
            }
            peer.send(peer.request("INVITE", callID: Peer.fresh("call"), body: Peer.sdp))
            #expect(try await peer.response(503)["Retry-After"] == "10")
            #expect(throws: EndpointError.noChannelFree(House.trunk)) {
                try house.endpoint.invite(trunk: House.trunk, number: "1", from: Caller(user: "2"), sdp: Peer.sdp)
            }
            house.endpoint.reject(calls[0], status: 486)
            _ = try await house.ended(calls[0])
            peer.send(peer.request("INVITE", callID: Peer.fresh("call"), body: Peer.sdp))
            let invitation = try await house.invited()
            #expect(invitation.source == .trunk(House.trunk, channel: 1))
            house.endpoint.reject(invitation.call, status: 486)
            house.endpoint.reject(calls[1], status: 486)
            _ = try await house.ended(calls[1])
            _ = try await house.ended(invitation.call)
            #expect(house.endpoint.channelsTaken(of: House.trunk) == 0)
            #expect(house.endpoint.figures.noChannel == 2)
        }

        @Test("a trunk with credentials is challenged with them, if it is to be")
        func trunkDigest() async throws {
            let house = try House(port: 15_018, trunkPort: 15_019) { _, trunk in
                trunk.credentials = DigestCredentials(
                    user: "carrier", realm: "trunk", ha1MD5: DigestAlgorithm.md5.hash("carrier:trunk:pw"),
                    ha1SHA256: DigestAlgorithm.sha256.hash("carrier:trunk:pw"))
            }
            let peer = Peer(port: 15_019, endpoint: 15_018)
            let callID = Peer.fresh("call")
            let uri = "sip:100@127.0.0.1:15018"
            peer.send(peer.request("INVITE", callID: callID, body: Peer.sdp))
            let challenge = try await peer.response(401)
            let answer = try Peer.authorization(challenge, .sha256, user: "carrier", password: "pw", method: "INVITE", uri: uri)
            peer.send(peer.request("INVITE", callID: callID, sequence: 2, headers: [answer], body: Peer.sdp))
            let invitation = try await house.invited()
            #expect(invitation.source == .trunk(House.trunk, channel: 1))
            house.endpoint.reject(invitation.call, status: 486)
            _ = try await house.ended(invitation.call)
            var trusting = try #require(house.endpoint.trunks[House.trunk])
            trusting.challengesInbound = false
            house.endpoint.apply(trunks: [trusting], accounts: [])
            peer.send(peer.request("INVITE", callID: Peer.fresh("call"), body: Peer.sdp))
            let unasked = try await house.invited().call
            house.endpoint.reject(unasked, status: 486)
            _ = try await house.ended(unasked)
            #expect(house.endpoint.figures.liveHandles == 0)
        }

        @Test("names and numbers come without parameters, and cut where they are longer than anybody needs")
        func long() async throws {
            let house = try House(port: 15_024, trunkPort: 15_025)
            let peer = Peer(port: 15_025, endpoint: 15_024)
            let digits = String(repeating: "1", count: 1_500)
            peer.send(
                peer.request("INVITE", from: digits, to: "+49301;npdi=yes", callID: Peer.fresh("call"), body: Peer.sdp)
                    .replacing("\"Alice A\"", with: "\"\(String(repeating: "ä", count: 1_000))\""))
            let invitation = try await house.invited()
            #expect(invitation.dialled == "+49301")
            #expect(invitation.fromUser == String(repeating: "1", count: 64))
            #expect(invitation.fromDisplay == String(repeating: "ä", count: 64))
            house.endpoint.reject(invitation.call, status: 404)
            _ = try await house.ended(invitation.call)
        }

        @Test("who asks for privacy is anonymous from the wire on, by the header or by the address; who asks for none is shown")
        func withheld() async throws {
            let house = try House(port: 15_026, trunkPort: 15_027)
            let peer = Peer(port: 15_027, endpoint: 15_026)
            let plain = "127.0.0.1"
            let cases: [(headers: [String], host: String, isHidden: Bool)] = [
                (["Privacy: id"], plain, true), (["Privacy: user;critical"], plain, true),
                (["Privacy: header;session"], plain, true), (["Privacy: session"], plain, false),
                (["Privacy: none"], plain, false), ([], "anonymous.invalid", true), ([], plain, false),
            ]
            for (headers, host, isHidden) in cases {
                let asserted = "P-Asserted-Identity: \"Alice A\" <sip:+4930111222@127.0.0.1>"
                let invite = peer.request(
                    "INVITE", from: "+4930111222", to: "49301", callID: Peer.fresh("call"), headers: headers + [asserted],
                    body: Peer.sdp)
                peer.send(
                    invite.replacing(
                        "\"Alice A\" <sip:+4930111222@127.0.0.1:15027>", with: "\"Alice A\" <sip:+4930111222@\(host)>"))
                let invitation = try await house.invited()
                #expect(invitation.fromUser == (isHidden ? "anonymous" : "+4930111222"), "\(headers) \(host)")
                #expect(invitation.fromDisplay == (isHidden ? "" : "Alice A"), "\(headers) \(host)")
                house.endpoint.reject(invitation.call, status: 404)
                _ = try await house.ended(invitation.call)
            }
        }

        @Test("an INVITE without an offer gets 488, one with another body 415")
        func lateOffer() async throws {
            let house = try House(port: 15_020, trunkPort: 15_021)
            let peer = Peer(port: 15_021, endpoint: 15_020)
            peer.send(peer.request("INVITE", callID: Peer.fresh("call")))
            #expect(try await peer.response(488)["Warning"].hasPrefix("399 "))
            peer.send(peer.request("INVITE", callID: Peer.fresh("call"), body: "hello", contentType: "text/plain"))
            #expect(try await peer.response(415)["Accept"] == "application/sdp")
            #expect(house.endpoint.channelsTaken(of: House.trunk) == 0)
            #expect(house.endpoint.figures.withoutOffer == 2)
        }

        @Test("session timers: 90 s are taken, less is refused with 422, and our answer names the interval (RFC 4028)")
        func sessionTimer() async throws {
            let house = try House(port: 15_022, trunkPort: 15_023)
            let peer = Peer(port: 15_023, endpoint: 15_022)
            peer.send(
                peer.request(
                    "INVITE", callID: Peer.fresh("call"), headers: ["Supported: timer", "Session-Expires: 60"], body: Peer.sdp))
            #expect(try await peer.response(422)["Min-SE"] == "90")
            let callID = Peer.fresh("call")
            peer.send(
                peer.request(
                    "INVITE", callID: callID, headers: ["Supported: timer, 100rel", "Session-Expires: 90"], body: Peer.sdp))
            let call = try await house.invited().call
            house.endpoint.progress(call, sdp: Peer.sdp)
            #expect(try await peer.response(183)["RSeq"] == "", "not reliable (T12)")
            house.endpoint.answer(call, sdp: Peer.sdp)
            let ok = try await peer.response(200)
            #expect(ok["Session-Expires"].hasPrefix("90"))
            peer.send(peer.request("ACK", callID: callID, toTag: ok.toTag))
            try await house.confirmed(call)
            // A refresh by UPDATE without an offer.
            peer.send(
                peer.request(
                    "UPDATE", callID: callID, sequence: 2, toTag: ok.toTag,
                    headers: ["Supported: timer", "Session-Expires: 90;refresher=uac"]))
            _ = try await peer.response(200, to: "UPDATE")
            peer.send(peer.request("BYE", callID: callID, sequence: 3, toTag: ok.toTag))
            #expect(try await house.ended(call) == .hungUpByPeer(nil))
        }
    }
}
