// Availability by channel, and a maximum that follows the load (S0-31, S0-66).

import ACD
import Basics
import ContactCenter
import Foundation
import Simulation
import Testing

struct ChannelStories {
    @Test("an agent closes the chat: what rings goes to somebody else, what is begun goes on, calls still come")
    func closed() throws {
        var floor = WorkCenter.floor()
        let first = floor.chat(in: "sales")
        floor.answerAll(at: "alice")
        let second = floor.chat(in: "sales")
        #expect(floor.offered(to: "alice").count == 1)
        floor.submit(.channelsRequested("alice", opened: [], closed: [.chat]))
        #expect(floor.offered(to: "alice").isEmpty && floor.active(at: "alice") == [floor.id(of: first)].compactMap { $0 })
        #expect(floor.center.refusal(of: "alice", for: "chat") == .channelClosed)
        #expect(floor.center.refusal(of: "alice", for: "dispute") == .channelClosed, "they come over the same channel")
        #expect(floor.center.refusal(of: "alice", for: "mail") == nil)
        floor.submit(.workCompleted("alice", try #require(floor.id(of: first))))
        floor.advance(seconds: 10)
        floor.call("101")
        #expect(floor.offered(to: "alice").count == 1)
        floor.signIn("bob")
        #expect(floor.offered(to: "bob") == [floor.id(of: second)].compactMap { $0 })
    }

    @Test("closed channels outlive a pause, signing out, a reload and a restart")
    func kept() throws {
        var floor = WorkCenter.floor()
        floor.submit(.channelsRequested("alice", opened: [], closed: [.email, .chat]))
        floor.set(.aux(reason: "break"), for: "alice")
        floor.set(.offline, for: "alice")
        floor.apply(WorkCenter.configuration(sales: { $0.wrapUpSeconds = 3 }))
        let copy = try JSONDecoder().decode(Center.self, from: JSONEncoder().encode(floor.center))
        floor.restart(with: copy)
        floor.signIn("alice")
        #expect(floor.agent("alice").closedChannels == [.chat, .email])
        floor.submit(.channelsRequested("alice", opened: [.chat, .voice], closed: []))
        #expect(floor.center.refusal(of: "alice", for: "chat") == nil && floor.agent("alice").closedChannels == [.email])
    }

    @Test("an agent's channels are those of its queues' kinds that it does")
    func channels() {
        let floor = WorkCenter.floor(
            WorkCenter.configuration { configuration in
                configuration.queues[1].kinds = [.call]
                configuration.agents[0].limits = AgentLimits(kinds: [.call, "mail"])
            })
        #expect(floor.center.channels(of: "alice") == [.voice, .email])
        #expect(floor.center.channels(of: "bob") == [.voice, .chat, .email, .ticket])
        #expect(floor.center.channels(of: "carol") == [.voice])
    }

    /// Least 2, most 4; up above 3 who wait, down below 2; 30 s from step to step.
    private func following(satisfactionBelow: Int? = nil) -> CenterConfiguration {
        var chat = WorkKind(id: "chat", channel: .chat, weight: 10)
        chat.concurrency = .init(
            least: 2, most: 4, raiseAtWaiting: 3, lowerAtWaiting: 2, satisfactionBelow: satisfactionBelow)
        return WorkCenter.configuration(kinds: [chat])
    }

    private func most(_ floor: VirtualFloor) -> Int? { floor.center.kinds.first { $0.rules.id == "chat" }?.atOnceMax }

    @Test("the maximum goes up a step while more than the upper bound wait, stays in between, and comes down below the lower")
    func hysteresis() throws {
        var floor = WorkCenter.floor(following())
        var chats = (0..<5).map { _ in floor.chat(in: "sales") }
        floor.answerAll(at: "alice")
        // Two at alice, three wait: that is not more than three.
        floor.advance(seconds: 60)
        #expect(most(floor) == 2 && floor.active(at: "alice").count == 2)
        chats.append(floor.chat(in: "sales"))
        // The fourth: a step, a millisecond later, and at once there is an offer.
        floor.advance(by: .milliseconds(1))
        #expect(most(floor) == 3 && floor.offered(to: "alice").count == 1)
        floor.answerAll(at: "alice")
        // Three wait again: between the bounds nothing changes, however long.
        floor.advance(seconds: 300)
        #expect(most(floor) == 3)
        // Five wait: the next step.
        chats += (0..<2).map { _ in floor.chat(in: "sales") }
        floor.advance(by: .milliseconds(1))
        #expect(most(floor) == 4)
        floor.answerAll(at: "alice")
        #expect(floor.active(at: "alice").count == 4)
        // Four wait, which would be reason for more, but four is the most.
        floor.advance(seconds: 300)
        #expect(most(floor) == 4)
        // Two of them leave: two wait, which is not below two.
        for chat in chats.suffix(2) { floor.hangUp(chat) }
        floor.advance(seconds: 300)
        #expect(most(floor) == 4)
        floor.hangUp(chats[5])
        floor.advance(by: .milliseconds(1))
        #expect(most(floor) == 3, "one waits")
        #expect(floor.active(at: "alice").count == 4, "what she has she keeps")
        floor.advance(seconds: 29)
        #expect(most(floor) == 3, "not before the pause of 30 s is over")
        floor.advance(seconds: 1)
        #expect(most(floor) == 2)
        floor.advance(seconds: 600)
        #expect(most(floor) == 2, "never below the least")
    }

    @Test("a queue that swings round one bound moves the maximum once, not at every swing")
    func noFlapping() {
        var floor = WorkCenter.floor(following(), signedIn: [])
        var steps = 0
        var last = most(floor)
        var waiting = (0..<4).map { _ in floor.chat(in: "sales") }
        for _ in 0..<100 {
            floor.advance(seconds: 5)
            if let chat = waiting.popLast() { floor.hangUp(chat) }
            floor.advance(seconds: 5)
            waiting.append(floor.chat(in: "sales"))
            if most(floor) != last { steps += 1 }
            last = most(floor)
        }
        #expect(steps <= 2, "up to the most and no further: \(steps)")
        #expect(most(floor) == 4)
    }

    @Test("customers under the limit take one away, and none comes back before they are clearly above it")
    func satisfaction() {
        var floor = WorkCenter.floor(following(satisfactionBelow: 80))
        for _ in 0..<12 { floor.chat(in: "sales") }
        floor.advance(seconds: 61)
        #expect(most(floor) == 4)
        floor.submit(.satisfactionReported("chat", "sales", percent: 79))
        floor.advance(seconds: 31)
        #expect(most(floor) == 3, "one step for one figure")
        floor.advance(seconds: 300)
        #expect(most(floor) == 3, "and no more, although many wait")
        floor.submit(.satisfactionReported("chat", "sales", percent: 84))
        floor.advance(seconds: 300)
        #expect(most(floor) == 3, "80 is the limit, and 85 what gives back")
        floor.submit(.satisfactionReported("chat", "support", percent: 95))
        floor.advance(seconds: 300)
        #expect(most(floor) == 3, "of another queue")
        floor.submit(.satisfactionReported("chat", "sales", percent: 85))
        floor.advance(seconds: 31)
        #expect(most(floor) == 4)
    }

    @Test("a new maximum reaches a thousand agents in slices, and then all of them")
    func wave() {
        var configuration = following()
        let agents = (0..<1200).map { AgentID("agent-\(10_000 + $0)") }
        configuration.agents = agents.map { AgentRules(id: $0, devices: [$0.browser]) }
        configuration.queues[0].members = agents.map { .init(agent: $0) }
        configuration.queues[1].members = configuration.queues[0].members
        var floor = VirtualFloor()
        floor.apply(configuration)
        for agent in agents { floor.signIn(agent) }
        for _ in 0..<2400 { floor.chat(in: "sales") }
        for agent in agents { floor.answerAll(at: agent) }
        for _ in 0..<1204 { floor.chat(in: "sales") }
        let before = floor.journal.count
        floor.advance(by: .milliseconds(1))
        let offered = floor.center.agents.count { $0.value.work.count == 3 }
        #expect(offered == 500, "in the first turn: \(offered)")
        floor.advance(by: .milliseconds(3))
        #expect(floor.center.agents.count { $0.value.work.count == 3 } == 1200)
        #expect(floor.journal.count - before <= 5)
        #expect(Invariants.violations(in: floor.center).isEmpty)
    }
}
