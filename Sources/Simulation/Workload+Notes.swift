// What a simulated day leaves out or takes for granted, said with its figures.

internal import ACD
internal import Basics
public import ContactCenter
internal import IVR

extension Workload {
    /// Lines for whoever reads the figures.
    ///
    /// - Parameters: as those of `SimulatedDay`.
    public func simplifications(rules: CenterConfiguration?, trace: DayTrace?) -> [String] {
        var notes = ["agents answer every offer; nobody is transferred, held or lost"]
        if let rules {
            notes.append(
                "everybody begins at the queue, behind the voice menu; whom a queue gives back goes on in the flow and presses"
                    + " no key, leaves messages of \(Int(SimulatedDay.messageSeconds)) s, and is gone when sent outside")
            notes.append(
                "announcements are read at \(Int(SimulatedDay.lettersPerSecond)) letters a second, sound files take"
                    + " \(Int(SimulatedDay.soundFileSeconds)) s; position and expected wait are not said")
            if trace == nil {
                if !rules.hours.isEmpty { notes.append("it is always open: the opening hours are left out") }
                notes += entries(rules)
            }
            let unstaffed = withOverflow(rules).queues.dropFirst(queues.count).map(\.id).filter { id in
                !teams.isEmpty && trace == nil && !teams.contains { $0.queues.contains(id) }
            }
            if !unstaffed.isEmpty { notes.append("nobody of the teams is in \(list(unstaffed)), where callers are sent on") }
        }
        guard let trace, let rules else { return notes }
        notes.append("patience that was not seen, and the time of those who were not answered, are drawn")
        if trace.reloads > 0 {
            notes.append("the configuration changed \(trace.reloads) times that day; the last one counts for all of it")
        }
        if trace.missingLines > 0 {
            notes.append("\(trace.missingLines) lines of the journal are missing: the day may have been another one")
        }
        let leftOut = with(trace, rules: rules).leftOut
        if leftOut > 0 {
            notes.append("\(leftOut) callers were taken for callers like any other: a queue has at most \(Self.kindsMax) kinds")
        }
        let unknown = trace.arrivals.count { arrival in !queues.contains { $0.id == arrival.queue } }
        if unknown > 0 { notes.append("\(unknown) contacts of queues that the configuration no longer has are left out") }
        let asked = trace.arrivals.filter { $0.end == .callback }
        let refused = Set(asked.map(\.queue)).filter { id in rules.queues.first { $0.id == id }?.callback == nil }
        if !refused.isEmpty {
            notes.append("callers who took a callback in \(list(refused.sorted())) wait: these rules offer none there")
        }
        return notes
    }

    /// By which flow described callers come, where it could be another one.
    private func entries(_ rules: CenterConfiguration) -> [String] {
        queues.compactMap { queue in
            let ways = rules.flows.reduce(0) { sum, flow in
                sum
                    + flow.nodes.count {
                        if case .queue(let enter) = $0.action { enter.queue == queue.id } else { false }
                    }
            }
            guard let usual = Self.usualEntry(of: queue.id, in: rules) else {
                return "no flow leads to \(queue.id): whom it gives back hears a goodbye"
            }
            return ways > 1 ? "callers of \(queue.id) come by \(usual.node) of \(usual.flow), one of \(ways) ways there" : nil
        }
    }

    private func list(_ queues: [QueueID]) -> String { queues.map(\.rawValue).joined(separator: ", ") }
}
