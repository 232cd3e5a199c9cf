// Many callers, few agents: order, offers that come to nothing, and what other systems get wrong (asks.md 1-11).

import ACD
import Basics
import ContactCenter
import IVR
import Simulation
import Testing

struct QueueStories {
    @Test("a missed offer leaves the caller at the old place, and the next agent is tried first")
    func missedOffer() {
        var floor = SmallCenter.floor(signedIn: ["alice", "bob"])
        let first = floor.call("101")
        floor.advance(seconds: 1)
        #expect(floor.ringing(at: "alice").count == 1)
        let key = floor.contact(of: first)?.entry?.key
        floor.advance(seconds: 19)
        #expect(floor.ringing(at: "alice").isEmpty)
        #expect(floor.ringing(at: "bob").count == 1, "alice missed it, bob is next")
        #expect(floor.contact(of: first)?.entry?.key == key)
    }

    @Test("after two missed offers the agent is not responding, and a new sign-in forgives them")
    func notResponding() {
        var floor = SmallCenter.floor(signedIn: ["alice"])
        floor.call("101")
        floor.advance(seconds: 20)
        #expect(floor.center.agents["alice"]?.presence == .available)
        floor.advance(seconds: 3)
        #expect(floor.ringing(at: "alice").count == 1, "the only agent is tried again after a moment")
        floor.advance(seconds: 20)
        #expect(floor.center.agents["alice"]?.presence == .aux(reason: AgentPresence.notResponding))
        floor.advance(seconds: 60)
        #expect(floor.ringing(at: "alice").isEmpty)
        floor.set(.available, for: "alice")
        #expect(floor.ringing(at: "alice").count == 1)
        #expect(floor.center.agents["alice"]?.missesInARow == 0)
    }

    @Test("a decline counts apart from a miss", arguments: [LegFailure.busy, .declined])
    func decline(failure: LegFailure) throws {
        var floor = SmallCenter.floor(signedIn: ["alice"])
        let caller = floor.call("101")
        floor.fail(try #require(floor.ringing(at: "alice").first), failure)
        #expect(floor.center.agents["alice"]?.missesInARow == 0)
        #expect(floor.happenings(of: caller).contains(.offerEnded(OfferID(rawValue: 1), "alice", .rejected)))
    }

    @Test("an offer that the center itself could not make is no miss, and is made again after a moment, not at once")
    func notMade() throws {
        var floor = SmallCenter.floor(signedIn: ["alice"])
        let caller = floor.call("101")
        for round in 1...5 {
            floor.fail(try #require(floor.ringing(at: "alice").first), .notMade)
            #expect(floor.happenings(of: caller).contains(.offerEnded(OfferID(rawValue: UInt64(round)), "alice", .notMade)))
            #expect(floor.ringing(at: "alice").isEmpty, "no loop of offers and refusals")
            #expect(floor.center.agents["alice"]?.missesInARow == 0)
            #expect(floor.center.agents["alice"]?.presence == .available)
            floor.advance(seconds: 5)
        }
        #expect(floor.answer(at: "alice") != nil)
    }

    @Test("the caller hangs up while the phone rings: the offer is rescinded in the same turn (freeswitch#2529)")
    func rescinded() throws {
        var floor = SmallCenter.floor(signedIn: ["alice"])
        let caller = floor.call("101")
        let phone = try #require(floor.ringing(at: "alice").first)
        floor.hangUp(caller)
        #expect(floor.commands.contains(.hangUp(phone, .callerGone)))
        #expect(floor.outcome(of: caller) == .abandoned)
        #expect(floor.center.agents["alice"]?.refusal == nil)
        #expect(floor.center.agents["alice"]?.missesInARow == 0)
    }

    @Test("two devices of the agent answer at once: the second is let go as answered elsewhere (asterisk#176)")
    func twoDevices() throws {
        var configuration = SmallCenter.configuration()
        configuration.agents[0].devices.append("alice-soft")
        var floor = SmallCenter.floor(configuration, signedIn: ["alice"])
        let caller = floor.call("101")
        let phones = floor.ringing(at: "alice")
        try #require(phones.count == 2)
        floor.answer(phones[0])
        #expect(floor.commands.contains(.bridge(caller, phones[0])))
        #expect(floor.commands.contains(.hangUp(phones[1], .answeredElsewhere)))
        floor.submit(.legAnswered(phones[1]))
        #expect(floor.commands == [.hangUp(phones[1], .answeredElsewhere)])
        #expect(floor.center.agents["alice"]?.missesInARow == 0)
    }

    @Test("a pause during an offer ends it once and makes no loop of offers (freeswitch PR#800)")
    func pauseWhileRinging() {
        var floor = SmallCenter.floor(signedIn: ["alice"])
        let caller = floor.call("101")
        floor.set(.aux(reason: "break"), for: "alice")
        #expect(floor.ringing(at: "alice").isEmpty)
        floor.advance(seconds: 120)
        let offers = floor.happenings(of: caller).filter { if case .offered = $0 { true } else { false } }
        #expect(offers.count == 1)
    }

    @Test("an answer during an announcement bridges in the same turn (freeswitch#1148)")
    func answerDuringAnnouncement() throws {
        var floor = SmallCenter.floor(SmallCenter.configuration(sales: { $0.announceEverySeconds = 20 }))
        let caller = floor.call("101")
        floor.advance(by: .milliseconds(500))
        floor.signIn("alice")
        let answered = floor.answer(at: "alice")
        let phone = try #require(answered)
        #expect(floor.commands.contains(.bridge(caller, phone)))
    }

    @Test("wrap-up belongs to the agent: a second queue does not cut it short, nor does a reload (asterisk#1006, #607)")
    func wrapUp() throws {
        var floor = SmallCenter.floor(signedIn: ["bob"])
        let first = floor.call("100")
        floor.press("2", on: first)
        floor.answer(at: "bob")
        floor.hangUp(first)
        floor.call("101")
        floor.apply(SmallCenter.configuration(version: "2"))
        floor.advance(seconds: 29)
        #expect(floor.ringing(at: "bob").isEmpty, "30 s of wrap-up from support, though sales has 10")
        floor.advance(seconds: 1)
        #expect(floor.ringing(at: "bob").count == 1)
    }

    @Test("a pause asked for in a call begins when the call and its wrap-up are over")
    func pendingPause() {
        var floor = SmallCenter.floor(signedIn: ["alice"])
        let caller = floor.call("101")
        floor.answer(at: "alice")
        floor.set(.aux(reason: "break"), for: "alice")
        #expect(floor.center.agents["alice"]?.presence == .available)
        #expect(floor.center.agents["alice"]?.pendingPresence == .aux(reason: "break"))
        floor.hangUp(caller)
        floor.advance(seconds: 10)
        #expect(floor.center.agents["alice"]?.presence == .aux(reason: "break"))
    }

    @Test("an agent without a registered device is not offered anything (fusionpbx#2831)")
    func noDevice() {
        var floor = SmallCenter.floor()
        floor.set(.available, for: "alice")
        floor.call("101")
        #expect(floor.legs.allSatisfy { if case .ringing = $0.value { false } else { true } })
        floor.register("alice-desk")
        #expect(floor.ringing(at: "alice").count == 1)
    }

    @Test("feature codes sign in, pause and sign out")
    func featureCodes() {
        var floor = SmallCenter.floor()
        floor.register("alice-desk")
        floor.dial("*11", from: "alice-desk")
        #expect(floor.center.agents["alice"]?.presence == .available)
        floor.dial("*12", from: "alice-desk")
        #expect(floor.center.agents["alice"]?.presence == .aux(reason: "break"))
        floor.dial("*10", from: "alice-desk")
        #expect(floor.center.agents["alice"]?.presence == .offline)
        floor.advance(seconds: 10)
        #expect(floor.legs.isEmpty, "the confirmations have been heard and the calls are over")
    }

    @Test("an agent that signs in by phone is offered the waiting caller when that phone is free again")
    func ownCall() {
        var floor = SmallCenter.floor()
        floor.call("101")
        floor.register("alice-desk")
        floor.dial("*11", from: "alice-desk")
        #expect(floor.center.agents["alice"]?.presence == .available)
        #expect(floor.ringing(at: "alice").isEmpty, "the phone is still on the feature code's call")
        floor.advance(seconds: 2)
        #expect(floor.ringing(at: "alice").count == 1)
    }

    @Test("who has been idle longest is first, and the offer says why")
    func longestIdle() throws {
        var floor = SmallCenter.floor(signedIn: ["bob", "alice"])
        let caller = floor.call("101")
        #expect(floor.ringing(at: "bob").count == 1)
        let why = try #require(
            floor.happenings(of: caller).compactMap { happening -> Explanation? in
                if case .offered(_, _, _, let why) = happening { why } else { nil }
            }.first)
        #expect(why.winner.agent == "bob")
        #expect(why.others.map(\.agent) == ["alice"])
        #expect(why.keys == [.level, .longestIdle])
    }

    @Test("callers are served in the order of their keys, over both queues of an agent")
    func order() {
        var floor = SmallCenter.floor()
        var callers: [LegID] = []
        for index in 0..<6 {
            let caller = floor.call("100")
            floor.press(index % 2 == 0 ? "1" : "2", on: caller)
            callers.append(caller)
            floor.advance(seconds: 1)
        }
        floor.signIn("bob")
        var served: [LegID] = []
        for _ in 0..<6 {
            guard floor.answer(at: "bob") != nil,
                let contact = floor.center.contacts.first(where: { $0.value.conversation != nil })?.value
            else { break }
            served.append(contact.leg)
            floor.hangUp(contact.leg)
            for _ in 0..<30 where floor.ringing(at: "bob").isEmpty { floor.advance(seconds: 1) }
        }
        #expect(served == callers)
    }

    @Test("a full queue and one that was waited in too long give the caller back to the flow, each counted apart")
    func diversion() {
        let configuration = SmallCenter.configuration(sales: {
            $0.waitingMax = 1
            $0.waitSecondsMax = 60
        })
        var floor = SmallCenter.floor(configuration)
        let first = floor.call("101")
        let second = floor.call("101")
        #expect(floor.contact(of: second)?.queue == "support")
        let since = floor.contact(of: first)?.entry?.key.effectiveEnqueuedAt
        floor.advance(seconds: 60)
        #expect(floor.contact(of: first)?.queue == "support")
        #expect(floor.contact(of: first)?.entry?.key.effectiveEnqueuedAt == since, "the old order key goes along")
        let figures = floor.center.queues["sales"]?.figures
        #expect(figures?.diverted.filter { $0.count > 0 }.map(\.cause) == [.full, .timeout])
    }

    @Test("an agent taken out of the configuration finishes the call and gets no other")
    func removedAgent() throws {
        var floor = SmallCenter.floor(signedIn: ["alice"])
        let caller = floor.call("101")
        let answered = floor.answer(at: "alice")
        let phone = try #require(answered)
        var reduced = SmallCenter.configuration(version: "2")
        reduced.agents.removeFirst()
        reduced.queues[0].members.removeFirst()
        floor.apply(reduced)
        #expect(floor.legs[phone] != nil, "no call is dropped by a reload")
        floor.hangUp(caller)
        floor.advance(seconds: 10)
        #expect(floor.center.agents["alice"] == nil)
    }

    @Test("expected wait follows the mean of the p-th completion, and is silent without data")
    func expectedWait() throws {
        #expect(ExpectedWait.stages(ahead: 0, serviceRate: 0, abandonRate: 0) == nil)
        #expect(ExpectedWait.stages(ahead: 2, serviceRate: 0.1, abandonRate: 0)?.seconds == 30)
        let impatient = try #require(ExpectedWait.stages(ahead: 2, serviceRate: 0.1, abandonRate: 0.05)?.seconds)
        #expect(abs(impatient - (10 + 1 / 0.15 + 5)) < 1e-9)
        // Not even of a number that no integer holds.
        for abandons in [0, 1e-9] {
            let endless = ExpectedWait.stages(ahead: 1e300, serviceRate: 1, abandonRate: abandons)
            #expect(abs((endless?.seconds ?? 0) - Double(ExpectedWait.positionsMax)) < 1)
            #expect(ExpectedWait.isOver(9000, ahead: .infinity, serviceRate: 1, abandonRate: abandons))
            #expect(!ExpectedWait.isOver(11_000, ahead: 1e300, serviceRate: 1, abandonRate: abandons))
        }
        #expect(WaitRange(seconds: 5) == .lessThanMinutes(1))
        #expect(WaitRange(seconds: 200) == .minutes(from: 3, to: 5))
        #expect(WaitRange(seconds: 99_999) == .moreThanMinutes(60))
    }

    @Test("service level by our formula: 860 of 1,050 (definitions.md 3.4)")
    func serviceLevel() throws {
        var figures = QueueFigures()
        for _ in 0..<860 { figures.noteAnswer(after: .seconds(10), threshold: .seconds(20)) }
        for _ in 0..<140 { figures.noteAnswer(after: .seconds(30), threshold: .seconds(20)) }
        for _ in 0..<10 { figures.noteAbandon(after: .seconds(4), threshold: .seconds(20)) }
        for _ in 0..<50 { figures.noteAbandon(after: .seconds(40), threshold: .seconds(20)) }
        #expect(abs(try #require(figures.serviceLevel) - 860.0 / 1050.0) < 1e-12)
    }
}
