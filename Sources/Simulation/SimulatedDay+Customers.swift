// What the customers of a simulated day do, and what the rules' commands mean to them.

internal import ACD
internal import Basics
internal import ContactCenter
internal import IVR
internal import KPI

extension SimulatedDay {
    /// Letters that are read out in a second, and how long other announcements take.
    static let lettersPerSecond = 15.0
    static let soundFileSeconds = 5.0
    static let phraseSeconds = 3.0
    /// From the call to the answer of whoever is called back, and of somebody outside.
    static let answerSecondsOutside = 8.0
    /// A message, if there is room for so much.
    static let messageSeconds = 20.0

    mutating func fire(_ due: Due) {
        switch due {
        case .interval(let interval): setPresences(interval: interval)
        case .arrival(let stream):
            arrive(stream)
            scheduleArrival(stream)
        case .recordedArrival(let place): arriveAgain(place)
        case .presence(let agent, let isThere): submit(.presenceRequested(agent, isThere ? .available : .offline))
        case .patienceOver(let contact): losePatience(contact)
        case .answer(let leg): answer(leg)
        case .talkOver(let contact): finish(contact)
        case .wrapUpDone(let agent, let contact): submit(.workWrapUpCompleted(agent, contact, disposition: nil))
        case .playbackEnded(let leg, let playback): hasHeard(playback, on: leg)
        case .collectOver(let leg):
            if legs[leg] != nil { submit(.collected(leg, token: "", length: 0, valid: false)) }
        case .messageOver(let leg):
            if legs[leg] != nil { hangUp(leg) }
        case .outsideAnswers(let contact, let leg):
            guard let own = customers[contact]?.leg else { return }
            // Whoever is somewhere else has left the center, as far as its figures go.
            submit(.legAnswered(leg))
            hangUp(own)
        case .customerRings(let leg):
            if legs[leg] != nil { submit(.legRinging(leg)) }
        case .customerAnswers(let leg): answerCallback(leg)
        }
    }

    mutating func perform(_ command: Command) {
        switch command {
        case .ring(let ring):
            ringing[ring.leg] = (ring.contact, ring.agent, ring.kind)
            // Whoever is described as answering late does answer: misses are no part of a described day.
            let offered = center.queues[center.contacts.look(at: ring.contact) { $0.entry?.queue ?? "" } ?? ""]
            let most = offered.map { Double($0.rules.offerSeconds) - 0.001 } ?? 3600
            dues.set(.answer(ring.leg), at: now + .seconds(min(most, workload.answer.sample(using: &answering))))
        case .hangUp(let leg, _):
            ringing[leg] = nil
            if let contact = legs.removeValue(forKey: leg), customers[contact]?.leg == leg { customers[contact]?.leg = nil }
        case .play(let leg, let id, let announcements, let loops, _):
            if !loops, let contact = legs[leg] { play(announcements, as: id, to: contact, leg) }
        case .bridge(let a, let b):
            for leg in [a, b] {
                if let contact = legs[leg] { beginTalk(contact) }
            }
        case .dial(let dial):
            dues.set(.outsideAnswers(dial.contact, dial.leg), at: now + .seconds(Self.answerSecondsOutside))
        case .callBack(let call): ring(call)
        case .startRecording(let start):
            if center.contacts.look(at: start.contact, { $0.isLeavingMessage }) == true {
                dues.set(.messageOver(start.caller), at: now + .seconds(Self.messageSeconds))
            }
        case .collect(let leg, let collect):
            dues.set(.collectOver(leg), at: now + .milliseconds(collect.firstDigitTimeoutMilliseconds))
        case .close(let contact):
            if keepsRecords { closed.append(contact) }
            book(contact)
            if let leg = customers.removeValue(forKey: contact.id)?.leg { legs[leg] = nil }
        case .agentChanged(let agent): noteAgent(agent)
        case .answer, .reject, .stopPlayback, .collectSecurely, .cancelCollection, .unbridge, .confer, .keepNumber,
            .forgetNumber, .record, .stopRecording,
            .pauseRecording, .mute, .append, .queueChanged, .contactChanged, .trialBrokenOff, .trialStageBegan:
            break
        }
    }

    // MARK: Coming

    /// The time to the next one; where the rate changes, waiting for it begins anew, which exponential times do not mind.
    mutating func scheduleArrival(_ stream: Int) {
        let rates = streams[stream].work?.perHour ?? workload.queues[streams[stream].queue].callsPerHour
        var time = now
        while time < end {
            let interval = interval(at: time)
            let border = begin(of: interval + 1)
            let rate = Workload.value(rates, in: interval) ?? 0
            if rate > 0 {
                let gap = Distribution.exponential(mean: 3600 / rate).sample(using: &streams[stream].chance.arrivals)
                let next = time + .seconds(min(gap, 1e9))
                if next < border { return dues.set(.arrival(stream: stream), at: next) }
            }
            time = border
        }
    }

    private mutating func arrive(_ stream: Int) {
        let queue = streams[stream].queue, described = workload.queues[queue]
        let customer = draw(stream)
        if let work = streams[stream].work { return arrive(customer, with: work, from: nil) }
        call(customer, kind: drawKind(of: described, &streams[stream].chance.kinds), from: nil)
    }

    /// Somebody who comes in by this stream, with times of their own.
    mutating func draw(_ stream: Int) -> Customer {
        let queue = streams[stream].queue, described = workload.queues[queue], work = streams[stream].work
        let handle = (work?.handle ?? described.handle).sample(using: &streams[stream].chance.handling)
        let patience = (work == nil ? described.patience : work?.hasSession == true ? work?.patience : nil)?
            .sample(using: &streams[stream].chance.patience)
        let callbacks = work == nil ? described.callbacks : nil
        let takesCallback = callbacks.map { streams[stream].chance.callbacks.unit() < $0.share } ?? false
        return Customer(
            queue: queue, leg: work?.hasSession == false ? nil : makeLeg(), work: work?.kind, handleSeconds: handle,
            patienceSeconds: patience, takesCallback: takesCallback, reached: callbacks?.reached ?? 1)
    }

    /// From 1; 0: of none.
    private func drawKind(of queue: Workload.Queue, _ random: inout SeededRandom) -> Int {
        guard !queue.kinds.isEmpty else { return 0 }
        var rest = random.unit()
        for (place, kind) in queue.kinds.enumerated() {
            rest -= kind.share
            if rest < 0 { return place + 1 }
        }
        return 0
    }

    /// - Parameters:
    ///   - kind: its place among the queue's kinds, from 1; 0: of none.
    ///   - caller: nil: one who has never called.
    mutating func call(_ customer: Customer, kind: Int, from caller: CallerKey?) {
        guard let leg = customer.leg else { return }
        let number = Workload.number(workload.queues[customer.queue].id, kind: kind)
        submit(
            .callArrived(
                Arrival(
                    leg: leg, number: number, caller: caller ?? newCaller(), trunk: "simulated", channel: 1,
                    canBeCalledBack: customer.takesCallback ? true : nil)), from: customer)
    }

    mutating func arrive(
        _ customer: Customer, with work: Workload.Work, from caller: CallerKey?,
        attributes: [Workload.Kind.Attribute] = []
    ) {
        submit(
            .workArrived(
                WorkArrival(
                    kind: work.kind, queue: workload.queues[customer.queue].id, customer: caller ?? newCaller(),
                    attributes: attributes.map { Attribute(name: $0.name, value: $0.value) }, leg: customer.leg)),
            from: customer)
    }

    func newCaller() -> CallerKey { CallerKey("caller-\(figures.contacts + 1)") }

    /// - Parameter contact: nil: was not taken in.
    mutating func adopt(_ customer: Customer, as contact: ContactID?) {
        figures.contacts += 1
        guard let contact else { return }
        if customers[contact] == nil { customers[contact] = customer }
        customers[contact]?.leg = customer.leg
        if let leg = customer.leg { legs[leg] = contact }
        isOnLine(contact)
    }

    private mutating func isOnLine(_ contact: ContactID) {
        guard let patience = customers[contact]?.patienceSeconds else { return }
        let until = now + .seconds(min(patience, 1e9))
        customers[contact]?.patientUntil = until
        dues.set(.patienceOver(contact), at: until)
    }

    // MARK: Waiting

    private mutating func losePatience(_ contact: ContactID) {
        guard let customer = customers[contact], customer.agent == nil, customer.patientUntil <= now, let leg = customer.leg
        else { return }
        hangUp(leg)
    }

    private mutating func hangUp(_ leg: LegID) {
        if let contact = legs.removeValue(forKey: leg), customers[contact]?.leg == leg { customers[contact]?.leg = nil }
        submit(.legEnded(leg))
    }

    private mutating func play(_ announcements: [Announcement], as id: PlaybackID, to contact: ContactID, _ leg: LegID) {
        var seconds = 0.0
        for announcement in announcements {
            switch announcement {
            case .prompt(.text(let text)): seconds += max(1, Double(text.count) / Self.lettersPerSecond)
            case .prompt(.file): seconds += Self.soundFileSeconds
            case .position, .expectedWait, .phrase: seconds += Self.phraseSeconds
            case .beep: seconds += 1
            case .music, .ringback: break
            case .callbackOffer(let key):
                seconds += Self.phraseSeconds
                if customers[contact]?.takesCallback == true { customers[contact]?.key = key }
            case .callbackConfirm(let key):
                // Whoever answers is the customer: machines are not part of a workload.
                seconds += Self.phraseSeconds
                customers[contact]?.key = key
            }
        }
        // What is heard before the queue was heard before the caller came into this day.
        if center.contacts.look(at: contact, { $0.firstEnqueuedAt == nil }) == true { seconds = 0 }
        dues.set(.playbackEnded(leg, id), at: now + .seconds(seconds))
    }

    private mutating func hasHeard(_ playback: PlaybackID, on leg: LegID) {
        guard let contact = legs[leg] else { return }
        if let key = customers[contact]?.key {
            customers[contact]?.key = nil
            customers[contact]?.takesCallback = false
            submit(.digit(leg, key))
        }
        if legs[leg] != nil { submit(.playbackEnded(leg, playback)) }
    }

    // MARK: Being called back

    private mutating func ring(_ call: CallBack) {
        guard let customer = customers[call.contact] else { return }
        customers[call.contact]?.leg = call.leg
        legs[call.leg] = call.contact
        dues.set(.customerRings(call.leg), at: now + .seconds(1))
        guard streams[customer.queue].chance.callbacks.unit() < customer.reached else { return }
        dues.set(.customerAnswers(call.leg), at: now + .seconds(Self.answerSecondsOutside))
    }

    private mutating func answerCallback(_ leg: LegID) {
        guard let contact = legs[leg], customers[contact]?.leg == leg else { return }
        submit(.legAnswered(leg))
        isOnLine(contact)
    }
}

extension Contact {
    fileprivate var isLeavingMessage: Bool { if case .voicemail = state { true } else { false } }
}
