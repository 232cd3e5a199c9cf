// What an agent can do with a call, over the API and at the desk: refusals, repetitions, numbers that go nowhere else.

import ACD
import Basics
import ContactCenter
import Foundation
import IVR
import Simulation
import Testing

@testable import API

@Suite("Call act routes", .timeLimit(.minutes(1))) @MainActor struct CallActRouteTests {
    private static func allow(_ floor: inout VirtualFloor) {
        var configuration = floor.center.configuration
        configuration.version = "outside"
        configuration.outside = [OutsideRules(trunk: "carrier", allowed: ["+49"], denied: ["+49900"], callsMax: 1)]
        floor.apply(configuration)
    }

    @Test("hold and mute can be repeated, keys go to whoever the agent talks with, and each act leaves an audit line")
    func acts() async throws {
        let house = try await House()
        let call = try #require(house.contact(house.legs.talking))
        let desk = try #require(house.backend.floor.center.contacts[call]?.conversation?.leg)
        func post(_ act: String, _ body: String? = nil, as name: String = "alice") async throws -> Int {
            try await house.send("POST", "/v1/contacts/\(call)/\(act)", as: name, body: body).status
        }
        var talk: Conversation? { house.backend.floor.center.contacts[call]?.conversation }
        for _ in 0..<2 {
            #expect(try await post("hold") == 204)
            #expect(talk?.heldBy == .agent)
        }
        for _ in 0..<2 {
            #expect(try await post("resume", as: "super") == 204)
            #expect(talk?.heldBy == nil)
        }
        for _ in 0..<2 {
            #expect(try await post("mute") == 204)
            #expect(talk?.isMuted == true)
        }
        for _ in 0..<2 {
            #expect(try await post("unmute") == 204)
            #expect(talk?.isMuted == false)
        }
        #expect(try await post("digits", #"{"digits":"12#"}"#) == 204)
        #expect(house.backend.pressed.map(\.keys) == ["12#"] && house.backend.pressed.map(\.leg) == [desk])
        for digits in ["", "x", "1 2", String(repeating: "1", count: 33)] {
            #expect(try await post("digits", #"{"digits":"\#(digits)"}"#) == 422, "\(digits)")
        }
        let waiting = try #require(house.contact(house.legs.waiting))
        for act in ["hold", "mute", "hang-up"] {
            #expect(try await house.send("POST", "/v1/contacts/\(waiting)/\(act)", as: "alice").status == 404)
            #expect(
                try await house.send("POST", "/v1/contacts/\(waiting)/\(act)", as: "super").problem == "contact_not_with_agent")
        }
        #expect(try await post("hang-up") == 204)
        #expect(house.backend.floor.closed.last?.id == call)
        #expect(try await post("hold") == 404)
        let audit = try await house.get("/v1/audit", as: "root")
        let acts = audit.items.compactMap { $0["action"] as? String }
        for (action, count) in [
            ("call.held", 1), ("call.resumed", 1), ("call.muted", 1), ("call.unmuted", 1), ("call.keys", 1), ("call.ended", 1),
        ] { #expect(acts.filter { $0 == action }.count == count, "\(action)") }
        #expect(!audit.body.contains("12#"))
        await house.close()
    }

    @Test("a call is handed to a queue, a flow or a number by the same route as a chat, and to exactly one of them")
    func transfers() async throws {
        let house = try await House()
        let call = try #require(house.contact(house.legs.talking))
        func transfer(_ body: String) async throws -> Answer {
            try await house.send("POST", "/v1/contacts/\(call)/transfer", as: "alice", body: body)
        }
        #expect(try await transfer("{}").status == 422)
        #expect(try await transfer(#"{"queue":"sales","flow":"main"}"#).status == 422)
        #expect(try await transfer(#"{"queue":"none"}"#).problem == "target_unknown")
        #expect(try await transfer(#"{"flow":"none"}"#).problem == "target_unknown")
        #expect(try await transfer(#"{"number":"+49301234567"}"#).problem == "outside_not_allowed")
        Self.allow(&house.backend.floor)
        let denied = try await transfer(#"{"number":"+49 900 123456"}"#)
        #expect(denied.problem == "number_denied" && denied.body.contains("`+49900`") && denied.body.contains("`carrier`"))
        #expect(try await transfer(#"{"number":"+43 1 2345678"}"#).problem == "number_not_allowed")
        #expect(try await transfer(#"{"number":"110"}"#).status == 422)
        #expect(house.backend.wantedNumbers.isEmpty)
        #expect(try await transfer(#"{"number":"+49 30 1234567"}"#).status == 204)
        #expect(house.backend.wantedNumbers == ["+49301234567"])
        #expect(try await transfer(#"{"number":"+49 30 1234567"}"#).problem == "not_possible", "it rings")
        let outside = try #require(house.backend.floor.legs.first { $0.value == .dialling }?.key)
        house.backend.floor.fail(outside, .busy)
        #expect(try await transfer(#"{"flow":"main"}"#).status == 204)
        #expect(house.backend.floor.center.contacts[call]?.interpreter.node == "menu")
        let audit = try await house.get("/v1/audit", as: "root").body
        #expect(audit.contains("call.transferred") && audit.contains("callerKey") && !audit.contains("1234567"))
        await house.close()
    }

    @Test(
        "at the desk a number is asked or handed the caller, refused by its rule, and the reason shown when it is not reached")
    func desk() async throws {
        let house = try await DeskHouse(agents: 1)
        let (page, _) = try await house.readyPage()
        _ = house.call()
        let offer = try await page.next("offer")
        #expect(try await page.ask("accept", ["offer": offer["offer"] as? Int ?? 0]) == "done")
        let call = try await page.next("call")
        #expect(call["notReached"] is NSNull)
        #expect(try await page.ask("consult", ["number": "+49301234567"]) == "outside_not_allowed")
        house.act { Self.allow(&$0) }
        #expect(try await page.ask("consult", ["number": "112"]) == "number_malformed")
        #expect(try await page.ask("transfer", ["number": "+49900123456"]) == "number_denied")
        #expect(try await page.ask("transfer", ["number": "+4312345678"]) == "number_not_allowed")
        #expect(try await page.ask("consult", ["number": "+49301234567", "agent": "bob"]) == "malformed")
        #expect(try await page.ask("transfer", ["flow": "none"]) == "unknown_target")
        #expect(try await page.ask("transfer", ["number": "+49301234567"]) == "done")
        func fail(_ failure: LegFailure) {
            house.act { if let leg = $0.legs.first(where: { $0.value == .dialling })?.key { $0.fail(leg, failure) } }
        }
        _ = try await page.next("call") { ($0["others"] as? [Any])?.count == 1 }
        fail(.busy)
        let busy = try await page.next("call") { !($0["notReached"] is NSNull) }
        let reason = busy["notReached"] as? [String: Any]
        #expect(reason?["reason"] as? String == "busy" && reason?["cause"] as? Int == 17)
        #expect(busy["acts"] as? [String] == ["consult"])
        #expect(try await page.ask("transfer", ["number": "+49301234567"]) == "done")
        house.act { if let leg = $0.legs.first(where: { $0.value == .dialling })?.key { $0.answer(leg) } }
        let ended = try await page.next("call.ended")
        #expect(ended["by"] as? String == "transfer")
        await house.close()
    }
}

extension Answer {
    /// The code of a refusal.
    fileprivate var problem: String? { (json["type"] as? String)?.split(separator: ":").last.map(String.init) }
}
