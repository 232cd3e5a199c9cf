// Agents and numbers outside: what the rules against misuse allow, and transfers to there and to flows, with every bad end.

import ACD
import Basics
import ContactCenter
import IVR
import Simulation
import Testing

struct OutsideStories {
    private static func configuration(callsMax: Int = 2, minutesMax: Int = 10) -> CenterConfiguration {
        SmallCenter.desks { configuration in
            configuration.outside = [
                OutsideRules(trunk: "carrier", allowed: ["+49"], callsMax: callsMax, minutesMax: minutesMax)
            ]
        }
    }

    /// Alice talks to a caller.
    private struct Talk {
        var floor: VirtualFloor
        let caller: LegID, alice: LegID

        init(_ configuration: CenterConfiguration = OutsideStories.configuration(), announcementSeconds: Int = 0) throws {
            floor = SmallCenter.floor(configuration, signedIn: ["alice"])
            caller = floor.call("101")
            if announcementSeconds > 0 { floor.advance(seconds: announcementSeconds) }
            let answered = floor.answer(at: "alice")
            alice = try #require(answered)
        }

        mutating func transfer(_ target: TransferTarget = .outside("carrier", "callee")) {
            floor.submit(.transferRequested("alice", target))
        }

        mutating func dialled() throws -> LegID {
            transfer()
            return try #require(floor.commands.compactMap { if case .dial(let dial) = $0 { dial.leg } else { nil } }.first)
        }

        func refusal(_ target: TransferTarget = .outside("carrier", "callee")) -> ControlRefusal? {
            floor.center.refusal(of: .transferRequested("alice", target))
        }

        var contact: Contact? { floor.contact(of: caller) }
        var isAsBefore: Bool { floor.isBridged(caller, alice) && contact?.company == nil && !floor.hearsLoop(caller) }
    }

    // MARK: A transfer to a number

    @Test("a transfer to a number leaves the caller with whoever answers there, and nobody of the house")
    func transfers() throws {
        var talk = try Talk()
        let outside = try talk.dialled()
        #expect(talk.floor.hearsLoop(talk.caller) && talk.floor.hearsLoop(talk.alice))
        talk.floor.answer(outside)
        #expect(talk.floor.isBridged(talk.caller, outside) && talk.floor.legs[talk.alice] == nil)
        guard case .wrapUp? = talk.floor.agent("alice").work.first else {
            Issue.record("no wrap-up")
            return
        }
        #expect(talk.floor.happenings(of: talk.caller).contains(.handedOver("alice", to: .outside("carrier"))))
        talk.floor.hangUp(outside)
        #expect(talk.floor.outcome(of: talk.caller) == .transferred && talk.floor.legs.isEmpty)
    }

    @Test(
        "a number that is busy, declines, does not exist, cannot be had or rings out leaves the call as it was, and says why",
        arguments: [LegFailure.busy, .declined, .noSuchNumber, .failed, .notMade, nil])
    func comesToNothing(failure: LegFailure?) throws {
        var talk = try Talk()
        let outside = try talk.dialled()
        if let failure {
            talk.floor.fail(outside, failure)
        } else {
            talk.floor.advance(seconds: 29)
            #expect(!talk.isAsBefore)
            talk.floor.advance(seconds: 1)
        }
        #expect(talk.isAsBefore && talk.contact?.conversation?.notReached == failure ?? .unreachable)
        #expect(talk.floor.happenings(of: talk.caller).contains(.notConnected(failure ?? .unreachable)))
        #expect(talk.floor.center.refusal(of: .holdRequested("alice", true)) == nil && talk.refusal() == nil)
        // A further try says nothing of the one before.
        talk.transfer()
        #expect(talk.contact?.conversation?.notReached == nil)
    }

    @Test("who hangs up while the number rings: the agent brings the caller back into the queue, the caller ends it")
    func hangsUp() throws {
        var agents = try Talk()
        let key = agents.contact?.orderKey
        let outside = try agents.dialled()
        agents.floor.hangUp(agents.alice)
        #expect(agents.contact?.entry?.key == key && agents.contact?.entry != nil && agents.floor.legs[outside] == nil)
        var callers = try Talk()
        _ = try callers.dialled()
        callers.floor.hangUp(callers.caller)
        #expect(callers.floor.outcome(of: callers.caller) == .handled && callers.floor.legs.isEmpty)
        var takenBack = try Talk()
        _ = try takenBack.dialled()
        takenBack.floor.submit(.consultRequested("alice", .backOut))
        #expect(takenBack.isAsBefore && takenBack.contact?.conversation?.notReached == nil)
    }

    @Test(
        "the agent's end and the answer at the same instant leave the caller with somebody, or in the queue", arguments: 0..<4)
    func race(order: Int) throws {
        var talk = try Talk()
        let outside = try talk.dialled()
        switch order {
        case 0:
            talk.floor.hangUp(talk.alice)
            talk.floor.submit(.legAnswered(outside))
            #expect(talk.contact?.entry != nil)
        case 1:
            talk.floor.answer(outside)
            talk.floor.submit(.legEnded(talk.alice))
            #expect(talk.floor.isBridged(talk.caller, outside))
        case 2:
            talk.floor.lose("alice-browser")
            talk.floor.answer(outside)
            #expect(talk.floor.isBridged(talk.caller, outside) && talk.floor.legs[talk.alice] == nil)
        default:
            talk.floor.submit(.legEarlyMedia(outside))
            #expect(talk.floor.isBridged(talk.alice, outside) && talk.floor.hearsLoop(talk.caller))
            talk.floor.hangUp(outside)
            #expect(talk.isAsBefore)
        }
    }

    @Test("the recording ends with the last of the house: not while a colleague is still on the call")
    func recording() throws {
        let recorded = SmallCenter.desks(
            change: { $0.outside = [OutsideRules(trunk: "carrier", allowed: ["+49"])] },
            sales: { $0.recording = QueueRules.Recording(announcement: "Recorded.") })
        var talk = try Talk(recorded, announcementSeconds: 2)
        #expect(talk.contact?.recording != nil)
        talk.floor.signIn("carol")
        talk.floor.submit(.consultRequested("alice", .begin(.agent("carol"))))
        let carol = try talk.floor.answered(at: "carol")
        talk.floor.submit(.consultRequested("alice", .merge))
        talk.floor.submit(.consultRequested("alice", .begin(.outside("carrier", "callee"))))
        let outside = try #require(talk.floor.legs.first { $0.value == .dialling }?.key)
        talk.floor.answer(outside)
        talk.floor.submit(.consultRequested("alice", .complete))
        #expect(talk.contact?.recording != nil && talk.floor.legs[talk.alice] == nil)
        talk.floor.hangUp(carol)
        #expect(talk.contact?.recording == nil && talk.floor.isBridged(talk.caller, outside))
        #expect(talk.floor.happenings(of: talk.caller).contains { if case .recordingStopped = $0 { true } else { false } })
    }

    // MARK: Limits

    @Test("without rules for a trunk nobody is called over it, and with them no more at once than they say")
    func limits() throws {
        let bare = try Talk(SmallCenter.desks())
        #expect(bare.refusal() == .outsideNotAllowed)
        #expect(
            bare.floor.center.refusal(of: .consultRequested("alice", .begin(.outside("carrier", "a")))) == .outsideNotAllowed)
        var talk = try Talk(Self.configuration(callsMax: 1))
        #expect(talk.refusal(.outside("other", "callee")) == .outsideNotAllowed)
        let outside = try talk.dialled()
        talk.floor.signIn("bob")
        let (second, _) = try talk.floor.talk(with: "bob")
        let wanted = Event.transferRequested("bob", .outside("carrier", "callee"))
        #expect(talk.floor.center.refusal(of: wanted) == .outsideFull)
        talk.floor.submit(wanted)
        #expect(talk.floor.commands.isEmpty)
        // Answered and without an agent it counts on.
        talk.floor.answer(outside)
        #expect(talk.floor.center.refusal(of: wanted) == .outsideFull)
        talk.floor.hangUp(outside)
        #expect(talk.floor.center.refusal(of: wanted) == nil)
        talk.floor.hangUp(second)
    }

    @Test("a call outside ends after its minutes, ringing included, and the call without it goes on")
    func minutes() throws {
        var talk = try Talk(Self.configuration(minutesMax: 2))
        let outside = try talk.dialled()
        talk.floor.advance(seconds: 20)
        talk.floor.answer(outside)
        talk.floor.advance(seconds: 99)
        #expect(talk.floor.isBridged(talk.caller, outside))
        talk.floor.advance(seconds: 1)
        #expect(talk.floor.outcome(of: talk.caller) == .transferred && talk.floor.legs.isEmpty)
        var asked = try Talk(Self.configuration(minutesMax: 1))
        asked.floor.submit(.consultRequested("alice", .begin(.outside("carrier", "callee"))))
        let leg = try #require(asked.floor.legs.first { $0.value == .dialling }?.key)
        asked.floor.answer(leg)
        asked.floor.submit(.consultRequested("alice", .merge))
        asked.floor.advance(seconds: 60)
        #expect(asked.isAsBefore && asked.floor.legs[leg] == nil)
    }

    @Test("a number that is busy leaves a caller on hold who was on hold; one who was not is talked to again")
    func holdsAgain() throws {
        var talk = try Talk()
        talk.floor.submit(.holdRequested("alice", true))
        let outside = try talk.dialled()
        talk.floor.fail(outside, .busy)
        #expect(talk.contact?.conversation?.heldBy == .agent && talk.floor.hearsLoop(talk.caller))
        talk.floor.submit(.holdRequested("alice", false))
        #expect(talk.isAsBefore)
        let again = try talk.dialled()
        talk.floor.fail(again, .busy)
        #expect(talk.isAsBefore)
    }

    // MARK: Numbers

    @Test(
        "a number is written in the form of the plan, and called where it is allowed and not denied",
        arguments: [
            ("030 123-4567", "+49301234567"), ("0049 (30) 1234567", "+49301234567"), ("+43/1/2345678", "+4312345678"),
        ])
    func numbers(written: String, dialled: String) throws {
        let plan = NumberPlan(country: "49", national: "0", international: "00")
        let rules = OutsideRules(trunk: "carrier", allowed: ["0", "+43"], denied: ["0900", "+49137"])
        func refusal(_ number: String) -> OutsideRefusal? {
            if case .failure(let refusal) = [rules].way(to: number, own: ["+49303000"], plan: { _ in plan }) {
                refusal
            } else {
                nil
            }
        }
        let way = try [rules].way(to: written, own: ["+49303000"], plan: { _ in plan }).get()
        #expect(way.number == dialled && way.rules.trunk == "carrier")
        #expect(refusal("0900 1234567") == OutsideRefusal(.denied, "carrier", begin: "0900"))
        #expect(refusal("+49 137 1234567") == OutsideRefusal(.denied, "carrier", begin: "+49137"))
        #expect(refusal("001 212 5551234")?.reason == .notAllowed)
        #expect(refusal("030 3000")?.reason == .own)
        for text in ["112", "1234567", "anna", "", "+", "0000000", "+49301234567890123"] {
            #expect(refusal(text)?.reason == .malformed, "\(text)")
        }
        #expect(throws: OutsideRefusal(.notConfigured)) {
            try [OutsideRules]().way(to: written, own: [], plan: { _ in nil }).get()
        }
    }

    @Test(
        "a zero behind the country code, which carriers drop, gets nobody past what is denied, nor back into the house",
        arguments: [NumberPlan(country: "49", national: "0", international: "00"), nil])
    func zeros(plan: NumberPlan?) {
        let rules = [OutsideRules(trunk: "carrier", allowed: ["+49", "+43"], denied: ["+49900", "+43900"])]
        func reason(_ number: String) -> OutsideRefusal.Reason? {
            if case .failure(let refusal) = rules.way(to: number, own: ["+49303000"], plan: { _ in plan }) {
                refusal.reason
            } else {
                nil
            }
        }
        for number in ["+49 900 123456", "+49 (0)900 123456", "+49 00 0900 123456", "+43(0)900 123456"] {
            #expect([.denied, .malformed].contains(reason(number)), "\(number)")
        }
        #expect(reason("+49 (0)30 3000") == .own)
        #expect(reason("+49 30 1234567") == nil && reason("+43 1 2345678") == nil)
    }

    @Test("of two trunks the first that may is taken, and of two refusals the one that says more")
    func trunks() throws {
        let rules = [
            OutsideRules(trunk: "a", allowed: ["+43"]), OutsideRules(trunk: "b", allowed: ["+49"], denied: ["+4990"]),
        ]
        #expect(try rules.way(to: "+49301234567", own: [], plan: { _ in nil }).get().rules.trunk == "b")
        #expect(throws: OutsideRefusal(.denied, "b", begin: "+4990")) {
            try rules.way(to: "+499012345678", own: [], plan: { _ in nil }).get()
        }
        #expect(throws: OutsideRefusal(.notAllowed, "a")) {
            try rules.way(to: "+3312345678", own: [], plan: { _ in nil }).get()
        }
    }

    // MARK: A transfer to a flow

    @Test("a transfer to a flow begins it anew under the agent's call, from which the caller may wait again")
    func flow() throws {
        var talk = try Talk()
        #expect(talk.refusal(.flow("none")) == .unknownTarget)
        talk.transfer(.flow("main"))
        #expect(talk.floor.legs[talk.alice] == nil && talk.contact?.interpreter.node == "menu")
        #expect(talk.floor.happenings(of: talk.caller).contains(.transferred("alice", to: .flow("main"))))
        guard case .wrapUp? = talk.floor.agent("alice").work.first else {
            Issue.record("no wrap-up")
            return
        }
        talk.floor.submit(.digit(talk.caller, "2"))
        #expect(talk.contact?.entry?.queue == "support")
        talk.floor.hangUp(talk.caller)
        #expect(talk.floor.outcome(of: talk.caller) == .abandoned)
        var ends = try Talk()
        ends.transfer(.flow("main"))
        ends.floor.hangUp(ends.caller)
        #expect(ends.floor.legs.isEmpty && ends.floor.outcome(of: ends.caller) != nil)
    }
}
