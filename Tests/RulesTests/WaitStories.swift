// Position and expected wait: by those who compete for the same room and the agents who may serve one, worked out by hand.

import ACD
import Basics
import ContactCenter
import IVR
import Simulation
import Testing

struct WaitStories {
    private func near(_ value: Double?, _ expected: Double) -> Bool { abs((value ?? -1) - expected) < 1e-6 }

    private func wait(_ floor: VirtualFloor, _ leg: LegID) -> WaitEstimate? {
        floor.contact(of: leg).flatMap { floor.center.waitEstimate(of: $0) }
    }

    /// A talk of that many seconds at that agent, which is the mean from then on.
    private func talk(_ seconds: Int, at agent: AgentID, over number: String, _ floor: inout VirtualFloor) throws {
        let caller = floor.call(number)
        try #require(floor.answer(at: agent) != nil)
        floor.advance(seconds: seconds)
        floor.hangUp(caller)
    }

    // MARK: Several media

    /// Calls of 100 s and chats of 300 s, both with alice, who has both hands full.
    private static func mixed() throws -> VirtualFloor {
        var floor = WorkCenter.floor(WorkCenter.configuration(sales: { $0.wrapUpSeconds = 0 }))
        let chat = floor.chat(in: "sales")
        floor.answerAll(at: "alice")
        floor.advance(seconds: 300)
        floor.hangUp(chat)
        let caller = floor.call("101")
        try #require(floor.answer(at: "alice") != nil)
        floor.advance(seconds: 100)
        floor.hangUp(caller)
        floor.call("101")
        try #require(floor.answer(at: "alice") != nil)
        return floor
    }

    @Test("a caller's place counts chats ahead, and no mails, beside which a call may come; a mail's counts both (C8)")
    func position() throws {
        var floor = try Self.mixed()
        let mail = try floor.taken(
            WorkArrival(kind: "mail", queue: "sales", customer: "customer", priorityClass: 1))
        let chat = floor.chat(in: "sales")
        let first = floor.call("101"), second = floor.call("101")
        #expect([chat, first, second].map { wait(floor, $0)?.position } == [2, 2, 3])
        #expect(floor.center.contacts[mail].flatMap { floor.center.waitEstimate(of: $0) }?.position == 1)
        let later = try floor.taken(WorkCenter.mail())
        #expect(floor.center.contacts[later].flatMap { floor.center.waitEstimate(of: $0) }?.position == 5)
        #expect(floor.happenings(of: second).contains(.enqueued("sales", position: 3)))
    }

    @Test("the wait is by the time of the own kind; a chat ahead takes a fifth of an agent for its own time")
    func kinds() throws {
        var floor = try Self.mixed()
        // Alice is in one queue: calls of 100 s, one at a time.
        let caller = floor.call("101")
        #expect(near(wait(floor, caller)?.seconds, 100))
        // Chats of 300 s, five at once: 60 s for each place, and the call ahead takes 100 of her.
        let chat = floor.chat(in: "sales")
        #expect(wait(floor, chat)?.position == 2 && near(wait(floor, chat)?.seconds, 60 + 100))
        // The chat ahead takes 300 s of a fifth of her.
        let later = floor.call("101")
        #expect(wait(floor, later)?.position == 3 && near(wait(floor, later)?.seconds, 100 + 100 + 60))
        #expect(near(floor.center.waitEstimate(ofNewcomer: .call, in: "sales")?.seconds, 100 * 3 + 60))
        #expect(near(floor.center.waitEstimate(ofNewcomer: "chat", in: "sales")?.seconds, 60 * 2 + 200))
        #expect(floor.center.waitEstimate(ofNewcomer: "fax", in: "sales") == nil)
    }

    @Test("figures of each channel: they add up to those of the queue")
    func channels() throws {
        var floor = try Self.mixed()
        let chat = floor.chat(in: "sales")
        floor.advance(seconds: 30)
        floor.hangUp(chat)
        floor.hangUp(floor.call("101"))
        let figures = try #require(floor.center.queues["sales"]?.figures)
        let calls = figures.figures(of: .voice), chats = figures.figures(of: .chat)
        #expect([calls.entries, calls.answered, calls.abandoned] == [3, 2, 1])
        #expect([chats.entries, chats.answered, chats.abandoned] == [2, 1, 1])
        #expect(chats.waitOfAll == .seconds(30) && calls.waitOfAll == .zero)
        #expect(chats.meanHandleSeconds == 300 && calls.meanHandleSeconds == 100 && figures.meanHandleSeconds == 100)
        #expect(chats.averageSpeedOfAnswer == 0 && figures.entries == 5)
        #expect(figures.figures(of: .email) == ChannelFigures(channel: .email))
    }

    // MARK: Who may serve

    private static let french = Requirement.skill("french", .atLeast, 1)

    private func callers(require: [RequirementStep], change: (inout CenterConfiguration) -> Void = { _ in }) throws
        -> VirtualFloor
    {
        var configuration = OneQueue.configuration(
            .linear, skills: ["a": AgentSkills(grades: [.init(skill: "french", grade: 1)], tags: ["gold"])]
        ) { $0.require = require }
        change(&configuration)
        var floor = OneQueue.floor(configuration)
        try talk(100, at: "a", over: configuration.numbers[0].number, &floor)
        return floor
    }

    @Test("who waits for French waits for the one agent who speaks it, and nine of ten as long as the gamma distribution says")
    func eligible() throws {
        var floor = try callers(require: [RequirementStep(Self.french), RequirementStep(.anybody, afterSeconds: 60)])
        floor.call("1")
        floor.answer(at: "a")
        let first = floor.call("1"), second = floor.call("1")
        #expect(near(wait(floor, first)?.seconds, 100) && near(wait(floor, second)?.seconds, 200))
        // ln 10 = 2.3026 times the mean of one stage; of two stages 3.8897 times that of one.
        let p90 = try #require(wait(floor, first)?.p90Seconds), both = try #require(wait(floor, second)?.p90Seconds)
        #expect(abs(p90 / 230.26 - 1) < 0.011 && abs(both / 388.97 - 1) < 0.011)
        for agent in ["b", "c"] as [AgentID] { floor.set(.aux(reason: "break"), for: agent) }
        floor.advance(seconds: 60)
        // Now anybody may serve them; who pauses does not, and c is back.
        #expect(near(wait(floor, second)?.seconds, 200))
        floor.set(.available, for: "c")
        #expect(floor.ringingAgents == ["c"] && near(wait(floor, second)?.seconds, 100))
    }

    @Test("those ahead who wait for others count by the part of these who may serve this one, too")
    func others() throws {
        func flow(_ team: String) -> Flow {
            Flow(
                id: FlowID(team), start: "set",
                nodes: [
                    Node(id: "set", action: .set(SetAttribute(attribute: "team", value: team, next: "queue"))),
                    Node(id: "queue", action: .queue(EnterQueue(queue: "q"))),
                ])
        }
        var floor = try callers(require: []) { configuration in
            configuration.queues[0].require = [RequirementStep(.tag("$team"))]
            for index in configuration.agents.indices {
                let id = configuration.agents[index].id
                configuration.agents[index].skills = AgentSkills(tags: ["all"] + (id == "a" ? ["gold"] : ["iron"]))
            }
            configuration.flows = ["gold", "iron", "all"].map(flow)
            configuration.numbers = ["gold", "iron", "all"].map { NumberRules(number: $0, flow: FlowID($0)) }
        }
        for agent in ["a", "b", "c"] as [AgentID] {
            floor.call(agent == "a" ? "gold" : "iron")
            floor.answer(at: agent)
        }
        let irons = (0..<4).map { _ in floor.call("iron") }
        let gold = floor.call("gold"), anybody = floor.call("all"), last = floor.call("gold")
        // b and c: 50 s for each place. a has nothing to do with them.
        #expect(irons.map { (wait(floor, $0)?.seconds ?? 0).rounded() } == [50, 100, 150, 200])
        #expect(wait(floor, gold)?.position == 5 && near(wait(floor, gold)?.seconds, 100))
        // All who serve the five ahead may serve this one, by three agents.
        #expect(near(wait(floor, anybody)?.seconds, 600 / 3.0))
        // One ahead for a alone, and of the one who waits for anybody a third.
        #expect(near(wait(floor, last)?.seconds, 100 * (2 + 1 / 3.0)))
    }

    @Test("an agent of two queues counts half in each, and of two levels only the open one counts")
    func shares() throws {
        var floor = try callers(require: []) { configuration in
            configuration.queues[0].members[1].level = 2
            configuration.queues[0].members[2].level = 2
            configuration.queues[0].levelOpenings = [LevelOpening(level: 2, afterSeconds: 30)]
            var other = configuration.queues[0]
            other.id = "other"
            other.members.removeLast()
            configuration.queues.append(other)
        }
        for agent in ["b", "c"] as [AgentID] { floor.set(.aux(reason: "break"), for: agent) }
        floor.call("1")
        floor.answer(at: "a")
        let caller = floor.call("1")
        #expect(near(wait(floor, caller)?.seconds, 200), "half of a")
        floor.advance(seconds: 30)
        floor.set(.available, for: "b")
        floor.set(.available, for: "c")
        let second = floor.call("1")
        // b or c rings for the first one, who is still ahead; level 2 is not open for the second.
        #expect(floor.ringingAgents.count == 1 && near(wait(floor, second)?.seconds, 400))
    }
}
