// Every cause for which a queue gives a contact away is counted apart.

import ACD
import Basics
import ContactCenter
import IVR
import Simulation
import Testing

struct OverflowTests {
    /// A queue that gives contacts back to a voice that says goodbye.
    private func floor(
        _ agents: [AgentID] = ["a"], signedIn: [AgentID]? = nil, hours: [OpeningHours] = [],
        _ change: (inout QueueRules) -> Void
    ) -> VirtualFloor {
        var configuration = OneQueue.configuration(agents: agents, .linear, change: change)
        configuration.hours = hours
        configuration.flows = [
            Flow(
                id: "flow", start: "queue",
                nodes: [
                    Node(id: "queue", action: .queue(EnterQueue(queue: "q", otherwise: "bye"))),
                    Node(id: "bye", action: .hangUp(HangUp(prompt: .text("Sorry.")))),
                ])
        ]
        return OneQueue.floor(configuration, signedIn: signedIn)
    }

    private func counts(_ floor: VirtualFloor) -> [DiversionCause: Int] {
        var counts: [DiversionCause: Int] = [:]
        for entry in floor.center.queues["q"]?.figures.diverted ?? [] where entry.count > 0 {
            counts[entry.cause] = entry.count
        }
        return counts
    }

    @Test("closed: nobody is taken in outside the hours, by an hour's week that is never open")
    func closed() {
        let never = OpeningHours(id: "never", week: Array(repeating: [], count: 7))
        var floor = floor(hours: [never]) { $0.limits.hours = "never" }
        floor.call("1")
        #expect(counts(floor) == [.closed: 1])
        // Whatever else would be a reason, it is asked first.
        floor = self.floor(signedIn: [], hours: [never]) { queue in
            queue.limits.hours = "never"
            queue.waitingMax = 0
            queue.joinEmpty = false
        }
        floor.call("1")
        #expect(counts(floor) == [.closed: 1])
    }

    @Test("wait ratio: with two agents and 1.5 for each, three may wait and the fourth may not")
    func ratio() {
        var floor = floor(["a", "b"]) { $0.limits.waitingPerAgentMax = 1.5 }
        for agent in ["a", "b"] as [AgentID] {
            floor.call("1")
            floor.answer(at: agent)
        }
        for _ in 0..<3 { floor.call("1") }
        #expect(counts(floor).isEmpty)
        floor.call("1")
        #expect(counts(floor) == [.waitRatio: 1])
    }

    @Test("expected wait: who would wait too long is told so at once, unless somebody is free")
    func expectedWait() throws {
        var floor = floor { $0.limits.expectedWaitSecondsMax = 150 }
        let first = floor.call("1")
        try #require(floor.answer(at: "a") != nil)
        floor.advance(seconds: 100)
        floor.hangUp(first)
        // 100 s each: free, then 100, then 200.
        floor.call("1")
        floor.answer(at: "a")
        floor.call("1")
        #expect(counts(floor).isEmpty)
        floor.call("1")
        #expect(counts(floor) == [.waitTime: 1])
    }

    @Test("key: a caller leaves the queue with one of its keys, what rings is rescinded, and no other key is even looked at")
    func key() throws {
        var floor = floor { $0.limits.exitKeys = ["5"] }
        let caller = floor.call("1")
        let phone = try #require(floor.ringing(at: "a").first)
        #expect(floor.center.awaitsKey(on: caller))
        floor.press("4", on: caller)
        #expect(counts(floor).isEmpty)
        floor.press("5", on: caller)
        #expect(floor.commands.contains(.hangUp(phone, .callerGone)))
        #expect(counts(floor) == [.key: 1])
    }

    @Test("withdrawn: somebody takes a contact out; join-empty and full are counted as before")
    func withdrawn() throws {
        var floor = floor(signedIn: []) { $0.waitingMax = 2 }
        let caller = floor.call("1")
        floor.call("1")
        floor.call("1")
        #expect(counts(floor) == [.full: 1])
        floor.submit(.withdrawRequested(try #require(floor.contact(of: caller)).id))
        #expect(counts(floor) == [.full: 1, .withdrawn: 1])
        var other = self.floor(signedIn: []) { $0.joinEmpty = false }
        other.call("1")
        #expect(counts(other) == [.joinEmpty: 1])
    }
}
