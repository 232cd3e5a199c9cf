// Several agents rung for one contact: all of a level, or one more each time.

import ACD
import Basics
import ContactCenter
import Simulation
import Testing

struct RingModeTests {
    private func all(_ names: [AgentID] = ["a", "b", "c"], _ change: (inout QueueRules) -> Void = { _ in }) -> VirtualFloor {
        OneQueue.floor(
            OneQueue.configuration(agents: names, .ringAll) { queue in
                queue.ring = .all
                change(&queue)
            })
    }

    @Test("ring-all: everybody free rings, the first answer wins, and to the others it is no miss (freeswitch#2540)")
    func firstAnswerWins() throws {
        var floor = all()
        let caller = floor.call("1")
        #expect(floor.ringingAgents == ["a", "b", "c"])
        let phones = ["a", "c"].flatMap { floor.ringing(at: AgentID($0)) }
        try #require(floor.answer(at: "b") != nil)
        for phone in phones { #expect(floor.commands.contains(.hangUp(phone, .answeredElsewhere))) }
        for agent in ["a", "c"] as [AgentID] {
            #expect(floor.agent(agent).missesInARow == 0)
            #expect(floor.agent(agent).refusal == nil, "not reserved for ever")
        }
        let ends = floor.happenings(of: caller).filter {
            if case .offerEnded(_, _, .answeredElsewhere) = $0 { true } else { false }
        }
        #expect(ends.count == 2)
        // The answer of a crosses the end of its offer on the wire (asterisk#176).
        floor.submit(.legAnswered(phones[0]))
        #expect(floor.commands == [.hangUp(phones[0], .answeredElsewhere)])
        #expect(floor.agent("b").activeContact != nil && floor.agent("a").activeContact == nil)
    }

    @Test("ring-all: the first offer of a round says why, of the others only who it was is kept")
    func explainedOnce() {
        var floor = all(["a", "b", "c", "d"])
        floor.set(.aux(reason: "break"), for: "d")
        let caller = floor.call("1")
        var why = floor.happenings(of: caller).compactMap { what -> Explanation? in
            if case .offered(_, _, _, let why) = what { why } else { nil }
        }
        #expect(why.map(\.winner.agent) == ["a", "b", "c"])
        #expect(why.map(\.others.count) == [2, 0, 0])
        #expect(why.map { $0.refused.count } == [1, 0, 0])
        floor.advance(seconds: 23)
        why = floor.happenings(of: caller).compactMap { what -> Explanation? in
            if case .offered(_, _, _, let why) = what { why } else { nil }
        }
        #expect(why.map(\.others.count) == [2, 0, 0, 2, 0, 0], "the next round explains itself")
    }

    @Test("a timeline that is full keeps who had the contact, and how it ended")
    func fullTimeline() throws {
        var floor = all(["a"])
        let caller = floor.call("1")
        var contact = try #require(floor.contact(of: caller))
        for _ in 0..<400 { contact.note(.resumed, at: floor.now) }
        #expect(contact.timeline.count == Contact.timelineEntriesMax)
        contact.note(.answered("a", "q", waitSeconds: 1), at: floor.now)
        contact.note(.disposed("a", code: nil), at: floor.now)
        #expect(contact.timeline.suffix(2).map(\.what) == [.answered("a", "q", waitSeconds: 1), .disposed("a", code: nil)])
        for _ in 0..<400 { contact.note(.transferred("a", to: .queue("q")), at: floor.now) }
        #expect(contact.timeline.count == Contact.timelineEntriesInAllMax)
        contact.note(.ended(.handled, by: .caller), at: floor.now)
        #expect(contact.timeline.last?.what == .ended(.handled, by: .caller))
    }

    @Test("ring-all: only the best level that has somebody rings; its own latecomers join, others do not")
    func bestLevel() {
        var floor = all(["a", "b", "c", "d"]) { queue in
            queue.members[2].level = 2
            queue.members[3].level = 2
        }
        floor.set(.aux(reason: "break"), for: "b")
        floor.call("1")
        #expect(floor.ringingAgents == ["a"])
        floor.set(.available, for: "b")
        #expect(floor.ringingAgents == ["a", "b"])
        floor.advance(seconds: 21)
        #expect(floor.ringingAgents == ["c", "d"], "level 1 has let it ring")
    }

    @Test("ring-all: who becomes free goes to a caller for whom nobody rings, before joining a ring")
    func newlyFree() throws {
        var floor = all(["a", "b"])
        floor.set(.aux(reason: "break"), for: "b")
        let first = floor.call("1")
        let second = floor.call("1")
        #expect(floor.contact(of: first)?.entry?.offers.count == 1)
        floor.set(.available, for: "b")
        #expect(floor.contact(of: first)?.entry?.offers.count == 1)
        #expect(floor.contact(of: second)?.entry?.offers.count == 1)
    }

    @Test("ring-all: the caller hangs up, and every phone is silent in the same turn")
    func callerGone() {
        var floor = all()
        let caller = floor.call("1")
        let phones = ["a", "b", "c"].flatMap { floor.ringing(at: AgentID($0)) }
        floor.hangUp(caller)
        for phone in phones { #expect(floor.commands.contains(.hangUp(phone, .callerGone))) }
        #expect(floor.ringingAgents.isEmpty)
    }

    @Test("ring-all: when all have let it ring, each has missed once, and the caller has the old place")
    func allMiss() {
        var floor = all()
        let caller = floor.call("1")
        let key = floor.contact(of: caller)?.entry?.key
        floor.advance(seconds: 20)
        #expect(floor.ringingAgents.isEmpty)
        #expect(["a", "b", "c"].map { floor.agent(AgentID($0)).missesInARow } == [1, 1, 1])
        #expect(floor.contact(of: caller)?.entry?.key == key)
        floor.advance(seconds: 3)
        #expect(floor.ringingAgents == ["a", "b", "c"])
    }

    @Test("ring-progressively: one more after each pause, while the earlier ones ring on; one decline calls nobody early")
    func progressively() throws {
        var floor = OneQueue.floor(
            OneQueue.configuration(agents: ["a", "b", "c", "d"], .ringProgressively) {
                $0.ring = .progressively(everySeconds: 5)
            })
        floor.call("1")
        #expect(floor.ringingAgents == ["a"])
        floor.advance(seconds: 4)
        #expect(floor.ringingAgents == ["a"])
        floor.advance(seconds: 1)
        #expect(floor.ringingAgents == ["a", "b"])
        floor.fail(try #require(floor.ringing(at: "a").first), .declined)
        #expect(floor.ringingAgents == ["b"])
        floor.advance(seconds: 5)
        #expect(floor.ringingAgents == ["b", "c"])
        try #require(floor.answer(at: "c") != nil)
        #expect(floor.ringingAgents.isEmpty)
        #expect(floor.agent("b").missesInARow == 0)
    }

    @Test("ring-progressively: when nobody is free at the time, the next who is free is rung at once")
    func progressivelyLater() {
        var floor = OneQueue.floor(
            OneQueue.configuration(agents: ["a", "b"], .ringProgressively) { $0.ring = .progressively(everySeconds: 5) })
        floor.set(.aux(reason: "break"), for: "b")
        floor.call("1")
        floor.advance(seconds: 12)
        #expect(floor.ringingAgents == ["a"])
        floor.set(.available, for: "b")
        #expect(floor.ringingAgents == ["a", "b"])
    }
}
