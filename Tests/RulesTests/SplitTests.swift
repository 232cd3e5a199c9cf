// Calls that go another way by lot, and the brake that ends that (S0-80).

import ACD
import Basics
import ContactCenter
import IVR
import Simulation
import Testing

struct SplitTests {
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
        // Of the usual way every tenth call is abandoned; of the trial every eighth (12.5 % against 10 %), then every sixth.
        for (every, isBrokenOff) in [(8, false), (6, true)] {
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
                // 16.7 % against 10 % are two standard deviations apart from some two hundred calls of each way on.
                #expect(trial?.trial.ended ?? 0 >= 180 && trial?.trial.begun ?? 0 < 300, "the rest goes the usual way")
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

    // MARK: The brake

    struct Judged: Sendable, CustomTestStringConvertible {
        var percent = 50
        var trial: Trial.Way
        var usual = Trial.Way()
        var former: Trial.Way?
        var isBad: Bool
        var testDescription: String { "\(percent) % \(trial.abandoned)/\(trial.ended) \(usual.abandoned)/\(usual.ended)" }
    }

    private static func way(_ ended: Int, _ abandoned: Int, errors: Int = 0) -> Trial.Way {
        Trial.Way(begun: ended, ended: ended, abandoned: abandoned, errors: errors)
    }

    /// With the usual brake: 3 points, 1 % errors, 50 calls.
    static let judged = [
        // 40 % against 10 % of 49 calls are too few to say anything.
        Judged(trial: way(49, 20), usual: way(500, 50), isBad: false),
        // 16 % against 10 %: 6 points, one deviation is √(0.1055 · 0.8945 · (1/50 + 1/500)) = 4.6 points.
        Judged(trial: way(50, 8), usual: way(500, 50), isBad: false),
        // 20 % against 10 %: 10 points, of 4.6.
        Judged(trial: way(50, 10), usual: way(500, 50), isBad: true),
        // 13 % against 10 %: of 2000 calls each 3 points are three deviations, and no more than is allowed.
        Judged(trial: way(2000, 260), usual: way(2000, 200), isBad: false),
        Judged(trial: way(2000, 262), usual: way(2000, 200), isBad: true),
        // The usual way has seen too little.
        Judged(trial: way(200, 80), usual: way(49, 1), isBad: false),
        // Of 100 % nobody goes the usual way: it is known from the settings before, or not at all.
        Judged(percent: 100, trial: way(100, 25), former: way(400, 40), isBad: true),
        Judged(percent: 100, trial: way(100, 12), former: way(400, 40), isBad: false),
        Judged(percent: 100, trial: way(100, 40), isBad: true),
        // 25 % of 100: 5 points more than 20, and one deviation is 4.3.
        Judged(percent: 100, trial: way(100, 25), isBad: false),
        Judged(trial: way(100, 0, errors: 1), isBad: false),
        Judged(trial: way(100, 0, errors: 2), isBad: true),
    ]

    @Test("a trial is bad from a difference on that is large enough and no chance", arguments: judged)
    func isBad(_ judged: Judged) {
        let split = Split(percent: judged.percent, trial: "trial", usual: "usual")
        let trial = Trial(split, trial: judged.trial, usual: judged.usual, former: judged.former)
        #expect(trial.isBad == judged.isBad)
        let free = Split(percent: judged.percent, trial: "trial", usual: "usual", brake: nil)
        #expect(!Trial(free, trial: judged.trial, usual: judged.usual, former: judged.former).isBad)
    }

    private func configuration(_ percent: Int?, version: String) -> CenterConfiguration {
        var configuration = OneQueue.configuration(agents: [], .linear, version: version)
        let queue = Node(id: "queue", action: .queue(EnterQueue(queue: "q")))
        let first = percent.map { percent in
            Node(id: "try", action: .split(Split(percent: percent, trial: "queue", usual: "queue")))
        }
        configuration.flows = [
            Flow(id: "flow", start: first?.id ?? queue.id, nodes: [first, queue].compactMap(\.self))
        ]
        return configuration
    }

    @Test("who has begun under other settings does not count for the trial of now, and what the usual way has seen is kept")
    func generations() {
        var floor = OneQueue.floor(configuration(1, version: "1"))
        let callers = (0..<20).map { _ in floor.call("1") }
        floor.hangUp(callers[0])
        floor.apply(configuration(100, version: "2"))
        floor.call("1")
        for caller in callers.dropFirst() { floor.hangUp(caller) }
        let trial = floor.center.trials.first?.value
        #expect(trial?.trial == Trial.Way(begun: 1))
        #expect(trial?.usual == Trial.Way())
        #expect((trial?.former?.ended ?? 0) <= 1)
        floor.apply(configuration(nil, version: "3"))
        #expect(floor.center.trials.isEmpty, "there is no such split any more")
    }

    @Test("the end of a process counts for no way, and the end of a trial is said once")
    func restart() {
        var floor = OneQueue.floor(configuration(100, version: "1"))
        for _ in 0..<60 { floor.call("1") }
        floor.restart(with: floor.center)
        #expect(floor.center.trials.first?.value.trial == Trial.Way(begun: 60))
        var said = 0
        for _ in 0..<60 {
            floor.hangUp(floor.call("1"))
            said += floor.commands.count { $0 == .trialBrokenOff(TrialKey(flow: "flow", node: "try")) }
        }
        #expect(said == 1, "everybody has hung up")
        #expect(floor.center.trials.first?.value.brokenOffAt != nil)
    }
}
