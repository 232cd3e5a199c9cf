// Every cause for which a queue gives a contact away is counted apart; and calls that go another way by lot.

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

    // MARK: By lot

    private func split(_ split: Split) -> VirtualFloor {
        var configuration = OneQueue.configuration(agents: [], .linear)
        configuration.queues.append(QueueRules(id: "new", members: [], announceEverySeconds: nil))
        configuration.flows = [
            Flow(
                id: "flow", start: "try",
                nodes: [
                    Node(id: "try", action: .split(split)), Node(id: "usual", action: .queue(EnterQueue(queue: "q"))),
                    Node(id: "trial", action: .queue(EnterQueue(queue: "new"))),
                ])
        ]
        var floor = OneQueue.floor(configuration)
        floor.afterEvent = nil
        return floor
    }

    private func isTrial(_ floor: VirtualFloor, _ caller: LegID) -> Bool { floor.contact(of: caller)?.queue == "new" }

    @Test("ten percent of the calls go the way of the trial, as near as lots come to it")
    func share() {
        var floor = split(Split(percent: 10, trial: "trial", usual: "usual", brake: nil))
        var tried = 0
        for _ in 0..<2000 {
            let caller = floor.call("1")
            if isTrial(floor, caller) { tried += 1 }
            floor.hangUp(caller)
        }
        // Three standard deviations: 3 √(2000 · 0.1 · 0.9) = 40.
        #expect(abs(tried - 200) <= 40)
        #expect(floor.center.trials.first?.value.trial.begun == tried)
    }

    @Test("the brake: three points more abandoned calls than the usual way are allowed, more break the trial off (S0-80)")
    func brake() {
        // Of the usual way every tenth call is abandoned; of the trial every ninth (11.1 % against 10 %), then every sixth.
        for (every, isBrokenOff) in [(9, false), (6, true)] {
            var floor = split(Split(percent: 50, trial: "trial", usual: "usual", brake: .init(callsMin: 120)))
            var tried = 0, usual = 0
            for _ in 0..<1000 {
                let caller = floor.call("1")
                let isTried = isTrial(floor, caller)
                if isTried { tried += 1 } else { usual += 1 }
                let abandons = isTried ? tried % every == 0 : usual % 10 == 0
                if abandons {
                    floor.hangUp(caller)
                } else if let contact = floor.contact(of: caller) {
                    floor.submit(.withdrawRequested(contact.id))
                    floor.advance(seconds: 3)
                }
            }
            let trial = floor.center.trials.first?.value
            #expect((trial?.brokenOffAt != nil) == isBrokenOff, "every \(every)")
            if isBrokenOff {
                #expect(trial?.trial.ended ?? 0 >= 120 && trial?.trial.begun ?? 0 < 300, "the rest goes the usual way")
            }
        }
    }

    @Test("other settings begin another trial, the same ones go on with it")
    func again() {
        var configuration = OneQueue.configuration(agents: [], .linear)
        func nodes(_ percent: Int) -> [Node] {
            [
                Node(id: "try", action: .split(Split(percent: percent, trial: "queue", usual: "queue"))),
                Node(id: "queue", action: .queue(EnterQueue(queue: "q"))),
            ]
        }
        var floor = VirtualFloor()
        for (version, percent, begun) in [("1", 10, 1), ("2", 10, 2), ("3", 25, 1)] {
            configuration.version = version
            configuration.flows = [Flow(id: "flow", start: "try", nodes: nodes(percent))]
            floor.apply(configuration)
            floor.call("1")
            let trial = floor.center.trials.first?.value
            #expect((trial?.trial.begun ?? 0) + (trial?.usual.begun ?? 0) == begun)
        }
    }
}
