// A working day at the desk, over real WebSockets.

import ACD
import Basics
import ContactCenter
import Foundation
import Simulation
import Storage
import Testing

@testable import API

@Suite("Desk", .timeLimit(.minutes(1))) @MainActor struct DeskTests {
    @Test("the page begins with a snapshot that is what the description of the API says")
    func snapshot() async throws {
        let house = try await DeskHouse()
        let page = try await house.page(try await house.signIn())
        let snapshot = try await page.next()
        #expect(snapshot["type"] as? String == "snapshot" && snapshot["seq"] is Int)
        #expect(snapshot["agent"] as? [String: String] == ["id": "alice", "name": "Alice Adler"])
        let state = snapshot["state"] as? [String: Any]
        #expect(state?["presence"] as? String == "offline" && state?["pending"] is NSNull)
        #expect(snapshot["reasons"] as? [String] == ["break", "lunch"])
        let dispositions = snapshot["dispositions"] as? [String: Any]
        #expect(dispositions?["required"] as? Bool == true && (dispositions?["codes"] as? [Any])?.count == 2)
        #expect((snapshot["audio"] as? [String: Bool])?["connected"] == false)
        #expect((snapshot["features"] as? [String])?.contains("extend") == true)
        let document = try #require(
            try JSONSerialization.jsonObject(with: Data(OpenAPIDocument.bytes(of: RouteTable().routes))) as? [String: Any])
        let check = SchemaCheck(document: document)
        let plain = snapshot.filter { $0.key != "seq" }
        #expect(check.faults(plain, ["$ref": "#/components/schemas/FrameSnapshot"]) == [])
        await house.close()
    }

    @Test("the page closes and opens the channels of the agent's queues, and no other")
    func channels() async throws {
        let house = try await DeskHouse()
        let (page, _) = try await house.readyPage()
        #expect(try await page.ask("channel", ["channel": "chat", "on": false]) == "not_allowed")
        var configuration = house.backend.center.configuration
        configuration.kinds = [WorkKind(id: "chat", channel: .chat, weight: 20)]
        for index in configuration.queues.indices { configuration.queues[index].kinds = [.call, "chat"] }
        house.act { $0.apply(configuration) }
        func isOpen(_ frame: [String: Any], _ channel: String) -> Bool? {
            (frame["channels"] as? [[String: Any]])?.first { $0["channel"] as? String == channel }?["open"] as? Bool
        }
        let both = try await page.next("state") { isOpen($0, "chat") != nil }
        #expect(isOpen(both, "voice") == true && isOpen(both, "chat") == true)
        #expect(try await page.ask("channel", ["channel": "chat", "on": false]) == "done")
        let closed = try await page.next("state") { isOpen($0, "chat") == false }
        #expect(isOpen(closed, "voice") == true && house.alice?.closedChannels == [.chat])
        #expect(try await page.ask("channel", ["channel": "chat", "on": true]) == "done")
        #expect(house.alice?.closedChannels == [])
        #expect(try await page.ask("channel", ["channel": "email", "on": true]) == "not_allowed")
        #expect(try await page.ask("channel", ["channel": "fax", "on": true]) == "malformed")
        #expect(try await page.ask("channel", ["channel": "chat"]) == "malformed")
        await house.close()
    }

    @Test("a call from the offer to the end of the wrap-up, each frame as described, numbers without gaps")
    func call() async throws {
        let house = try await DeskHouse { $0.quality = .milliseconds(50) }
        let (page, _) = try await house.readyPage()
        #expect(house.alice?.presence == .available && house.alice?.registeredDevices == ["alice-browser"])
        let caller = house.call()
        let offer = try await page.next("offer")
        #expect((offer["caller"] as? [String: Any])?["number"] as? String == "+4930123456")
        #expect(offer["queue"] as? String == "sales" && offer["path"] as? [String] == ["main → menu: 1 → sales"])
        #expect(offer["autoAnswer"] as? Bool == true)
        #expect(try await page.ask("accept", ["offer": 4711]) == "no_offer")
        #expect(try await page.ask("accept", ["offer": offer["offer"] as? Int ?? 0]) == "done")
        let call = try await page.next("call")
        #expect(call["contact"] as? Int == offer["contact"] as? Int && call["state"] as? String == "talking")
        #expect(try await page.next("quality")["mos"] as? Double == 4.2)
        #expect(try await page.ask("hold", ["on": true]) == "done")
        #expect(try await page.next("call")["held"] as? Bool == true)
        #expect(try await page.ask("hold", ["on": true]) == "not_allowed")
        #expect(try await page.ask("hold", ["on": false]) == "done")
        #expect(try await page.ask("mute", ["on": true]) == "done")
        _ = try await page.next("call") { $0["muted"] as? Bool == true }
        #expect(try await page.ask("digit", ["digit": "5"]) == "done")
        #expect(try await page.ask("digit", ["digit": "55"]) == "malformed")
        #expect(house.voice.digits == "5")
        #expect(try await page.ask("recording", ["paused": true]) == "not_allowed")
        #expect(try await page.ask("wrapUp.complete") == "too_late")
        #expect(try await page.ask("hangUp") == "done")
        #expect(house.backend.floor.contact(of: caller) == nil)
        #expect(try await page.next("call.ended")["by"] as? String == "agent")
        let wrapUp = try await page.next("wrapUp")
        #expect(wrapUp["extended"] as? Bool == false && wrapUp["queue"] as? String == "sales")
        #expect(try await page.ask("wrapUp.extend") == "done")
        #expect(try await page.next("wrapUp")["extended"] as? Bool == true)
        #expect(try await page.ask("wrapUp.extend") == "not_allowed")
        #expect(try await page.ask("wrapUp.note", ["notes": "half a sen"]) == "done")
        #expect(try await page.ask("wrapUp.complete", ["notes": "sentence"]) == "disposition_required")
        #expect(try await page.ask("wrapUp.complete", ["disposition": "nonsense"]) == "unknown_disposition")
        #expect(try await page.ask("wrapUp.complete", ["disposition": "order", "notes": "sentence"]) == "done")
        _ = try await page.next("wrapUp.ended")
        #expect(page.frames.last { $0["type"] as? String == "figures" }?["handledToday"] as? Int == 1)
        #expect(house.notes.map(\.text) == ["sentence"] && house.notes.first?.disposition == "order")
        expectSound(page)
        await house.close()
    }

    /// Numbers have no gaps, and every frame is what the description says.
    func expectSound(_ page: Page) {
        let numbers = page.frames.compactMap { $0["seq"] as? Int }
        #expect(zip(numbers, numbers.dropFirst()).allSatisfy { $1 == $0 + 1 }, "\(numbers)")
        let document = try? JSONSerialization.jsonObject(with: Data(OpenAPIDocument.bytes(of: RouteTable().routes)))
        let check = SchemaCheck(document: document as? [String: Any] ?? [:])
        let numbered: Set = [
            "snapshot", "state", "figures", "offer", "offer.ended", "call", "call.ended", "wrapUp", "wrapUp.ended", "audio",
            "work",
            "work.ended", "capacity",
        ]
        for frame in page.frames {
            let type = frame["type"] as? String ?? ""
            #expect((frame["seq"] != nil) == numbered.contains(type), "\(type)")
            let name = "Frame" + type.split(separator: ".").map { $0.prefix(1).uppercased() + $0.dropFirst() }.joined()
            let faults = check.faults(frame.filter { $0.key != "seq" }, ["$ref": "#/components/schemas/\(name)"])
            #expect(faults.isEmpty, "\(type): \(faults)")
        }
    }

    @Test("an offer that is not answered says why: declined, missed, or the caller gave up")
    func offerEnds() async throws {
        let house = try await DeskHouse()
        let (page, _) = try await house.readyPage()
        let first = house.call()
        let offer = try await page.next("offer")["offer"] as? Int ?? 0
        #expect(try await page.ask("decline", ["offer": offer, "reason": "busy"]) == "done")
        #expect(try await page.next("offer.ended")["reason"] as? String == "declined")
        house.act { $0.hangUp(first) }
        let second = house.call()
        house.act { $0.advance(seconds: 1) }
        _ = try await page.next("offer")
        house.act { $0.hangUp(second) }
        #expect(try await page.next("offer.ended")["reason"] as? String == "caller-gone")
        _ = house.call()
        _ = try await page.next("offer")
        house.act { $0.advance(seconds: 25) }
        #expect(try await page.next("offer.ended")["reason"] as? String == "missed")
        expectSound(page)
        await house.close()
    }

    @Test("a caller who hangs up, and one who is handed on, end the call by their names")
    func callEnds() async throws {
        let house = try await DeskHouse()
        let (page, _, leg) = try await house.talkingPage()
        house.act { $0.hangUp(leg) }
        #expect(try await page.next("call.ended")["by"] as? String == "caller")
        #expect(try await page.ask("wrapUp.complete", ["disposition": "other"]) == "done")
        let next = house.call()
        let offer = try await page.next("offer")["offer"] as? Int ?? 0
        _ = try await page.ask("accept", ["offer": offer])
        _ = try await page.next("call")
        #expect(try await page.ask("transfer", ["queue": "nowhere"]) == "unknown_target")
        #expect(try await page.ask("transfer", ["agent": "nobody"]) == "unknown_target")
        #expect(try await page.ask("transfer") == "malformed")
        #expect(try await page.ask("transfer", ["queue": "support"]) == "done")
        #expect(try await page.next("call.ended")["by"] as? String == "transfer")
        #expect(house.backend.floor.contact(of: next)?.entry?.queue == "support")
        expectSound(page)
        await house.close()
    }

    @Test("whoever gets a contact back sees the queue and the way of now, and until then, in the wrap-up, those of before")
    func handedBack() async throws {
        let house = try await DeskHouse()
        let (page, _, _) = try await house.talkingPage()
        house.act { $0.signIn("bob") }
        #expect(try await page.ask("transfer", ["queue": "support"]) == "done")
        #expect(try await page.next("wrapUp")["queue"] as? String == "sales")
        house.act { if let leg = $0.ringing(at: "bob").first { $0.answer(leg) } }
        house.act { $0.submit(.transferRequested("bob", .agent("alice"))) }
        #expect(try await page.ask("wrapUp.complete", ["disposition": "other"]) == "done")
        let offer = try await page.next("offer")
        #expect(offer["queue"] as? String == "support")
        #expect(offer["path"] as? [String] == ["main → menu: 1 → sales → support → support"])
        #expect(try await page.ask("accept", ["offer": offer["offer"] as? Int ?? 0]) == "done")
        #expect(try await page.next("call")["queue"] as? String == "support")
        expectSound(page)
        await house.close()
    }

    @Test("presence: a pause needs a reason of the house, available needs a voice, and during a call it waits")
    func presence() async throws {
        let house = try await DeskHouse()
        let page = try await house.page(try await house.signIn())
        #expect(try await page.ask("presence", ["presence": "available"]) == "no_media")
        #expect(try await page.ask("presence", ["presence": "asleep"]) == "malformed")
        #expect(try await page.ask("presence", ["presence": "pause", "reason": "nonsense"]) == "unknown_reason")
        #expect(try await page.ask("presence", ["presence": "pause", "reason": "lunch"]) == "done")
        let state = try await page.next("state")
        #expect(state["presence"] as? String == "pause" && state["reason"] as? String == "lunch")
        #expect(try await page.ask("media.offer", ["sdp": "bad"]) == "bad_offer")
        #expect(try await page.ask("media.offer", ["sdp": "none"]) == "no_media")
        let id = try await page.send("media.offer", ["sdp": "v=0"])
        let answer = try await page.next("media.answer")
        #expect(answer["id"] as? Int == id && answer["sdp"] as? String == "answer to v=0")
        #expect(try await page.next("audio")["connected"] as? Bool == true)
        _ = try await page.ask("presence", ["presence": "available"])
        let leg = house.call()
        let offer = try await page.next("offer")["offer"] as? Int ?? 0
        _ = try await page.ask("accept", ["offer": offer])
        #expect(try await page.ask("presence", ["presence": "pause", "reason": "break"]) == "done")
        let waiting = try await page.next("state") { !($0["pending"] is NSNull) }
        #expect((waiting["pending"] as? [String: Any])?["reason"] as? String == "break")
        house.act { $0.hangUp(leg) }
        _ = try await page.next("wrapUp")
        await house.close()
    }

    @Test("frames that are none are refused with a code, and too many of them close the connection")
    func malformed() async throws {
        let house = try await DeskHouse { $0.malformedFramesMax = 12 }
        let page = try await house.page(try await house.signIn())
        #expect(try await page.ask("dance") == "unknown_type")
        #expect(try await page.ask("hangUp") == "no_call")
        #expect(try await page.ask("hold") == "no_call")
        #expect(try await page.ask("media.offer", ["sdp": String(repeating: "x", count: 40_000)]) == "malformed")
        #expect(try await page.ask("hold", ["on": "yes"]) == "malformed")
        let bomb = String(repeating: "[", count: 30_000) + String(repeating: "]", count: 30_000)
        for text in ["", "{", "[]", "null", "{\"type\":\"ping\"}", bomb, "{\"id\":1e99,\"type\":\"ping\"}"] {
            try await page.sendText(text)
            let answer = try await page.next("refused")
            #expect(answer["code"] as? String == "malformed" && answer["id"] is NSNull)
        }
        for _ in 0..<5 { try await page.sendText("x") }
        #expect(try await page.end() == 1008)
        #expect(house.desks.figures.malformed == 13)
        let again = try await house.page(try await house.signIn())
        #expect(try await again.ask("ping") == "done")
        await house.close()
    }

    @Test("a flood of frames closes the connection")
    func flood() async throws {
        let house = try await DeskHouse {
            $0.burstFramesMax = 10
            $0.framesPerSecondMax = 1
        }
        let page = try await house.page(try await house.signIn())
        for _ in 0..<15 { _ = try? await page.send("ping") }
        #expect(try await page.end() == 1008)
        #expect(page.frames.count { $0["type"] as? String == "done" } <= 11)
        #expect(house.desks.figures.floods == 1 && house.desks.pages == 0)
        await house.close()
    }

    @Test("what goes to all is merged: many changes, one frame of whom one can transfer to")
    func merged() async throws {
        let house = try await DeskHouse(agents: 30)
        let (page, _) = try await house.readyPage()
        _ = try await page.next("transferTargets")
        let before = page.frames.count
        house.act { floor in
            for index in 0..<30 { floor.set(.aux(reason: "break"), for: AgentID("agent-\(index)")) }
        }
        let targets = try await page.next("transferTargets") { frame in
            (frame["agents"] as? [[String: Any]])?.count { $0["state"] as? String == "pause" } == 30
        }
        #expect((targets["queues"] as? [[String: Any]])?.map { $0["id"] as? String } == ["sales", "support"])
        #expect(page.frames.count - before <= 2)
        await house.close()
    }
}
