// What agents have done for one queue, since when it is counted, and how far back is looked (definitions.md 3.1).

import ACD
import Basics
import IVR
import Simulation
import Testing

@testable import ContactCenter

struct RecordStories {
    /// Queue `q` behind number 1, queue `other` behind number 2, the same agents in both.
    private func configuration(
        agents: [AgentID] = ["a", "b"], _ strategy: Strategy, version: String = "1", resetSecond: Int? = nil
    ) -> CenterConfiguration {
        var configuration = OneQueue.configuration(agents: agents, strategy, version: version)
        var other = configuration.queues[0]
        other.id = "other"
        configuration.queues.append(other)
        configuration.flows.append(
            Flow(id: "second", start: "queue", nodes: [Node(id: "queue", action: .queue(EnterQueue(queue: "other")))]))
        configuration.numbers.append(NumberRules(number: "2", flow: "second"))
        configuration.countsResetSecond = resetSecond
        return configuration
    }

    /// A call of ten seconds that everybody else pauses for.
    private func talk(_ floor: inout VirtualFloor, _ number: String, with agent: AgentID) {
        let others = floor.center.agents.map(\.key).filter { $0 != agent }
        for other in others { floor.set(.aux(reason: "break"), for: other) }
        let caller = floor.call(number)
        #expect(floor.answer(at: agent) != nil)
        floor.advance(seconds: 10)
        floor.hangUp(caller)
        for other in others { floor.set(.available, for: other) }
    }

    @Test("fewest calls of the queue: what was answered for other queues does not count")
    func fewestOfQueue() {
        for (strategy, expected) in [(Strategy.fewestCallsOfQueue, "b"), (.fewestCalls, "a")] as [(Strategy, AgentID)] {
            var floor = OneQueue.floor(configuration(strategy))
            talk(&floor, "1", with: "a")
            for _ in 0..<3 { talk(&floor, "2", with: "b") }
            // Of this queue a has one and b none; in all a has one and b three.
            let caller = floor.call("1")
            #expect(floor.ringingAgents == [expected])
            if strategy == .fewestCallsOfQueue {
                let why = floor.why(caller)
                #expect(why?.winner.answeredOfQueue == nil, "b has done nothing for it")
                #expect(why?.others.map(\.answeredOfQueue) == [1])
            }
        }
    }

    @Test("least recent: whose last call of this queue is longest ago, whatever came from elsewhere since, and a sign-in")
    func leastRecent() {
        for (strategy, expected) in [(Strategy.leastRecent, "a"), (.longestIdle, "b")] as [(Strategy, AgentID)] {
            var floor = OneQueue.floor(configuration(strategy))
            talk(&floor, "1", with: "a")
            talk(&floor, "1", with: "b")
            floor.set(.offline, for: "a")
            floor.set(.available, for: "a")
            talk(&floor, "2", with: "a")
            // For this queue a worked before b; a has been idle for a shorter time.
            floor.call("1")
            #expect(floor.ringingAgents == [expected])
        }
    }

    @Test("with a reset by the clock a sign-in resets nothing, and at the hour of the center's clocks everybody begins anew")
    func clock() throws {
        // 04:00, where it is one hour later than in UTC.
        var rules = configuration(agents: ["a", "b"], .fewestCalls, resetSecond: 4 * 3600)
        rules.dayOffsets = [OpeningHours.Offset(from: .epoch, seconds: 3600)]
        var floor = OneQueue.floor(rules)
        talk(&floor, "1", with: "b")
        talk(&floor, "1", with: "a")
        talk(&floor, "1", with: "a")
        floor.set(.offline, for: "a")
        floor.set(.available, for: "a")
        #expect(floor.center.agents["a"]?.answered == 2)
        floor.hangUp(floor.call("1"))
        #expect(floor.center.agents["b"]?.answered == 1)
        let at = try #require(floor.center.countsReset?.at)
        #expect((at.microseconds / 1_000_000) % 86_400 == 3 * 3600)
        #expect(at > floor.now && at - floor.now <= .seconds(86_400))
        floor.advance(seconds: Int((at - floor.now).inSeconds) + 1)
        #expect(floor.center.agents.allSatisfy { $0.value.answered == 0 && $0.value.talked == .zero })
        #expect(floor.center.countsReset == Center.CountsReset(at: at + .seconds(86_400)))
        // Another hour is taken on, and none at all.
        rules.version = "2"
        rules.countsResetSecond = 5 * 3600
        floor.apply(rules)
        #expect(floor.center.countsReset?.at == at + .seconds(3600))
        rules.version = "3"
        rules.countsResetSecond = nil
        floor.apply(rules)
        #expect(floor.center.countsReset == nil)
    }

    @Test("a large house is reset in several turns, each agent once, and a restart in between goes on")
    func wave() throws {
        let names = (0..<250).map { AgentID("agent-\($0)") }
        var floor = OneQueue.floor(configuration(agents: names, .fewestCalls, resetSecond: 0), signedIn: names)
        for name in [names[0], names[249]] { talk(&floor, "1", with: name) }
        let at = try #require(floor.center.countsReset?.at)
        var center = floor.center
        var commands: [Command] = []
        var turns = 0
        while let reset = center.countsReset, reset.after != nil || reset.at == at {
            center.handle(.deadlinesPassed, at: reset.at, into: &commands)
            turns += 1
            if turns == 1 { center = try Center(packed: center.packed()) }
            try #require(turns < 10)
        }
        // 100, 100 and 50 agents.
        #expect(turns == 3)
        #expect(center.agents.allSatisfy { $0.value.answered == 0 })
        #expect(center.countsReset?.at == at + .seconds(86_400))
    }

    @Test("the clock is put back and forward: the reset comes at its hour of that day's clocks")
    func summerTime() {
        var rules = configuration(.fewestCalls, resetSecond: 4 * 3600)
        // Day 10 begins at +1 h; at 01:00 UTC of that day the clocks go to +2 h.
        rules.dayOffsets = [
            OpeningHours.Offset(from: .epoch, seconds: 3600),
            OpeningHours.Offset(from: Instant(seconds: 867_600), seconds: 7200),
        ]
        #expect(rules.next(second: 14_400, after: Instant(seconds: 860_000)) == Instant(seconds: 864_000 + 7200))
        #expect(rules.next(second: 14_400, after: Instant(seconds: 864_000 + 7200)) == Instant(seconds: 950_400 + 7200))
        #expect(rules.next(second: 14_400, after: Instant(seconds: 780_000)) == Instant(seconds: 777_600 + 10_800))
    }

    @Test("who has been idle for more than seven days counts as idle for seven")
    func lookBack() {
        var floor = OneQueue.floor(configuration(agents: ["a", "b", "c"], .longestIdle))
        for late in ["a", "c"] as [AgentID] {
            floor.set(.offline, for: late)
            floor.advance(seconds: 3600)
            floor.set(.available, for: late)
        }
        floor.advance(seconds: 6 * 86_400)
        var caller = floor.call("1")
        #expect(floor.ringingAgents == ["b"], "since one hour longer than a")
        floor.hangUp(caller)
        floor.advance(seconds: 2 * 86_400)
        caller = floor.call("1")
        #expect(floor.ringingAgents == ["a"], "both for seven days, and a is the first member")
        let why = floor.why(caller)
        #expect(why?.winner.idleSince == floor.now - .seconds(7 * 86_400))
        #expect(why?.others.map(\.agent) == ["b", "c"])
    }

    @Test("a weighted draw stays within the level: whoever is heavier on the next one is not drawn")
    func weightsWithinLevel() {
        var floor = OneQueue.floor(
            OneQueue.configuration(.weightedRandom) { queue in
                queue.members[1].weight = 3
                queue.members[2].level = 2
                queue.members[2].weight = 100
            })
        floor.afterEvent = nil
        var counts: [AgentID: Int] = [:]
        for _ in 0..<1000 {
            let caller = floor.call("1")
            counts[floor.ringingAgents[0], default: 0] += 1
            floor.hangUp(caller)
        }
        // Three standard deviations of 1000 draws with 3/4: 41.
        #expect(abs((counts["b"] ?? 0) - 750) <= 41)
        #expect(counts["c"] == nil)
    }
}
