// Where the capacity model comes to its edges: misses beside other work, waves under a reload, and what is counted once.

import ACD
import Basics
import ContactCenter
import Simulation
import Testing

struct CapacityLimitStories {
    @Test("not responding beside a chat: what else rings is for others, and the agent is back without finishing the chat first")
    func notResponding() throws {
        let kinds = WorkCenter.kinds + [WorkKind(id: .call, channel: .voice, weight: 50)]
        var floor = WorkCenter.floor(WorkCenter.configuration(kinds: kinds))
        floor.chat(in: "sales")
        floor.answerAll(at: "alice")
        let caller = floor.call("101")
        // 20 s, 3 s in which she is passed over, and 20 s again.
        floor.advance(seconds: 30)
        let chat = floor.chat(in: "sales")
        #expect(floor.offered(to: "alice") == [floor.id(of: caller), floor.id(of: chat)].compactMap { $0 })
        floor.advance(seconds: 13)
        #expect(floor.agent("alice").presence == .aux(reason: AgentPresence.notResponding))
        #expect(floor.offered(to: "alice").isEmpty && floor.active(at: "alice").count == 1)
        #expect(
            floor.happenings(of: chat).contains { if case .offerEnded(_, "alice", .rescinded) = $0 { true } else { false } })
        floor.set(.available, for: "alice")
        #expect(floor.agent("alice").presence == .available && floor.agent("alice").pendingPresence == nil)
        #expect(floor.offered(to: "alice") == [floor.id(of: chat)].compactMap { $0 }, "the call passes her over for 3 s")
    }

    @Test("a prepared reload in the middle of a wave: whom the new maximum has not reached can have what the old one allows")
    func wave() throws {
        var floor = SmallCenter.floor(Self.crowd(stepSeconds: 1, version: "1"), signedIn: ["agent-699"])
        let chats = (0..<8).map { _ in floor.chat(in: "sales") }
        #expect(floor.offered(to: "agent-699").count == 1)
        floor.advance(seconds: 1)
        #expect(floor.offered(to: "agent-699").count == 2, "seven have waited, more than five")
        floor.answerAll(at: "agent-699")
        for chat in chats[2...] { floor.hangUp(chat) }
        floor.hangUp(chats[1])
        floor.prepare(Self.crowd(stepSeconds: 2, version: "2"))
        floor.advance(by: floor.center.nextDeadline - floor.now)
        #expect(floor.center.kinds.first { $0.rules.id == "chat" }?.atOnceMax == 1)
        // Of 600 agents the first 500 know of it.
        floor.apply(Self.crowd(stepSeconds: 2, version: "2"))
        floor.chat(in: "sales")
        #expect(floor.offered(to: "agent-699").count == 1)
        floor.advance(by: .milliseconds(10))
        floor.answerAll(at: "agent-699")
        floor.hangUp(chats[0])
        floor.chat(in: "sales")
        #expect(floor.offered(to: "agent-699").isEmpty && floor.active(at: "agent-699").count == 1)
    }

    private static func crowd(stepSeconds: Int, version: String) -> CenterConfiguration {
        var configuration = SmallCenter.desks(version: version)
        // Of three digits each, so that the last is the last in their order, too.
        let ids = (100..<700).map { AgentID("agent-\($0)") }
        configuration.agents = ids.map { AgentRules(id: $0, devices: [$0.browser]) }
        configuration.kinds = [
            WorkKind(
                id: "chat", channel: .chat, weight: 10,
                concurrency: .init(least: 1, most: 2, raiseAtWaiting: 5, lowerAtWaiting: 1, stepSeconds: stepSeconds))
        ]
        configuration.queues[0].members = ids.map { .init(agent: $0) }
        configuration.queues[0].kinds = ["chat"]
        configuration.queues[0].wrapUpSeconds = 0
        return configuration
    }

    @Test("a low figure of one queue is owed although another queue is praised behind it")
    func owed() {
        var kinds = WorkCenter.kinds
        kinds[0].concurrency = .init(
            least: 1, most: 3, raiseAtWaiting: 0, lowerAtWaiting: 0, satisfactionBelow: 70, stepSeconds: 30)
        var floor = WorkCenter.floor(WorkCenter.configuration(kinds: kinds), signedIn: [])
        floor.chat(in: "sales")
        floor.advance(seconds: 1)
        #expect(floor.center.kinds.first { $0.rules.id == "chat" }?.atOnceMax == 2)
        floor.submit(.satisfactionReported("chat", "sales", percent: 60))
        floor.submit(.satisfactionReported("chat", "support", percent: 90))
        floor.advance(seconds: 30)
        #expect(floor.center.kinds.first { $0.rules.id == "chat" }?.atOnceMax == 1)
    }

    @Test("however light pieces are, an agent has at most fifty")
    func pieces() {
        var floor = WorkCenter.floor(
            WorkCenter.configuration(kinds: [WorkKind(id: "mail", channel: .email, weight: 1)]))
        for _ in 0..<60 { floor.arrive(WorkCenter.mail()) }
        #expect(floor.offered(to: "alice").count == 50 && floor.center.refusal(of: "alice", for: "mail") == .busy)
    }

    @Test("a chat that its queue does not take back is talked once: 100 s and the grace of 60 s")
    func countedOnce() {
        var floor = WorkCenter.floor(WorkCenter.configuration(sales: { $0.joinEmpty = false }))
        let chat = floor.chat(in: "sales")
        floor.answerAll(at: "alice")
        floor.advance(seconds: 100)
        floor.lose("alice-browser")
        floor.advance(seconds: 60)
        #expect(floor.outcome(of: chat) == .handled)
        let figures = floor.center.figuresToday(of: "alice")
        #expect(figures.talkSeconds == 160 && figures.handled == 0)
        #expect(floor.agent("alice").work.isEmpty)
    }
}
