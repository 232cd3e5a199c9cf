// The peer hands its call on: REFER, and what does not get that far.

import Basics
import Testing

@testable import SIP

extension OnTheWire {
    struct ReferTests {
        /// A call that is answered and confirmed.
        private struct Dialog {
            let house: House
            let peer: Peer
            let call: CallID
            let callID: String
            let toTag: String

            func refer(to target: String?, _ sequence: Int) {
                let headers = ["Contact: <sip:alice@127.0.0.1:\(peer.port)>"] + (target.map { ["Refer-To: \($0)"] } ?? [])
                peer.send(peer.request("REFER", callID: callID, sequence: sequence, toTag: toTag, headers: headers))
            }
        }

        private func dialog(_ port: UInt16) async throws -> Dialog {
            let house = try House(port: port, trunkPort: port + 1)
            let peer = Peer(port: port + 1, endpoint: port)
            let callID = Peer.fresh("refer")
            peer.send(peer.request("INVITE", callID: callID, body: Peer.sdp))
            let call = try await house.invited().call
            house.endpoint.answer(call, sdp: "v=0\r\nours")
            let ok = try await peer.response(200)
            peer.send(peer.request("ACK", callID: callID, toTag: ok.toTag))
            try await house.confirmed(call)
            return Dialog(house: house, peer: peer, call: call, callID: callID, toTag: ok.toTag)
        }

        /// What the last NOTIFY of the REFER's subscription says; each is answered.
        private func outcome(_ dialog: Dialog, _ sequence: Int) async throws -> String {
            while true {
                let notify = try await dialog.peer.request("NOTIFY")
                #expect(notify["Event"] == "refer;id=\(sequence)")
                dialog.peer.reply(notify, "200 OK")
                guard notify["Subscription-State"].hasPrefix("terminated") else { continue }
                return notify.body.split(whereSeparator: \.isNewline).first.map(String.init) ?? ""
            }
        }

        @Test(
            "a NOTIFY tells what became of it, before any BYE; whoever may not refer is declined, and the call stands"
        )
        func refer() async throws {
            let dialog = try await dialog(15_420)
            let endpoint = dialog.house.endpoint
            var told: [(target: String, replaces: Bool)] = []
            endpoint.onEvent = { [events = dialog.house.events] event in
                guard case .referred(let call, let target, let replaces) = event else { return events.put(event) }
                told.append((target, replaces))
                switch target {
                case "ben": endpoint.answerReferral(call, outcome: 200)
                case "busy": endpoint.answerReferral(call, outcome: 486)
                case "gone": endpoint.answerReferral(call, outcome: 404)
                case "odd": endpoint.answerReferral(call, outcome: 100)
                default: break
                }
            }
            for (sequence, (target, expected)) in [
                ("busy", "486 Busy Here"), ("gone", "404 Not Found"), ("odd", "603 Decline"),
            ]
            .enumerated() {
                dialog.refer(to: "<sip:\(target)@house>", 600 + sequence)
                _ = try await dialog.peer.response(202, to: "REFER")
                #expect(try await outcome(dialog, 600 + sequence) == "SIP/2.0 \(expected)")
            }
            dialog.refer(to: "<sip:nobody@house>", 650)
            _ = try await dialog.peer.response(603, to: "REFER")
            dialog.refer(to: nil, 700)
            _ = try await dialog.peer.response(400, to: "REFER")
            dialog.refer(to: "<tel:+4930123>", 701)
            _ = try await dialog.peer.response(400, to: "REFER")
            dialog.refer(to: "<sip:carla@house?Replaces=a%3Bto-tag%3Db%3Bfrom-tag%3Dc>", 702)
            _ = try await dialog.peer.response(603, to: "REFER")
            #expect(
                told.map(\.target) == ["busy", "gone", "odd", "nobody", "carla"])
            #expect(told.map(\.replaces) == [false, false, false, false, true])
            #expect(endpoint.figures.liveHandles == 1, "the call stands")

            dialog.refer(to: "<sip:ben@house>", 703)
            _ = try await dialog.peer.response(202, to: "REFER")
            endpoint.hangUp(dialog.call)
            #expect(try await outcome(dialog, 703) == "SIP/2.0 200 OK")
            let bye = try await dialog.peer.request("BYE")
            dialog.peer.reply(bye, "200 OK")
            #expect(try await dialog.house.ended(dialog.call) == .hungUpHere)
            #expect(endpoint.figures.liveHandles == 0)
        }

        @Test("nobody answers to the NOTIFY or a BYE crosses it: the call ends, and nothing is left of it")
        func withoutAnswer() async throws {
            let dialog = try await dialog(15_422)
            let endpoint = dialog.house.endpoint
            endpoint.onEvent = { [events = dialog.house.events] event in
                if case .referred(let call, _, _) = event { endpoint.answerReferral(call, outcome: 200) }
                events.put(event)
            }
            dialog.refer(to: "<sip:ben@house>", 2)
            _ = try await dialog.peer.response(202, to: "REFER")
            dialog.peer.send(dialog.peer.request("BYE", callID: dialog.callID, sequence: 3, toTag: dialog.toTag))
            _ = try await dialog.peer.response(200, to: "BYE")
            #expect(try await dialog.house.ended(dialog.call) == .hungUpByPeer(nil))
            #expect(endpoint.figures.liveHandles == 0)
        }

        @Test("a REFER outside a call is declined, an INVITE that wants another's dialog refused, with the channel given back")
        func strangers() async throws {
            let house = try House(port: 15_424, trunkPort: 15_425, channels: 1)
            let peer = Peer(port: 15_425, endpoint: 15_424)
            for round in 1...3 {
                peer.send(
                    peer.request(
                        "REFER", callID: Peer.fresh("stray"),
                        headers: ["Refer-To: <sip:+4930123@house>", "Contact: <sip:a@127.0.0.1:15425>"]))
                _ = try await peer.response(603, to: "REFER")
                let callID = Peer.fresh("replace")
                peer.send(
                    peer.request(
                        "INVITE", callID: callID, headers: ["Replaces: someone;to-tag=a;from-tag=b"], body: Peer.sdp))
                let refusal = try await peer.response(481, callID: callID)
                peer.send(peer.request("ACK", callID: callID, toTag: refusal.toTag))
                #expect(house.events.waiting.isEmpty, "round \(round)")
            }
            peer.send(peer.request("INVITE", callID: Peer.fresh("good"), body: Peer.sdp))
            house.endpoint.reject(try await house.invited().call, status: 486)
            _ = try await peer.response(486)
        }
    }
}
