// Hundreds at the same moment: each turn does its part, in order, and nobody is forgotten.

import ACD
import Basics
import ContactCenter
import IVR
import Simulation
import Testing

struct CrowdTests {
    private func configuration(_ change: (inout QueueRules) -> Void) -> CenterConfiguration {
        var configuration = OneQueue.configuration(agents: ["a"], .linear, change: change)
        configuration.queues.append(QueueRules(id: "other", members: [], announceEverySeconds: nil))
        configuration.flows = [
            Flow(
                id: "flow", start: "queue",
                nodes: [
                    Node(id: "queue", action: .queue(EnterQueue(queue: "q", otherwise: "other"))),
                    Node(id: "other", action: .queue(EnterQueue(queue: "other"))),
                ])
        ]
        return configuration
    }

    private func waiting(_ floor: VirtualFloor, _ queue: QueueID) -> Int { floor.center.queues[queue]?.waiting.count ?? 0 }

    @Test("a queue that empties gives fifty away at once and the others right after, in order")
    func leaveEmpty() {
        var floor = OneQueue.floor(configuration { $0.leaveEmpty = true })
        floor.set(.aux(reason: "break"), for: "a")
        let callers = (0..<120).map { _ in floor.call("1") }
        floor.set(.offline, for: "a")
        #expect(waiting(floor, "q") == 70 && waiting(floor, "other") == 50)
        #expect(callers.prefix(50).allSatisfy { floor.contact(of: $0)?.queue == "other" }, "first come first")
        floor.advance(seconds: 1)
        #expect(waiting(floor, "q") == 0 && waiting(floor, "other") == 120)
    }

    @Test("whoever is still there when somebody signs in again stays")
    func comesBack() {
        var floor = OneQueue.floor(configuration { $0.leaveEmpty = true })
        floor.set(.aux(reason: "break"), for: "a")
        for _ in 0..<120 { floor.call("1") }
        floor.set(.offline, for: "a")
        floor.set(.available, for: "a")
        floor.advance(seconds: 1)
        #expect(waiting(floor, "q") == 70 && floor.ringingAgents == ["a"])
    }

    @Test("a queue that is taken out of the configuration goes when the last one has left, and offers nobody meanwhile")
    func removed() {
        let before = configuration { _ in }
        var floor = OneQueue.floor(before)
        floor.set(.aux(reason: "break"), for: "a")
        let callers = (0..<120).map { _ in floor.call("1") }
        var after = before
        after.version = "2"
        after.queues.removeFirst()
        floor.apply(after)
        #expect(waiting(floor, "q") == 70 && waiting(floor, "other") == 50)
        floor.set(.available, for: "a")
        #expect(floor.ringingAgents.isEmpty, "a is a member of nothing any more")
        floor.hangUp(callers[60])
        let late = floor.call("1")
        #expect(floor.contact(of: late)?.queue == "other")
        floor.advance(seconds: 1)
        #expect(floor.center.queues["q"] == nil && waiting(floor, "other") == 120)
    }

    @Test("a queue that comes back while it empties keeps whoever has not left")
    func removedAndBack() {
        let before = configuration { _ in }
        var floor = OneQueue.floor(before)
        floor.set(.aux(reason: "break"), for: "a")
        for _ in 0..<120 { floor.call("1") }
        var after = before
        after.version = "2"
        after.queues.removeFirst()
        floor.apply(after)
        floor.apply(before)
        floor.advance(seconds: 1)
        #expect(waiting(floor, "q") == 70)
        floor.set(.available, for: "a")
        #expect(floor.ringingAgents == ["a"])
    }

    @Test("a hundred deadlines a turn: two hundred and fifty wait limits of one moment take three")
    func deadlines() {
        var floor = OneQueue.floor(configuration { $0.waitSecondsMax = 60 })
        floor.set(.aux(reason: "break"), for: "a")
        for _ in 0..<250 { floor.call("1") }
        let began = floor.now
        var center = floor.center
        var commands: [Command] = []
        for left in [150, 50, 0] {
            #expect(center.nextDeadline <= began + .seconds(60))
            center.handle(.deadlinesPassed, at: began + .seconds(60), into: &commands)
            #expect(center.queues["q"]?.waiting.count == left)
        }
        #expect(Invariants.violations(in: center).isEmpty)
        floor.advance(seconds: 60)
        #expect(waiting(floor, "q") == 0 && waiting(floor, "other") == 250)
    }

    @Test("graces that end together: all have gone before the first caller goes back to a queue that is empty now")
    func graces() {
        var configuration = configuration { _ in }
        let names = (0..<30).map { AgentID("agent-\($0)") }
        configuration.agents = names.map { AgentRules(id: $0, devices: [$0.browser]) }
        configuration.queues[0].members = names.map { .init(agent: $0) }
        configuration.queues[0].joinEmpty = false
        var floor = OneQueue.floor(configuration)
        for name in names {
            floor.call("1")
            floor.answer(at: name)
        }
        for name in names { floor.lose(name.browser) }
        floor.advance(seconds: 60)
        #expect(waiting(floor, "q") == 0 && waiting(floor, "other") == 30)
    }
}
