// What `/metrics` tells of kinds of work.

internal import ACD
internal import API
internal import Basics
internal import ContactCenter

extension Server {
    func add(_ edges: Edges, kindsOf center: Center, to metrics: inout Metrics) {
        let atAgents = KindCounts.atAgents(of: center)
        let digital = center.kinds.map(\.rules.id).filter { $0 != .call }
        func labels(_ kind: WorkKindID) -> [(String, String)] { [("kind", kind.rawValue)] }
        metrics.add(
            "work_waiting", .gauge, "Contacts that are no calls and wait, those that ring included, by kind.",
            digital.map { kind in
                (labels(kind), Double(max(0, (edges.work.openByKind[kind] ?? 0) - (atAgents[kind]?.active ?? 0))))
            })
        let all = center.kinds.map(\.rules.id)
        func add(_ name: String, _ help: String, _ value: (KindCounts) -> Int) {
            metrics.add(name, .gauge, help, all.map { (labels($0), Double(value(atAgents[$0] ?? KindCounts()))) })
        }
        add("work_ringing", "Pieces of work that ring at agents, by kind.", \.ringing)
        add("work_active", "Pieces of work that agents have, by kind.", \.active)
        add("work_wrap_up", "Pieces of work that agents wrap up, by kind.", \.wrapUp)
        add("work_capacity_units", "Units of the agents' capacities that are in use, by kind.", \.units)
        metrics.add(
            "work_at_once_max", .gauge, "Pieces that one agent may have at once, where that follows the load, by kind.",
            center.kinds.compactMap { kind in kind.atOnceMax.map { (labels(kind.rules.id), Double($0)) } })
    }
}
