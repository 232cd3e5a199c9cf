// An agent asks a colleague or somebody outside: attended transfer, conference, and every way in which that goes wrong.

import ACD
import Basics
import ContactCenter
import Simulation
import Testing

struct ConsultStories {
    /// Alice talks to a caller and asks Carol, who has answered.
    private struct Asked {
        var floor: VirtualFloor
        let caller: LegID
        let alice: LegID
        var carol: LegID = .none

        init(isAnswered: Bool = true) throws {
            floor = SmallCenter.floor(SmallCenter.desks(), signedIn: ["alice", "carol"])
            (caller, alice) = try floor.talk(with: "alice")
            floor.submit(.consultRequested("alice", .begin(.agent("carol"))))
            if isAnswered { carol = try floor.answered(at: "carol") }
        }

        mutating func submit(_ step: ConsultStep) { floor.submit(.consultRequested("alice", step)) }
        func refusal(_ step: ConsultStep) -> ControlRefusal? {
            floor.center.refusal(of: .consultRequested("alice", step))
        }
        var contact: Contact? { floor.contact(of: caller) }
        /// Who hears whom, both ways.
        func talk(_ legs: LegID...) -> Bool {
            legs.allSatisfy { a in legs.allSatisfy { a == $0 || floor.hears(a, $0) } }
        }
        var isAsBefore: Bool { floor.isBridged(caller, alice) && contact?.company == nil && !floor.hearsLoop(caller) }
    }

    @Test("the caller hears music while the agent hears the colleague's phone ring, and then the colleague")
    func begins() throws {
        var asked = try Asked(isAnswered: false)
        #expect(asked.floor.isParked(asked.caller, from: asked.alice) && asked.floor.hearsLoop(asked.alice))
        #expect(asked.floor.ringing(at: "carol").count == 1)
        let carol = try asked.floor.answered(at: "carol")
        #expect(asked.floor.isBridged(asked.alice, carol) && asked.floor.hearsLoop(asked.caller))
        #expect(asked.contact?.agent == "alice" && asked.floor.agent("carol").answered == 0)
        #expect(asked.floor.agent("carol").isOnContact && asked.floor.agent("carol").missesInARow == 0)
    }

    @Test("swapping goes back and forth, and the one who waits hears music")
    func swap() throws {
        var asked = try Asked()
        asked.submit(.swap)
        #expect(asked.floor.isBridged(asked.caller, asked.alice) && asked.floor.hearsLoop(asked.carol))
        asked.submit(.swap)
        #expect(asked.floor.isBridged(asked.alice, asked.carol) && asked.floor.hearsLoop(asked.caller))
        #expect(asked.floor.happenings(of: asked.caller).suffix(2) == [.resumed, .held])
    }

    @Test("an attended transfer leaves the caller with the colleague, and the agent wraps up", arguments: [false, true])
    func completes(isTurned: Bool) throws {
        var asked = try Asked()
        if isTurned { asked.submit(.swap) }
        asked.submit(.complete)
        #expect(asked.floor.isBridged(asked.caller, asked.carol) && asked.floor.legs[asked.alice] == nil)
        #expect(asked.contact?.agent == "carol" && asked.contact?.company == nil)
        guard case .wrapUp? = asked.floor.agent("alice").work.first else {
            Issue.record("no wrap-up")
            return
        }
        #expect(asked.floor.happenings(of: asked.caller).contains(.handedOver("alice", to: .agent("carol"))))
        asked.floor.hangUp(asked.caller)
        #expect(asked.floor.outcome(of: asked.caller) == .handled && asked.floor.legs.isEmpty)
        guard case .wrapUp? = asked.floor.agent("carol").work.first else {
            Issue.record("no wrap-up of the one who had the caller last")
            return
        }
    }

    @Test("whoever backs out is with the caller again, whether the colleague rings or talks", arguments: [false, true])
    func backsOut(isAnswered: Bool) throws {
        var asked = try Asked(isAnswered: isAnswered)
        asked.submit(.backOut)
        #expect(asked.isAsBefore && asked.floor.ringing(at: "carol").isEmpty && asked.floor.agent("carol").work.isEmpty)
    }

    @Test("a colleague who declines, lets it ring, pauses or is gone leaves the call as it was", arguments: 0..<5)
    func comesToNothing(how: Int) throws {
        var asked = try Asked(isAnswered: how == 4)
        let ringing = asked.floor.ringing(at: "carol").first
        switch how {
        case 0: asked.floor.fail(try #require(ringing), .declined)
        case 1:
            asked.floor.advance(seconds: 29)
            #expect(!asked.isAsBefore)
            asked.floor.advance(seconds: 1)
        case 2: asked.floor.set(.aux(reason: "break"), for: "carol")
        case 3: asked.floor.lose("carol-browser")
        default: asked.floor.hangUp(asked.carol)
        }
        #expect(asked.isAsBefore)
        #expect(asked.floor.agent("carol").work.isEmpty && asked.floor.agent("carol").missesInARow == 0)
        #expect(asked.floor.center.figuresToday(of: "carol").missed == 0)
    }

    @Test("three talk with one another; each may go, and the two who are left hear each other", arguments: 0..<3)
    func conference(who: Int) throws {
        var asked = try Asked()
        asked.submit(.merge)
        #expect(asked.talk(asked.caller, asked.alice, asked.carol) && !asked.floor.hearsLoop(asked.caller))
        switch who {
        case 0: asked.submit(.leave)
        case 1: asked.floor.submit(.hangUpRequested("carol"))
        default: asked.floor.hangUp(asked.caller)
        }
        switch who {
        case 0:
            #expect(asked.floor.isBridged(asked.caller, asked.carol) && asked.contact?.agent == "carol")
            #expect(asked.floor.legs[asked.alice] == nil)
        case 1: #expect(asked.isAsBefore && asked.floor.agent("carol").work.isEmpty)
        default: #expect(asked.floor.legs.isEmpty && asked.floor.outcome(of: asked.caller) == .handled)
        }
    }

    @Test("a conference grows by asking one more, of whom the others hear nothing until then")
    func larger() throws {
        var asked = try Asked()
        asked.submit(.merge)
        asked.floor.signIn("bob")
        asked.submit(.begin(.agent("bob")))
        let bob = try asked.floor.answered(at: "bob")
        #expect(asked.floor.isBridged(asked.alice, bob) && asked.floor.isBridged(asked.caller, asked.carol))
        asked.submit(.merge)
        #expect(asked.talk(asked.caller, asked.alice, asked.carol, bob))
        asked.floor.hangUp(asked.alice)
        #expect(asked.talk(asked.caller, asked.carol, bob) && asked.contact?.agent == "carol")
        asked.floor.hangUp(asked.carol)
        #expect(asked.floor.isBridged(asked.caller, bob) && asked.contact?.agent == "bob")
        asked.floor.hangUp(bob)
        #expect(asked.floor.legs.isEmpty && asked.contact == nil)
    }

    @Test("who holds in a conference is out of it, and the others talk on")
    func holds() throws {
        var asked = try Asked()
        asked.submit(.merge)
        asked.floor.submit(.holdRequested("alice", true))
        #expect(asked.floor.isBridged(asked.caller, asked.carol) && !asked.floor.hearsAnything(asked.alice))
        asked.floor.submit(.legHeld(asked.carol, true))
        #expect(asked.floor.hearsLoop(asked.caller))
        asked.floor.submit(.holdRequested("alice", false))
        #expect(asked.floor.isBridged(asked.caller, asked.alice))
        asked.floor.submit(.legHeld(asked.carol, false))
        #expect(asked.talk(asked.caller, asked.alice, asked.carol))
    }

    @Test("somebody outside is asked over a trunk, may be heard before the answer, and is handed the caller")
    func outside() throws {
        var floor = SmallCenter.floor(
            SmallCenter.desks { $0.outside = [OutsideRules(trunk: "carrier", allowed: ["+49"])] }, signedIn: ["alice"])
        let (caller, alice) = try floor.talk(with: "alice")
        floor.submit(.consultRequested("alice", .begin(.outside("carrier", "callee"))))
        let dial = try #require(
            floor.commands.compactMap { if case .dial(let dial) = $0 { dial } else { nil } }.first)
        #expect(dial.callee == "callee" && dial.number.isEmpty && floor.hearsLoop(alice) && floor.hearsLoop(caller))
        floor.submit(.legEarlyMedia(dial.leg))
        #expect(floor.isBridged(alice, dial.leg))
        floor.answer(dial.leg)
        #expect(floor.center.refusal(of: .consultRequested("alice", .complete)) == nil)
        floor.submit(.consultRequested("alice", .complete))
        #expect(floor.isBridged(caller, dial.leg) && floor.legs[alice] == nil)
        floor.hangUp(dial.leg)
        #expect(floor.outcome(of: caller) == .transferred && floor.legs.isEmpty)
    }

    @Test("somebody outside who does not answer is given up after half a minute")
    func outsideRingsOut() throws {
        var floor = SmallCenter.floor(
            SmallCenter.desks { $0.outside = [OutsideRules(trunk: "carrier", allowed: ["+49"])] }, signedIn: ["alice"])
        let (caller, alice) = try floor.talk(with: "alice")
        floor.submit(.consultRequested("alice", .begin(.outside("carrier", "callee"))))
        floor.advance(seconds: 30)
        #expect(floor.isBridged(caller, alice) && floor.legs.count == 2)
    }

    @Test("an agent's phone that is hung up leaves the caller with the colleague, or in the queue while that one rings")
    func agentHangsUp() throws {
        var asked = try Asked()
        asked.floor.hangUp(asked.alice)
        #expect(asked.floor.isBridged(asked.caller, asked.carol) && asked.contact?.agent == "carol")
        var ringing = try Asked(isAnswered: false)
        let key = ringing.contact?.orderKey
        ringing.floor.hangUp(ringing.alice)
        #expect(ringing.contact?.entry?.key == key && ringing.contact?.entry != nil)
        #expect(ringing.floor.ringing(at: "carol").isEmpty && ringing.floor.hearsLoop(ringing.caller))
    }

    @Test(
        "a browser that is gone leaves the caller with music, and after the grace with the colleague, or at the old place",
        arguments: [false, true])
    func lost(isAnswered: Bool) throws {
        var asked = try Asked(isAnswered: isAnswered)
        let key = asked.contact?.orderKey
        asked.floor.lose("alice-browser")
        #expect(asked.floor.hearsLoop(asked.caller))
        if isAnswered { #expect(asked.floor.hearsLoop(asked.carol)) }
        asked.floor.advance(seconds: 60)
        if isAnswered {
            #expect(asked.floor.isBridged(asked.caller, asked.carol) && asked.contact?.agent == "carol")
        } else {
            #expect(asked.contact?.entry?.key == key && asked.contact?.entry != nil)
        }
        #expect(asked.floor.agent("alice").presence == .offline)
    }

    @Test("a browser that is back goes on where it was")
    func back() throws {
        var asked = try Asked()
        asked.floor.lose("alice-browser")
        asked.floor.register("alice-browser")
        #expect(asked.floor.isBridged(asked.alice, asked.carol) && asked.floor.hearsLoop(asked.caller))
        asked.submit(.merge)
        asked.floor.lose("alice-browser")
        #expect(asked.floor.isBridged(asked.caller, asked.carol), "in a conference the others talk on")
        asked.floor.register("alice-browser")
        #expect(asked.talk(asked.caller, asked.alice, asked.carol))
    }

    @Test("a caller who hangs up in the middle ends it for everybody at once", arguments: [false, true])
    func callerGone(isAnswered: Bool) throws {
        var asked = try Asked(isAnswered: isAnswered)
        asked.floor.hangUp(asked.caller)
        #expect(asked.floor.legs.isEmpty && asked.floor.agent("carol").work.isEmpty)
    }

    @Test("what cannot be done is refused with its reason, and changes nothing")
    func refused() throws {
        var asked = try Asked(isAnswered: false)
        #expect(asked.refusal(.begin(.agent("bob"))) == .notAllowed, "one at a time")
        #expect(asked.refusal(.swap) == .notAllowed && asked.refusal(.complete) == .notAllowed)
        #expect(asked.refusal(.merge) == .notAllowed && asked.refusal(.leave) == .notAllowed)
        #expect(asked.floor.center.refusal(of: .transferRequested("alice", .queue("support"))) == .notAllowed)
        #expect(asked.floor.center.refusal(of: .holdRequested("alice", true)) == .notAllowed)
        #expect(asked.floor.center.refusal(of: .hangUpRequested("alice")) == .notAllowed)
        #expect(asked.floor.center.refusal(of: .consultRequested("carol", .swap)) == .noCall)
        let commands = asked.floor.center.figures.lateEvents
        asked.submit(.complete)
        #expect(asked.floor.center.figures.lateEvents == commands + 1 && asked.floor.ringing(at: "carol").count == 1)
        asked.submit(.backOut)
        #expect(
            asked.refusal(.begin(.agent("alice"))) == .unknownTarget && asked.refusal(.begin(.agent("x"))) == .unknownTarget)
        #expect(asked.refusal(.begin(.agent("bob"))) == .notAllowed, "offline")
        asked.floor.signIn("bob")
        let other = asked.floor.call("101")
        asked.floor.answer(at: "bob")
        #expect(asked.floor.contact(of: other)?.agent == "bob")
        #expect(asked.refusal(.begin(.agent("bob"))) == .busy, "talks")
        #expect(asked.refusal(.backOut) == .notAllowed)
    }

    @Test("the recording goes on with the voice of whoever has the caller, and is not paused any more")
    func recording() throws {
        var floor = SmallCenter.floor(
            SmallCenter.desks(sales: { $0.recording = .init(announcement: "This call is recorded.") }),
            signedIn: ["alice", "carol"])
        let caller = floor.call("101")
        floor.advance(seconds: 2)
        floor.answer(at: "alice")
        let recording = try #require(floor.contact(of: caller)?.recording)
        floor.submit(.recordingPauseRequested("alice", true))
        floor.submit(.consultRequested("alice", .begin(.agent("carol"))))
        let carol = try floor.answered(at: "carol")
        floor.submit(.consultRequested("alice", .complete))
        #expect(floor.commands.contains(.record(recording, [carol])) && floor.pausedRecordings.isEmpty)
        #expect(floor.contact(of: caller)?.recording == recording)
    }
}
