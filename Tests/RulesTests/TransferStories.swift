// An agent hands a caller on: to a queue, or to a colleague in person.

import ACD
import Basics
import ContactCenter
import Simulation
import Testing

struct TransferStories {
    @Test("a transfer to a queue keeps the original order key, and the agent wraps up")
    func queue() throws {
        var floor = SmallCenter.floor(SmallCenter.desks(), signedIn: ["alice"])
        let (caller, desk) = try floor.talk(with: "alice")
        let key = floor.contact(of: caller)?.orderKey
        floor.advance(seconds: 100)
        let later = floor.call("100")
        floor.press("2", on: later)
        floor.advance(seconds: 30)
        floor.submit(.transferRequested("alice", .queue("support")))
        #expect(floor.legs[desk] == nil && floor.legs[caller] != nil)
        #expect(floor.contact(of: caller)?.entry?.queue == "support" && floor.contact(of: caller)?.entry?.key == key)
        #expect(floor.hearsLoop(caller))
        guard case .wrapUp? = floor.agent("alice").work.first else {
            Issue.record("no wrap-up")
            return
        }
        #expect(floor.happenings(of: caller).contains(.transferred("alice", to: .queue("support"))))
        floor.signIn("carol")
        let answered = floor.answer(at: "carol")
        #expect(floor.isBridged(caller, try #require(answered)), "before the one who came to support a minute before")
        #expect(floor.contact(of: caller)?.agent == "carol")
        #expect(floor.center.figuresToday(of: "alice").handled == 1)
    }

    @Test("a transfer to the own queue does not come straight back")
    func ownQueue() throws {
        var floor = SmallCenter.floor(SmallCenter.desks(sales: { $0.wrapUpSeconds = 0 }), signedIn: ["alice"])
        let (caller, _) = try floor.talk(with: "alice")
        floor.submit(.transferRequested("alice", .queue("sales")))
        #expect(floor.ringing(at: "alice").isEmpty && floor.contact(of: caller)?.entry != nil)
        floor.advance(seconds: 10)
        #expect(floor.ringing(at: "alice").count == 1, "but if nobody else is there")
    }

    @Test("a transfer to an agent rings that agent, though not a member of the queue, and nobody else")
    func agent() throws {
        var floor = SmallCenter.floor(SmallCenter.desks(), signedIn: ["alice", "bob", "carol"])
        let (caller, _) = try floor.talk(with: "alice")
        floor.submit(.transferRequested("alice", .agent("carol")))
        #expect(floor.ringing(at: "carol").count == 1 && floor.ringing(at: "bob").isEmpty)
        let answered = floor.answer(at: "carol")
        #expect(floor.isBridged(caller, try #require(answered)))
        #expect(floor.agent("carol").personal.isEmpty)
    }

    @Test("an agent who is busy gets the personal caller first, before others who have waited longer")
    func busyAgent() throws {
        var floor = SmallCenter.floor(SmallCenter.desks(), signedIn: ["bob", "alice"])
        let (first, _) = try floor.talk(with: "bob")
        let (caller, _) = try floor.talk(with: "alice")
        let waiting = floor.call("101")
        floor.submit(.transferRequested("alice", .agent("bob")))
        floor.advance(seconds: 10)
        #expect(floor.ringing(at: "alice").count == 1, "alice's wrap-up is over, and she gets the next of the queue")
        floor.answer(at: "alice")
        #expect(floor.contact(of: waiting)?.agent == "alice" && floor.contact(of: caller)?.entry?.personal?.agent == "bob")
        floor.hangUp(first)
        floor.advance(seconds: 10)
        floor.answer(at: "bob")
        #expect(floor.contact(of: caller)?.conversation != nil && floor.contact(of: caller)?.agent == "bob")
    }

    @Test(
        "whoever waits for one agent waits for anybody after a minute, a decline, or when that agent pauses", arguments: 0..<3)
    func opens(how: Int) throws {
        var floor = SmallCenter.floor(SmallCenter.desks(sales: { $0.wrapUpSeconds = 600 }), signedIn: ["bob", "alice"])
        let (first, _) = try floor.talk(with: "bob")
        let (caller, _) = try floor.talk(with: "alice")
        floor.submit(.transferRequested("alice", .agent("bob")))
        #expect(floor.contact(of: caller)?.entry?.personal?.agent == "bob")
        switch how {
        case 0:
            floor.advance(seconds: 60)
        case 1:
            floor.hangUp(first)
            floor.set(.available, for: "bob")
            floor.fail(try #require(floor.ringing(at: "bob").first), .declined)
        default:
            floor.hangUp(first)
            floor.set(.aux(reason: "break"), for: "bob")
        }
        #expect(floor.contact(of: caller)?.entry?.personal == nil && floor.agent("bob").personal.isEmpty)
        floor.set(.available, for: "alice")
        floor.advance(seconds: 10)
        #expect(floor.ringing(at: "alice").count == 1)
    }

    @Test("what cannot be a target is refused: nobody, oneself, who is away, lost or full, a queue that is none")
    func refused() throws {
        let configuration = SmallCenter.desks { $0.queues[1].waitingMax = 1 }
        var floor = SmallCenter.floor(configuration, signedIn: ["alice"])
        let (caller, _) = try floor.talk(with: "alice")
        func refusal(_ target: TransferTarget) -> ControlRefusal? {
            floor.center.refusal(of: .transferRequested("alice", target))
        }
        #expect(refusal(.queue("none")) == .unknownTarget && refusal(.agent("nobody")) == .unknownTarget)
        #expect(refusal(.agent("alice")) == .unknownTarget)
        #expect(refusal(.agent("bob")) == .notAllowed, "offline")
        floor.signIn("bob")
        #expect(refusal(.agent("bob")) == nil)
        floor.lose("bob-browser")
        #expect(refusal(.agent("bob")) == .notAllowed, "lost")
        #expect(refusal(.queue("support")) == nil)
        let waiting = floor.call("100")
        floor.press("2", on: waiting)
        #expect(refusal(.queue("support")) == .busy)
        floor.submit(.transferRequested("alice", .queue("support")))
        #expect(floor.contact(of: caller)?.conversation != nil, "nothing has changed")
    }

    @Test("a transfer into a queue that records tells the caller first")
    func announced() throws {
        let configuration = SmallCenter.desks { $0.queues[1].recording = .init(announcement: "This call is recorded.") }
        var floor = SmallCenter.floor(configuration, signedIn: ["alice", "carol"])
        let (caller, _) = try floor.talk(with: "alice")
        floor.submit(.transferRequested("alice", .queue("support")))
        #expect(floor.ringing(at: "carol").isEmpty)
        floor.advance(seconds: 2)
        floor.answer(at: "carol")
        #expect(floor.contact(of: caller)?.recording != nil)
    }

    @Test("a recording that runs goes on with the next agent's voice in it")
    func recording() throws {
        let configuration = SmallCenter.desks(sales: { $0.recording = .init(announcement: "This call is recorded.") })
        var floor = SmallCenter.floor(configuration, signedIn: ["alice", "carol"])
        let caller = floor.call("101")
        floor.advance(seconds: 2)
        floor.answer(at: "alice")
        let recording = try #require(floor.contact(of: caller)?.recording)
        floor.submit(.transferRequested("alice", .queue("support")))
        let answered = floor.answer(at: "carol")
        #expect(floor.commands.contains(.record(recording, [try #require(answered)])))
    }

    @Test("who waits for a colleague in person stays when the queue's last member signs out, and leaves with the colleague")
    func leaveEmpty() throws {
        let configuration = SmallCenter.desks(sales: { $0.leaveEmpty = true })
        var floor = SmallCenter.floor(configuration, signedIn: ["alice", "carol"])
        let (caller, _) = try floor.talk(with: "alice")
        floor.submit(.transferRequested("alice", .agent("carol")))
        #expect(floor.ringing(at: "carol").count == 1)
        floor.submit(.wrapUpCompleted("alice", disposition: nil))
        floor.set(.offline, for: "alice")
        #expect(floor.ringing(at: "carol").count == 1, "rings on")
        floor.set(.aux(reason: "break"), for: "carol")
        #expect(floor.contact(of: caller)?.entry?.queue == "support", "nobody is left in sales")
    }
}
