// Whose voices stand in the recording of a call.

import ACD
import Basics

extension Center {
    /// What the caller cannot hear is not for the caller's recording: a private consultation, advice to the agent, whoever
    /// is on hold.
    mutating func followRecording(_ contact: inout Contact) {
        guard let recording = contact.recording else { return }
        let heard = contact.heardByCaller
        guard heard != contact.onRecord ?? [] else { return }
        contact.onRecord = heard.isEmpty ? nil : heard
        out.append(.record(recording, heard))
    }
}

extension Contact {
    /// Those whom the caller hears now.
    var heardByCaller: [LegID] {
        guard let conversation, !isBeingReached, !isDigital else { return [] }
        // With nobody else on the call, which is most of the time, no plan needs to be made.
        if company == nil { return conversation.sound == .eachOther ? [conversation.leg] : [] }
        return HearingPlan(self).heard(by: leg)
    }
}
