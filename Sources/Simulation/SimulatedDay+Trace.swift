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

    /// What was seen of a customer is taken as it was, what was not is drawn: the patience of those who were answered before
    /// it was over, and the time that those would have taken who were not.
    mutating func arriveAgain(_ place: Int) {
        guard let trace else { return }
        scheduleRecorded(place + 1, trace)
        let arrival = trace.arrivals[place]
        guard
            let stream = streams.firstIndex(where: {
                workload.queues[$0.queue].id == arrival.queue && $0.work?.kind == arrival.work
            })
        else { return }
        let drawn = draw(stream)
        // Exponential patience has no memory: after so much of it the rest is as long as it was at the beginning.
        let patience =
            arrival.end == .abandoned ? arrival.waitedSeconds : drawn.patienceSeconds.map { arrival.waitedSeconds + $0 }
        let customer = Customer(
            queue: drawn.queue, leg: arrival.isScheduled ? nil : drawn.leg, work: drawn.work,
            handleSeconds: max(0, arrival.handleSeconds ?? drawn.handleSeconds), patienceSeconds: patience,
            takesCallback: arrival.end == .callback, reached: trace.callbacksReached)
        if arrival.isScheduled {
            let request = CallbackRequest(caller: arrival.caller, queue: arrival.queue, wishedAt: nil, hasConsented: true)
            submit(.callbackScheduled(request), from: customer)
        } else if let work = streams[stream].work {
            arrive(customer, with: work, from: arrival.caller, attributes: arrival.attributes)
        } else {
            call(customer, kind: kindsOfTrace[place], from: arrival.caller)
        }
    }
}
