// The callers and agents of a day that was, in a simulated one.

internal import ACD
internal import Basics
internal import ContactCenter

extension SimulatedDay {
    /// Times of the trace, moved to the simulation's own day.
    private func moved(_ time: Instant, _ trace: DayTrace) -> Instant { begin(of: 0) + (time - trace.from) }

    mutating func schedule(_ trace: DayTrace) {
        for shift in trace.shifts where presences[shift.agent] != nil {
            dues.set(.presence(shift.agent, true), at: moved(shift.from, trace))
            // Those who were there to the end stay for whoever still waits.
            if shift.to < trace.to { dues.set(.presence(shift.agent, false), at: moved(shift.to, trace)) }
        }
        scheduleRecorded(0, trace)
    }

    private mutating func scheduleRecorded(_ place: Int, _ trace: DayTrace) {
        if place < trace.arrivals.count { dues.set(.recordedArrival(place), at: moved(trace.arrivals[place].at, trace)) }
    }

    /// What was seen of a caller is taken as it was, what was not is drawn: the patience of those who were answered before it
    /// was over, and the time that those would have taken who were not.
    mutating func arriveAgain(_ place: Int) {
        guard let trace else { return }
        scheduleRecorded(place + 1, trace)
        let arrival = trace.arrivals[place]
        guard let queue = workload.queues.firstIndex(where: { $0.id == arrival.queue }) else { return }
        let described = workload.queues[queue]
        let drawnHandle = described.handle.sample(using: &chances[queue].handling)
        let drawnPatience = described.patience?.sample(using: &chances[queue].patience)
        let patience =
            switch arrival.end {
            case .abandoned: arrival.waitedSeconds
            // Exponential patience has no memory: after so much of it the rest is as long as it was at the beginning.
            case .answered, .left: drawnPatience.map { arrival.waitedSeconds + $0 }
            }
        arrive(
            at: queue, kind: kindsOfTrace[place], from: arrival.caller, handle: max(0, arrival.handleSeconds ?? drawnHandle),
            patience: patience)
    }
}
