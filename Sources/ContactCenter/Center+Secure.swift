// Secure collection: the caller keys in what the agent, the recording and the journal are not to have (S0-14, S0-85).

import ACD
import Basics

extension Center {
    func refusalOfSecureStep(_ form: String?, by agent: AgentID) -> ControlRefusal? {
        guard let (contact, conversation) = conversation(of: agent), !contact.isDigital else { return .noCall }
        guard let form else { return contact.secure == nil ? .notAllowed : nil }
        guard configuration.secureForms.contains(where: { $0.name == form }) else { return .unknownTarget }
        // Whoever is on hold, or waits for the end of a consultation, cannot be told what to do.
        let isTold = conversation.sound == .eachOther && contact.consulted == nil
        return contact.secure == nil && isTold ? nil : .notAllowed
    }

    /// - Parameter name: of the form; nil: the agent does not want it any more.
    mutating func collectSecurely(_ name: String?, by agent: AgentID) {
        guard var (contact, _) = conversation(of: agent) else { return }
        if let form = configuration.secureForms.first(where: { $0.name == name }) {
            let until = now + .seconds(form.secondsMax)
            rehearing(&contact) { center, contact in
                let wasMasked = contact.isMasked
                contact.secure = SecureStep(form: form.name, until: until)
                center.followMask(contact, wasMasked: wasMasked)
            }
            contact.note(.secureBegan(form.name, by: agent), at: now)
            deadlines.set(.secure(contact.id), at: until)
            out.append(.collectSecurely(contact.leg, form: form.name))
        } else {
            rehearing(&contact) { $0.endSecureStep(of: &$1, .cancelled) }
        }
        out.append(.agentChanged(agent))
        store(contact)
    }

    /// The digits have become a token, or have not.
    mutating func securelyCollected(_ token: String?, by contact: inout Contact) {
        guard let step = contact.secure else { return }
        let hasRoom = contact.attribute(step.form) != nil || contact.attributes.count < Contact.attributesMax
        let token = hasRoom ? token : nil
        if let token {
            contact.setAttribute(step.form, token)
            contact.note(.noted(attribute: step.form, value: token), at: now)
        }
        rehearing(&contact) { $0.endSecureStep(of: &$1, token == nil ? .failed : .collected) }
        if case .agent(let agent, _)? = contact.conversation?.other { out.append(.agentChanged(agent)) }
    }

    /// The edge owes an answer and does not bring it.
    mutating func secureStepDue(_ contact: inout Contact) {
        guard contact.secure != nil else { return }
        securelyCollected(nil, by: &contact)
    }

    /// What is heard then is the caller's affair.
    mutating func endSecureStep(of contact: inout Contact, _ end: SecureEnd) {
        guard let step = contact.secure else { return }
        let wasMasked = contact.isMasked
        contact.secure = nil
        // Also of one that is over: an answer that belongs to an earlier step may have ended it.
        out.append(.cancelCollection(contact.leg))
        contact.note(.secureEnded(step.form, end), at: now)
        followMask(contact, wasMasked: wasMasked)
    }

    /// What an agent has begun or paused does not go on with the next one.
    mutating func unmask(_ contact: inout Contact) {
        endSecureStep(of: &contact, .cancelled)
        setRecordingPaused(false, of: &contact)
    }

    mutating func followMask(_ contact: Contact, wasMasked: Bool) {
        guard let recording = contact.recording, contact.isMasked != wasMasked else { return }
        out.append(.pauseRecording(recording, contact.isMasked))
    }
}

extension Contact {
    /// Nothing is recorded for now, and no supervisor hears anything.
    public var isMasked: Bool { isRecordingPaused || secure != nil }
}
