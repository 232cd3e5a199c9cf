// A reload takes a kind of work away while there is some: it is served as it was, or handed back, and never stuck.

import ACD
import Basics
import ContactCenter
import Simulation
import Testing

struct KindRemovalStories {
    /// The center without chats, in its queues, too.
    private func withoutChats(version: String = "2") -> CenterConfiguration {
        var configuration = WorkCenter.configuration(kinds: WorkCenter.kinds.filter { $0.id != "chat" })
        for index in configuration.queues.indices { configuration.queues[index].kinds.removeAll { $0 == "chat" } }
        configuration.version = version
        return configuration
    }

    @Test("a chat that waits is offered, accepted and brought to its end, and with the next reload the kind is gone")
    func waits() throws {
        var floor = WorkCenter.floor(signedIn: [])
        let chat = try floor.taken(WorkCenter.mail(kind: "chat"))
        floor.apply(withoutChats())
        #expect(floor.stateName(chat) == "queued" && floor.arrive(WorkCenter.mail(kind: "chat")) == nil)
        #expect(floor.center.kinds.last?.rules.id == "chat" && floor.center.kinds.last?.isRemoved == true)
        floor.signIn("alice")
        #expect(floor.offered(to: "alice") == [chat])
        floor.answerAll(at: "alice")
        #expect(floor.active(at: "alice") == [chat])
        floor.submit(.workCompleted("alice", chat))
        #expect(floor.center.contacts[chat] == nil)
        floor.apply(withoutChats(version: "3"))
        #expect(!floor.center.kinds.contains { $0.rules.id == "chat" })
        #expect(Invariants.violations(in: floor.center).isEmpty)
    }

    @Test("a chat that nobody takes ends when its time is over, as it would have")
    func kept() throws {
        var floor = WorkCenter.floor(signedIn: [])
        let chat = try floor.taken(WorkCenter.mail(kind: "chat"))
        let until = try #require(floor.center.contacts[chat]?.digital?.keptUntil)
        floor.apply(withoutChats())
        floor.advance(seconds: Int((until - floor.now).inSeconds) - 1)
        #expect(floor.stateName(chat) == "queued")
        floor.advance(seconds: 2)
        #expect(floor.center.contacts[chat] == nil)
    }

    @Test("an agent goes on with a chat; missed, it waits again, and comes to somebody else")
    func atAgents() throws {
        var floor = WorkCenter.floor(signedIn: ["alice"])
        let first = try floor.taken(WorkCenter.mail(kind: "chat"))
        floor.answerAll(at: "alice")
        let second = try floor.taken(WorkCenter.mail(kind: "chat"))
        #expect(floor.offered(to: "alice") == [second])
        floor.apply(withoutChats())
        #expect(floor.active(at: "alice") == [first] && floor.offered(to: "alice") == [second])
        floor.advance(seconds: 21)
        #expect(floor.stateName(second) == "queued")
        floor.signIn("bob")
        #expect(floor.offered(to: "bob") == [second])
        floor.submit(.workCompleted("alice", first))
        #expect(floor.center.contacts[first] == nil)
    }

    @Test("where the queue goes with the kind, who waits is handed back in the turn, and ends unserved")
    func withQueue() throws {
        var floor = WorkCenter.floor(signedIn: [])
        let chat = try floor.taken(WorkCenter.mail("support", kind: "chat"))
        var configuration = withoutChats()
        configuration.queues.removeAll { $0.id == "support" }
        floor.apply(configuration)
        #expect(floor.center.contacts[chat] == nil)
        #expect(
            floor.commands.contains {
                if case .close(let contact) = $0 { contact.id == chat && contact.state == .ended(.unserved) } else { false }
            })
        #expect(floor.center.queues["support"] == nil)
    }

    @Test("what may come to an agent is that of the agent's queues, each kind once, without those that are gone")
    func kindsOfAgents() {
        var floor = WorkCenter.floor(signedIn: ["alice"])
        #expect(floor.center.kinds(of: "alice").map(\.id) == [.call, "chat", "dispute", "mail", "ticket"])
        floor.apply(withoutChats())
        #expect(floor.center.kinds(of: "alice").map(\.id) == [.call, "dispute", "mail", "ticket"])
        #expect(floor.center.kinds(of: "nobody").isEmpty)
    }
}
