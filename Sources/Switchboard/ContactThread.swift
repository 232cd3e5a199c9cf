// Follows one contact through the journal, whose lines mostly name legs.

internal import Basics
internal import ContactCenter

/// Knows the legs and recordings of a contact as they come up.
nonisolated struct ContactThread {
    private let contact: ContactID
    private var legs: Set<LegID> = []
    private var recordings: Set<RecordingID> = []

    init(of contact: ContactID) { self.contact = contact }

    /// Those of the commands that are about the contact; nil: neither they nor the event are. `center` has handled the event.
    mutating func take(_ event: Event, _ commands: [Command], _ center: borrowing Center) -> [Command]? {
        for command in commands where command.contact == contact {
            legs.formUnion(command.legs)
            if let recording = command.recording { recordings.insert(recording) }
        }
        for leg in event.legs + commands.flatMap(\.legs) where center.contact(of: leg) == contact { legs.insert(leg) }
        let own = commands.filter { isAbout($0.contact, $0.legs, $0.recording) }
        return own.isEmpty && !isAbout(event.contact, event.legs, event.recording) ? nil : own
    }

    private func isAbout(_ contact: ContactID?, _ legs: [LegID], _ recording: RecordingID?) -> Bool {
        contact == self.contact || legs.contains { self.legs.contains($0) }
            || recording.map { recordings.contains($0) } ?? false
    }
}

nonisolated extension Event {
    /// Those that the event happened to.
    fileprivate var legs: [LegID] {
        switch self {
        case .callArrived(let arrival): [arrival.leg]
        case .workArrived(let arrival): arrival.leg.map { [$0] } ?? []
        case .deviceCalled(let call): [call.leg]
        case .legRinging(let leg), .legEarlyMedia(let leg), .legAnswered(let leg), .legFailed(let leg, _), .legEnded(let leg),
            .legSilent(let leg), .legQuiet(let leg), .legHeld(let leg, _), .digit(let leg, _), .playbackEnded(let leg, _),
            .collected(let leg, _, _, _):
            [leg]
        case .configurationApplied, .restarted, .deviceRegistered, .deviceUnregistered, .deviceLost, .presenceRequested,
            .holdRequested, .muteRequested, .hangUpRequested, .transferRequested, .consultRequested, .supervisionRequested,
            .supervisionEnded, .recordingPauseRequested, .secureStepRequested, .wrapUpCompleted,
            .wrapUpExtended, .wrapUpRequested, .channelsRequested, .satisfactionReported, .workCompleted,
            .workTransferRequested,
            .workWrapUpCompleted, .workWrapUpExtended, .priorityChanged, .withdrawRequested, .callbackScheduled,
            .callbackCancelled, .recordingSaved, .recordingFailed, .admissionChanged, .deadlinesPassed:
            []
        }
    }

    fileprivate var contact: ContactID? {
        switch self {
        case .priorityChanged(let contact, _, _), .withdrawRequested(let contact), .callbackCancelled(let contact),
            .workCompleted(_, let contact), .workTransferRequested(_, let contact, _),
            .workWrapUpCompleted(_, let contact, _), .workWrapUpExtended(_, let contact), .wrapUpRequested(_, let contact, _):
            contact
        case .supervisionRequested(let wanted): wanted.contact
        default: nil
        }
    }

    fileprivate var recording: RecordingID? {
        switch self {
        case .recordingSaved(let recording, _), .recordingFailed(let recording, _): recording
        default: nil
        }
    }
}

nonisolated extension Command {
    fileprivate var contact: ContactID? {
        switch self {
        case .ring(let ring): ring.contact
        case .dial(let dial): dial.contact
        case .callBack(let call): call.contact
        case .startRecording(let start): start.contact
        case .close(let contact): contact.id
        case .contactChanged(let contact), .append(let contact, _), .confer(let contact, _, _): contact
        case .answer, .reject, .hangUp, .play, .stopPlayback, .collect, .collectSecurely, .cancelCollection, .bridge, .unbridge,
            .record, .stopRecording,
            .pauseRecording, .mute, .keepNumber, .forgetNumber, .agentChanged, .queueChanged, .trialBrokenOff,
            .trialStageBegan:
            nil
        }
    }

    fileprivate var legs: [LegID] {
        switch self {
        case .answer(let leg), .reject(let leg, _), .hangUp(let leg, _), .play(let leg, _, _, _, _), .stopPlayback(let leg),
            .collect(let leg, _), .collectSecurely(let leg, _), .cancelCollection(let leg), .mute(let leg, _),
            .keepNumber(_, let leg):
            [leg]
        case .bridge(let a, let b), .unbridge(let a, let b): [a, b]
        case .confer(_, let members, _): members.map(\.leg)
        case .record(_, let legs): legs
        case .ring(let ring): [ring.leg, ring.callerLeg]
        case .dial(let dial): [dial.leg, dial.callerLeg]
        case .callBack(let call): [call.leg] + (call.agentLeg.map { [$0] } ?? [])
        case .startRecording(let start): [start.caller] + (start.other.map { [$0] } ?? [])
        case .close(let contact): [contact.leg]
        case .stopRecording, .pauseRecording, .append, .forgetNumber, .agentChanged, .queueChanged, .contactChanged,
            .trialBrokenOff, .trialStageBegan:
            []
        }
    }

    fileprivate var recording: RecordingID? {
        switch self {
        case .startRecording(let start): start.recording
        case .record(let recording, _), .stopRecording(let recording), .pauseRecording(let recording, _): recording
        default: nil
        }
    }
}
