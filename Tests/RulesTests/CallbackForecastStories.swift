// Never more customers than agents who will be free for them, and nobody held back by those whom these cannot serve
// (definitions.md 3.7, asks.md 13).

import ACD
import Basics
import ContactCenter
import IVR
import Simulation
import Testing

struct CallbackForecastStories {
    /// Agents 1 to `count` of one queue, all signed in; a talk takes 60 s in the mean, wrap-up of 10 s included.
    private func floor(
        _ count: Int, sales: (inout QueueRules) -> Void = { _ in }, skills: (Int) -> AgentSkills = { _ in AgentSkills() },
        numbers: [NumberRules] = [], flows: [Flow] = [], queues: [QueueRules] = []
    ) -> VirtualFloor {
        let ids = (1...count).map { AgentID("a\($0 + 1000)") }
        var configuration = CallbackCenter.configuration(members: ids, sales: sales)
        configuration.agents = ids.enumerated().map { place, id in
            AgentRules(id: id, devices: [DeviceID("\(id)-desk")], skills: skills(place + 1))
        }
        configuration.queues = [configuration.queues[0]] + queues
        configuration.flows += flows
        configuration.numbers += numbers
        var floor = VirtualFloor()
        floor.afterEvent = { floor in
            let found = Invariants.violationsOfCalls(floor.commands, in: floor.center)
            #expect(found.isEmpty, "\(found)")
        }
        floor.apply(configuration)
        for id in ids { floor.signIn(id) }
        return floor
    }

    private func agent(_ number: Int) -> AgentID { AgentID("a\(number + 1000)") }

    /// Everybody of these talks from now on.
    private func occupy(_ floor: inout VirtualFloor, _ agents: ClosedRange<Int>) throws {
        for number in agents {
            floor.caller(5000 + number)
            _ = try #require(answerAnywhere(&floor))
        }
    }

    /// Whoever rings, answers.
    private func answerAnywhere(_ floor: inout VirtualFloor) -> AgentID? {
        guard let agent = floor.center.agents.first(where: { !floor.ringing(at: $0.key).isEmpty })?.key else { return nil }
        floor.answer(at: agent)
        return agent
    }

    private func learnMean(_ floor: inout VirtualFloor) throws {
        floor.caller(999)
        let agent = try #require(answerAnywhere(&floor))
        floor.advance(seconds: 50)
        floor.finishTalk(of: agent)
    }

    @Test("a talk that has lasted long says nothing of its end: an agent talks far beyond the mean, and nobody is called")
    func longTalk() throws {
        var floor = floor(1)
        try learnMean(&floor)
        try occupy(&floor, 1...1)
        // A talk takes 60 s: around its end, from 30 s to 90 s, it would be time.
        floor.advance(seconds: 100)
        let leg = floor.caller(1)
        floor.advance(seconds: 1)
        try floor.askForCallback(leg)
        floor.advance(seconds: 600)
        #expect(floor.dialled.isEmpty)
        let talk = try #require(floor.center.agents[agent(1)]?.activeContact)
        floor.hangUp(try #require(floor.center.contacts[talk]?.leg))
        #expect(floor.dialled.count == 1, "in the wrap-up, whose end is known")
    }

    @Test("of ten who talk three end within the lead time of 30 s, where a talk takes 60 s: three are called, not ten")
    func partOfTalks() throws {
        var floor = floor(10)
        try learnMean(&floor)
        try occupy(&floor, 1...10)
        for number in 1...8 {
            let leg = floor.caller(number)
            floor.advance(seconds: 1)
            try floor.askForCallback(leg)
        }
        floor.advance(seconds: 5)
        // 10 · 30 / (30 + 60) = 3.33.
        #expect(floor.dialled.count == 3)
        floor.advance(seconds: 5)
        #expect(floor.dialled.count == 3, "time alone brings no further agents")
        // An agent is in the wrap-up: that is the one of them who was foreseen, and not one more.
        let talk = try #require(floor.center.agents[agent(4)]?.activeContact)
        floor.hangUp(try #require(floor.center.contacts[talk]?.leg))
        // 9 who talk: 9 · 30 / 90 = 3 of them, with two called for them and one for the wrap-up.
        #expect(floor.dialled.count == 4)
        #expect(Invariants.violations(in: floor.center).isEmpty)
    }

    @Test("the one agent who may have the customer is found among two hundred, wherever in the list")
    func eligible() throws {
        let french = AgentSkills(grades: [.init(skill: "french", grade: 3)])
        var floor = floor(
            200, sales: { $0.require = [RequirementStep(.skill("french", .atLeast, 3))] },
            skills: { $0 == 180 ? french : AgentSkills() })
        floor.set(.aux(reason: "break"), for: agent(180))
        floor.schedule(CallbackRequest(caller: "customer-1", queue: "sales", hasConsented: true))
        #expect(floor.dialled.isEmpty, "199 are free, and none speaks French")
        floor.set(.available, for: agent(180))
        #expect(floor.dialled.count == 1)
        #expect(
            floor.center.openCallbacks.compactMap { floor.callback($0)?.phase }.contains {
                if case .dialling(agent(180), _) = $0 { true } else { false }
            })
    }

    @Test("who waits ahead for an agent who is not there holds nobody back: only those who want the same agents count")
    func unservable() throws {
        let gold = AgentSkills(tags: ["gold"])
        let flow = Flow(
            id: "gold", start: "mark",
            nodes: [
                Node(id: "mark", action: .set(SetAttribute(attribute: "team", value: "gold", next: "sales"))),
                Node(id: "sales", action: .queue(EnterQueue(queue: "sales"))),
            ])
        let plain = Flow(
            id: "plain", start: "mark",
            nodes: [
                Node(id: "mark", action: .set(SetAttribute(attribute: "team", value: "plain", next: "sales"))),
                Node(id: "sales", action: .queue(EnterQueue(queue: "sales"))),
            ])
        var floor = floor(
            2, sales: { $0.require = [RequirementStep(.tag("$team"))] },
            skills: { $0 == 1 ? gold : AgentSkills(tags: ["plain"]) },
            numbers: [NumberRules(number: "300", flow: "gold"), NumberRules(number: "301", flow: "plain")],
            flows: [flow, plain])
        floor.set(.offline, for: agent(1))
        floor.set(.aux(reason: "break"), for: agent(2))
        for number in 1...5 { floor.caller(number, to: "300") }
        let leg = floor.caller(9, to: "301")
        floor.advance(seconds: 1)
        try floor.askForCallback(leg)
        floor.set(.available, for: agent(2))
        #expect(floor.dialled.count == 1, "five wait ahead, none of them for this agent")
    }

    @Test("an agent of two queues who will have a caller of the other one first is nobody to call for")
    func otherQueue() throws {
        let other = QueueRules(
            id: "other", members: [.init(agent: agent(1))], wrapUpSeconds: 10, announceEverySeconds: nil)
        let flow = Flow(
            id: "other", start: "other", nodes: [Node(id: "other", action: .queue(EnterQueue(queue: "other")))])
        var floor = floor(1, numbers: [NumberRules(number: "400", flow: "other")], flows: [flow], queues: [other])
        try occupy(&floor, 1...1)
        let live = floor.caller(1, to: "400")
        floor.advance(seconds: 1)
        let leg = floor.caller(2)
        floor.advance(seconds: 1)
        try floor.askForCallback(leg)
        floor.finishTalk(of: agent(1))
        #expect(floor.dialled.isEmpty && floor.answer(at: agent(1)) != nil)
        #expect(floor.contact(of: live)?.agent == agent(1))
        let another = floor.caller(3, to: "400")
        floor.hangUp(live)
        #expect(floor.dialled.count == 1, "in the wrap-up: whoever waits in the other queue came later")
        floor.hangUp(another)
    }

    @Test("callbacks neither jump the queue nor starve live callers, and live callers do not starve callbacks (asks.md 13)")
    func fair() throws {
        var floor = floor(4)
        try learnMean(&floor)
        try occupy(&floor, 1...4)
        // Live callers and callbacks in turn, one each second.
        var keys: [(id: ContactID, isCallback: Bool)] = []
        for number in 1...40 {
            let leg = floor.caller(number)
            floor.advance(seconds: 1)
            if number % 2 == 0 {
                keys.append((try floor.askForCallback(leg), true))
            } else {
                keys.append((try #require(floor.contact(of: leg)?.id), false))
            }
        }
        var served: [ContactID] = []
        var mostCalled = 0
        for second in 0..<4000 where served.count < 40 {
            mostCalled = max(mostCalled, floor.dialled.count)
            #expect(floor.dialled.count <= 4, "more customers are called than there are agents")
            if second % 3 == 0 { for leg in floor.dialled { floor.answer(leg) } }
            for number in 1...4 where floor.answer(at: agent(number)) != nil {
                served.append(try #require(floor.center.agents[agent(number)]?.activeContact))
            }
            // Each talks for 50 s, the four of them at different times.
            for number in 1...4 where second % 50 == number * 12 { floor.finishTalk(of: agent(number)) }
            floor.advance(seconds: 1)
        }
        #expect(served.count == 40 && mostCalled > 0)
        // Whoever asked first is served first, but for the few seconds in which a telephone rings.
        for (place, entry) in keys.enumerated() {
            let at = try #require(served.firstIndex(of: entry.id))
            #expect(abs(at - place) <= 4, "\(entry.isCallback ? "callback" : "caller") \(place) was served as number \(at)")
        }
        #expect(floor.figures().reached == 20 && floor.center.queues["sales"]?.figures.abandoned == 0)
        #expect(Invariants.violations(in: floor.center).isEmpty)
    }

    @Test("a queue of ten thousand in front costs a callback behind it nothing, and one in front of it is called")
    func longQueue() throws {
        var floor = floor(1)
        floor.set(.aux(reason: "break"), for: agent(1))
        let leg = floor.caller(1)
        floor.advance(seconds: 1)
        try floor.askForCallback(leg)
        for number in 2...1000 { floor.call("101", from: CallerKey("c\(number)")) }
        floor.schedule(CallbackRequest(caller: "late", queue: "sales", hasConsented: true))
        floor.set(.available, for: agent(1))
        #expect(floor.dialled.count <= 1)
        #expect(floor.callback(floor.center.callback(of: "late", in: "sales"))?.attempts == 0)
    }

    @Test("whoever asks for a callback stands in nobody's way any more: the one behind is called at once")
    func leavesTheLine() throws {
        var floor = CallbackCenter.floor(CallbackCenter.configuration(terms: { $0.offerAfterSeconds = 5 }))
        let first = floor.caller(1)
        floor.fail(try #require(floor.ringing(at: "alice").first), .declined)
        floor.schedule(CallbackRequest(caller: "customer-2", queue: "sales", hasConsented: true))
        floor.advance(seconds: 6)
        #expect(floor.ringing(at: "alice").isEmpty && floor.dialled.isEmpty, "alice has refused the one who comes first")
        floor.press("1", on: first)
        #expect(floor.contact(of: first)?.callback != nil && floor.dialled.count == 1)
    }
}
