// What a simulated day comes to, counted from the stories of its contacts.

internal import ACD
internal import Basics
internal import ContactCenter
internal import KPI

extension SimulatedDay {
    /// A contact's stay in a queue.
    private struct Stay {
        var queue: QueueID
        var since: Instant
    }

    /// Counts a contact that is over, or, at the end of the day, one that is not. Each queue that it came to counts it once,
    /// in the interval in which it came there; a promised callback is neither an answer nor an abandon (definitions.md 3.4).
    mutating func book(_ contact: Contact, isOver: Bool = true) {
        var stay: Stay?, callback: Stay?
        for line in contact.timeline {
            switch line.what {
            case .enqueued(let queue, _):
                // Who is promised a callback has the place already, or gets it back.
                if callback == nil { stay = Stay(queue: queue, since: line.at) }
            case .diverted(let queue, _):
                count(stay ?? Stay(queue: queue, since: line.at)) { $0.counts.flowedOut += 1 }
                (stay, callback) = (nil, nil)
            case .answered(_, let queue, _):
                let customer = customers[contact.id]
                if let promised = callback {
                    count(promised) { $0.noteHandling(customer) }
                } else {
                    answered(stay ?? Stay(queue: queue, since: line.at), at: line.at, customer)
                }
                (stay, callback) = (nil, nil)
            case .callbackRequested(let queue, _):
                callback = stay ?? Stay(queue: queue, since: line.at)
                stay = nil
                count(callback) { $0.callbacksRequested += 1 }
            case .callbackDialled: count(callback) { $0.callbackAttempts += 1 }
            case .callbackEnded(let end):
                // Once more on the line, as one who waits there.
                if end == .reattached { stay = callback.map { Stay(queue: $0.queue, since: line.at) } }
                count(callback) { figures in
                    if end == .reached { figures.callbacksReached += 1 }
                    if end.isFailure { figures.callbacksGivenUp += 1 }
                }
                if end != .reached { callback = nil }
            case .ended(let outcome, _):
                ended(outcome, stay, at: line.at)
                stay = nil
            case .arrived, .workArrived, .visited, .chose, .noted, .announced, .relaxed, .roomKept, .prioritised, .offered,
                .offerEnded,
                .held, .resumed, .dialled, .connected, .notConnected, .recordingStarted, .recordingStopped, .recordingPaused,
                .recordingResumed, .agentLeft, .lost, .returned, .transferred, .consulted, .conferred, .participantLeft,
                .handedOver, .supervised, .disposed, .callbackAnswered, .secureBegan, .secureEnded:
                break
            }
        }
        if !isOver, let stay { unserved(stay) }
    }

    private func threshold(_ queue: QueueID) -> Double {
        placeOfQueue[queue].map { Double(rules[$0].serviceLevelSeconds) } ?? 0
    }

    private mutating func answered(_ stay: Stay, at time: Instant, _ customer: Customer?) {
        let wait = (time - stay.since).inSeconds, threshold = threshold(stay.queue)
        count(stay) { figures in
            figures.counts.answered += 1
            if wait <= threshold { figures.counts.answeredInTime += 1 }
            figures.counts.waitOfAnswered += wait
            if wait > 0 { figures.waited += 1 }
            figures.waitOfAll += wait
            figures.noteHandling(customer)
        }
    }

    private mutating func ended(_ outcome: Outcome, _ stay: Stay?, at time: Instant) {
        guard let stay, outcome != .merged else { return }
        let wait = (time - stay.since).inSeconds, threshold = threshold(stay.queue)
        count(stay) { figures in
            guard outcome == .abandoned else { return figures.counts.flowedOut += 1 }
            figures.counts.abandoned += 1
            if wait <= threshold { figures.counts.abandonedInTime += 1 }
            if wait <= Double(QueueFigures.shortAbandonSeconds) { figures.counts.abandonedShort += 1 }
            figures.waited += 1
            figures.waitOfAll += wait
        }
    }

    private mutating func unserved(_ stay: Stay) {
        let isLate = (now - stay.since).inSeconds > threshold(stay.queue)
        count(stay) { figures in
            figures.unserved += 1
            if isLate { figures.counts.waitingBeyondThreshold += 1 }
        }
    }

    private mutating func count(_ stay: Stay?, _ change: (inout IntervalFigures) -> Void) {
        guard let stay, let queue = placeOfQueue[stay.queue] else { return }
        let interval = interval(at: stay.since)
        guard interval >= 0, interval < workload.intervals else { return }
        change(&figures.byQueue[queue][interval])
        change(&figures.byInterval[interval])
    }

    /// A stretch of time is clipped at the borders of the intervals.
    func spread(_ from: Instant, _ to: Instant, over seconds: inout [Double]) {
        let first = max(0, interval(at: from)), last = min(workload.intervals - 1, interval(at: to))
        guard first <= last else { return }
        for interval in first...last {
            let overlap = min(to, begin(of: interval + 1)) - max(from, begin(of: interval))
            seconds[interval] += max(0, overlap.inSeconds)
        }
    }

    /// The day is over: what is still going on is counted as far as it has come.
    mutating func close() {
        for contact in center.contacts.map(\.value) { book(contact, isOver: false) }
        for agent in agents {
            guard var presence = presences[agent.id] else { continue }
            if let since = presence.busySince { spread(since, now, over: &presence.busy) }
            if let since = presence.staffedSince { spread(since, now, over: &presence.staffed) }
            for interval in 0..<workload.intervals {
                for queue in agent.queues {
                    figures.byQueue[queue][interval].busySeconds += presence.busy[interval]
                    figures.byQueue[queue][interval].staffedSeconds += presence.staffed[interval]
                }
                figures.byInterval[interval].busySeconds += presence.busy[interval]
                figures.byInterval[interval].staffedSeconds += presence.staffed[interval]
            }
        }
    }
}

extension IntervalFigures {
    fileprivate mutating func noteHandling(_ customer: SimulatedDay.Customer?) {
        guard let customer else { return }
        handled += 1
        handleSeconds += customer.handleSeconds
        wrapUpSeconds += customer.wrapUpSeconds
    }
}
