// The one place that makes heard what is to be heard.

import ACD
import Basics

extension Center {
    /// Tells the media what has changed from one plan to what the contact says now. Whoever goes on hearing somebody goes on
    /// without a gap: a pair becomes a conference by one command, and a conference a pair.
    mutating func rehear(_ contact: Contact, from before: HearingPlan) {
        let after = HearingPlan(contact)
        guard before != after else { return }
        for pair in before.pairs where !after.pairs.contains(pair) {
            if after.isConferring(pair.first), after.isConferring(pair.second) { continue }
            guard legs[pair.first] != nil, legs[pair.second] != nil else { continue }
            out.append(.unbridge(pair.first, pair.second))
        }
        for listener in before.listeners {
            guard legs[listener.leg] != nil, !after.isHeardOrPlayedTo(listener.leg) else { continue }
            out.append(.stopPlayback(listener.leg))
        }
        for pair in after.pairs where !before.pairs.contains(pair) { out.append(.bridge(pair.first, pair.second)) }
        if before.conferees != after.conferees || before.isMasked != after.isMasked {
            out.append(.confer(contact.id, after.conferees, isMasked: after.isMasked))
        }
        let music = music(for: contact)
        for listener in after.listeners where !before.listeners.contains(listener) && legs[listener.leg] != nil {
            switch listener.sound {
            case .music: out.append(.play(listener.leg, makePlayback(), [.music(music)], loops: true, stopsOnDigit: false))
            case .ringback: out.append(.play(listener.leg, makePlayback(), [.ringback], loops: true, stopsOnDigit: false))
            case .queue: break
            }
        }
    }

    /// Changes the contact, and then what is heard of it.
    mutating func rehearing(_ contact: inout Contact, _ change: (inout Center, inout Contact) -> Void) {
        let before = HearingPlan(contact)
        change(&self, &contact)
        rehear(contact, from: before)
    }
}
