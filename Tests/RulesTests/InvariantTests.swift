// The watch over the rules sees what a whole check sees.

import Basics
import ContactCenter
import Foundation
import Simulation
import Testing

struct InvariantTests {
    /// A center with an offer, a conversation and a long queue, from which all contacts have been torn.
    private func broken() throws -> Center {
        var floor = SmallCenter.floor(signedIn: ["alice", "bob"])
        for _ in 0..<130 { floor.call("101") }
        floor.answer(at: "alice")
        #expect(!floor.ringing(at: "bob").isEmpty)
        let whole = try JSONSerialization.jsonObject(with: JSONEncoder().encode(floor.center))
        var members = try #require(whole as? [String: Any])
        members["contacts"] = [Any]()
        return try JSONDecoder().decode(Center.self, from: JSONSerialization.data(withJSONObject: members))
    }

    @Test("a round in small steps finds what the whole check finds: in agents, queues, offers and legs")
    func round() throws {
        let center = try broken()
        let all = Invariants.violations(in: center)
        for word in ["agent alice", "queue sales", "offer ", "leg "] {
            #expect(all.contains { $0.hasPrefix(word) }, "\(word) in \(all)")
        }
        #expect(all.count > 2 * InvariantRound.placesPerStepMax)
        var round = InvariantRound()
        var found: [String] = []
        var steps = 1
        while round.step(in: center, into: &found) {
            steps += 1
            try #require(steps < 10_000)
        }
        #expect(Set(found) == Set(all))
        #expect(found.count == all.count, "nothing is told twice")
        // The next round is the same again.
        var again: [String] = []
        while round.step(in: center, into: &again) {}
        #expect(again == found)
    }

    @Test("no step looks at more than a few contacts of a queue")
    func places() throws {
        let center = try broken()
        var round = InvariantRound()
        while true {
            var found: [String] = []
            let goesOn = round.step(in: center, into: &found)
            #expect(found.count <= InvariantRound.placesPerStepMax + 1)
            if !goesOn { return }
        }
    }
}
