// A caller's phone that holds goes on holding, whoever comes and goes on the other side, and does not say so again.

import ACD
import Basics
import ContactCenter
import IVR
import Simulation
import Testing

struct HoldStories {
    private func isHeard(_ floor: VirtualFloor, _ caller: LegID, _ desk: LegID) -> Bool { floor.isBridged(caller, desk) }
    /// The agent hears music, because the caller holds.
    private func waits(_ floor: VirtualFloor, _ caller: LegID, _ desk: LegID) -> Bool {
        !floor.isBridged(caller, desk) && floor.hearsLoop(desk) && !floor.hearsLoop(caller)
    }

    @Test("a caller who holds while queued is held when an agent answers, and heard as soon as the caller comes back")
    func queued() throws {
        var floor = OneQueue.floor(OneQueue.configuration(agents: ["a"], .linear))
        floor.set(.aux(reason: "break"), for: "a")
        let caller = floor.call("1")
        floor.submit(.legHeld(caller, true))
        floor.set(.available, for: "a")
        let answered = floor.answer(at: "a")
        let desk = try #require(answered)
        #expect(floor.contact(of: caller)?.conversation?.heldBy == .caller)
        #expect(waits(floor, caller, desk))
        #expect(floor.agent("a").work.contains { if case .active(_, _, true) = $0 { true } else { false } })
        floor.submit(.legHeld(caller, false))
        #expect(isHeard(floor, caller, desk) && !floor.hearsLoop(desk))
    }

    @Test("the hold is kept over a transfer to a colleague")
    func transferred() throws {
        var floor = OneQueue.floor(OneQueue.configuration(agents: ["a", "b"], .linear))
        let caller = floor.call("1")
        floor.answer(at: "a")
        floor.submit(.legHeld(caller, true))
        floor.submit(.transferRequested("a", .agent("b")))
        let answered = floor.answer(at: "b")
        let desk = try #require(answered)
        #expect(waits(floor, caller, desk))
        floor.submit(.legHeld(caller, false))
        #expect(isHeard(floor, caller, desk))
    }

    @Test("the hold is kept over the end of a grace")
    func grace() throws {
        var floor = SmallCenter.floor(SmallCenter.desks(), signedIn: ["alice", "bob"])
        let (caller, _) = try floor.talk(with: "alice")
        floor.submit(.legHeld(caller, true))
        floor.lose("alice-browser")
        floor.advance(seconds: 60)
        let answered = floor.answer(at: "bob")
        let desk = try #require(answered)
        #expect(waits(floor, caller, desk))
    }

    @Test("an agent who resumes hears that the caller holds, who began to while the agent held")
    func both() throws {
        var floor = OneQueue.floor(OneQueue.configuration(agents: ["a"], .linear))
        let caller = floor.call("1")
        let answered = floor.answer(at: "a")
        let desk = try #require(answered)
        floor.submit(.holdRequested("a", true))
        floor.submit(.legHeld(caller, true))
        #expect(floor.contact(of: caller)?.conversation?.heldBy == .agent)
        floor.submit(.holdRequested("a", false))
        #expect(waits(floor, caller, desk))
        floor.submit(.legHeld(caller, false))
        #expect(isHeard(floor, caller, desk))
        // And the other way round: the caller has come back before the agent resumes.
        floor.submit(.holdRequested("a", true))
        floor.submit(.legHeld(caller, true))
        floor.submit(.legHeld(caller, false))
        floor.submit(.holdRequested("a", false))
        #expect(isHeard(floor, caller, desk))
    }

    @Test("who was heard from outside before the answer is not heard on by a caller who holds")
    func outside() throws {
        var floor = SmallCenter.floor()
        let caller = floor.call("102")
        floor.submit(.legHeld(caller, true))
        let dialled = floor.commands.isEmpty ? floor.legs.first { $0.value == .dialling }?.key : nil
        let leg = try #require(dialled)
        floor.submit(.legEarlyMedia(leg))
        floor.answer(leg)
        #expect(waits(floor, caller, leg))
    }
}
