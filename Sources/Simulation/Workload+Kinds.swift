// Callers who are not all alike: as flows that say of a contact what the voice menu would have found out.

internal import ACD
internal import Basics
internal import ContactCenter
internal import IVR

extension Workload {
    /// What a caller of that kind dials; 0 stands for those of no kind.
    static func number(_ queue: QueueID, kind: Int) -> String { kind == 0 ? queue.rawValue : "\(queue)#\(kind)" }

    /// Where described callers come into a queue: the first node that leads there, of a flow with a number before others.
    static func usualEntry(of queue: QueueID, in rules: CenterConfiguration) -> Entry? {
        let numbered = rules.flows.filter { flow in rules.numbers.contains { $0.flow == flow.id } }
        for flow in numbered + rules.flows {
            for node in flow.nodes {
                guard case .queue(let enter) = node.action, enter.queue == queue else { continue }
                let number = rules.numbers.first { $0.flow == flow.id }
                return Entry(flow: flow.id, node: node.id, isAnnounced: number?.recording != nil)
            }
        }
        return nil
    }

    /// How the queue is entered there; nil: that node does not lead into it.
    static func enter(_ queue: QueueID, by entry: Entry, in rules: CenterConfiguration) -> EnterQueue? {
        guard case .queue(let enter)? = rules.flows.first(where: { $0.id == entry.flow })?.node(entry.node)?.action,
            enter.queue == queue
        else { return nil }
        return enter
    }

    /// One flow for each kind of caller of each queue, and the number that leads to it. Whom the queue gives back goes on in
    /// the flow of the rules by which it was entered.
    func flowsAndNumbers(rules: CenterConfiguration?) -> (flows: [Flow], numbers: [NumberRules]) {
        var flows: [Flow] = [], numbers: [NumberRules] = []
        for queue in queues {
            let usual = rules.flatMap { Self.usualEntry(of: queue.id, in: $0) }
            for (place, kind) in ([Kind(name: "", share: 0)] + queue.kinds).enumerated() {
                let number = Self.number(queue.id, kind: place)
                let entry = kind.entry ?? usual
                // No name of a configuration has a `#`.
                let names = kind.attributes.indices.map { NodeID("#set-\($0)") } + ["#queue"]
                var nodes = kind.attributes.enumerated().map { index, attribute in
                    Node(
                        id: names[index],
                        action: .set(
                            SetAttribute(attribute: attribute.name, value: attribute.value, next: names[index + 1])))
                }
                nodes.append(Node(id: "#queue", action: .queue(enter(queue.id, kind, by: entry, in: rules))))
                nodes += entry.flatMap { entry in rules?.flows.first { $0.id == entry.flow }?.nodes } ?? []
                flows.append(Flow(id: FlowID(number), start: names[0], nodes: nodes))
                var rules = NumberRules(number: number, flow: FlowID(number))
                // Heard before the queue, in no time of the simulation.
                if entry?.isAnnounced == true { rules.recording = QueueRules.Recording(announcement: "recorded") }
                numbers.append(rules)
            }
        }
        return (flows, numbers)
    }

    private func enter(_ queue: QueueID, _ kind: Kind, by entry: Entry?, in rules: CenterConfiguration?) -> EnterQueue {
        guard let entry, let rules, var enter = Self.enter(queue, by: entry, in: rules) else {
            return EnterQueue(queue: queue, priorityClass: kind.priorityClass, boostSeconds: kind.boostSeconds)
        }
        if kind.entry != nil {
            (enter.priorityClass, enter.boostSeconds) = (kind.priorityClass, kind.boostSeconds)
        } else {
            let number = rules.numbers.first { $0.flow == entry.flow }
            let own = max(enter.priorityClass, number?.priorityClass ?? .min)
            enter.priorityClass = kind.priorityClass != 0 ? kind.priorityClass : own
            enter.boostSeconds =
                OrderKey.clamped(enter.boostSeconds) + OrderKey.clamped(number?.boostSeconds ?? 0)
                + OrderKey.clamped(kind.boostSeconds)
        }
        return enter
    }

    /// The same with the queues to which the described ones send on whom they give back, as far as the rules know them.
    func withOverflow(_ rules: CenterConfiguration) -> Workload {
        var workload = self
        for queue in queues {
            var entries = queue.kinds.compactMap(\.entry)
            if let usual = Self.usualEntry(of: queue.id, in: rules), !entries.contains(usual) { entries.append(usual) }
            for entry in entries {
                guard let flow = rules.flows.first(where: { $0.id == entry.flow }) else { continue }
                for id in Self.queues(behind: entry.node, in: flow)
                where !workload.queues.contains(where: { $0.id == id }) && rules.queues.contains(where: { $0.id == id })
                    && workload.queues.count < Self.queuesMax
                {
                    workload.queues.append(Queue(id: id, callsPerHour: [], handle: .fixed(0)))
                }
            }
        }
        return workload
    }

    /// To which a flow can come behind a node.
    private static func queues(behind node: NodeID, in flow: Flow) -> [QueueID] {
        var queues: [QueueID] = [], seen: Set<NodeID> = [node], open = flow.node(node)?.action.successors ?? []
        while let next = open.popLast() {
            guard seen.insert(next).inserted, let action = flow.node(next)?.action else { continue }
            if case .queue(let enter) = action { queues.append(enter.queue) }
            open += action.successors
        }
        return queues
    }

    /// Somebody has to meet some step for every kind of caller.
    func checkSkills(of queue: Queue, _ rules: QueueRules, _ agents: [SimulatedAgent]) throws(WorkloadError) {
        guard !rules.require.isEmpty else { return }
        let rest = 1 - queue.kinds.reduce(0) { $0 + $1.share }
        let plain = rest > 0.001 ? [Kind(name: "", share: rest)] : []
        for kind in queue.kinds.filter({ $0.share > 0 }) + plain {
            let isMet = rules.require.contains { step in
                let requirement = step.requirement.resolved { name in kind.attributes.last { $0.name == name }?.value }
                return agents.contains { requirement.isMet(by: $0.id, with: $0.skills) }
            }
            if !isMet { throw .unmeetable(queue.id, kind: kind.name.isEmpty ? nil : kind.name) }
        }
    }

    /// The same with the callers of a day that was: one kind for each that the rules can tell apart.
    ///
    /// - Returns: also of what kind each arrival is, and how many were taken for callers of no kind because there were too
    ///   many kinds.
    func with(
        _ trace: DayTrace, rules: CenterConfiguration
    ) -> (workload: Workload, kinds: [Int], leftOut: Int) {
        var names = Set(rules.priorities.map(\.attribute))
        for rule in rules.queues { names.formUnion(rule.require.flatMap(\.requirement.attributes)) }
        for flow in rules.flows {
            for case .branch(let branch) in flow.nodes.map(\.action) { names.insert(branch.attribute) }
        }
        var workload = self, leftOut = 0
        var known: [Kind: Int] = [:]
        let kinds = trace.arrivals.map { arrival -> Int in
            guard let queue = workload.queues.firstIndex(where: { $0.id == arrival.queue }), arrival.work == nil else {
                return 0
            }
            // The queue's name, so that kinds of two queues are two.
            var kind = Kind(
                name: arrival.queue.rawValue, share: 0, attributes: arrival.attributes.filter { names.contains($0.name) },
                priorityClass: arrival.priorityClass, boostSeconds: arrival.boostSeconds)
            if let node = arrival.node, let enter = Self.enter(arrival.queue, by: node, in: rules) {
                let number = rules.numbers.first { $0.number == arrival.number }
                kind.entry = node
                kind.entry?.isAnnounced = number?.recording != nil
                // Other rules than those of that day may say something else.
                kind.priorityClass = max(enter.priorityClass, number?.priorityClass ?? .min)
                kind.boostSeconds = OrderKey.clamped(enter.boostSeconds) + OrderKey.clamped(number?.boostSeconds ?? 0)
            } else if kind.attributes.isEmpty, kind.priorityClass == 0, kind.boostSeconds == 0 {
                return 0
            }
            if let place = known[kind] { return place }
            guard workload.queues[queue].kinds.count < Self.kindsMax else {
                leftOut += 1
                return 0
            }
            let place = workload.queues[queue].kinds.count + 1
            known[kind] = place
            kind.name = "\(place)"
            workload.queues[queue].kinds.append(kind)
            return place
        }
        return (workload, kinds, leftOut)
    }
}
