// What callers and agents of a simulated day do, and what the rules' commands mean to them.

internal import ACD
internal import Basics
internal import ContactCenter
internal import KPI

extension SimulatedDay {
    mutating func fire(_ due: Due) {
        switch due {
        case .interval(let interval): setPresences(interval: interval)
        case .arrival(let queue):
            arrive(at: queue)
            scheduleArrival(queue)
        case .recordedArrival(let place): arriveAgain(place)
        case .presence(let agent, let isThere): submit(.presenceRequested(agent, isThere ? .available : .offline))
        case .patienceOver(let leg): losePatience(leg)
        case .answer(let leg): answer(leg)
        case .talkOver(let leg): finish(leg)
        case .wrapUpDone(let agent):
            if case .wrapUp? = center.agents[agent]?.work.first { submit(.wrapUpCompleted(agent, disposition: nil)) }
        case .playbackEnded(let leg, let playback):
            if calls[leg] != nil { submit(.playbackEnded(leg, playback)) }
        }
    }

    mutating func perform(_ command: Command) {
        switch command {
        case .ring(let ring):
            ringing[ring.leg] = (ring.callerLeg, ring.agent)
            // Whoever is described as answering late does answer: misses are no part of a described day.
            let most = calls[ring.callerLeg].map { Double(rules[$0.queue].offerSeconds) - 0.001 } ?? 3600
            dues.set(.answer(ring.leg), at: now + .seconds(min(most, workload.answer.sample(using: &answering))))
        case .hangUp(let leg, _): ringing[leg] = nil
        case .play(let leg, let id, let announcements, let loops, _):
            guard !loops, calls[leg] != nil else { return }
            let length = Duration.seconds(VirtualFloor.announcementSeconds * announcements.count)
            dues.set(.playbackEnded(leg, id), at: now + length)
        case .close(let contact):
            if keepsRecords { closed.append(contact) }
            // Neither answered nor hung up: the queue has given it away.
            guard let call = calls.removeValue(forKey: contact.leg), call.agent == nil else { return }
            count(call) { $0.counts.flowedOut += 1 }
        case .agentChanged(let agent): noteAgent(agent)
        case .answer, .reject, .stopPlayback, .collect, .bridge, .unbridge, .dial, .callBack, .keepNumber, .forgetNumber,
            .startRecording, .attach, .stopRecording, .pauseRecording, .mute, .append, .queueChanged, .contactChanged,
            .trialBrokenOff:
            break
        }
    }

    // MARK: Callers

    /// The time to the next call; where the rate changes, waiting for it begins anew, which exponential times do not mind.
    mutating func scheduleArrival(_ queue: Int) {
        var time = now
        while time < end {
            let interval = interval(at: time)
            let border = begin(of: interval + 1)
            let rate = Workload.value(workload.queues[queue].callsPerHour, in: interval) ?? 0
            if rate > 0 {
                let gap = Distribution.exponential(mean: 3600 / rate).sample(using: &chances[queue].arrivals)
                let next = time + .seconds(min(gap, 1e9))
                if next < border { return dues.set(.arrival(queue: queue), at: next) }
            }
            time = border
        }
    }

    private mutating func arrive(at queue: Int) {
        let described = workload.queues[queue]
        arrive(
            at: queue, kind: drawKind(of: queue), from: nil, handle: described.handle.sample(using: &chances[queue].handling),
            patience: described.patience?.sample(using: &chances[queue].patience))
    }

    /// From 1; 0: of none.
    private mutating func drawKind(of queue: Int) -> Int {
        let kinds = workload.queues[queue].kinds
        guard !kinds.isEmpty else { return 0 }
        var rest = chances[queue].kinds.unit()
        for (place, kind) in kinds.enumerated() {
            rest -= kind.share
            if rest < 0 { return place + 1 }
        }
        return 0
    }

    /// - Parameters:
    ///   - kind: its place among the queue's kinds, from 1; 0: of none.
    ///   - caller: nil: one who has never called.
    ///   - handle: seconds of talk and wrap-up.
    ///   - patience: seconds; nil: the caller waits for ever.
    mutating func arrive(at queue: Int, kind: Int, from caller: CallerKey?, handle: Double, patience: Double?) {
        let leg = makeLeg()
        let wrapUp = min(Double(rules[queue].wrapUpSeconds), handle / 2)
        calls[leg] = Call(
            queue: queue, interval: interval(at: now), enqueuedAt: now, talkSeconds: handle - wrapUp, wrapUpSeconds: wrapUp)
        if let patience { dues.set(.patienceOver(leg), at: now + .seconds(min(patience, 1e9))) }
        figures.contacts += 1
        let caller = caller ?? CallerKey("caller-\(figures.contacts)")
        let number = Workload.number(workload.queues[queue].id, kind: kind)
        submit(.callArrived(Arrival(leg: leg, number: number, caller: caller, trunk: "simulated", channel: 1)))
    }

    private mutating func losePatience(_ leg: LegID) {
        guard let call = calls[leg], call.agent == nil else { return }
        calls[leg] = nil
        let wait = (now - call.enqueuedAt).inSeconds
        let threshold = Double(rules[call.queue].serviceLevelSeconds)
        count(call) { figures in
            figures.counts.abandoned += 1
            if wait <= threshold { figures.counts.abandonedInTime += 1 }
            if wait <= Double(QueueFigures.shortAbandonSeconds) { figures.counts.abandonedShort += 1 }
            figures.waited += 1
            figures.waitOfAll += wait
        }
        submit(.legEnded(leg))
    }

    // MARK: Agents

    private mutating func answer(_ leg: LegID) {
        guard let (caller, agent) = ringing.removeValue(forKey: leg), var call = calls[caller], call.agent == nil else {
            return
        }
        call.agent = agent
        calls[caller] = call
        submit(.legAnswered(leg))
        let wait = (now - call.enqueuedAt).inSeconds
        let threshold = Double(rules[call.queue].serviceLevelSeconds)
        count(call) { figures in
            figures.counts.answered += 1
            if wait <= threshold { figures.counts.answeredInTime += 1 }
            figures.counts.waitOfAnswered += wait
            if wait > 0 { figures.waited += 1 }
            figures.waitOfAll += wait
            figures.handleSeconds += call.talkSeconds + call.wrapUpSeconds
        }
        dues.set(.talkOver(caller), at: now + .seconds(min(call.talkSeconds, 1e9)))
    }

    private mutating func finish(_ caller: LegID) {
        guard let call = calls[caller], let agent = call.agent else { return }
        submit(.legEnded(caller))
        calls[caller] = nil
        if call.wrapUpSeconds > 0, call.wrapUpSeconds < Double(rules[call.queue].wrapUpSeconds) {
            dues.set(.wrapUpDone(agent), at: now + .seconds(call.wrapUpSeconds))
        }
    }

    mutating func setPresences(interval: Int) {
        for agent in agents where !agent.hasShifts {
            let isThere = Workload.value(agent.isThere, in: interval) ?? false
            guard presences[agent.id]?.isWanted != isThere else { continue }
            presences[agent.id]?.isWanted = isThere
            submit(.presenceRequested(agent.id, isThere ? .available : .offline))
        }
    }

    private mutating func noteAgent(_ id: AgentID) {
        guard let agent = center.agents[id], var presence = presences[id] else { return }
        let isBusy = !agent.work.isEmpty
        let isStaffed = isBusy || agent.presence == .available
        guard isBusy != (presence.busySince != nil) || isStaffed != (presence.staffedSince != nil) else { return }
        if !isBusy, let since = presence.busySince { spread(since, now, over: &presence.busy) }
        if !isStaffed, let since = presence.staffedSince { spread(since, now, over: &presence.staffed) }
        presence.busySince = isBusy ? presence.busySince ?? now : nil
        presence.staffedSince = isStaffed ? presence.staffedSince ?? now : nil
        presences[id] = presence
    }

    // MARK: Figures

    private mutating func count(_ call: Call, _ change: (inout IntervalFigures) -> Void) {
        guard call.interval >= 0, call.interval < workload.intervals else { return }
        change(&figures.byQueue[call.queue][call.interval])
        change(&figures.byInterval[call.interval])
    }

    /// A stretch of time is clipped at the borders of the intervals.
    private func spread(_ from: Instant, _ to: Instant, over seconds: inout [Double]) {
        let first = max(0, interval(at: from)), last = min(workload.intervals - 1, interval(at: to))
        guard first <= last else { return }
        for interval in first...last {
            let overlap = min(to, begin(of: interval + 1)) - max(from, begin(of: interval))
            seconds[interval] += max(0, overlap.inSeconds)
        }
    }

    /// The day is over: what is still going on is counted as far as it has come.
    mutating func close() {
        for leg in calls.keys.sorted() {
            guard let call = calls[leg], call.agent == nil else { continue }
            let isLate = (now - call.enqueuedAt).inSeconds > Double(rules[call.queue].serviceLevelSeconds)
            count(call) { figures in
                figures.unserved += 1
                if isLate { figures.counts.waitingBeyondThreshold += 1 }
            }
        }
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
