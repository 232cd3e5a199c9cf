// The voice menu: inputs to the interpreter, and its steps carried out.

import ACD
public import Basics
import IVR

extension Center {
    mutating func startFlow(_ contact: inout Contact) {
        contact.state = .inFlow
        advance(&contact) { $0.start($1) }
    }

    /// Whether a key of this leg means anything now. The edge asks before it submits one: what people press while they talk,
    /// wait or give several digits may be a card number, and does not belong in the journal.
    public func awaitsKey(on leg: LegID) -> Bool {
        guard case .caller(let id)? = legs[leg], let contact = contacts[id] else { return false }
        switch contact.state {
        case .inFlow:
            switch contact.interpreter.state {
            case .menuPrompt, .menuKey: return true
            case .notStarted, .playing, .collecting, .handedOver, .finished: return false
            }
        case .voicemail: return true
        case .waiting(let entry):
            guard contact.hearsQueue else { return contact.isBeingProved }
            return entry.callbackOffered == true
                || queues.look(at: entry.queue) { !$0.rules.limits.exitKeys.isEmpty } ?? false
        case .talking: return contact.isBeingProved
        case .announcing, .dialling, .voicemailPrompt, .leaving, .ended: return false
        }
    }

    mutating func digit(_ key: String, from leg: LegID) {
        guard case .caller(let id)? = legs[leg], var contact = contacts[id], !contact.isDigital else { return }
        switch contact.state {
        case .inFlow:
            advance(&contact) { $0.digit(key, $1) }
        case .voicemail:
            endVoicemail(&contact)
        case .waiting(let entry):
            if contact.isBeingProved { proves(&contact, by: key) } else { leave(entry, by: key, &contact) }
        case .talking where contact.isBeingProved:
            proves(&contact, by: key)
        case .announcing, .dialling, .talking, .voicemailPrompt, .leaving, .ended:
            return
        }
        store(contact)
    }

    mutating func collected(_ token: String, valid: Bool, from leg: LegID) {
        guard case .caller(let id)? = legs[leg], var contact = contacts[id] else {
            figures.lateEvents += 1
            return
        }
        if contact.secure != nil {
            securelyCollected(valid ? token : nil, by: &contact)
            return store(contact)
        }
        guard case .inFlow = contact.state else {
            figures.lateEvents += 1
            return
        }
        advance(&contact) { $0.collected(token: token, valid: valid, $1) }
        store(contact)
    }

    mutating func playbackEnded(_ playback: PlaybackID, on leg: LegID) {
        switch legs[leg] {
        case .caller(let id):
            guard var contact = contacts[id], contact.playback == playback else {
                figures.lateEvents += 1
                return
            }
            letGoOfTimeline(of: id)
            playbackEnded(&contact)
            store(contact)
        case .service(playback, _, _):
            endService(leg)
            out.append(.hangUp(leg, .normal))
        case .service, .offered, .other, .beside, nil:
            figures.lateEvents += 1
        }
    }

    mutating func playbackEnded(_ contact: inout Contact) {
        let hasPlayed = contact.playback != nil
        contact.playback = nil
        contact.playbackDeadline = .distantFuture
        if hasPlayed, contact.isBeingProved { return pauseAsking(&contact) }
        switch contact.state {
        case .announcing:
            contact.isRecordingAnnounced = true
            startRecording(of: &contact, with: nil)
            startFlow(&contact)
        case .inFlow:
            advance(&contact) { $0.playbackEnded($1) }
        case .waiting:
            waitingPlaybackEnded(&contact)
        case .voicemailPrompt(let voicemail, _):
            startVoicemail(voicemail, for: &contact)
        case .leaving(_, let outcome, _):
            end(&contact, outcome, by: .system)
        case .talking where contact.isBeingReached:
            if contact.isBeingProved { askForProof(&contact) } else { customerGreeted(&contact) }
        case .dialling, .talking, .voicemail, .ended:
            break
        }
    }

    // MARK: Steps

    /// Gives the interpreter an input and does what it wants.
    mutating func advance(
        _ contact: inout Contact, _ input: (inout Interpreter, Interpreter.Surroundings) -> [Interpreter.Step]
    ) {
        var steps = take(&contact, input)
        // A queue that cannot take the contact gives it back within the turn.
        for _ in 0..<Self.diversionsInTurnMax {
            switch perform(steps, for: &contact) {
            case .waiting: return
            case .handedBack: steps = take(&contact) { $0.handedBack($1) }
            case .goesOn(let node): steps = take(&contact) { $0.wentOn(to: node, $1) }
            }
        }
        leave(&contact, [.phrase(.technicalDifficulty)], .selfService)
    }

    private mutating func take(
        _ contact: inout Contact, _ input: (inout Interpreter, Interpreter.Surroundings) -> [Interpreter.Step]
    ) -> [Interpreter.Step] {
        let number = contact.flowVersion
        guard let flow = flows.first(where: { $0.number == number })?.flow else { return [.goodbye] }
        let attributes = contact.attributes
        let surroundings = Interpreter.Surroundings(flow: flow, hours: configuration.hours, now: now) { name in
            attributes.first { $0.name == name }?.value
        }
        return input(&contact.interpreter, surroundings)
    }

    enum StepsEnd: Equatable { case waiting, handedBack, goesOn(NodeID) }

    private mutating func perform(_ steps: [Interpreter.Step], for contact: inout Contact) -> StepsEnd {
        for step in steps {
            switch step {
            case .visit(let node):
                contact.note(.visited(flow: contact.interpreter.flow, node: node), at: now)
            case .note(let attribute, let value):
                contact.setAttribute(attribute, value)
                contact.note(.noted(attribute: attribute, value: value), at: now)
            case .chose(let node, let key):
                contact.note(.chose(node: node, key: key), at: now)
            case .play(let prompts, let stopsOnDigit):
                play(prompts.map { .prompt($0) }, to: &contact, stopsOnDigit: stopsOnDigit)
            case .awaitDigit(let until):
                deadlines.set(.menu(contact.id), at: until)
            case .collect(let collect):
                let deadline = now + Self.playbackMax + collect.secondsAtMost
                contact.collectDeadline = deadline
                deadlines.set(.collect(contact.id), at: deadline)
                out.append(.collect(contact.leg, collect))
            case .enterQueue(let enter):
                if enqueue(&contact, enter) == .handedBack { return .handedBack }
            case .split(let node, let split):
                return .goesOn(choose(split, at: node, for: &contact))
            case .transfer(let transfer):
                dial(transfer, for: &contact)
            case .voicemail(let voicemail):
                let playback = play([.prompt(voicemail.prompt), .beep], to: &contact)
                contact.state = .voicemailPrompt(voicemail, playback)
            case .hangUp(let prompt):
                leave(&contact, prompt.map { [.prompt($0)] } ?? [], contact.outcomeOfSelfService)
            case .goodbye:
                leave(&contact, [.phrase(.goodbye)], contact.outcomeOfSelfService)
            }
        }
        return .waiting
    }

    /// The contact comes back from a transfer or a voicemail and goes on in its flow.
    mutating func handBack(_ contact: inout Contact) {
        // Whatever it has come from is over, and is not ended once more.
        contact.state = .inFlow
        guard !contact.isDigital else { return overflow(&contact) }
        advance(&contact) { $0.handedBack($1) }
        resumeRecording(of: &contact)
    }

    // MARK: Voicemail

    private mutating func startVoicemail(_ voicemail: Voicemail, for contact: inout Contact) {
        // The caller's sound goes into one recording: the message is one of its own, and the contact's goes on after it.
        if let running = contact.recording {
            stop(running, of: &contact)
            contact.recording = nil
            contact.isRecordingSuspended = true
        }
        let recording = makeRecording()
        let deadline = now + .seconds(voicemail.secondsMax)
        contact.state = .voicemail(voicemail, recording, deadline: deadline)
        contact.note(.recordingStarted(recording), at: now)
        contact.messages = (contact.messages ?? []) + [recording]
        deadlines.set(.voicemail(contact.id), at: deadline)
        out.append(
            .startRecording(
                RecordingStart(
                    recording: recording, contact: contact.id, caller: contact.leg, other: nil,
                    silenceSeconds: voicemail.silenceSeconds > 0 ? voicemail.silenceSeconds : nil)))
    }

    /// After a message, if the contact stays and does not leave another one at once.
    private mutating func resumeRecording(of contact: inout Contact) {
        guard contact.isRecordingSuspended == true else { return }
        switch contact.state {
        case .inFlow, .waiting, .dialling, .talking:
            contact.isRecordingSuspended = nil
            startRecording(of: &contact, with: nil)
        case .announcing, .voicemailPrompt, .voicemail, .leaving, .ended: break
        }
    }

    /// Whoever has said all there is to say need not know which key ends a message.
    mutating func legQuiet(_ leg: LegID) {
        guard case .caller(let id)? = legs[leg], var contact = contacts[id], case .voicemail = contact.state else {
            figures.lateEvents += 1
            return
        }
        endVoicemail(&contact)
        store(contact)
    }

    /// Nobody shall speak for two minutes to a disk that is full.
    mutating func recordingFailed(_ recording: RecordingID) {
        figures.recordingsFailed += 1
        for id in contacts.map(\.key) {
            guard var contact = contacts[id], contact.messages?.contains(recording) == true else { continue }
            // What could not be kept was not left.
            contact.messages?.removeAll { $0 == recording }
            if case .voicemail(_, recording, _) = contact.state {
                contact.note(.recordingStopped(recording), at: now)
                handBack(&contact)
            }
            store(contact)
        }
    }

    mutating func endVoicemail(_ contact: inout Contact) {
        guard case .voicemail(_, let recording, _) = contact.state else { return }
        out.append(.stopRecording(recording))
        contact.note(.recordingStopped(recording), at: now)
        handBack(&contact)
    }
}

extension Collect {
    /// From the end of the prompt to the last digit, if every digit comes at the last moment.
    fileprivate var secondsAtMost: Duration {
        .milliseconds(firstDigitTimeoutMilliseconds) + .milliseconds(nextDigitTimeoutMilliseconds) * max(0, lengthMax)
    }
}

extension Contact {
    /// A flow that ends by itself: after a message was left that is what counts, after a talk with an agent that.
    var outcomeOfSelfService: Outcome { hasLeftMessage ? .voicemail : agent == nil ? .selfService : .handled }

    var hasLeftMessage: Bool { messages?.isEmpty == false }
}
