// The life of contacts that are no calls: offered at the desk, handed on, missed, overflowing, and after a restart.

import ACD
import Basics
import ContactCenter
import Foundation
import Simulation
import Testing

struct WorkStories {
    @Test("a mail is shown at the browser alone, accepted, worked on and completed, and no command is about sound")
    func mail() throws {
        let configuration = WorkCenter.configuration { $0.agents[0].devices = ["alice-desk", "alice-browser"] }
        var floor = WorkCenter.floor(configuration)
        let mail = try floor.taken(WorkCenter.mail())
        let rings = floor.commands.compactMap { if case .ring(let ring) = $0 { ring } else { nil } }
        #expect(rings.map(\.device) == ["alice-browser"] && rings.first?.kind == "mail")
        floor.advance(seconds: 5)
        floor.answer(at: "alice")
        floor.advance(seconds: 100)
        floor.submit(.workCompleted("alice", mail))
        #expect(floor.wrappedUp(at: "alice") == [mail])
        floor.advance(seconds: 10)
        let closed = try #require(floor.closed.last)
        #expect(closed.id == mail && closed.kind == "mail" && closed.state == .ended(.handled))
        #expect(
            closed.timeline.map(\.what.kind) == [
                "contact.created", "contact.enqueued", "contact.offered", "contact.answered", "agent.left", "contact.ended",
            ])
        #expect(floor.center.figuresToday(of: "alice").talkSeconds == 100)
        #expect(floor.center.queues["sales"]?.figures.answered == 1)
        #expect(floor.deadCommands.isEmpty)
    }

    @Test("who has only a telephone gets no mail")
    func noBrowser() {
        var floor = WorkCenter.floor(WorkCenter.configuration { $0.agents[0].devices = ["alice-desk"] })
        floor.arrive(WorkCenter.mail())
        #expect(floor.offered(to: "alice").isEmpty && floor.center.refusal(of: "alice", for: "mail") == .noDevice)
    }

    @Test("a mail that was sent an hour ago comes before one of ten minutes ago, whichever is fetched first")
    func orderKey() throws {
        var floor = WorkCenter.floor(signedIn: [])
        func mail(minutesAgo: Int) -> WorkArrival {
            var arrival = WorkCenter.mail()
            arrival.receivedAt = floor.now - .seconds(60 * minutesAgo)
            return arrival
        }
        let young = try floor.taken(mail(minutesAgo: 10))
        let old = try floor.taken(mail(minutesAgo: 60))
        // Nothing is older than it may be kept: a day.
        let ancient = try floor.taken(mail(minutesAgo: 100_000))
        #expect(floor.center.queues["sales"]?.waiting.map(\.contact) == [ancient, old, young])
        #expect(floor.center.contacts[ancient]?.orderKey?.effectiveEnqueuedAt == floor.now - .seconds(86_400))
    }

    @Test("missed: it keeps its place, the agent is passed over for it, and after two misses in a row gets nothing")
    func missed() throws {
        var floor = WorkCenter.floor()
        let chat = floor.chat(in: "sales")
        let key = floor.contact(of: chat)?.orderKey
        floor.advance(seconds: 20)
        #expect(floor.happenings(of: chat).contains { if case .offerEnded(_, "alice", .missed) = $0 { true } else { false } })
        floor.advance(seconds: 3 + 20)
        #expect(floor.agent("alice").presence == .aux(reason: AgentPresence.notResponding))
        #expect(floor.contact(of: chat)?.entry?.key == key)
        floor.signIn("bob")
        #expect(floor.offered(to: "bob") == [floor.id(of: chat)].compactMap { $0 })
    }

    @Test("handed to a colleague it waits for that one alone, handed to a queue for its members, with the old order key")
    func transfer() throws {
        var floor = WorkCenter.floor(signedIn: ["alice", "bob", "carol"])
        let chat = floor.chat(in: "sales")
        floor.answerAll(at: "alice")
        let id = try #require(floor.id(of: chat))
        let key = floor.contact(of: chat)?.orderKey
        #expect(floor.center.refusal(of: .workTransferRequested("bob", id, .agent("carol"))) == .tooLate, "it is not his")
        floor.submit(.workTransferRequested("alice", id, .agent("bob")))
        #expect(floor.offered(to: "bob") == [id] && floor.wrappedUp(at: "alice") == [id])
        floor.answerAll(at: "bob")
        floor.submit(.workTransferRequested("bob", id, .queue("support")))
        #expect(floor.offered(to: "carol") == [id] && floor.contact(of: chat)?.entry?.key == key)
        // Each wrap-up has the terms of its own queue: 10 s of sales at both.
        #expect(floor.agent("bob").wrapUp(of: id)?.seconds == 10)
        floor.submit(.channelsRequested("bob", opened: [], closed: [.chat]))
        floor.answerAll(at: "carol")
        #expect(floor.center.refusal(of: .workTransferRequested("carol", id, .agent("bob"))) == .notAllowed)
    }

    @Test("two wrap-ups at once, each with its own clock and disposition")
    func wrapUps() throws {
        var floor = WorkCenter.floor(WorkCenter.configuration(sales: { $0.isDispositionRequired = true }))
        let chats = (0..<2).map { _ in floor.chat(in: "sales") }
        let ids = chats.compactMap { floor.id(of: $0) }
        floor.answerAll(at: "alice")
        floor.hangUp(chats[0])
        floor.advance(seconds: 4)
        floor.hangUp(chats[1])
        #expect(floor.wrappedUp(at: "alice") == ids)
        floor.submit(.workWrapUpExtended("alice", ids[1]))
        #expect(floor.center.refusal(of: .workWrapUpCompleted("alice", ids[0], disposition: nil)) == .dispositionRequired)
        floor.submit(.workWrapUpCompleted("alice", ids[0], disposition: "sold"))
        #expect(floor.wrappedUp(at: "alice") == [ids[1]] && floor.agent("alice").owesDisposition)
        // 10 s and 10 s more, and then ten minutes in which it is owed; then nobody is there, it seems.
        floor.advance(seconds: 20 + 600)
        #expect(floor.wrappedUp(at: "alice").isEmpty)
        #expect(floor.agent("alice").presence == .aux(reason: AgentPresence.notResponding))
    }

    @Test("full, empty and too long: each cause is counted at its queue, the contact goes on, and ends unserved at the last")
    func overflow() throws {
        var floor = WorkCenter.floor(
            WorkCenter.configuration(
                change: { $0.queues[1].joinEmpty = false },
                sales: { queue in
                    queue.waitingMax = 1
                    queue.waitSecondsMax = 30
                }), signedIn: [])
        let first = floor.chat(in: "sales")
        let second = try floor.taken(WorkCenter.mail(overflow: ["support", "none"]))
        let lines = floor.closed.last { $0.id == second }?.timeline.map(\.what) ?? []
        #expect(lines.contains(.diverted("sales", .full)) && lines.contains(.diverted("support", .joinEmpty)))
        #expect(lines.contains(.diverted("none", .withdrawn)) && lines.last == .ended(.unserved, by: .system))
        floor.advance(seconds: 30)
        #expect(floor.outcome(of: first) == .unserved)
        #expect(floor.center.queues["sales"]?.figures.diverted.first { $0.cause == .timeout }?.count == 1)
    }

    @Test("a ticket that nobody takes ends after the time of its kind; a mail that lies at an agent goes back after an hour")
    func deadlines() throws {
        var floor = WorkCenter.floor()
        floor.set(.aux(reason: "break"), for: "alice")
        let ticket = try floor.taken(WorkCenter.mail(kind: "ticket"))
        floor.advance(seconds: 599)
        #expect(floor.stateName(ticket) == "queued")
        floor.advance(seconds: 1)
        #expect(floor.closed.last?.id == ticket && floor.closed.last?.state == .ended(.unserved))
        let mail = try floor.taken(WorkCenter.mail())
        floor.set(.available, for: "alice")
        floor.answerAll(at: "alice")
        let key = floor.center.contacts[mail]?.orderKey
        floor.advance(seconds: 3599)
        #expect(floor.active(at: "alice") == [mail])
        floor.set(.offline, for: "alice")
        floor.advance(seconds: 1)
        #expect(floor.agent("alice").presence == .offline && floor.center.contacts[mail]?.entry?.key == key)
    }

    @Test("the browser is gone: chats are parked for the grace, come back with it, or go back to the queue with their old key")
    func loss() throws {
        var floor = WorkCenter.floor()
        let chats = (0..<2).map { _ in floor.chat(in: "sales") }
        floor.answerAll(at: "alice")
        let third = floor.chat(in: "sales")
        floor.lose("alice-browser")
        #expect(chats.allSatisfy { floor.stateName(floor.id(of: $0)) == "lost" } && floor.offered(to: "alice").isEmpty)
        floor.advance(seconds: 30)
        floor.register("alice-browser")
        #expect(chats.allSatisfy { floor.stateName(floor.id(of: $0)) == "active" })
        #expect(floor.offered(to: "alice") == [floor.id(of: third)].compactMap { $0 })
        floor.lose("alice-browser")
        floor.advance(seconds: 60)
        #expect(floor.agent("alice").presence == .offline && floor.agent("alice").work.isEmpty)
        #expect(floor.center.queues["sales"]?.waiting.map(\.contact) == (chats + [third]).compactMap { floor.id(of: $0) })
    }

    @Test("signing out in the browser gives chats and mails back at once")
    func signOut() throws {
        var floor = WorkCenter.floor()
        let mail = try floor.taken(WorkCenter.mail())
        floor.answerAll(at: "alice")
        floor.set(.offline, for: "alice")
        #expect(floor.agent("alice").pendingPresence == .offline && floor.stateName(mail) == "active")
        floor.submit(.deviceUnregistered("alice-browser"))
        #expect(floor.agent("alice").presence == .offline && floor.stateName(mail) == "queued")
    }

    @Test(
        "after a restart a chat is lost as a call is, a waiting mail waits, and the one in work is there when the desk is back")
    func restart() throws {
        var floor = WorkCenter.floor()
        let mail = try floor.taken(WorkCenter.mail())
        floor.answerAll(at: "alice")
        let chat = floor.chat(in: "sales")
        floor.answerAll(at: "alice")
        let waiting = try floor.taken(WorkCenter.mail("support"))
        let copy = try JSONDecoder().decode(Center.self, from: JSONEncoder().encode(floor.center))
        floor.restart(with: copy)
        #expect(floor.closed.map(\.leg) == [chat] && floor.closed.last?.state == .ended(.lost))
        #expect(floor.stateName(mail) == "lost" && floor.stateName(waiting) == "queued")
        floor.register("alice-browser")
        #expect(floor.stateName(mail) == "active" && floor.agent("alice").presence == .available)
        floor.restart(with: floor.center)
        floor.advance(seconds: 60)
        #expect(floor.stateName(mail) == "queued" && floor.agent("alice").presence == .offline)
    }

    @Test("work of a kind or for a queue that is not there is not taken in, nor any while the store's buffer is full")
    func refused() {
        var floor = WorkCenter.floor()
        for arrival in [WorkCenter.mail(kind: "fax"), WorkCenter.mail("none"), WorkCenter.mail(kind: .call)] {
            #expect(floor.center.refusal(of: .workArrived(arrival)) == .unknownTarget)
            floor.submit(.workArrived(arrival))
        }
        floor.submit(.admissionChanged(fallback: true))
        #expect(floor.center.refusal(of: .workArrived(WorkCenter.mail())) == .busy)
        let chat = floor.chat(in: "sales")
        #expect(floor.center.contacts.isEmpty && floor.legs[chat] == nil && floor.center.figures.callsRejected == 4)
    }

    @Test("a reload that takes a kind away lets what is of it come to its end, and takes no more")
    func kindRemoved() throws {
        var floor = WorkCenter.floor()
        let first = floor.chat(in: "sales"), second = floor.chat(in: "sales")
        floor.answer(at: "alice")
        floor.apply(WorkCenter.configuration(kinds: [WorkKind(id: "mail", channel: .email, weight: 10)]))
        #expect(floor.center.refusal(of: .workArrived(WorkCenter.mail(kind: "chat"))) == .unknownTarget)
        floor.answerAll(at: "alice")
        #expect(floor.active(at: "alice").count == 2)
        floor.hangUp(first)
        floor.hangUp(second)
        floor.advance(seconds: 10)
        floor.apply(WorkCenter.configuration(kinds: []))
        #expect(floor.center.kinds.map(\.rules.id) == [.call])
    }
}
