// One capacity for all channels: what an agent has at once, and what waits for room (S0-26, S0-31).

import ACD
import Basics
import ContactCenter
import Simulation
import Testing

struct CapacityStories {
    @Test("five chats of 20 units fill an agent of 100, the sixth waits until one is wrapped up")
    func chats() throws {
        var floor = WorkCenter.floor()
        let chats = (0..<6).map { _ in floor.chat(in: "sales") }
        #expect(floor.offered(to: "alice") == chats.prefix(5).compactMap { floor.id(of: $0) }, "all ring in their order")
        floor.answerAll(at: "alice")
        #expect(floor.active(at: "alice").count == 5 && floor.stateName(floor.id(of: chats[5])) == "queued")
        #expect(floor.center.refusal(of: "alice", for: "chat") == .busy)
        // A customer leaves: the wrap-up of 10 s keeps its 20 units.
        floor.hangUp(chats[0])
        #expect(floor.wrappedUp(at: "alice").count == 1 && floor.offered(to: "alice").isEmpty)
        floor.advance(seconds: 9)
        #expect(floor.offered(to: "alice").isEmpty)
        floor.advance(seconds: 1)
        #expect(floor.offered(to: "alice") == [floor.id(of: chats[5])])
    }

    @Test("disputes take two slots: the third waits, and one dispute leaves room for two chats (50 + 20 + 20)")
    func disputes() throws {
        var floor = WorkCenter.floor()
        let disputes = (0..<3).map { _ in floor.chat("dispute", in: "sales") }
        floor.answerAll(at: "alice")
        #expect(floor.active(at: "alice").count == 2 && floor.stateName(floor.id(of: disputes[2])) == "queued")
        floor.hangUp(disputes[2])
        let over = try #require(floor.id(of: disputes[0]))
        floor.submit(.workCompleted("alice", over))
        floor.submit(.workWrapUpCompleted("alice", over, disposition: nil))
        #expect(floor.legs[disputes[0]] == nil, "the session is closed with the contact")
        for _ in 0..<3 { floor.chat(in: "sales") }
        floor.answerAll(at: "alice")
        #expect(floor.active(at: "alice").count == 3, "50 + 20 + 20, and 10 left over")
    }

    @Test("three to five by kind: the kind's own maximum holds although there is room, and an agent's lower one before it")
    func perAgentMax() {
        var kinds = WorkCenter.kinds
        kinds[0].perAgentMax = 3
        var floor = WorkCenter.floor(
            WorkCenter.configuration(kinds: kinds) { configuration in
                configuration.agents[1].limits = AgentLimits(most: [.init(kind: "chat", count: 2)])
                configuration.agents[2].limits = AgentLimits(kinds: [.call])
            }, signedIn: ["alice"])
        for _ in 0..<6 { floor.chat(in: "sales") }
        #expect(floor.offered(to: "alice").count == 3)
        floor.signIn("bob")
        #expect(floor.offered(to: "bob").count == 2)
        floor.signIn("carol")
        floor.chat(in: "support")
        #expect(floor.offered(to: "carol").isEmpty && floor.center.refusal(of: "carol", for: "chat") == .kindNotDone)
        #expect(floor.center.refusal(of: "carol", for: .call) == nil)
    }

    @Test("a call fills the agent: it waits while one chat is open, and no chat comes while it is talked and wrapped up")
    func callFills() throws {
        var floor = WorkCenter.floor()
        let chat = floor.chat(in: "sales")
        floor.answerAll(at: "alice")
        let caller = floor.call("101")
        #expect(floor.ringing(at: "alice").isEmpty && floor.hearsLoop(caller))
        floor.submit(.workCompleted("alice", try #require(floor.id(of: chat))))
        #expect(floor.ringing(at: "alice").isEmpty, "20 units of wrap-up are left")
        floor.advance(seconds: 10)
        let desk = try floor.accepted(at: "alice")
        floor.chat(in: "sales")
        #expect(floor.offered(to: "alice").isEmpty)
        floor.hangUp(desk)
        floor.advance(seconds: 9)
        #expect(floor.offered(to: "alice").isEmpty, "a call's wrap-up fills the agent, too")
        floor.advance(seconds: 1)
        #expect(floor.offered(to: "alice").count == 1)
    }

    @Test("where chats may be interrupted by calls, a call comes on top of three, and then nothing more")
    func callOverChats() {
        var kinds = WorkCenter.kinds
        kinds[0].interruptedBy = [.call]
        var floor = WorkCenter.floor(WorkCenter.configuration(kinds: kinds))
        for _ in 0..<3 { floor.chat(in: "sales") }
        floor.answerAll(at: "alice")
        let caller = floor.call("101")
        floor.answer(at: "alice")
        #expect(floor.contact(of: caller)?.conversation != nil && floor.active(at: "alice").count == 4)
        floor.chat(in: "sales")
        #expect(floor.offered(to: "alice").isEmpty, "a chat sees the call's 100 units")
        #expect(floor.agent("alice").activeContact == floor.id(of: caller), "hold and mute are the call's")
    }

    @Test("a call interrupts a mail; a second mail does not come on top of the call, and the mail is still there after it")
    func callOverMail() throws {
        var floor = WorkCenter.floor()
        let mail = try floor.taken(WorkCenter.mail())
        floor.answer(at: "alice")
        #expect(floor.stateName(mail) == "active")
        let caller = floor.call("101")
        let desk = try floor.accepted(at: "alice")
        #expect(floor.isBridged(caller, desk))
        floor.arrive(WorkCenter.mail())
        #expect(floor.offered(to: "alice").isEmpty, "40 + 100 + 40 > 100")
        floor.hangUp(desk)
        floor.advance(seconds: 10)
        #expect(floor.offered(to: "alice").count == 1, "40 + 40")
        #expect(floor.active(at: "alice") == [mail])
    }

    @Test("whoever is idle comes before whoever has chats, and of those the one with fewer")
    func spread() {
        var floor = WorkCenter.floor(signedIn: ["alice", "bob"])
        var taken: [AgentID] = []
        for _ in 0..<4 {
            floor.chat(in: "sales")
            for agent in ["alice", "bob"] as [AgentID] where !floor.ringing(at: agent).isEmpty {
                taken.append(agent)
                floor.answerAll(at: agent)
            }
        }
        // Alice has been idle longest; then bob is idle and she is not; then both have one.
        #expect(taken == ["alice", "bob", "alice", "bob"])
    }

    @Test("one queue with several media serves in one order: a mail of lower class waits behind a later call (C8)")
    func oneQueue() throws {
        var floor = WorkCenter.floor(signedIn: [])
        let mail = try floor.taken(WorkCenter.mail())
        floor.advance(seconds: 30)
        let caller = floor.call("101")
        let chat = floor.chat(in: "sales")
        let waiting = floor.center.queues["sales"]?.waiting.map(\.contact)
        #expect(waiting == [floor.id(of: caller), floor.id(of: chat), mail].compactMap { $0 })
        floor.signIn("alice")
        #expect(floor.offered(to: "alice") == [floor.id(of: caller)].compactMap { $0 }, "and it fills her")
    }

    @Test("one queue for each medium: a queue of calls gives a chat to its overflow, and one of chats a call to its flow (C8)")
    func oneQueuePerMedium() throws {
        var floor = WorkCenter.floor(
            WorkCenter.configuration { configuration in
                configuration.queues[0].kinds = [.call]
                configuration.queues[1].kinds = ["chat"]
            }, signedIn: [])
        let chat = floor.chat(in: "sales", overflow: ["support"])
        #expect(floor.contact(of: chat)?.entry?.queue == "support")
        #expect(floor.happenings(of: chat).contains(.diverted("sales", .closed)))
        let unserved = floor.chat(in: "sales")
        #expect(floor.outcome(of: unserved) == .unserved && floor.legs[unserved] == nil)
        let caller = floor.call("100")
        floor.press("2", on: caller)
        #expect(floor.happenings(of: caller).contains(.diverted("support", .closed)))
    }
}
