// A trial that grows by itself from stage to stage, and stops where it goes badly (S0-80).

import ACD
import Basics
import ContactCenter
import IVR
import Simulation
import Testing

struct StageStories {
    private static let split = Split(
        percent: 5, trial: "trial", usual: "usual", brake: .init(callsMin: 20),
        stages: [
            .init(percent: 25, afterSeconds: 86_400, afterCalls: 30), .init(percent: 100, afterSeconds: 3600, afterCalls: 50),
        ])

    private func configuration(_ split: Split = Self.split, version: String = "1") -> CenterConfiguration {
        var configuration = OneQueue.configuration(agents: [], .linear, version: version)
        configuration.queues.append(QueueRules(id: "new", members: [], announceEverySeconds: nil))
        configuration.flows = [
            Flow(
                id: "flow", start: "try",
                nodes: [
                    Node(id: "try", action: .split(split)), Node(id: "usual", action: .queue(EnterQueue(queue: "q"))),
                    Node(id: "trial", action: .queue(EnterQueue(queue: "new"))),
                ])
        ]
        return configuration
    }

    private func floor() -> VirtualFloor {
        var floor = OneQueue.floor(configuration())
        floor.afterEvent = nil
        return floor
    }

    private func trial(_ floor: VirtualFloor) -> Trial? { floor.center.trials.first?.value }

    /// One call, which is abandoned, or leaves the queue without being.
    ///
    /// - Returns: whether it went the way of the trial.
    @discardableResult
    private func call(_ floor: inout VirtualFloor, abandons: (Bool) -> Bool = { _ in false }) -> Bool {
        let caller = floor.call("1")
        let contact = floor.contact(of: caller), isTrial = contact?.queue == "new"
        if abandons(isTrial) {
            floor.hangUp(caller)
        } else if let contact {
            floor.submit(.withdrawRequested(contact.id))
            floor.advance(seconds: 3)
        }
        return isTrial
    }

    /// Calls until so many of the trial are over in the stage.
    private func fill(_ floor: inout VirtualFloor, _ count: Int) {
        for _ in 0..<4000 where (trial(floor)?.endedInStage ?? 0) < count { call(&floor) }
    }

    @Test("a stage begins when the one before has lasted and was used, and with a call; not sooner by either alone")
    func stages() throws {
        var floor = floor()
        fill(&floor, 30)
        #expect(trial(floor)?.percent == 5 && trial(floor)?.stage == 0)
        let begun = try #require(trial(floor)?.stageSince)
        // Enough calls; the day is over at the call after it.
        floor.advance(seconds: Int((begun + .seconds(86_400) - floor.now).inSeconds) - 10)
        call(&floor)
        #expect(trial(floor)?.stage == 0)
        floor.advance(seconds: 60)
        #expect(trial(floor)?.stage == 0, "nobody has called")
        call(&floor)
        #expect(trial(floor)?.stage == 1 && trial(floor)?.percent == 25)
        #expect(floor.commands.count { $0 == .trialStageBegan(TrialKey(flow: "flow", node: "try")) } <= 1)
        // Time enough, and 49 calls are too few.
        floor.advance(seconds: 4000)
        fill(&floor, 49)
        #expect(trial(floor)?.stage == 1 && trial(floor)?.endedInStage == 49)
        fill(&floor, 50)
        call(&floor)
        #expect(trial(floor)?.stage == 2 && trial(floor)?.percent == 100)
        let before = trial(floor)?.usual.begun
        for _ in 0..<50 { #expect(call(&floor)) }
        #expect(trial(floor)?.usual.begun == before, "everybody goes the way of the trial")
    }

    @Test("a quarter of the calls go the way of the trial in a stage of 25 percent, as near as lots come to it")
    func share() {
        var floor = floor()
        fill(&floor, 30)
        floor.advance(seconds: 86_400)
        call(&floor)
        #expect(trial(floor)?.stage == 1)
        // Shorter than the hour that the stage lasts: 1000 calls of three seconds.
        let tried = (0..<1000).count { _ in call(&floor) }
        // Three standard deviations: 3 √(1000 · 0.25 · 0.75) = 41.
        #expect(abs(tried - 250) <= 41)
    }

    @Test("a trial that is broken off goes on to no stage, whatever time passes and however many call")
    func brake() {
        var floor = floor()
        for _ in 0..<2000 where trial(floor)?.brokenOffAt == nil { call(&floor, abandons: { $0 }) }
        #expect(trial(floor)?.brokenOffAt != nil, "every call of the trial is abandoned, and no other")
        floor.advance(seconds: 10 * 86_400)
        for _ in 0..<100 { #expect(!call(&floor)) }
        #expect(trial(floor)?.stage == 0)
    }

    @Test("how far it has come outlives a restart and a reload, and other settings begin with the first share")
    func kept() throws {
        var floor = floor()
        fill(&floor, 30)
        floor.advance(seconds: 86_400)
        call(&floor)
        let before = try #require(trial(floor))
        #expect(before.stage == 1)
        floor.restart(with: try Center(packed: floor.center.packed()))
        #expect(trial(floor) == before)
        floor.apply(configuration(version: "2"))
        call(&floor)
        #expect(trial(floor)?.stage == 1)
        var other = Self.split
        other.stages[1].percent = 50
        floor.apply(configuration(other, version: "3"))
        call(&floor)
        #expect(trial(floor)?.stage == 0 && trial(floor)?.percent == 5)
        #expect(trial(floor)?.former?.ended ?? 0 > 0, "what is known of the usual way is kept")
    }
}
