// The buttons of an agent's desk: what may be pressed now, and what happens then.

import ACD
import Basics

extension Center {
    /// Why the event would change nothing now; nil: it will do what it says, or is none of an agent's buttons.
    ///
    /// The desk asks before it submits, in the same turn, so that the agent is told at once.
    public func refusal(of event: Event) -> ControlRefusal? {
        switch event {
        case .holdRequested(let agent, let isOn): refusalOfHold(isOn, by: agent)
        case .muteRequested(let agent, let isOn): refusalOfMute(isOn, by: agent)
        case .hangUpRequested(let agent): refusalOfHangUp(by: agent)
        case .consultRequested(let agent, let step): refusalOfConsult(step, by: agent)
        case .supervisionRequested(let supervision): refusalOfSupervision(supervision)
        case .supervisionEnded(let agent): refusalOfEndOfSupervision(by: agent)
        case .transferRequested(let agent, let target): refusalOfTransfer(to: target, by: agent)
        case .recordingPauseRequested(let agent, let isOn): refusalOfRecordingPause(isOn, by: agent)
        case .secureStepRequested(let agent, let form): refusalOfSecureStep(form, by: agent)
        case .wrapUpCompleted(let agent, let disposition): refusalOfCompletion(disposition, by: agent)
        case .wrapUpExtended(let agent): refusalOfExtension(by: agent)
        case .wrapUpRequested(let agent, let contact, let isOn): refusalOfWrapUp(isOn, after: contact, by: agent)
        case .workArrived(let arrival): refusal(ofArrival: arrival)
        case .workCompleted(let agent, let contact): work(contact, at: agent) == nil ? .tooLate : nil
        case .workTransferRequested(let agent, let contact, let target):
            work(contact, at: agent).map { refusalOfTransfer(of: $0, to: target, by: agent) } ?? .tooLate
        case .workWrapUpCompleted(let agent, let contact, let disposition):
            refusalOfCompletion(of: contact, disposition, by: agent)
        case .workWrapUpExtended(let agent, let contact): refusalOfExtension(of: contact, by: agent)
        case .configurationApplied, .restarted, .callArrived, .deviceCalled, .legRinging, .legEarlyMedia, .legAnswered,
            .legFailed, .legEnded, .legSilent, .legQuiet, .legHeld, .digit, .playbackEnded, .collected, .deviceRegistered,
            .deviceUnregistered, .deviceLost, .presenceRequested, .recordingSaved, .recordingFailed, .admissionChanged,
            .priorityChanged, .withdrawRequested, .callbackScheduled, .callbackCancelled, .channelsRequested,
            .satisfactionReported, .deadlinesPassed:
            nil
        }
    }

    /// Does it if it applies; otherwise it came too late or too early, and counts as that.
    mutating func control(_ event: Event, _ act: (inout Center) -> Void) {
        guard refusal(of: event) == nil else {
            figures.lateEvents += 1
            return
        }
        act(&self)
    }

    /// Everything that the agent works on, calls and others.
    func conversations(of agent: AgentID) -> [(contact: Contact, conversation: Conversation)] {
        (agents.look(at: agent, { $0.activeContacts }) ?? []).compactMap { id in
            guard let contact = contacts[id], let conversation = contact.conversation,
                case .agent(agent, _) = conversation.other, !contact.isBeingReached
            else { return nil }
            return (contact, conversation)
        }
    }

    /// The caller to whom the agent talks, and how; one whose phone still rings is not talked to.
    func conversation(of agent: AgentID) -> (contact: Contact, conversation: Conversation)? {
        guard let id = agents[agent]?.activeContact, let contact = contacts[id], let conversation = contact.conversation,
            case .agent(agent, _) = conversation.other, !contact.isBeingReached
        else { return nil }
        return (contact, conversation)
    }

    // MARK: Hold

    private func refusalOfHold(_ isOn: Bool, by agent: AgentID) -> ControlRefusal? {
        guard let (contact, conversation) = conversation(of: agent) else { return .noCall }
        // Who consults swaps.
        guard contact.consulted == nil else { return .notAllowed }
        return !conversation.isLost && conversation.heldBy == (isOn ? nil : .agent) ? nil : .notAllowed
    }

    mutating func hold(_ isOn: Bool, by agent: AgentID) {
        guard var (contact, conversation) = conversation(of: agent) else { return }
        setHeld(isOn ? .agent : nil, of: &contact, &conversation)
        store(contact)
    }

    // MARK: Mute

    private func refusalOfMute(_ isOn: Bool, by agent: AgentID) -> ControlRefusal? {
        guard let (_, conversation) = conversation(of: agent) else { return .noCall }
        return !conversation.isLost && conversation.isMuted != isOn ? nil : .notAllowed
    }

    mutating func mute(_ isOn: Bool, by agent: AgentID) {
        guard var (contact, conversation) = conversation(of: agent) else { return }
        conversation.isMuted = isOn
        contact.state = .talking(conversation)
        out.append(.mute(conversation.leg, isOn))
        store(contact)
    }

    // MARK: Hanging up

    private func refusalOfHangUp(by agent: AgentID) -> ControlRefusal? {
        if let (contact, _) = conversation(of: agent) { return contact.consulted == nil ? nil : .notAllowed }
        return reached(by: agent) == nil && participation(of: agent) == nil ? .noCall : nil
    }

    mutating func hangUp(by agent: AgentID) {
        if let contact = reached(by: agent) { return agentLeftCallback(contact) }
        if let (found, participant) = participation(of: agent) {
            var contact = found
            return leave(participant, &contact, nil)
        }
        guard let (found, conversation) = conversation(of: agent) else { return }
        var contact = found
        contact.note(.agentLeft(agent), at: now)
        if isSucceeded(&contact, conversation) { return }
        end(&contact, conversation.outcome, by: .agent)
        store(contact)
    }

    // MARK: The recording

    private func refusalOfRecordingPause(_ isOn: Bool, by agent: AgentID) -> ControlRefusal? {
        guard let (contact, _) = conversation(of: agent) else { return .noCall }
        return contact.recording != nil && contact.isRecordingPaused != isOn ? nil : .notAllowed
    }

    mutating func pauseRecording(_ isOn: Bool, by agent: AgentID) {
        guard var (contact, _) = conversation(of: agent) else { return }
        // A supervisor must not hear what is not recorded either.
        rehearing(&contact) { $0.setRecordingPaused(isOn, of: &$1) }
        store(contact)
    }

    mutating func setRecordingPaused(_ isPaused: Bool, of contact: inout Contact) {
        guard let recording = contact.recording, contact.isRecordingPaused != isPaused else { return }
        let wasMasked = contact.isMasked
        contact.isRecordingPaused = isPaused
        contact.note(isPaused ? .recordingPaused(recording) : .recordingResumed(recording), at: now)
        followMask(contact, wasMasked: wasMasked)
    }
}
