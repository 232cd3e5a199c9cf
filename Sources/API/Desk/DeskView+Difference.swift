// The frames that lead a page from one view to the next.

internal import Basics
internal import ContactCenter

extension DeskView {
    static let offerEnds = ["missed", "rescinded", "answered-elsewhere", "caller-gone", "declined", "failed"]

    /// A frame to be kept and sent.
    struct Change {
        var frame: [UInt8]
        /// A call or an offer that is over, for the list of the last ones.
        var recent: DeskRecent?
    }

    /// In the order in which the page has to hear of them: an end before the beginning of what follows it.
    ///
    /// - Parameters:
    ///   - ended: contacts as they ended, if they did a moment ago.
    ///   - transferred: contacts that this agent has just sent on.
    func changes(
        since old: DeskView, in center: Center, ended: [ContactID: Contact], transferred: Set<ContactID>,
        notes: [String: DeskNote]
    ) -> [Change] {
        var changes: [Change] = []
        if isAudioConnected != old.isAudioConnected {
            changes.append(Change(frame: DeskFrame.audio.bytes(isAudioConnected)))
        }
        // The page takes a call of the same contact for the end of its offer.
        if let offer = old.offer, self.offer?.id != offer.id, call?.contact.id != offer.contact.id {
            changes.append(offer.end(in: center, ended: ended[offer.contact.id]))
        }
        if let call = old.call, self.call?.contact.id != call.contact.id {
            let isTransferred = transferred.contains(call.contact.id)
            changes.append(call.end(in: center, ended: ended[call.contact.id], isTransferred: isTransferred))
        }
        if let wrapUp = old.wrapUp, self.wrapUp?.contact.id != wrapUp.contact.id {
            changes.append(Change(frame: DeskFrame.wrapUpEnded.bytes(wrapUp.contact.id)))
        }
        if state != old.state { changes.append(Change(frame: DeskFrame.state.bytes(state))) }
        if let offer, offer != old.offer { changes.append(Change(frame: DeskFrame.offer.bytes(offer))) }
        if let call, call != old.call { changes.append(Change(frame: DeskFrame.call.bytes(call))) }
        if let wrapUp, wrapUp != old.wrapUp {
            let written = DeskShapes.WrittenWrapUp(wrapUp: wrapUp, note: notes[wrapUp.noteKey])
            changes.append(Change(frame: DeskFrame.wrapUp.bytes(written)))
        }
        changes += workChanges(since: old, in: center, ended: ended, transferred: transferred, notes: notes)
        if figures != old.figures { changes.append(Change(frame: DeskFrame.figures.bytes(figures))) }
        return changes
    }
}

extension DeskOffer {
    fileprivate func end(in center: Center, ended: Contact?) -> DeskView.Change {
        let contact = center.contacts[self.contact.id] ?? ended
        let reason = contact.map(id.whyEnded) ?? "rescinded"
        let frame = DeskFrame.offerEnded.bytes(.init(offer: id, reason: reason))
        guard reason == "missed" else { return DeskView.Change(frame: frame) }
        return DeskView.Change(frame: frame, recent: DeskRecent(contact: self.contact, at: center.now, talkSeconds: nil))
    }
}

extension OfferID {
    /// How the offer ended, by the timeline of its contact.
    func whyEnded(_ contact: Contact) -> String {
        for line in contact.timeline.reversed() {
            guard case .offerEnded(self, _, let end) = line.what else { continue }
            switch end {
            case .missed: return "missed"
            case .rejected: return "declined"
            case .failed, .notMade: return "failed"
            case .answeredElsewhere: return "answered-elsewhere"
            case .rescinded: break
            }
            break
        }
        if case .ended = contact.state { return "caller-gone" }
        return contact.conversation == nil ? "rescinded" : "answered-elsewhere"
    }
}

extension DeskCall {
    fileprivate func end(in center: Center, ended: Contact?, isTransferred: Bool) -> DeskView.Change {
        var by = "system"
        if isTransferred {
            by = "transfer"
        } else if case .ended(_, let party)? = ended?.timeline.last?.what {
            by = party == .caller ? "caller" : party == .agent ? "agent" : "system"
        }
        let talked = max(0, (center.now - since).inSeconds)
        return DeskView.Change(
            frame: DeskFrame.callEnded.bytes(.init(contact: contact.id, by: by)),
            recent: DeskRecent(contact: contact, at: center.now, talkSeconds: talked))
    }
}
