// What users of the other systems suffer from (asks.md 1–18): what no other story here proves by its name.

import ACD
import Basics
import ContactCenter
import IVR
import Simulation
import Testing

struct AskStories {
    @Test("asks 1: ring-all, everybody answers in the same turn: one talks, the others are free, and nobody stays reserved")
    func nobodyStaysReserved() throws {
        for first in 0..<3 {
            var floor = OneQueue.floor(OneQueue.configuration(.ringAll) { $0.ring = .all })
            let caller = floor.call("1")
            let legs = floor.center.agents.map(\.key).flatMap { floor.ringing(at: $0) }
            try #require(legs.count == 3)
            // The answers cross the ends of the offers on the wire.
            for leg in [legs[first]] + legs.filter({ $0 != legs[first] }) { floor.submit(.legAnswered(leg)) }
            let working = floor.center.agents.filter { !$0.value.work.isEmpty }
            #expect(working.map(\.value.activeContact) == [floor.contact(of: caller)?.id])
            #expect(floor.center.agents.allSatisfy { $0.value.missesInARow == 0 }, "taken by somebody else is no miss")
            #expect(Invariants.violations(in: floor.center).isEmpty)
        }
    }

    @Test("asks 4: whenever the caller hangs up, at each ten milliseconds, nobody is rung any more after that turn")
    func noGhostCalls() throws {
        for offset in stride(from: 0, through: 2500, by: 10) {
            var floor = OneQueue.floor(OneQueue.configuration(.ringProgressively) { $0.ring = .progressively(everySeconds: 1) })
            floor.afterEvent = nil
            let caller = floor.call("1")
            floor.advance(by: .milliseconds(offset))
            floor.hangUp(caller)
            try #require(floor.ringingAgents.isEmpty, "\(offset) ms")
            try #require(floor.center.agents.allSatisfy { $0.value.work.isEmpty })
        }
    }

    @Test("asks 8: behind the last agent of a fixed order the search goes on from the first, for as long as somebody waits")
    func searchGoesOn() {
        var floor = OneQueue.floor(OneQueue.configuration(agents: ["a", "b"], .linear) { $0.missesMax = 100 })
        floor.call("1")
        var rung: [AgentID] = []
        for _ in 0..<6 {
            rung += floor.ringingAgents
            floor.advance(seconds: 20)
        }
        // Who missed is passed over for three seconds, in which the other one rings.
        #expect(rung == ["a", "b", "a", "b", "a", "b"])
    }

    @Test("asks 11: whoever waits longest over an agent's queues is offered in the turn in which that agent is free")
    func longestWaiting() throws {
        for isHopeless in [false, true] {
            var configuration = OneQueue.configuration(agents: ["a"], .linear)
            var other = configuration.queues[0]
            other.id = "other"
            // Whom nobody can serve stops nobody else (asterisk#1691).
            if isHopeless { other.require = [RequirementStep(.agent("nobody"))] }
            configuration.queues.append(other)
            configuration.flows.append(
                Flow(id: "second", start: "queue", nodes: [Node(id: "queue", action: .queue(EnterQueue(queue: "other")))]))
            configuration.numbers.append(NumberRules(number: "2", flow: "second"))
            var floor = OneQueue.floor(configuration)
            floor.set(.aux(reason: "break"), for: "a")
            let first = floor.call("2")
            floor.advance(seconds: 5)
            let second = floor.call("1")
            floor.set(.available, for: "a")
            let offered = floor.ringing(at: "a").first.flatMap { floor.center.contact(of: $0) }
            #expect(offered == floor.contact(of: isHopeless ? second : first)?.id)
        }
    }

    @Test("asks 16: after n misses an agent is paused; an answer, a change of presence and a sign-in begin the count anew")
    func misses() throws {
        for forgives in ["answer", "pause", "sign-in"] {
            var floor = OneQueue.floor(OneQueue.configuration(agents: ["a"], .linear) { $0.missesMax = 3 })
            let caller = floor.call("1")
            for _ in 0..<2 { floor.advance(seconds: 23) }
            #expect(floor.agent("a").missesInARow == 2, "20 s each, and 3 s in which a is passed over")
            switch forgives {
            case "answer":
                try #require(floor.answer(at: "a") != nil)
            case "pause":
                floor.set(.aux(reason: "break"), for: "a")
                floor.set(.available, for: "a")
            default:
                floor.set(.offline, for: "a")
                floor.set(.available, for: "a")
            }
            #expect(floor.agent("a").missesInARow == 0, "\(forgives)")
            if forgives != "answer" {
                for _ in 0..<3 { floor.advance(seconds: 33) }
                #expect(floor.agent("a").presence == .aux(reason: AgentPresence.notResponding))
            }
            floor.hangUp(caller)
        }
    }

    @Test(
        "asks 17: chats wait in a queue, the oldest goes to whoever becomes free, up to the agent's limit, and each has a place"
    )
    func chatsWait() throws {
        var floor = WorkCenter.floor(
            WorkCenter.configuration { $0.agents[0].limits = AgentLimits(most: [.init(kind: "chat", count: 2)]) }, signedIn: [])
        func place(_ chat: LegID) -> Int? {
            floor.contact(of: chat)?.entry.flatMap { floor.center.queues[$0.queue]?.position(of: $0.key) }
        }
        var chats: [LegID] = []
        for _ in 0..<4 {
            chats.append(floor.chat(in: "sales"))
            floor.advance(seconds: 1)
        }
        #expect(chats.map(place) == [1, 2, 3, 4], "nobody is there, and nobody is turned away")
        floor.signIn("alice")
        // Her limit is two, and those who came first have them.
        #expect(floor.offered(to: "alice") == chats.prefix(2).compactMap { floor.id(of: $0) })
        floor.answerAll(at: "alice")
        #expect(chats.dropFirst(2).map(place) == [1, 2])
        floor.hangUp(chats[0])
        floor.submit(.workWrapUpCompleted("alice", try #require(floor.wrappedUp(at: "alice").first), disposition: nil))
        #expect(floor.offered(to: "alice") == [floor.id(of: chats[2])], "the oldest that nobody has, in that turn")
        floor.answerAll(at: "alice")
        #expect(place(chats[3]) == 1 && floor.offered(to: "alice").isEmpty)
    }

    @Test("asks 18: online for mail only: chats and calls wait for others, mails come, and the other way round")
    func channelByChannel() throws {
        var floor = WorkCenter.floor()
        floor.submit(.channelsRequested("alice", opened: [], closed: [.voice, .chat]))
        floor.call("101")
        let chat = floor.chat(in: "sales")
        let mail = try floor.taken(WorkCenter.mail())
        #expect(floor.offered(to: "alice") == [mail] && floor.agent("alice").presence == .available)
        #expect(floor.center.refusal(of: "alice", for: .call) == .channelClosed)
        #expect(floor.center.refusal(of: "alice", for: "chat") == .channelClosed)
        floor.answerAll(at: "alice")
        floor.submit(.channelsRequested("alice", opened: [.chat], closed: [.email]))
        #expect(floor.offered(to: "alice") == [floor.id(of: chat)], "beside the mail that is begun")
        _ = try floor.taken(WorkCenter.mail())
        #expect(floor.offered(to: "alice").count == 1, "and no other mail")
        floor.signIn("bob")
        #expect(floor.offered(to: "bob").count == 1, "for whom everything is open")
    }
}
