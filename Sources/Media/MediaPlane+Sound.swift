// Who speaks, how loud, and when nobody does.

internal import Audio
public import Basics
internal import CLoop
internal import RTP

extension MediaPlane {
    /// Reports `deadAir` once neither `leg` nor whom it talks with (its bridge's other side, or those who talk in its
    /// conference) has been heard, nor anything been played to it, for so long; to the second. `soundBack` follows
    /// when something is heard again. 0: never. The watch goes with the leg from bridge to conference.
    public func watchDeadAir(_ leg: LegID, seconds: Int) {
        guard let slot = slotOf[leg] else { return }
        let place = legs + Int(slot)
        place.pointee.deadAirSeconds = Int32(clamping: max(0, seconds))
        place.pointee.deadAirSince = cloop_now()
        place.pointee.reportedDeadAir = false
    }

    /// Whether `speech` is reported of `leg` from now on, and `level(of:)` known.
    public func watchSpeech(_ leg: LegID, _ isWatched: Bool) {
        guard let slot = slotOf[leg] else { return }
        speech[slot] = isWatched ? speech[slot] ?? SpeechWatch() : nil
        legs[Int(slot)].isWatchedForSpeech = isWatched
    }

    /// How loud `leg` is, as a mean of the last 200 ms, in dB of full scale (dBov); -127: silent. `nil`: it isn't watched.
    public func level(of leg: LegID) -> Double? { slotOf[leg].flatMap { speech[$0]?.decibels } }

    /// A packet of a leg that is watched.
    func noteSpeech(
        _ slot: Int32, _ payload: UnsafeRawPointer, count: Int, _ law: G711.Law, isSilent: Bool, at now: UInt64
    ) {
        let energy = tables.converter(law).energy(payload.assumingMemoryBound(to: UInt8.self), count: count)
        let begins = speech[slot]?.take(isSilent: isSilent, energy: energy, count: count, at: now) ?? false
        if begins { post(.speech(LegID(rawValue: legs[Int(slot)].id), true)) }
    }

    func endSpeech() {
        for slot in speech.keys.sorted() where speech[slot]?.end() ?? false {
            post(.speech(LegID(rawValue: legs[Int(slot)].id), false))
        }
    }

    /// Once a second for each leg.
    func watchDeadAir(_ leg: UnsafeMutablePointer<LegSlot>, _ slot: Int32, at now: UInt64) {
        guard leg.pointee.deadAirSeconds > 0, leg.pointee.partner >= 0 || leg.pointee.seat != nil else { return }
        let id = LegID(rawValue: leg.pointee.id)
        if isPlayedTo(slot) || isKeyingUnheard(slot, at: now) { leg.pointee.deadAirSince = now }
        let heard = max(leg.pointee.deadAirSince, lastHeard(slot))
        let quiet = now > heard ? Int((now - heard) / 1_000_000_000) : 0
        if quiet >= Int(leg.pointee.deadAirSeconds) {
            guard !leg.pointee.reportedDeadAir else { return }
            leg.pointee.reportedDeadAir = true
            post(.deadAir(id, seconds: quiet))
        } else if leg.pointee.reportedDeadAir {
            leg.pointee.reportedDeadAir = false
            post(.soundBack(id))
        }
    }

    /// Somebody on the line keys in what nobody is to hear: the silence is meant.
    private func isKeyingUnheard(_ slot: Int32, at now: UInt64) -> Bool {
        func isUnheard(_ slot: Int32) -> Bool {
            legs[Int(slot)].isUnheard && isSecret(legs + Int(slot), at: now)
        }
        let partner = legs[Int(slot)].partner
        if isUnheard(slot) || partner >= 0 && isUnheard(partner) { return true }
        guard legs[Int(slot)].seat != nil, let conference = conferences.first(where: { $0.seat(of: slot) != nil }) else {
            return false
        }
        return conference.seats.contains { isUnheard($0.slot) }
    }

    private func isPlayedTo(_ slot: Int32) -> Bool {
        if playbacks[Int(slot)] != nil { return true }
        return legs[Int(slot)].seat != nil && conferences.contains { $0.playback != nil && $0.seat(of: slot) != nil }
    }

    /// When any of those who talk with the leg in `slot`, itself included, was heard last.
    private func lastHeard(_ slot: Int32) -> UInt64 {
        let partner = legs[Int(slot)].partner
        if partner >= 0 { return max(legs[Int(slot)].lastLoud, legs[Int(partner)].lastLoud) }
        guard let conference = conferences.first(where: { $0.seat(of: slot) != nil }) else { return legs[Int(slot)].lastLoud }
        return zip(conference.members, conference.seats).reduce(0) { latest, entry in
            guard entry.0.part.talks else { return latest }
            return max(latest, legs[Int(entry.1.slot)].lastLoud)
        }
    }
}
