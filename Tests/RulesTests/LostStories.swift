// The agent's browser goes without a word: reload, crash, frozen tab, network (asks.md 23).

import ACD
import Basics
import ContactCenter
import IVR
import Simulation
import Testing

struct LostStories {
    @Test("a reload during a call keeps the caller, the agent's state and every clock")
    func reload() throws {
        var floor = SmallCenter.floor(SmallCenter.desks(), signedIn: ["alice"])
        let (caller, desk) = try floor.talk(with: "alice")
        floor.advance(seconds: 30)
        let presenceSince = floor.agent("alice").presenceSince
        let talkingSince = floor.contact(of: caller)?.conversation?.since
        let work = floor.agent("alice").work
        floor.lose("alice-browser")
        #expect(floor.commands.contains(.unbridge(caller, desk)) && floor.isParked(caller, from: desk))
        #expect(!floor.commands.contains { if case .hangUp = $0 { true } else { false } }, "nobody is clicked off")
        #expect(floor.contact(of: caller)?.conversation?.isLost == true && floor.contact(of: caller)?.stateName == "lost")
        #expect(floor.agent("alice").graceUntil == floor.now + .seconds(60))
        floor.advance(seconds: 2)
        floor.register("alice-browser")
        #expect(floor.commands.contains(.bridge(caller, desk)) && floor.isBridged(caller, desk))
        #expect(!floor.hearsLoop(caller))
        #expect(floor.contact(of: caller)?.conversation?.isLost == false)
        #expect(floor.agent("alice").presence == .available && floor.agent("alice").lostSince == nil)
        #expect(floor.agent("alice").presenceSince == presenceSince && floor.agent("alice").work == work)
        #expect(floor.contact(of: caller)?.conversation?.since == talkingSince)
        floor.advance(seconds: 120)
        #expect(floor.isBridged(caller, desk), "the grace of a loss that is over ends nothing")
        #expect(floor.happenings(of: caller).suffix(2) == [.lost("alice"), .returned("alice")])
    }

    @Test("when the grace is over the caller has the old place in the queue, and the agent is offline")
    func graceOver() throws {
        var floor = SmallCenter.floor(SmallCenter.desks(), signedIn: ["alice", "bob"])
        let (caller, desk) = try floor.talk(with: "alice")
        let since = floor.contact(of: caller)?.firstEnqueuedAt
        _ = try floor.talk(with: "bob")
        floor.advance(seconds: 30)
        let second = floor.call("101")
        floor.lose("alice-browser")
        floor.advance(seconds: 59)
        #expect(floor.contact(of: caller)?.conversation != nil)
        #expect(floor.agent("alice").presence == .available)
        floor.advance(seconds: 1)
        #expect(floor.legs[desk] == nil && floor.agent("alice").presence == .offline && floor.agent("alice").work.isEmpty)
        #expect(floor.agent("alice").lostSince == nil)
        let entry = try #require(floor.contact(of: caller)?.entry)
        #expect(entry.queue == "sales" && entry.key.effectiveEnqueuedAt == since)
        let expected = [caller, second].compactMap { floor.contact(of: $0)?.id }
        #expect(floor.center.queues["sales"]?.waiting.map(\.contact) == expected)
        #expect(floor.hearsLoop(caller), "the music goes on")
        floor.register("alice-browser")
        floor.set(.available, for: "alice")
        #expect(floor.ringing(at: "alice").count == 1)
        let answered = floor.answer(at: "alice")
        #expect(floor.isBridged(caller, try #require(answered)), "before the one who came later")
    }

    @Test("the old place is kept even in a queue that is full, and with a head start that the flow gave")
    func fullQueue() throws {
        var configuration = SmallCenter.desks(sales: { $0.waitingMax = 1 })
        configuration.flows[1].nodes[0].action = .queue(
            .init(queue: "sales", priorityClass: 3, boostSeconds: 40, otherwise: "support"))
        var floor = SmallCenter.floor(configuration, signedIn: ["alice"])
        let (caller, _) = try floor.talk(with: "alice")
        let key = floor.contact(of: caller)?.orderKey
        #expect(key?.priorityClass == 3)
        floor.set(.available, for: "bob")
        floor.call("101")
        #expect(floor.center.queues["sales"]?.waiting.count == 1)
        floor.lose("alice-browser")
        floor.advance(seconds: 60)
        #expect(floor.contact(of: caller)?.entry?.queue == "sales" && floor.contact(of: caller)?.entry?.key == key)
    }

    @Test("lost while it rings is no miss: the offer is rescinded, the next agent is rung, and a return is offered again")
    func lostWhileRinging() throws {
        var floor = SmallCenter.floor(SmallCenter.desks(), signedIn: ["alice"])
        let caller = floor.call("101")
        let desk = try #require(floor.ringing(at: "alice").first)
        floor.lose("alice-browser")
        #expect(floor.legs[desk] == nil)
        #expect(floor.happenings(of: caller).contains(.offerEnded(OfferID(rawValue: 1), "alice", .rescinded)))
        #expect(floor.agent("alice").missesInARow == 0 && floor.center.figuresToday(of: "alice").missed == 0)
        #expect(floor.agent("alice").refusal == .lost && floor.agent("alice").presence == .available)
        floor.register("alice-browser")
        #expect(floor.ringing(at: "alice").count == 1, "at once")
    }

    @Test("a page that froze before an offer is not offered anything, and after the grace its agent is offline")
    func frozenBeforeAnOffer() {
        var floor = SmallCenter.floor(SmallCenter.desks(), signedIn: ["alice", "bob"])
        floor.advance(seconds: 100)
        let since = floor.agent("alice").presenceSince
        floor.lose("alice-browser")
        let caller = floor.call("101")
        #expect(floor.ringing(at: "alice").isEmpty && floor.ringing(at: "bob").count == 1)
        let why = floor.happenings(of: caller).compactMap { happening -> Explanation? in
            if case .offered(_, _, _, let why) = happening { why } else { nil }
        }
        #expect(why.first?.refused.map(\.refusal) == [.lost])
        floor.advance(seconds: 59)
        #expect(floor.agent("alice").presence == .available && floor.agent("alice").presenceSince == since)
        floor.advance(seconds: 1)
        #expect(floor.agent("alice").presence == .offline)
        #expect(floor.agent("alice").missesInARow == 0)
    }

    @Test("a pause and its clock outlive a reload too; whoever is offline cannot be lost")
    func pause() {
        var floor = SmallCenter.floor(SmallCenter.desks(), signedIn: ["alice"])
        floor.set(.aux(reason: "break"), for: "alice")
        let since = floor.agent("alice").presenceSince
        floor.advance(seconds: 10)
        floor.lose("alice-browser")
        #expect(floor.agent("alice").refusal == .lost)
        floor.advance(seconds: 10)
        floor.register("alice-browser")
        #expect(floor.agent("alice").presence == .aux(reason: "break") && floor.agent("alice").presenceSince == since)
        floor.set(.offline, for: "alice")
        floor.lose("alice-browser")
        #expect(floor.agent("alice").lostSince == nil && floor.agent("alice").refusal == .offline)
    }

    @Test("hold, then lost, then back: still on hold, with the same music, until the agent takes the caller back")
    func holdLostReturn() throws {
        var floor = SmallCenter.floor(SmallCenter.desks(), signedIn: ["alice"])
        let (caller, desk) = try floor.talk(with: "alice")
        floor.submit(.holdRequested("alice", true))
        #expect(floor.isParked(caller, from: desk))
        floor.lose("alice-browser")
        #expect(!floor.commands.contains { if case .play = $0 { true } else { false } }, "the music is not begun again")
        #expect(floor.isParked(caller, from: desk))
        floor.register("alice-browser")
        #expect(floor.isParked(caller, from: desk) && floor.contact(of: caller)?.conversation?.heldBy == .agent)
        floor.submit(.holdRequested("alice", false))
        #expect(floor.isBridged(caller, desk) && !floor.hearsLoop(caller))
    }

    @Test("a caller who holds while the agent is lost finds the right sound whenever either is back")
    func callerHolds() throws {
        var floor = SmallCenter.floor(SmallCenter.desks(), signedIn: ["alice"])
        let (caller, desk) = try floor.talk(with: "alice")
        floor.lose("alice-browser")
        floor.submit(.legHeld(caller, true))
        #expect(!floor.hearsLoop(desk), "nobody is there to hear music")
        floor.register("alice-browser")
        #expect(floor.hearsLoop(desk) && !floor.isBridged(caller, desk))
        floor.lose("alice-browser")
        floor.submit(.legHeld(caller, false))
        #expect(floor.isParked(caller, from: desk))
        floor.register("alice-browser")
        #expect(floor.isBridged(caller, desk) && !floor.hearsLoop(desk))
    }

    @Test("mute outlives a reload: the caller does not suddenly hear the room")
    func mute() throws {
        var floor = SmallCenter.floor(SmallCenter.desks(), signedIn: ["alice"])
        let (_, desk) = try floor.talk(with: "alice")
        floor.submit(.muteRequested("alice", true))
        floor.lose("alice-browser")
        floor.register("alice-browser")
        #expect(floor.commands.contains(.mute(desk, true)) && floor.muted == [desk])
    }

    @Test("the caller hangs up while the agent is lost: handled, and the wrap-up waits at the desk")
    func callerGone() throws {
        var floor = SmallCenter.floor(SmallCenter.desks(), signedIn: ["alice"])
        let (caller, desk) = try floor.talk(with: "alice")
        floor.lose("alice-browser")
        floor.hangUp(caller)
        #expect(floor.outcome(of: caller) == .handled && floor.legs[desk] == nil)
        guard case .wrapUp? = floor.agent("alice").work.first else {
            Issue.record("no wrap-up")
            return
        }
        floor.register("alice-browser")
        floor.advance(seconds: 10)
        #expect(floor.agent("alice").refusal == nil)
    }

    @Test("a sign-out in order, and a leg that ends for good, do not wait for the grace")
    func noGrace() throws {
        var floor = SmallCenter.floor(SmallCenter.desks(), signedIn: ["alice"])
        let (caller, desk) = try floor.talk(with: "alice")
        floor.lose("alice-browser")
        floor.submit(.legSilent(desk))
        #expect(floor.contact(of: caller)?.conversation?.isLost == true, "that nothing is heard of it is known")
        floor.hangUp(desk)
        #expect(floor.contact(of: caller)?.entry?.queue == "sales")
        #expect(floor.agent("alice").presence == .available && floor.agent("alice").work.isEmpty)
        floor.submit(.deviceUnregistered("alice-browser"))
        #expect(floor.agent("alice").presence == .offline)
    }

    @Test("with a phone beside the browser an idle agent is not lost; one who talks on the browser is, and returns by it alone")
    func phoneAndBrowser() throws {
        let configuration = SmallCenter.desks { $0.agents[0].devices = ["alice-desk", "alice-browser"] }
        var floor = SmallCenter.floor(configuration, signedIn: ["alice"])
        let first = floor.call("101")
        #expect(floor.ringing(at: "alice").count == 2)
        floor.lose("alice-browser")
        #expect(floor.ringing(at: "alice").count == 1 && floor.agent("alice").lostSince == nil, "the phone rings on")
        floor.hangUp(first)
        floor.register("alice-browser")
        let caller = floor.call("101")
        let browser = try #require(floor.ringing(at: "alice").last)
        floor.answer(browser)
        #expect(floor.contact(of: caller)?.conversation?.device == "alice-browser")
        floor.lose("alice-browser")
        floor.register("alice-desk")
        #expect(floor.isParked(caller, from: browser), "the caller is on the other device")
        floor.register("alice-browser")
        #expect(floor.isBridged(caller, browser))
    }

    @Test("lost twice is lost once, and a loss of what was never there is a late event")
    func late() {
        var floor = SmallCenter.floor(SmallCenter.desks(), signedIn: ["alice"])
        floor.lose("alice-browser")
        let until = floor.agent("alice").graceUntil
        let late = floor.center.figures.lateEvents
        floor.advance(seconds: 5)
        floor.lose("alice-browser")
        floor.lose("bob-browser")
        floor.lose("nobody")
        #expect(floor.agent("alice").graceUntil == until && floor.center.figures.lateEvents == late + 3)
    }

    @Test("an agent who is taken out of the configuration while lost is still waited for with the caller")
    func removed() throws {
        for returns in [true, false] {
            var floor = SmallCenter.floor(SmallCenter.desks(), signedIn: ["alice", "bob"])
            let (caller, desk) = try floor.talk(with: "alice")
            var reduced = SmallCenter.desks(version: "2")
            reduced.agents.removeFirst()
            reduced.queues[0].members.removeFirst()
            floor.apply(reduced)
            floor.lose("alice-browser")
            #expect(floor.isParked(caller, from: desk))
            if returns {
                floor.register("alice-browser")
                #expect(floor.isBridged(caller, desk))
                floor.hangUp(caller)
                floor.advance(seconds: 10)
            } else {
                floor.advance(seconds: 60)
                #expect(floor.ringing(at: "bob").count == 1)
            }
            #expect(floor.center.agents["alice"] == nil)
        }
    }

    @Test("a browser that does not come back after a restart is not taken for present for ever")
    func restart() {
        var floor = SmallCenter.floor(SmallCenter.desks(), signedIn: ["alice", "bob"])
        floor.restart(with: floor.center)
        #expect(floor.agent("alice").presence == .available && floor.agent("alice").refusal == .lost)
        floor.advance(seconds: 3)
        floor.register("bob-browser")
        floor.advance(seconds: 57)
        #expect(floor.agent("alice").presence == .offline && floor.agent("bob").presence == .available)
    }

    @Test("the grace is a setting")
    func setting() {
        var floor = SmallCenter.floor(SmallCenter.desks { $0.lostGraceSeconds = 5 }, signedIn: ["alice"])
        floor.lose("alice-browser")
        floor.advance(seconds: 5)
        #expect(floor.agent("alice").presence == .offline)
        #expect(CenterConfiguration(version: "", lostGraceSeconds: -3).lostGraceSeconds == 1)
    }

    @Test("a browser that a reload takes from an agent in the middle of a call can still be lost, and its caller is kept")
    func browserTakenAway() throws {
        func configuration(_ devices: [DeviceID]) -> CenterConfiguration {
            SmallCenter.desks { $0.agents[0].devices = devices }
        }
        var floor = SmallCenter.floor(configuration(["alice-desk", "alice-browser"]), signedIn: ["alice"])
        let caller = floor.call("101")
        floor.answer(try #require(floor.ringing(at: "alice").last))
        #expect(floor.contact(of: caller)?.conversation?.device == "alice-browser")
        floor.apply(configuration(["alice-desk"]))
        #expect(floor.contact(of: caller)?.conversation?.isLost == false)
        floor.lose("alice-browser")
        #expect(floor.contact(of: caller)?.conversation?.isLost == true && floor.hearsLoop(caller))
        floor.advance(seconds: 60)
        #expect(floor.contact(of: caller)?.entry?.queue == "sales")
    }

    @Test("an offer that rings on a browser which a reload takes away is rescinded, and is no miss")
    func offerOnBrowserTakenAway() throws {
        var floor = SmallCenter.floor(SmallCenter.desks(), signedIn: ["alice"])
        let caller = floor.call("101")
        #expect(floor.ringing(at: "alice").count == 1)
        floor.apply(SmallCenter.desks { $0.agents[0].devices = ["alice-desk"] })
        #expect(floor.ringing(at: "alice").isEmpty && floor.agent("alice").missesInARow == 0)
        #expect(floor.contact(of: caller)?.entry?.offer == nil)
    }

    @Test("an agent whose lost call is over is not lost any more while a phone is there")
    func phoneIsEnough() throws {
        let configuration = SmallCenter.desks { $0.agents[0].devices = ["alice-desk", "alice-browser"] }
        var floor = SmallCenter.floor(configuration, signedIn: ["alice"])
        let caller = floor.call("101")
        floor.answer(try #require(floor.ringing(at: "alice").last))
        floor.lose("alice-browser")
        #expect(floor.agent("alice").refusal == .lost)
        floor.hangUp(caller)
        #expect(floor.agent("alice").lostSince == nil)
        floor.advance(seconds: 100)
        #expect(floor.agent("alice").presence == .available && floor.agent("alice").refusal == nil)
    }

    @Test("missed on two devices, an agent whose mail on the one is handed on is missed for the caller on the other")
    func oneOfTwoDevices() throws {
        var floor = WorkCenter.floor(WorkCenter.configuration { $0.agents[0].devices = ["alice-desk", "alice-browser"] })
        let mail = try floor.taken(WorkCenter.mail())
        floor.answer(at: "alice")
        let caller = floor.call("101")
        floor.answer(try #require(floor.ringing(at: "alice").first))
        #expect(floor.contact(of: caller)?.conversation?.device == "alice-desk")
        floor.lose("alice-desk")
        let until = floor.agent("alice").graceUntil
        floor.advance(seconds: 10)
        floor.lose("alice-browser")
        #expect(floor.agent("alice").loss?.device == "alice-browser")
        floor.submit(.workTransferRequested("alice", mail, .queue("support")))
        #expect(floor.agent("alice").loss?.device == "alice-desk" && floor.agent("alice").graceUntil == until)
        // That phone signs out: nobody waits for it any longer.
        floor.submit(.deviceUnregistered("alice-desk"))
        #expect(floor.contact(of: caller)?.entry?.queue == "sales" && floor.agent("alice").presence == .offline)
    }
}
