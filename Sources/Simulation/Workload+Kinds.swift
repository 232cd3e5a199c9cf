// Callers who are not all alike: as flows that say of a contact what the voice menu would have found out.

internal import ACD
internal import Basics
internal import ContactCenter
internal import IVR

extension Workload {
    /// What a caller of that kind dials; 0 stands for those of no kind.
    static func number(_ queue: QueueID, kind: Int) -> String { kind == 0 ? queue.rawValue : "\(queue)#\(kind)" }

    /// One flow for each kind of caller of each queue, and the number that leads to it.
    func flowsAndNumbers() -> (flows: [Flow], numbers: [NumberRules]) {
        var flows: [Flow] = [], numbers: [NumberRules] = []
        for queue in queues {
            for (place, kind) in ([Kind(name: "", share: 0)] + queue.kinds).enumerated() {
                let number = Self.number(queue.id, kind: place)
                let names = kind.attributes.indices.map { NodeID("set-\($0)") } + ["queue"]
                var nodes = kind.attributes.enumerated().map { index, attribute in
                    Node(
                        id: names[index],
                        action: .set(
                            SetAttribute(attribute: attribute.name, value: attribute.value, next: names[index + 1])))
                }
                let enter = EnterQueue(
                    queue: queue.id, priorityClass: kind.priorityClass, boostSeconds: kind.boostSeconds)
                nodes.append(Node(id: "queue", action: .queue(enter)))
                flows.append(Flow(id: FlowID(number), start: names[0], nodes: nodes))
                numbers.append(NumberRules(number: number, flow: FlowID(number)))
            }
        }
        return (flows, numbers)
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
    /// - Returns: also of what kind each arrival is.
    func with(_ trace: DayTrace, rules: [QueueRules], _ priorities: [PriorityRule]) -> (workload: Workload, kinds: [Int]) {
        var names = Set(priorities.map(\.attribute))
        for rule in rules { names.formUnion(rule.require.flatMap(\.requirement.attributes)) }
        var workload = self
        var known: [Kind: Int] = [:]
        let kinds = trace.arrivals.map { arrival -> Int in
            guard let queue = workload.queues.firstIndex(where: { $0.id == arrival.queue }) else { return 0 }
            let attributes = arrival.attributes.filter { names.contains($0.name) }
            if attributes.isEmpty, arrival.priorityClass == 0, arrival.boostSeconds == 0 { return 0 }
            // The queue's name, so that kinds of two queues are two.
            var kind = Kind(
                name: arrival.queue.rawValue, share: 0, attributes: attributes, priorityClass: arrival.priorityClass,
                boostSeconds: arrival.boostSeconds)
            if let place = known[kind] { return place }
            guard workload.queues[queue].kinds.count < Self.kindsMax else { return 0 }
            let place = workload.queues[queue].kinds.count + 1
            known[kind] = place
            kind.name = "\(place)"
            workload.queues[queue].kinds.append(kind)
            return place
        }
        return (workload, kinds)
    }
}
