// Who is served before whom: classes, head starts, attributes, weights of queues (definitions.md 3.2).

import ACD
import Basics
import ContactCenter
import IVR
import Simulation
import Testing

struct PriorityTests {
    /// A queue with one agent who talks, and callers who come in one second apart over the numbers given.
    private func waiting(
        _ numbers: [NumberRules], _ calls: [String], nodes: [Node]? = nil,
        _ change: (inout CenterConfiguration) -> Void = { _ in }
    ) -> (floor: VirtualFloor, callers: [LegID]) {
        var configuration = OneQueue.configuration(agents: ["a"], .linear)
        configuration.numbers += numbers
        if let nodes { configuration.flows.append(Flow(id: "other", start: nodes[0].id, nodes: nodes)) }
        change(&configuration)
        var floor = OneQueue.floor(configuration)
        floor.call("1")
        floor.answer(at: "a")
        var callers: [LegID] = []
        for number in calls {
            callers.append(floor.call(number))
            floor.advance(seconds: 1)
        }
        return (floor, callers)
    }

    private func order(_ floor: VirtualFloor, _ callers: [LegID]) -> [Int] {
        (floor.center.queues["q"]?.waiting ?? []).compactMap { key in
            callers.firstIndex { floor.contact(of: $0)?.id == key.contact }
        }
    }

    @Test("a priority line comes before others, and among its own first come first")
    func line() {
        let line = NumberRules(number: "vip", flow: "flow")
        var rules = line
        rules.priorityClass = 2
        let (floor, callers) = waiting([rules], ["1", "vip", "1", "vip"])
        #expect(order(floor, callers) == [1, 3, 0, 2])
    }

    @Test("a head start is so many seconds and no more")
    func headStart() {
        var rules = NumberRules(number: "known", flow: "flow")
        rules.boostSeconds = 2
        // Arrived at 0, 1, 2, 3; the last counts as from 1, and then the lower id comes first.
        let (floor, callers) = waiting([rules], ["1", "1", "1", "known"])
        #expect(order(floor, callers) == [0, 1, 3, 2])
    }

    @Test("tier, intent and value of a caller decide as attributes: the highest class, all head starts (S0-02)")
    func attributes() {
        func flow(_ name: String, _ marks: [(String, String)]) -> [Node] {
            var nodes: [Node] = []
            for (index, mark) in marks.enumerated() {
                let next = index + 1 < marks.count ? "\(name)\(index + 1)" : "queue"
                nodes.append(
                    Node(
                        id: NodeID("\(name)\(index)"),
                        action: .set(SetAttribute(attribute: mark.0, value: mark.1, next: NodeID(next)))))
            }
            return nodes + [Node(id: "queue", action: .queue(EnterQueue(queue: "q")))]
        }
        let people = [
            ("plain", [("tier", "iron")]), ("gold", [("tier", "gold")]), ("both", [("tier", "gold"), ("intent", "cancel")]),
        ]
        let (floor, callers) = waiting([], ["plain", "gold", "both"]) { configuration in
            for (name, marks) in people {
                configuration.numbers.append(NumberRules(number: name, flow: FlowID(name)))
                let nodes = flow(name, marks)
                configuration.flows.append(Flow(id: FlowID(name), start: nodes[0].id, nodes: nodes))
            }
            configuration.priorities = [
                PriorityRule(attribute: "tier", value: "gold", priorityClass: 1),
                PriorityRule(attribute: "intent", value: "cancel", boostSeconds: 60),
            ]
        }
        #expect(order(floor, callers) == [2, 1, 0])
        #expect(callers.map { floor.contact(of: $0)?.entry?.key.priorityClass } == [0, 1, 1])
    }

    @Test("a rule that says nothing of the class does not raise a low one")
    func lowClass() {
        let nodes = [
            Node(id: "set", action: .set(SetAttribute(attribute: "tier", value: "gold", next: "queue"))),
            Node(id: "queue", action: .queue(EnterQueue(queue: "q", priorityClass: -1))),
        ]
        let (floor, callers) = waiting([NumberRules(number: "low", flow: "other")], ["low", "1"], nodes: nodes) {
            $0.priorities = [PriorityRule(attribute: "tier", value: "gold", boostSeconds: 3600)]
        }
        #expect(order(floor, callers) == [1, 0])
        #expect(floor.contact(of: callers[0])?.entry?.key.priorityClass == -1)
    }

    @Test("a priority that changes acts at once, on those who wait and on who is served next (asterisk#202)")
    func change() throws {
        var (floor, callers) = waiting([], ["1", "1", "1"])
        let last = try #require(floor.contact(of: callers[2]))
        floor.submit(.priorityChanged(last.id, priorityClass: 1, boostSeconds: 0))
        #expect(order(floor, callers) == [2, 0, 1])
        #expect(floor.happenings(of: callers[2]).last == .prioritised(priorityClass: 1, position: 1))
        floor.submit(.priorityChanged(last.id, priorityClass: 0, boostSeconds: 1))
        #expect(order(floor, callers) == [0, 1, 2], "one second of head start: as old as the second, with a higher id")
        let second = try #require(floor.contact(of: callers[1]))
        floor.submit(.priorityChanged(second.id, priorityClass: 5, boostSeconds: Int.max))
        floor.set(.available, for: "a")
        floor.submit(.hangUpRequested("a"))
        #expect(floor.contact(of: callers[1])?.entry?.offer != nil)
        let late = floor.center.figures.lateEvents
        floor.submit(.priorityChanged(ContactID(rawValue: 99), priorityClass: 1, boostSeconds: Int.min))
        #expect(floor.center.figures.lateEvents == late + 1)
    }

    @Test("other priorities give those who wait other places, but for whom somebody has placed, some in each turn")
    func reload() throws {
        let nodes = [
            Node(id: "set", action: .set(SetAttribute(attribute: "tier", value: "gold", next: "queue"))),
            Node(id: "queue", action: .queue(EnterQueue(queue: "q"))),
        ]
        let gold = NumberRules(number: "gold", flow: "other")
        var calls = Array(repeating: "1", count: 60)
        calls[57] = "gold"
        calls[58] = "gold"
        var (floor, callers) = waiting([gold], calls, nodes: nodes)
        floor.submit(.priorityChanged(try #require(floor.contact(of: callers[58])).id, priorityClass: 0, boostSeconds: 2))
        // Two seconds older than it is, and behind the one who came then.
        let before = order(floor, callers)
        #expect(before.suffix(4) == [56, 58, 57, 59])
        var configuration = floor.center.configuration
        configuration.version = "2"
        configuration.priorities = [PriorityRule(attribute: "tier", value: "gold", priorityClass: 1)]
        floor.apply(configuration)
        #expect(order(floor, callers) == before, "not in this turn")
        floor.advance(by: .microseconds(1))
        #expect(order(floor, callers) == before, "and not all in the next")
        floor.advance(by: .microseconds(1))
        #expect(order(floor, callers) == [57] + before.filter { $0 != 57 })
        #expect(floor.happenings(of: callers[57]).last == .prioritised(priorityClass: 1, position: 1))
        #expect(floor.center.nextDeadline > floor.now)
    }

    @Test("an agent of two queues takes from the heavier one; of equal weight, who has waited longest over both")
    func weights() throws {
        for (weight, first) in [(0, 0), (1, 1)] {
            var (floor, callers) = waiting(
                [NumberRules(number: "2", flow: "other")], ["1", "2"],
                nodes: [Node(id: "queue", action: .queue(EnterQueue(queue: "q2")))]
            ) { configuration in
                configuration.queues.append(
                    QueueRules(id: "q2", members: [.init(agent: "a")], weight: weight, announceEverySeconds: nil))
            }
            floor.submit(.hangUpRequested("a"))
            #expect(floor.contact(of: callers[first])?.entry?.offer != nil, "weight \(weight)")
        }
    }

    @Test("a forced fallback takes the calls of its line alone, and a new configuration ends it (S0-83)")
    func fallback() {
        var rules = NumberRules(number: "vip", flow: "flow", fallback: .init(trunk: "carrier", number: "555"))
        rules.isFallbackForced = true
        var configuration = OneQueue.configuration(.linear)
        configuration.numbers.append(rules)
        var floor = OneQueue.floor(configuration)
        floor.call("vip")
        #expect(floor.commands.contains { if case .dial(let dial) = $0 { dial.number == "555" } else { false } })
        floor.call("1")
        #expect(floor.ringingAgents == ["a"])
        configuration.numbers[1].isFallbackForced = false
        configuration.version = "2"
        floor.apply(configuration)
        floor.call("vip")
        #expect(floor.ringingAgents == ["a", "b"])
    }
}
