// Keys: reported one by one, or gathered where nobody sees them.

public import Basics
internal import CLoop
internal import RTP

extension MediaPlane {
    /// Gathers digits inside the media plane until `lengthMax` are there, the `terminator` comes (it isn't counted) or a
    /// timeout passes (to 0.1 s); then `collected` is reported, once. Meanwhile the leg's keys are neither reported nor
    /// relayed, and its side of a recording is silent. A new call replaces a running one without an event.
    public func collect(
        _ leg: LegID, step: NodeID, lengthMin: Int, lengthMax: Int, terminator: Character? = "#",
        firstDigitTimeout: Duration, nextDigitTimeout: Duration
    ) throws(MediaError) {
        guard let slot = slotOf[leg] else { throw .unknownLeg(leg) }
        collections[slot] = DigitCollection(
            step: step, lengthMin: lengthMin, lengthMax: lengthMax, terminator: terminator,
            firstDigitTimeout: Self.nanoseconds(firstDigitTimeout), nextDigitTimeout: Self.nanoseconds(nextDigitTimeout),
            at: cloop_now())
        legs[Int(slot)].isCollecting = true
    }

    /// Ends a collection without an event; the digits are gone.
    public func stopCollecting(_ leg: LegID) {
        if let slot = slotOf[leg] { forgetCollection(slot) }
    }

    /// A key that came by signalling (SIP INFO): it is reported, collected and stops a prompt like one of RFC 4733, but is
    /// not passed on to a bridged party. Anything but `0`-`9`, `*`, `#`, `A`-`D` is passed over.
    public func press(_ key: Character, on leg: LegID) {
        guard let slot = slotOf[leg], TelephoneEvent.code(for: key) != nil else { return }
        takeKey(key, legs + Int(slot), slot, at: cloop_now())
    }

    private static func nanoseconds(_ duration: Duration) -> UInt64 {
        UInt64(min(max(0, duration.microseconds), 86_400_000_000)) * 1000
    }

    private func forgetCollection(_ slot: Int32) {
        collections[slot] = nil
        legs[Int(slot)].isCollecting = false
    }

    func takeKey(_ key: Character, _ leg: UnsafeMutablePointer<LegSlot>, _ slot: Int32, at now: UInt64) {
        let id = LegID(rawValue: leg.pointee.id)
        if leg.pointee.isCollecting, var collection = collections[slot] {
            let isComplete = collection.take(key, at: now)
            collections[slot] = collection
            if isComplete { finishCollection(slot) }
        } else {
            post(.digit(id, key))
        }
        if let playback = playbacks[Int(slot)], playback.stopsOnDigit {
            stopPlaying(slot)
            post(.playbackEnded(id, playback.id))
        }
    }

    func endCollections(at now: UInt64) {
        for slot in collections.keys.sorted() where (collections[slot]?.deadline ?? .max) <= now { finishCollection(slot) }
    }

    private func finishCollection(_ slot: Int32) {
        guard let collection = collections[slot] else { return }
        forgetCollection(slot)
        post(collection.result(for: LegID(rawValue: legs[Int(slot)].id)))
    }
}
