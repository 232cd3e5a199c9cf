// The check of every offer does not believe the router's own comparisons.

import ACD
import Basics
import ContactCenter
import Foundation
import Simulation
import Testing

struct OracleTests {
    /// The center with something changed that the router did not see.
    private func changed(_ center: Center, _ change: (inout String) throws -> Void) throws -> Center {
        let encoder = JSONEncoder()
        encoder.outputFormatting = .sortedKeys
        var text = String(decoding: try encoder.encode(center), as: UTF8.self)
        let before = text
        try change(&text)
        #expect(text != before)
        return try JSONDecoder().decode(Center.self, from: Data(text.utf8))
    }

    @Test("an offer to the second best agent is seen, by the facts and not by the router's rank")
    func agents() throws {
        var floor = SmallCenter.floor(signedIn: ["alice", "bob"])
        floor.call("101")
        #expect(floor.ringing(at: "alice").count == 1)
        #expect(Invariants.violationsOfOrder(floor.commands, in: floor.center) == [])
        let since = try #require(floor.center.agents["bob"]?.idleSince).microseconds
        let longer = try changed(floor.center) { $0 = $0.replacing("\"idleSince\":\(since)", with: "\"idleSince\":1") }
        #expect(
            Invariants.violationsOfOrder(floor.commands, in: longer) == [
                "contact 1 is offered to agent alice and not to agent bob"
            ])
    }

    @Test("an offer past a contact that came first is seen, by the facts and not by the router's order")
    func contacts() throws {
        var floor = SmallCenter.floor(signedIn: ["alice"])
        let first = floor.call("101")
        floor.answer(at: "alice")
        floor.call("101")
        floor.advance(seconds: 1)
        floor.call("101")
        floor.hangUp(first)
        floor.advance(seconds: 10)
        let offered = floor.center.contacts.first { $0.value.entry?.offer != nil }?.key
        #expect(offered == ContactID(rawValue: 2) && Invariants.violationsOfOrder(floor.commands, in: floor.center) == [])
        let key = try #require(floor.center.contacts[ContactID(rawValue: 3)]?.entry?.key)
        let since = "\"effectiveEnqueuedAt\":\(key.effectiveEnqueuedAt.microseconds)"
        let earlier = try changed(floor.center) { $0 = $0.replacing(since, with: "\"effectiveEnqueuedAt\":1") }
        #expect(
            Invariants.violationsOfOrder(floor.commands, in: earlier) == ["agent alice is offered contact 2 before contact 3"])
    }
}
