// Several on one call: whom the media are to let hear whom.

internal import Audio
internal import Basics
internal import ContactCenter
internal import Logging
internal import Media

extension Edges {
    /// A contact has one conference at most, which bears its number.
    func confer(_ contact: ContactID, _ conferees: [Conferee], isMasked: Bool) {
        for conferee in conferees { stopPlayback(conferee.leg) }
        do {
            try media.confer(
                ConferenceID(rawValue: contact.rawValue), conferees.map(ConferenceMember.init), isMasked: isMasked)
        } catch {
            logger.warning(
                "media refused", metadata: ["act": "confer", "contact": "\(contact)", "reason": "\(error)"])
        }
    }
}

extension ConferenceMember {
    fileprivate init(_ conferee: Conferee) {
        let part: ConferencePart<LegID> =
            switch conferee.part {
            case .member: .member
            case .supervisor(let mode, let agent): .supervisor(SupervisionMode(mode), of: agent)
            }
        self.init(conferee.leg, part, isDeafTo: conferee.isDeafTo)
    }
}

extension SupervisionMode {
    fileprivate init(_ mode: Supervision.Mode) {
        self =
            switch mode {
            case .monitor: .monitor
            case .whisper: .whisper
            case .privateWhisper: .privateWhisper
            case .barge: .barge
            case .takeOver: .takeOver
            }
    }
}
