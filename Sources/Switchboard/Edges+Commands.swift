// What the rules want, done on the edges. What an edge cannot do comes back as an event.

internal import ACD
internal import API
internal import Audio
internal import Basics
internal import ContactCenter
internal import IVR
internal import Logging
internal import Media
internal import SIP
internal import Storage

extension Edges {
    func perform(_ command: Command) {
        switch command {
        case .answer(let leg): answer(leg)
        case .reject(let leg, let cause): reject(leg, cause)
        case .hangUp(let leg, let cause): hangUp(leg, cause)
        case .play(let leg, let id, let announcements, let loops, let stopsOnDigit):
            play(announcements, to: leg, as: id, loops: loops, stopsOnDigit: stopsOnDigit)
        case .stopPlayback(let leg): stopPlayback(leg)
        case .collect(let leg, let collect): self.collect(collect, from: leg)
        case .collectSecurely(let leg, let form): collectSecurely(form, from: leg)
        case .cancelCollection(let leg): cancelCollection(leg)
        case .bridge(let a, let b):
            stopPlayback(a)
            stopPlayback(b)
            attempt("bridge", a) { try media.bridge(a, b) }
            media.watchDeadAir(a, seconds: deadAirSeconds)
        case .unbridge(let a, _): media.unbridge(a)
        case .confer(let contact, let conferees, let isMasked): confer(contact, conferees, isMasked: isMasked)
        case .ring(let ring): self.ring(ring)
        case .dial(let dial): self.dial(dial)
        case .callBack(let call): callBack(call)
        case .keepNumber(let caller, let leg): keepNumber(caller, of: leg)
        case .forgetNumber(let caller): forgetNumber(caller)
        case .startRecording(let start): startRecording(start)
        case .record(let recording, let legs): record(legs, on: recording)
        case .stopRecording(let recording):
            recordings[recording]?.ended = clock.now
            recordings[recording]?.closeTracks(at: clock.now)
            media.stopRecording(recording)
        case .pauseRecording(let recording, let isPaused): pauseRecording(recording, isPaused)
        case .mute(let leg, let isMuted): media.mute(leg, isMuted)
        case .close(let contact): close(contact)
        case .append(let contact, let entry): append(entry, to: contact)
        case .trialBrokenOff(let key):
            logger.warning(
                "a split goes the usual way from now on: the other one has done worse than its brake allows",
                metadata: ["flow": "\(key.flow)", "node": "\(key.node)"])
        case .trialStageBegan(let key):
            logger.notice(
                "a split goes on to its next share: the one before has gone well",
                metadata: ["flow": "\(key.flow)", "node": "\(key.node)"])
        case .agentChanged, .queueChanged, .contactChanged: break
        }
    }

    // MARK: Legs

    private func answer(_ id: LegID) {
        guard let leg = legs[id], let call = leg.call, let offer = leg.offer else { return }
        do throws(MediaError) {
            let answer = try media.accept(id, offer: offer)
            let service = turn.center.contact(of: id).map { Leg.Service(contact: $0, party: .caller, opened: clock.now) }
            legs.update(id) {
                $0.offer = nil
                $0.service = service
                $0.isAnswered = true
            }
            sip.answer(call, sdp: answer)
        } catch {
            if error.isCallers {
                logger.notice("call without usable media", metadata: ["leg": "\(id)", "reason": "\(error)"])
            } else {
                logger.warning("no media for a call", metadata: ["leg": "\(id)", "reason": "\(error)"])
            }
            sip.reject(call, status: error.isCallers ? 488 : 503)
            drop(id)
            turn.submit(.legFailed(id, .failed))
        }
    }

    private func reject(_ id: LegID, _ cause: RejectCause) {
        guard let call = legs[id]?.call else { return }
        sip.reject(call, status: cause.status)
        drop(id)
    }

    private func hangUp(_ id: LegID, _ cause: HangUpCause) {
        guard let leg = legs[id] else { return browsers.hide(id) }
        if let call = leg.call {
            sip.hangUp(call, cause: cause.q850, completedElsewhere: cause == .answeredElsewhere)
        }
        drop(id)
    }

    private func ring(_ ring: Ring) {
        if ring.kind != nil {
            guard browsers.show(ring) else { return turn.submit(.legFailed(ring.leg, .unreachable)) }
            return
        }
        let service = Leg.Service(contact: ring.contact, party: .agent, agent: ring.agent, opened: clock.now)
        legs.addOutbound(ring.leg, for: service)
        if ring.agent.browser == ring.device { return ringBrowser(ring) }
        let from = legs[ring.callerLeg]?.caller ?? Caller(user: parkedNumber(of: ring.contact) ?? "")
        do {
            // Where the phone was last seen; of those that have not registered since the start, what holds longest.
            let bindings = sip.bindings(of: ring.device)
            guard let binding = bindings.max(by: { ($0.registered, $0.expires) < ($1.registered, $1.expires) }) else {
                drop(ring.leg)
                return turn.submit(.legFailed(ring.leg, .unreachable))
            }
            let offer = try media.offer(ring.leg, like: ring.callerLeg)
            legs.set(try sip.invite(device: ring.device, at: binding, from: from, sdp: offer), for: ring.leg)
        } catch {
            // The phone is where it was: what fails here are our own limits, and no agent is to blame.
            logger.warning("phone not rung", metadata: ["leg": "\(ring.leg)", "reason": "\(error)"])
            drop(ring.leg)
            turn.submit(.legFailed(ring.leg, .notMade))
        }
    }

    private func ringBrowser(_ ring: Ring) {
        do {
            guard try browsers.ring(ring) else {
                drop(ring.leg)
                return turn.submit(.legFailed(ring.leg, .unreachable))
            }
        } catch {
            logger.warning("browser not rung", metadata: ["leg": "\(ring.leg)", "reason": "\(error)"])
            drop(ring.leg)
            turn.submit(.legFailed(ring.leg, .notMade))
        }
    }

    private func dial(_ dial: Dial) {
        legs.addOutbound(dial.leg, for: Leg.Service(contact: dial.contact, party: .other, opened: clock.now))
        if let callee = dial.callee { return dialOutside(dial, callee) }
        let from = callerIDs[dial.trunk].map { Caller(user: $0) } ?? legs[dial.callerLeg]?.caller ?? Caller(user: "")
        do {
            let offer = try media.offer(dial.leg, like: dial.callerLeg)
            legs.set(try sip.invite(trunk: dial.trunk, number: dial.number, from: from, sdp: offer), for: dial.leg)
        } catch {
            logger.notice("trunk cannot be used", metadata: ["trunk": "\(dial.trunk)", "reason": "\(error)"])
            drop(dial.leg)
            turn.submit(.legFailed(dial.leg, .failed))
        }
    }

    // MARK: Sound

    private func play(
        _ announcements: [Announcement], to id: LegID, as playback: PlaybackID, loops: Bool, stopsOnDigit: Bool
    ) {
        guard legs[id] != nil else { return }
        legs.update(id) { $0.awaitedPlayback = playback }
        prompts.clips(for: announcements) { [self] clips in
            guard legs[id]?.awaitedPlayback == playback else { return }
            legs.update(id) { $0.awaitedPlayback = nil }
            // What loops has no end: without a sample it is silence, and not an end that the rules answer by playing again.
            guard !loops || clips.contains(where: { $0.seconds > 0 }) else { return media.stop(id) }
            attempt("play", id) {
                try media.play(id, clips, as: playback, loops: loops, stopsOnDigit: stopsOnDigit)
            }
        }
    }

    func stopPlayback(_ id: LegID) {
        legs.update(id) { $0.awaitedPlayback = nil }
        media.stop(id)
    }

    /// No playback of the rules has this id.
    static let collectPlayback = PlaybackID(rawValue: 0)
    /// Seconds that a prompt may take until it is rendered, in addition to the time for the first digit.
    private static let promptSecondsMax = 30

    /// Digits count from now on, also while the prompt is not ready yet, and the first of them stops it; the time for the
    /// first digit begins at the prompt's end.
    private func collect(_ collect: Collect, from id: LegID) {
        let playback = Self.collectPlayback
        let firstDigit = Duration.milliseconds(collect.firstDigitTimeoutMilliseconds)
        secure.states[id] = collect.form.map { .collecting(form: $0) }
        attempt("collect", id) {
            try media.collect(
                id, step: NodeID(collect.attribute), lengthMin: collect.lengthMin, lengthMax: collect.lengthMax,
                terminator: collect.terminator?.first, firstDigitTimeout: firstDigit + .seconds(Self.promptSecondsMax),
                nextDigitTimeout: .milliseconds(collect.nextDigitTimeoutMilliseconds), isUnheard: collect.form != nil)
        }
        // Takes the place of whatever the leg still waits to hear.
        legs.update(id) { $0.awaitedPlayback = playback }
        prompts.clips(for: [.prompt(collect.prompt)]) { [self] clips in
            guard legs[id]?.awaitedPlayback == playback else { return }
            legs.update(id) { $0.awaitedPlayback = nil }
            let promptSeconds = clips.reduce(0) { $0 + $1.seconds }
            guard media.awaitFirstDigit(id, within: firstDigit + .seconds(promptSeconds)) else { return }
            attempt("collect", id) {
                // The rules do not wait for this one's end: they wait for the digits.
                try media.play(id, clips, as: playback, loops: false, stopsOnDigit: true)
            }
        }
    }

    private func attempt(_ what: String, _ id: LegID, _ act: () throws -> Void) {
        do {
            try act()
        } catch {
            logger.warning("media refused", metadata: ["act": "\(what)", "leg": "\(id)", "reason": "\(error)"])
        }
    }
}

extension RejectCause {
    var status: Int {
        switch self {
        case .unknownNumber: 404
        case .busy: 486
        case .unavailable: 503
        case .forbidden: 403
        }
    }
}

extension MediaError {
    /// Another call may well be answered: this one's description is what doesn't do.
    var isCallers: Bool {
        switch self {
        case .sdp, .addressFamily: true
        case .unknownLeg, .legExists, .browserInUse, .tooManyLegs, .noFreePort, .noOffer, .tooManyParties, .unknownConference,
            .recordingExists, .unknownRecording, .tooManyRecordings, .system:
            false
        }
    }
}

extension HangUpCause {
    /// ITU-T Q.850, as the Reason header carries it (RFC 3326).
    var q850: Q850Cause? {
        switch self {
        case .normal, .callerGone: .normalClearing
        case .answeredElsewhere: nil
        case .timeout: .noAnswer
        case .noAudio, .failure: .temporaryFailure
        }
    }
}
