// The center in which the stories play: two queues, three agents, one menu.

import ACD
import Basics
import ContactCenter
import IVR
import Simulation
import Testing

enum SmallCenter {
    static func configuration(
        sales: (inout QueueRules) -> Void = { _ in }, numbers: [NumberRules] = [], hours: [OpeningHours] = [],
        version: String = "1"
    ) -> CenterConfiguration {
        let agents = ["alice", "bob", "carol"].map { AgentRules(id: AgentID($0), devices: [DeviceID($0 + "-desk")]) }
        var queue = QueueRules(
            id: "sales", members: [.init(agent: "alice"), .init(agent: "bob")], wrapUpSeconds: 10, announceEverySeconds: nil)
        sales(&queue)
        let support = QueueRules(
            id: "support", members: [.init(agent: "bob"), .init(agent: "carol")], wrapUpSeconds: 30, announceEverySeconds: nil)
        return CenterConfiguration(
            version: version, queues: [queue, support], agents: agents, flows: [main, direct, outside, hoursFlow],
            numbers: numbers + [
                NumberRules(number: "100", flow: "main"), NumberRules(number: "101", flow: "direct"),
                NumberRules(number: "102", flow: "outside"), NumberRules(number: "103", flow: "hours"),
            ], hours: hours)
    }

    /// The same with browsers in place of phones, and something to say in the wrap-up.
    static func desks(
        change: (inout CenterConfiguration) -> Void = { _ in }, sales: (inout QueueRules) -> Void = { _ in },
        version: String = "1"
    ) -> CenterConfiguration {
        var configuration = configuration(sales: sales, version: version)
        for index in configuration.agents.indices {
            configuration.agents[index].devices = [configuration.agents[index].id.browser]
        }
        configuration.dispositions = [Disposition(code: "sold", label: "Sold"), Disposition(code: "no", label: "No interest")]
        change(&configuration)
        return configuration
    }

    static func floor(_ configuration: CenterConfiguration = configuration(), signedIn: [AgentID] = []) -> VirtualFloor {
        var floor = VirtualFloor()
        floor.afterEvent = { floor in
            let violations =
                Invariants.violations(in: floor.center) + Invariants.violationsOfOrder(floor.commands, in: floor.center)
            #expect(violations.isEmpty, "\(violations)")
        }
        floor.apply(configuration)
        for agent in signedIn {
            floor.signIn(agent)
            // So that who signed in first has been idle longest.
            floor.advance(seconds: 1)
        }
        return floor
    }

    static let main = Flow(
        id: "main", start: "menu",
        nodes: [
            Node(
                id: "menu",
                action: .menu(
                    Menu(
                        prompt: .text("One or two."),
                        choices: [.init(key: "1", next: "sales"), .init(key: "2", next: "support")],
                        timeoutMilliseconds: 5000, tries: 3, otherwise: "sales"))),
            Node(id: "sales", action: .queue(EnterQueue(queue: "sales", otherwise: "full"))),
            Node(id: "support", action: .queue(EnterQueue(queue: "support"))),
            Node(id: "full", action: .hangUp(HangUp(prompt: .text("Everybody is busy.")))),
        ])

    static let direct = Flow(
        id: "direct", start: "sales",
        nodes: [
            Node(id: "sales", action: .queue(EnterQueue(queue: "sales", otherwise: "support"))),
            Node(id: "support", action: .queue(EnterQueue(queue: "support"))),
        ])

    static let outside = Flow(
        id: "outside", start: "transfer",
        nodes: [
            Node(
                id: "transfer",
                action: .transfer(Transfer(trunk: "carrier", number: "777", ringSeconds: 20, otherwise: "sales"))),
            Node(id: "sales", action: .queue(EnterQueue(queue: "sales"))),
        ])

    static let hoursFlow = Flow(
        id: "hours", start: "hours",
        nodes: [
            Node(id: "hours", action: .hours(CheckHours(hours: "office", open: "sales", closed: "closed"))),
            Node(id: "sales", action: .queue(EnterQueue(queue: "sales"))),
            Node(id: "closed", action: .hangUp(HangUp(prompt: .text("We are closed.")))),
        ])
}

extension VirtualFloor {
    /// The happenings of a contact, alive or closed, in order.
    func happenings(of leg: LegID) -> [Happening] {
        let contact = contact(of: leg) ?? closed.last { $0.leg == leg }
        return contact?.timeline.map(\.what) ?? []
    }

    func outcome(of leg: LegID) -> Outcome? {
        if case .ended(let outcome)? = closed.last(where: { $0.leg == leg })?.state { outcome } else { nil }
    }

    func agent(_ id: AgentID) -> Agent { center.agents[id] ?? Agent(id: id, devices: [], at: now) }

    /// The agent's conversation: the caller's leg and the agent's.
    mutating func talk(with agent: AgentID, over number: String = "101") throws -> (caller: LegID, desk: LegID) {
        let caller = call(number)
        return (caller, try #require(answer(at: agent)))
    }

    /// Whether the caller hears music and nobody.
    func isParked(_ caller: LegID, from desk: LegID) -> Bool { hearsLoop(caller) && !isBridged(caller, desk) }

    /// Answers the first device that rings at the agent.
    @discardableResult
    mutating func answer(at agent: AgentID) -> LegID? {
        guard let leg = ringing(at: agent).first else { return nil }
        answer(leg)
        return leg
    }
}
