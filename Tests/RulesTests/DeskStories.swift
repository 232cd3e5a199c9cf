// The buttons of the desk during a call: hold, mute, hanging up, the recording.

import ACD
import Basics
import ContactCenter
import IVR
import Simulation
import Testing

struct DeskStories {
    @Test("on hold the caller hears music and the agent nothing, and it counts as hold at the agent")
    func hold() throws {
        var floor = SmallCenter.floor(SmallCenter.desks(), signedIn: ["alice"])
        let (caller, desk) = try floor.talk(with: "alice")
        floor.submit(.holdRequested("alice", true))
        #expect(floor.isParked(caller, from: desk) && !floor.hearsLoop(desk))
        guard case .active(_, _, held: true)? = floor.agent("alice").work.first else {
            Issue.record("the agent does not hold")
            return
        }
        #expect(floor.center.refusal(of: .holdRequested("alice", true)) == .notAllowed, "it is on hold already")
        floor.submit(.holdRequested("alice", false))
        #expect(floor.isBridged(caller, desk))
        #expect(floor.happenings(of: caller).suffix(2) == [.held, .resumed])
    }

    @Test("what the caller's own phone holds the agent cannot take back")
    func heldByCaller() throws {
        var floor = SmallCenter.floor(SmallCenter.desks(), signedIn: ["alice"])
        let (caller, desk) = try floor.talk(with: "alice")
        floor.submit(.legHeld(caller, true))
        #expect(floor.hearsLoop(desk))
        #expect(floor.center.refusal(of: .holdRequested("alice", true)) == .notAllowed)
        #expect(floor.center.refusal(of: .holdRequested("alice", false)) == .notAllowed)
    }

    @Test("mute silences the agent's leg for the caller, and is gone with the leg")
    func mute() throws {
        var floor = SmallCenter.floor(SmallCenter.desks(), signedIn: ["alice"])
        let (caller, desk) = try floor.talk(with: "alice")
        floor.submit(.muteRequested("alice", true))
        #expect(floor.commands.contains(.mute(desk, true)))
        #expect(floor.contact(of: caller)?.conversation?.isMuted == true)
        #expect(floor.isBridged(caller, desk), "the agent goes on hearing the caller")
        floor.submit(.muteRequested("alice", false))
        #expect(floor.muted.isEmpty && floor.contact(of: caller)?.conversation?.isMuted == false)
    }

    @Test("the agent hangs up: by the agent, handled, and wrap-up begins")
    func hangUp() throws {
        var floor = SmallCenter.floor(SmallCenter.desks(), signedIn: ["alice"])
        let (caller, desk) = try floor.talk(with: "alice")
        floor.advance(seconds: 45)
        floor.submit(.hangUpRequested("alice"))
        #expect(floor.legs[caller] == nil && floor.legs[desk] == nil)
        #expect(floor.happenings(of: caller).suffix(2) == [.agentLeft("alice"), .ended(.handled, by: .agent)])
        #expect(floor.agent("alice").refusal == .busy)
    }

    @Test("the recording is paused and goes on, and does not stay paused after the agent")
    func recordingPause() throws {
        let configuration = SmallCenter.desks(sales: { $0.recording = .init(announcement: "This call is recorded.") })
        var floor = SmallCenter.floor(configuration, signedIn: ["alice"])
        let caller = floor.call("101")
        floor.advance(seconds: 2)
        floor.answer(at: "alice")
        let recording = try #require(floor.contact(of: caller)?.recording)
        #expect(floor.center.refusal(of: .recordingPauseRequested("alice", false)) == .notAllowed)
        floor.submit(.recordingPauseRequested("alice", true))
        #expect(floor.commands.contains(.pauseRecording(recording, true)))
        floor.lose("alice-browser")
        floor.register("alice-browser")
        #expect(floor.pausedRecordings == [recording], "not while the agent reloads the page")
        floor.submit(.transferRequested("alice", .queue("support")))
        #expect(floor.commands.contains(.pauseRecording(recording, false)))
        #expect(floor.contact(of: caller)?.isRecordingPaused == false)
        let kinds = floor.happenings(of: caller).map(\.kind).filter { $0.hasPrefix("recording.") }
        #expect(kinds == ["recording.started", "recording.paused", "recording.resumed"])
    }

    @Test("a button without its call changes nothing and counts as late")
    func refused() {
        var floor = SmallCenter.floor(SmallCenter.desks(), signedIn: ["alice"])
        let events: [Event] = [
            .holdRequested("alice", true), .muteRequested("alice", true), .hangUpRequested("alice"),
            .transferRequested("alice", .queue("support")), .recordingPauseRequested("alice", true),
            .holdRequested("nobody", true),
        ]
        for event in events {
            #expect(floor.center.refusal(of: event) == .noCall)
            let late = floor.center.figures.lateEvents
            floor.submit(event)
            #expect(floor.commands.isEmpty && floor.center.figures.lateEvents == late + 1)
        }
        #expect(floor.center.refusal(of: .wrapUpCompleted("alice", disposition: nil)) == .tooLate)
        #expect(floor.center.refusal(of: .wrapUpExtended("alice")) == .tooLate)
    }

    @Test("today's figures count what was handled, how long, and what was missed, and begin anew at local midnight")
    func figures() throws {
        // The stories begin at 08:53:20 UTC, which is here 23:51:40.
        let configuration = SmallCenter.desks { $0.dayOffsets = [.init(from: .epoch, seconds: 53_900)] }
        var floor = SmallCenter.floor(configuration, signedIn: ["alice"])
        let (caller, _) = try floor.talk(with: "alice")
        floor.advance(seconds: 60)
        floor.hangUp(caller)
        floor.advance(seconds: 10)
        let figures = floor.center.figuresToday(of: "alice")
        #expect(figures.handled == 1 && figures.talkSeconds == 60 && figures.averageHandleSeconds == 70)
        floor.call("101")
        floor.advance(seconds: 20)
        #expect(floor.center.figuresToday(of: "alice").missed == 1)
        floor.advance(seconds: 500)
        floor.call("999")
        #expect(floor.center.figuresToday(of: "alice").handled == 0)
    }
}
