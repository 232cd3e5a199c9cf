// What a peer does within a call: hold, UPDATE, digits.

import Basics
import Testing

@testable import SIP

extension OnTheWire {
    struct ChangeTests {
        /// A call that is answered and confirmed; `request` sends within it.
        private struct Dialog {
            let house: House
            let peer: Peer
            let call: CallID
            let callID: String
            let toTag: String

            func send(_ method: String, _ sequence: Int, body: String = "", type: String = "application/sdp") {
                peer.send(peer.request(method, callID: callID, sequence: sequence, toTag: toTag, body: body, contentType: type))
            }
        }

        /// `changeMaxSeconds`: short only where its end is waited for.
        private func dialog(_ port: UInt16, changeMaxSeconds: Int = 60) async throws -> Dialog {
            let house = try House(port: port, trunkPort: port + 1) { settings, _ in
                settings.changeMaxSeconds = changeMaxSeconds
            }
            let peer = Peer(port: port + 1, endpoint: port)
            let callID = Peer.fresh("call")
            peer.send(peer.request("INVITE", callID: callID, body: Peer.sdp))
            let call = try await house.invited().call
            house.endpoint.answer(call, sdp: "v=0\r\nours")
            let ok = try await peer.response(200)
            peer.send(peer.request("ACK", callID: callID, toTag: ok.toTag))
            try await house.confirmed(call)
            return Dialog(house: house, peer: peer, call: call, callID: callID, toTag: ok.toTag)
        }

        private func offered(_ dialog: Dialog) async throws -> String {
            let event = try await dialog.house.events.take("a change") {
                if case .changeOffered(dialog.call, _) = $0 { true } else { false }
            }
            guard case .changeOffered(_, let sdp) = event else { throw Missing(description: "a change") }
            return sdp
        }

        private func wanted(_ dialog: Dialog) async throws {
            _ = try await dialog.house.events.take("a wish for an offer") {
                if case .offerWanted(dialog.call) = $0 { true } else { false }
            }
        }

        @Test("a re-INVITE is offered, accepted or refused; without an offer it gets ours, and its ACK has the answer")
        func reinvite() async throws {
            let dialog = try await dialog(15_050)
            dialog.send("INVITE", 2, body: "v=0\r\na=sendonly")
            #expect(try await offered(dialog) == "v=0\r\na=sendonly")
            dialog.house.endpoint.acceptChange(dialog.call, sdp: "v=0\r\na=recvonly")
            #expect(try await dialog.peer.response(200).body == "v=0\r\na=recvonly")
            dialog.send("ACK", 2)
            dialog.send("INVITE", 3, body: "v=0\r\nvideo")
            _ = try await offered(dialog)
            dialog.house.endpoint.refuseChange(dialog.call, status: 481)
            _ = try await dialog.peer.response(488)
            dialog.send("ACK", 3)
            dialog.send("INVITE", 4)
            try await wanted(dialog)
            dialog.house.endpoint.offerChange(dialog.call, sdp: "v=0\r\na=sendrecv")
            #expect(try await dialog.peer.response(200).body == "v=0\r\na=sendrecv")
            dialog.send("ACK", 4, body: "v=0\r\nanswer")
            _ = try await dialog.house.events.take("the answer in the ACK") {
                if case .changeAnswered(dialog.call, "v=0\r\nanswer") = $0 { true } else { false }
            }
            #expect(!dialog.house.events.waiting.contains { if case .confirmed = $0 { true } else { false } }, "once per call")
            dialog.send("BYE", 60)
            #expect(try await dialog.house.ended(dialog.call) == .hungUpByPeer(nil))
            #expect(dialog.house.endpoint.figures.liveHandles == 0)
        }

        @Test("without an offer of ours in time the session is offered as it stands, and without an answer theirs is refused")
        func forgotten() async throws {
            let dialog = try await dialog(15_056, changeMaxSeconds: 1)
            dialog.send("INVITE", 40)
            try await wanted(dialog)
            #expect(try await dialog.peer.response(200).body == "v=0\r\nours")
            dialog.send("ACK", 40)
            dialog.send("INVITE", 50, body: "v=0\r\nforgotten")
            _ = try await offered(dialog)
            _ = try await dialog.peer.response(488)
            dialog.send("ACK", 50)
            dialog.send("BYE", 60)
            #expect(try await dialog.house.ended(dialog.call) == .hungUpByPeer(nil))
            #expect(dialog.house.endpoint.figures.liveHandles == 0)
        }

        @Test("an UPDATE with an offer is answered later, a second one meanwhile gets 500, one without gets 200")
        func update() async throws {
            let dialog = try await dialog(15_052)
            dialog.send("UPDATE", 2, body: "v=0\r\na=inactive")
            #expect(try await offered(dialog) == "v=0\r\na=inactive")
            dialog.send("UPDATE", 3, body: "v=0\r\nagain")
            _ = try await dialog.peer.response(500, to: "UPDATE")
            dialog.house.endpoint.acceptChange(dialog.call, sdp: "v=0\r\nheld")
            #expect(try await dialog.peer.response(200, to: "UPDATE").body == "v=0\r\nheld")
            dialog.send("UPDATE", 4)
            _ = try await dialog.peer.response(200, to: "UPDATE")
            dialog.send("UPDATE", 5, body: "v=0\r\nno")
            _ = try await offered(dialog)
            dialog.house.endpoint.refuseChange(dialog.call)
            _ = try await dialog.peer.response(488, to: "UPDATE")
            dialog.send("UPDATE", 6, body: "v=0\r\nopen when the call ends")
            _ = try await offered(dialog)
            dialog.house.endpoint.hangUp(dialog.call)
            dialog.peer.reply(try await dialog.peer.request("BYE"), "200 OK")
            #expect(try await dialog.house.ended(dialog.call) == .hungUpHere)
            #expect(dialog.house.endpoint.figures.liveHandles == 0)
        }

        @Test("digits come by INFO in both forms; other bodies get 415; INFO outside a call gets 481")
        func info() async throws {
            let dialog = try await dialog(15_054)
            dialog.send("INFO", 2, body: "Signal=7\r\nDuration=120\r\n", type: "application/dtmf-relay")
            _ = try await dialog.peer.response(200, to: "INFO")
            _ = try await dialog.house.events.take("7") {
                if case .digit(dialog.call, "7", milliseconds: 120) = $0 { true } else { false }
            }
            dialog.send("INFO", 3, body: "#", type: "application/dtmf")
            _ = try await dialog.peer.response(200, to: "INFO")
            _ = try await dialog.house.events.take("#") {
                if case .digit(dialog.call, "#", milliseconds: 160) = $0 { true } else { false }
            }
            dialog.send("INFO", 4, body: "<xml/>", type: "application/media_control+xml")
            _ = try await dialog.peer.response(415, to: "INFO")
            dialog.send("INFO", 5)
            _ = try await dialog.peer.response(200, to: "INFO")
            dialog.peer.send(
                dialog.peer.request("INFO", callID: Peer.fresh("call"), body: "5", contentType: "application/dtmf"))
            _ = try await dialog.peer.response(481, to: "INFO")
            dialog.send("BYE", 6)
            _ = try await dialog.house.ended(dialog.call)
            #expect(dialog.house.endpoint.figures.liveHandles == 0)
        }
    }
}
