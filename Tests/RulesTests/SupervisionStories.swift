// Supervisors on calls: who hears whom in each mode, and whom they follow (definitions.md 3.9).

import ACD
import Basics
import ContactCenter
import Simulation
import Testing

struct SupervisionStories {
    /// Alice talks to a caller, and Carol listens in.
    private struct Watched {
        var floor: VirtualFloor
        let caller: LegID
        let alice: LegID
        let contact: ContactID
        var carol: LegID = .none

        init(_ mode: Supervision.Mode = .monitor, signedIn: [AgentID] = ["alice", "carol"]) throws {
            floor = SmallCenter.floor(SmallCenter.desks(), signedIn: signedIn)
            (caller, alice) = try floor.talk(with: "alice")
            contact = try #require(floor.contact(of: caller)?.id)
            submit(mode)
            carol = try floor.answered(at: "carol")
        }

        mutating func submit(_ mode: Supervision.Mode) {
            floor.submit(.supervisionRequested(Supervision(supervisor: "carol", contact: contact, mode: mode)))
        }

        /// What the table of the definitions says: the supervisor hears caller and agent, and is heard by them.
        func expect(_ mode: Supervision.Mode, _ place: SourceLocation = #_sourceLocation) {
            let (hearsCaller, isHeardByAgent, isHeardByCaller) =
                switch mode {
                case .monitor: (true, false, false)
                case .whisper: (true, true, false)
                case .privateWhisper: (false, true, false)
                case .barge, .takeOver: (true, true, true)
                }
            #expect(floor.hears(carol, caller) == hearsCaller, sourceLocation: place)
            #expect(floor.hears(carol, alice), sourceLocation: place)
            #expect(floor.hears(alice, carol) == isHeardByAgent, sourceLocation: place)
            #expect(floor.hears(caller, carol) == isHeardByCaller, sourceLocation: place)
            #expect(floor.hears(caller, alice) && floor.hears(alice, caller), sourceLocation: place)
        }
    }

    @Test(
        "each mode lets be heard what the table says, and begins by one command without a gap",
        arguments: Supervision.Mode.allCases.filter { $0 != .takeOver })
    func modes(mode: Supervision.Mode) throws {
        let watched = try Watched(mode)
        watched.expect(mode)
        let sounds = watched.floor.commands.filter { command in
            switch command {
            case .unbridge, .bridge, .play, .stopPlayback, .confer: true
            default: false
            }
        }
        #expect(sounds.count == 1, "\(sounds)")
    }

    @Test("the mode changes in the call, and leaving gives the pair back")
    func switches() throws {
        var watched = try Watched()
        for mode in [Supervision.Mode.whisper, .barge, .privateWhisper, .monitor, .barge] {
            watched.submit(mode)
            watched.expect(mode)
            #expect(watched.floor.commands.count { if case .confer = $0 { true } else { false } } == 1)
        }
        watched.floor.submit(.supervisionEnded("carol"))
        #expect(watched.floor.isBridged(watched.caller, watched.alice) && watched.floor.legs[watched.carol] == nil)
        #expect(watched.floor.agent("carol").work.isEmpty)
        let lines = watched.floor.happenings(of: watched.caller).filter { $0.kind.hasPrefix("supervision.") }.map(\.kind)
        #expect(
            lines.map { String($0.dropFirst(12)) }
                == ["monitor", "whisper", "barge", "private-whisper", "monitor", "barge", "ended"])
    }

    @Test("taking over leaves the caller with the supervisor, and the agent wraps up", arguments: [false, true])
    func takesOver(isThere: Bool) throws {
        var watched = try Watched(isThere ? .monitor : .takeOver)
        if isThere { watched.submit(.takeOver) }
        #expect(watched.floor.isBridged(watched.caller, watched.carol) && watched.floor.legs[watched.alice] == nil)
        #expect(watched.floor.contact(of: watched.caller)?.agent == "carol")
        guard case .wrapUp? = watched.floor.agent("alice").work.first else {
            Issue.record("no wrap-up")
            return
        }
    }

    @Test(
        "a supervisor who hangs up ends nothing, and a caller who does ends it for the supervisor too",
        arguments: [false, true])
    func ends(isCaller: Bool) throws {
        var watched = try Watched(.barge)
        watched.floor.hangUp(isCaller ? watched.caller : watched.carol)
        if isCaller {
            #expect(watched.floor.legs.isEmpty)
        } else {
            #expect(watched.floor.isBridged(watched.caller, watched.alice))
        }
        #expect(watched.floor.agent("carol").work.isEmpty)
    }

    @Test("the supervisor follows the agent into a consultation, and hears nothing of the caller meanwhile")
    func consult() throws {
        var watched = try Watched(.whisper, signedIn: ["alice", "carol"])
        watched.floor.signIn("bob")
        watched.floor.submit(.consultRequested("alice", .begin(.agent("bob"))))
        #expect(watched.floor.hearsLoop(watched.carol) && watched.floor.hearsLoop(watched.caller))
        let bob = try watched.floor.answered(at: "bob")
        #expect(watched.floor.hears(watched.carol, bob) && !watched.floor.hears(bob, watched.carol))
        #expect(!watched.floor.hears(watched.carol, watched.caller) && watched.floor.hears(watched.alice, watched.carol))
        watched.floor.submit(.consultRequested("alice", .complete))
        #expect(watched.floor.hears(watched.carol, bob) && watched.floor.hears(bob, watched.carol), "now bob's supervisor")
        #expect(watched.floor.hears(watched.carol, watched.caller) && !watched.floor.hears(watched.caller, watched.carol))
    }

    @Test("the supervisor waits with the caller who is transferred to a queue, and hears the next conversation")
    func transfer() throws {
        var watched = try Watched()
        watched.floor.submit(.transferRequested("alice", .queue("support")))
        #expect(watched.floor.hearsLoop(watched.carol) && watched.floor.hearsLoop(watched.caller))
        watched.floor.signIn("bob")
        let bob = try watched.floor.answered(at: "bob")
        #expect(watched.floor.hears(watched.carol, bob) && watched.floor.hears(watched.carol, watched.caller))
        #expect(!watched.floor.hears(bob, watched.carol) && watched.floor.hears(bob, watched.caller))
    }

    @Test("a supervisor who wants to take over and answers when nobody has the caller any more listens to the next agent")
    func takesOverTooLate() throws {
        var floor = SmallCenter.floor(SmallCenter.desks(), signedIn: ["alice", "carol"])
        let (caller, _) = try floor.talk(with: "alice")
        let contact = try #require(floor.contact(of: caller)?.id)
        floor.submit(.supervisionRequested(Supervision(supervisor: "carol", contact: contact, mode: .takeOver)))
        floor.submit(.transferRequested("alice", .queue("support")))
        let carol = try floor.answered(at: "carol")
        #expect(floor.hearsLoop(carol) && floor.contact(of: caller)?.supervisors.first?.mode == .monitor)
        floor.signIn("bob")
        let bob = try floor.answered(at: "bob")
        #expect(floor.hears(caller, bob) && floor.hears(carol, caller) && !floor.hears(caller, carol))
    }

    @Test("an agent who holds the caller is advised meanwhile")
    func advises() throws {
        var watched = try Watched(.whisper)
        watched.floor.submit(.holdRequested("alice", true))
        #expect(watched.floor.hearsLoop(watched.caller) && !watched.floor.hears(watched.carol, watched.caller))
        #expect(watched.floor.hears(watched.alice, watched.carol) && watched.floor.hears(watched.carol, watched.alice))
        watched.floor.submit(.holdRequested("alice", false))
        watched.expect(.whisper)
    }

    @Test("while the recording is paused supervisors hear nothing, and whisper on")
    func masked() throws {
        let configuration = SmallCenter.desks(sales: { $0.recording = .init(announcement: "This call is recorded.") })
        var floor = SmallCenter.floor(configuration, signedIn: ["alice", "carol"])
        let caller = floor.call("101")
        floor.advance(seconds: 2)
        let alice = try floor.answered(at: "alice")
        let contact = try #require(floor.contact(of: caller)?.id)
        floor.submit(.supervisionRequested(Supervision(supervisor: "carol", contact: contact, mode: .whisper)))
        let carol = try floor.answered(at: "carol")
        #expect(floor.hears(carol, caller) && !floor.commands.contains { if case .record = $0 { true } else { false } })
        floor.submit(.recordingPauseRequested("alice", true))
        #expect(!floor.hears(carol, caller) && !floor.hears(carol, alice) && floor.hears(alice, carol))
        #expect(floor.hears(caller, alice))
        floor.submit(.recordingPauseRequested("alice", false))
        #expect(floor.hears(carol, caller))
    }

    @Test("who cannot supervise is told why")
    func refused() throws {
        var watched = try Watched()
        func refusal(_ supervisor: AgentID, _ contact: ContactID, _ mode: Supervision.Mode) -> ControlRefusal? {
            let wanted = Supervision(supervisor: supervisor, contact: contact, mode: mode)
            return watched.floor.center.refusal(of: .supervisionRequested(wanted))
        }
        let contact = watched.contact
        #expect(refusal("carol", contact, .monitor) == .notAllowed, "it is so already")
        #expect(refusal("alice", contact, .monitor) == .unknownTarget && refusal("x", contact, .barge) == .unknownTarget)
        #expect(refusal("bob", contact, .monitor) == .notAllowed, "offline")
        #expect(refusal("carol", ContactID(rawValue: 999), .monitor) == .noCall)
        #expect(watched.floor.center.refusal(of: .supervisionEnded("bob")) == .noCall)
        watched.floor.submit(.transferRequested("alice", .queue("support")))
        #expect(refusal("carol", contact, .barge) == .noCall, "nobody talks")
    }

    @Test("whoever confers and whoever supervises share one conference, and those who talk apart hear nothing of the others")
    func apart() throws {
        var floor = SmallCenter.floor(
            SmallCenter.desks { configuration in
                for name in ["dave", "erin"] {
                    let agent = AgentID(name)
                    configuration.agents.append(AgentRules(id: agent, devices: [agent.browser]))
                }
            }, signedIn: ["alice", "bob", "carol", "dave", "erin"])
        let (caller, alice) = try floor.talk(with: "alice")
        let contact = try #require(floor.contact(of: caller)?.id)
        floor.submit(.consultRequested("alice", .begin(.agent("bob"))))
        let bob = try floor.answered(at: "bob")
        floor.submit(.consultRequested("alice", .merge))
        floor.submit(.consultRequested("alice", .begin(.agent("dave"))))
        let dave = try floor.answered(at: "dave")
        floor.submit(.consultRequested("alice", .merge))
        floor.submit(.supervisionRequested(Supervision(supervisor: "carol", contact: contact, mode: .barge)))
        let carol = try floor.answered(at: "carol")
        floor.submit(.consultRequested("alice", .begin(.agent("erin"))))
        let erin = try floor.answered(at: "erin")
        let together = [caller, bob, dave], aside = [alice, erin, carol]
        for group in [together, aside] {
            for ear in group {
                for mouth in together + aside where mouth != ear {
                    #expect(floor.hears(ear, mouth) == group.contains(mouth), "\(ear) \(mouth)")
                }
            }
        }
    }
}
