// Random lives of the center: nothing gets stuck, lost or out of order, whatever the events.

import ACD
import Basics
import ContactCenter
import Foundation
import IVR
import Simulation
import Testing

struct FuzzerTests {
    @Test("160,000 random events from sixteen seeds keep every invariant, and reach every kind of ending")
    func invariants() throws {
        var closed: [Contact] = []
        var unproved = 0
        for seed in UInt64(1)...16 {
            var fuzzer = Fuzzer(seed: seed)
            try fuzzer.run(events: 10_000)
            let figures = fuzzer.floor.center.figures
            #expect(figures.contacts > 500, "seed \(seed) must really have seen calls")
            closed += fuzzer.floor.closed
            unproved += fuzzer.floor.center.queues.reduce(0) { $0 + $1.value.figures.callbacks.unproved }
        }
        #expect(unproved > 0, "something has answered that was no customer")
        expectCoverage(of: closed)
    }

    /// So that the invariants are not kept for want of trying.
    private func expectCoverage(of closed: [Contact]) {
        let outcomes = Set(
            closed.compactMap { contact -> Outcome? in
                if case .ended(let outcome) = contact.state { outcome } else { nil }
            })
        #expect(outcomes == Set(Outcome.allCases))
        let ends = Set(
            closed.flatMap(\.timeline).compactMap { entry -> OfferEnd? in
                if case .offerEnded(_, _, let end) = entry.what { end } else { nil }
            })
        #expect(ends == [.missed, .rejected, .failed, .notMade, .rescinded, .answeredElsewhere])
        let kinds = Set(closed.flatMap(\.timeline).map(\.what.kind))
        let wanted = [
            "agent.lost", "agent.returned", "contact.transferred", "contact.disposed", "contact.held", "recording.paused",
            "recording.resumed", "contact.relaxed", "contact.consulted", "contact.conferred", "contact.handed-over",
            "participant.left", "supervision.monitor", "supervision.whisper", "supervision.private-whisper",
            "supervision.barge", "supervision.take-over", "supervision.ended",
        ]
        #expect(kinds.isSuperset(of: wanted), "\(wanted.filter { !kinds.contains($0) }) never happened")
        let worked = Set(closed.filter { $0.agent != nil }.map(\.kind))
        #expect(worked == [.call, "chat", "dispute", "mail", "message", "ticket"], "work of every kind has come to an agent")
        #expect(closed.filter(\.isDigital).count > closed.count / 20)
        let lostForGood = closed.contains { contact in
            zip(contact.timeline, contact.timeline.dropFirst()).contains { before, after in
                guard case .lost(let agent) = before.what, case .agentLeft(agent) = after.what else { return false }
                return after.at - before.at >= .seconds(5)
            }
        }
        #expect(lostForGood, "a grace has run out under a caller")
        let callbacks = closed.compactMap(\.callback)
        let callbackEnds = Set(
            callbacks.compactMap { callback -> CallbackEnd? in
                if case .ended(let end) = callback.phase { end } else { nil }
            })
        #expect(callbackEnds == Set(CallbackEnd.allCases), "callbacks end in every way")
        #expect(Set(callbacks.map(\.terms.mode)) == Set(CallbackRules.Mode.allCases))
        #expect(callbacks.contains { $0.attempts > 1 } && callbacks.contains { $0.wishedAt != nil })
        let nodes = Set(
            closed.flatMap(\.timeline).compactMap { entry -> NodeID? in
                if case .visited("main", let node) = entry.what { node } else { nil }
            })
        let flow = Fuzzer.configuration(variant: 0).flows.first { $0.id == "main" }
        #expect(nodes == Set(flow?.nodes.map(\.id) ?? []), "every node of the menu is reached")
        #expect(
            closed.contains { $0.attribute("team") == nil }
                && closed.contains { $0.attribute("team") != nil })
    }

    @Test("a journal replayed from the beginning gives the same center, byte for byte")
    func replay() throws {
        var fuzzer = Fuzzer(seed: 11)
        try fuzzer.run(events: 5000)
        var center = Center()
        var commands: [Command] = []
        for (at, event) in fuzzer.floor.journal {
            if case .restarted = event { center = try copy(center) }
            center.handle(event, at: at, into: &commands)
        }
        let encoder = JSONEncoder()
        encoder.outputFormatting = .sortedKeys
        #expect(try encoder.encode(center) == encoder.encode(fuzzer.floor.center))
    }

    @Test("a snapshot taken in the middle goes on as the original does")
    func snapshot() throws {
        var fuzzer = Fuzzer(seed: 12)
        try fuzzer.run(events: 3000)
        var restored = try copy(fuzzer.floor.center)
        let from = fuzzer.floor.journal.count
        try fuzzer.run(events: 6000)
        var commands: [Command] = []
        for (at, event) in fuzzer.floor.journal[from...] { restored.handle(event, at: at, into: &commands) }
        let encoder = JSONEncoder()
        encoder.outputFormatting = .sortedKeys
        #expect(try encoder.encode(restored) == encoder.encode(fuzzer.floor.center))
    }

    private func copy(_ center: Center) throws -> Center {
        try JSONDecoder().decode(Center.self, from: JSONEncoder().encode(center))
    }
}
