// Whom limits meant for callers end, and who counts as there: mails wait, and who takes no calls is nobody for callers.

import ACD
import Basics
import ContactCenter
import Simulation
import Testing

struct StaffingStories {
    @Test("a mail with nowhere else to go waits until somebody comes: no hours, nobody there and no time limit end it")
    func patience() throws {
        var floor = WorkCenter.floor(
            WorkCenter.configuration(sales: { queue in
                queue.waitingMax = 1
                queue.waitSecondsMax = 30
                queue.joinEmpty = false
                queue.leaveEmpty = true
            }), signedIn: [])
        let mail = try floor.taken(WorkCenter.mail())
        let second = try floor.taken(WorkCenter.mail())
        #expect(floor.closed.last?.id == second && floor.closed.last?.state == .ended(.unserved), "the queue is full")
        floor.advance(seconds: 40)
        #expect(floor.stateName(mail) == "queued")
        floor.signIn("alice")
        #expect(floor.offered(to: "alice") == [mail])
        floor.set(.offline, for: "alice")
        #expect(floor.stateName(mail) == "queued")
        floor.signIn("alice")
        floor.answerAll(at: "alice")
        floor.set(.offline, for: "alice")
        floor.submit(.deviceUnregistered("alice-browser"))
        #expect(floor.stateName(mail) == "queued")
        floor.advance(seconds: 86_400)
        #expect(floor.closed.last?.id == mail && floor.closed.last?.state == .ended(.unserved), "an agent had it for a while")
    }

    @Test("who does chats alone is nobody for the callers of a queue of both, neither when they come nor for their wait")
    func staffing() throws {
        var floor = WorkCenter.floor(
            WorkCenter.configuration(
                change: { $0.agents[0].limits = AgentLimits(kinds: ["chat"]) }, sales: { $0.joinEmpty = false }))
        let caller = floor.call("101")
        #expect(floor.happenings(of: caller).contains(.diverted("sales", .joinEmpty)))
        floor.hangUp(caller)
        let chat = floor.chat(in: "sales")
        #expect(floor.offered(to: "alice") == [floor.id(of: chat)].compactMap { $0 })
        floor.signIn("bob")
        floor.call("101")
        let desk = try floor.accepted(at: "bob")
        floor.advance(seconds: 20)
        floor.hangUp(desk)
        func rate() -> Double { floor.center.queues["sales"].map { floor.center.serviceRate(of: $0) } ?? -1 }
        let withBob = rate()
        #expect(withBob > 0)
        floor.lose("alice-browser")
        #expect(rate() == withBob, "alice has not counted")
        floor.submit(.channelsRequested("bob", opened: [], closed: [.voice]))
        #expect(rate() == 0)
    }

    @Test("nobody is waited for who is preferred and takes no calls, or closes their channel meanwhile")
    func preferred() {
        let preference = PreferenceRules(agents: [.init(agent: "alice")], waitSeconds: 60)
        var floor = WorkCenter.floor(
            WorkCenter.configuration(sales: { $0.preference = preference }), signedIn: ["alice", "bob"])
        floor.call("101")
        floor.answer(at: "alice")
        floor.call("101")
        #expect(floor.ringing(at: "bob").isEmpty)
        floor.submit(.channelsRequested("alice", opened: [], closed: [.voice]))
        #expect(floor.ringing(at: "bob").count == 1)
        var other = WorkCenter.floor(
            WorkCenter.configuration(
                change: { $0.agents[0].limits = AgentLimits(kinds: ["chat"]) }, sales: { $0.preference = preference }),
            signedIn: ["alice", "bob"])
        other.call("101")
        #expect(other.ringing(at: "bob").count == 1)
    }

    @Test("chats are work and no talk: the least talk time is of calls")
    func talked() throws {
        var floor = WorkCenter.floor()
        let chat = floor.chat(in: "sales")
        floor.answerAll(at: "alice")
        floor.advance(seconds: 100)
        floor.hangUp(chat)
        #expect(floor.agent("alice").talked == .zero && floor.center.figuresToday(of: "alice").talkSeconds == 100)
    }

    @Test("nobody works while there is no process: a mail that a restart takes from its agent was worked on for 100 s")
    func downtime() throws {
        var floor = WorkCenter.floor(WorkCenter.configuration { $0.agents[0].devices = ["alice-desk", "alice-browser"] })
        let mail = try floor.taken(WorkCenter.mail())
        floor.answerAll(at: "alice")
        floor.advance(seconds: 100)
        floor.apply(WorkCenter.configuration { $0.agents[0].devices = ["alice-desk"] })
        floor.advance(seconds: 1000)
        floor.restart(with: floor.center)
        #expect(floor.stateName(mail) == "queued" && floor.center.figuresToday(of: "alice").talkSeconds == 100)
    }

    @Test("a queue that takes no calls calls nobody back")
    func callbacks() {
        let floor = WorkCenter.floor(
            WorkCenter.configuration(sales: { queue in
                queue.kinds = ["chat"]
                queue.callback = CallbackRules(trunk: "carrier")
            }))
        let request = CallbackRequest(caller: "customer", queue: "sales", wishedAt: nil, hasConsented: true)
        #expect(floor.center.refusal(of: request, at: floor.now) == .notOffered)
    }
}
