// Whose voices stand in a recording: the caller's, and those of whom the caller hears.

import ACD
import Basics
import ContactCenter
import Simulation
import Testing

struct RecordingTrackStories {
    /// Alice talks to a caller, and it is recorded.
    private struct Recorded {
        var floor: VirtualFloor
        let caller: LegID, alice: LegID
        let recording: RecordingID

        init() throws {
            floor = SmallCenter.floor(
                SmallCenter.desks(sales: { $0.recording = .init(announcement: "This call is recorded.") }),
                signedIn: ["alice", "carol"])
            caller = floor.call("101")
            floor.advance(seconds: 2)
            let answered = floor.answer(at: "alice")
            alice = try #require(answered)
            recording = try #require(floor.contact(of: caller)?.recording)
        }

        var voices: [LegID]? { floor.recorded[recording] }

        mutating func consult() throws -> LegID {
            floor.submit(.consultRequested("alice", .begin(.agent("carol"))))
            return try floor.answered(at: "carol")
        }

        mutating func supervise(_ mode: Supervision.Mode) throws {
            let contact = try #require(floor.contact(of: caller)?.id)
            floor.submit(.supervisionRequested(Supervision(supervisor: "carol", contact: contact, mode: mode)))
        }
    }

    @Test("a private consultation stands in no recording, and a conference with everybody")
    func consult() throws {
        var recorded = try Recorded()
        #expect(recorded.voices == [recorded.alice])
        let carol = try recorded.consult()
        #expect(recorded.voices == [])
        recorded.floor.submit(.consultRequested("alice", .swap))
        #expect(recorded.voices == [recorded.alice])
        recorded.floor.submit(.consultRequested("alice", .swap))
        #expect(recorded.voices == [])
        recorded.floor.submit(.consultRequested("alice", .merge))
        #expect(recorded.voices == [recorded.alice, carol])
        recorded.floor.submit(.consultRequested("alice", .leave))
        #expect(recorded.voices == [carol] && recorded.floor.contact(of: recorded.caller)?.recording == recorded.recording)
        recorded.floor.hangUp(recorded.caller)
        #expect(recorded.voices == nil)
    }

    @Test("whoever has the caller on hold is not recorded meanwhile, and the time line goes on")
    func hold() throws {
        var recorded = try Recorded()
        recorded.floor.submit(.legHeld(recorded.alice, true))
        #expect(recorded.voices == [])
        recorded.floor.submit(.legHeld(recorded.alice, false))
        #expect(recorded.voices == [recorded.alice])
    }

    @Test("a supervisor is recorded only while the caller hears the supervisor")
    func supervision() throws {
        var recorded = try Recorded()
        try recorded.supervise(.monitor)
        let carol = try recorded.floor.answered(at: "carol")
        for mode in [Supervision.Mode.whisper, .privateWhisper, .monitor] {
            try recorded.supervise(mode)
            #expect(recorded.voices == [recorded.alice], "\(mode)")
        }
        try recorded.supervise(.barge)
        #expect(recorded.voices == [recorded.alice, carol])
        try recorded.supervise(.whisper)
        #expect(recorded.voices == [recorded.alice])
        try recorded.supervise(.takeOver)
        #expect(recorded.voices == [carol])
    }
}
