// Keys: reported one by one, or gathered where nobody sees them.

internal import Audio
public import Basics
internal import CLoop
internal import RTP

extension MediaPlane {
    /// How long a recording stays silent behind a collection: the key that ended it is reported at its first packet, while
    /// its tone is still on the line.
    static let mutedNanoseconds: UInt64 = 300_000_000
    /// How long the leg stays unheard when it is taken from keying in something: whoever does it does not know, and goes on.
    static let keyingNanoseconds: UInt64 = 3_000_000_000

    /// Gathers digits inside the media plane until `lengthMax` are there, the `terminator` comes (it isn't counted) or a
    /// timeout passes (to 0.1 s); then `collected` is reported, once. Meanwhile the leg's keys are neither reported nor
    /// relayed, and its side of a recording is silent. A new call replaces a running one without an event.
    ///
    /// `isUnheard`: nobody hears anything of the leg, and no key of it is told, until `cancelCollection`, also when all digits
    /// are there. Otherwise it is heard but for its keys, which of a leg that agreed on RFC 4733 and sends them as sound besides
    /// can be heard.
    public func collect(
        _ leg: LegID, step: NodeID, lengthMin: Int, lengthMax: Int, terminator: Character? = "#",
        firstDigitTimeout: Duration, nextDigitTimeout: Duration, isUnheard: Bool = false
    ) throws(MediaError) {
        guard let slot = slotOf[leg] else { throw .unknownLeg(leg) }
        collections[slot]?.wipe()
        collections[slot] = DigitCollection(
            step: step, lengthMin: lengthMin, lengthMax: lengthMax, terminator: terminator,
            firstDigitTimeout: Self.nanoseconds(firstDigitTimeout), nextDigitTimeout: Self.nanoseconds(nextDigitTimeout),
            at: cloop_now())
        legs[Int(slot)].isCollecting = true
        legs[Int(slot)].isUnheard = isUnheard
        legs[Int(slot)].isKeptSecret = isUnheard
    }

    /// Nothing more is collected, and nothing reported; the leg is heard again when no key has come for a while.
    public func cancelCollection(_ leg: LegID) {
        guard let slot = slotOf[leg], collections[slot] != nil || legs[Int(slot)].isKeptSecret else { return }
        let isKeying = legs[Int(slot)].isCollecting && legs[Int(slot)].isUnheard
        collections[slot]?.wipe()
        collections[slot] = nil
        legs[Int(slot)].isCollecting = false
        legs[Int(slot)].isKeptSecret = false
        legs[Int(slot)].mutedUntil = cloop_now() &+ (isKeying ? Self.keyingNanoseconds : Self.mutedNanoseconds)
    }

    /// The time for the first digit counts from now. `false`: a digit has come already, or nothing is collected any more.
    public func awaitFirstDigit(_ leg: LegID, within timeout: Duration) -> Bool {
        guard let slot = slotOf[leg] else { return false }
        return collections[slot]?.awaitFirst(until: cloop_now() &+ Self.nanoseconds(timeout)) ?? false
    }

    /// A key that came by signalling (SIP INFO), and wasn't heard as sound just before: it is reported, collected and stops a
    /// prompt like one of RFC 4733, but is not passed on to a bridged party. Anything but `0`-`9`, `*`, `#`, `A`-`D` is passed over.
    public func press(_ key: Character, on leg: LegID) {
        guard let slot = slotOf[leg], TelephoneEvent.code(for: key) != nil else { return }
        let now = cloop_now()
        guard detectors[slot]?.isNewPress(key, at: now) ?? true else { return }
        takeKey(key, legs + Int(slot), slot, at: now)
    }

    /// Keys may come as sound, or do no more. A change of the agreement that changes nothing here keeps the detector.
    func listenForDigits(_ slot: Int32, _ isNeeded: Bool) {
        guard isNeeded && settings.detectsDigitTones else {
            legs[Int(slot)].detector = nil
            detectors[slot] = nil
            return
        }
        let detector = detectors[slot] ?? DigitDetector()
        detectors[slot] = detector
        legs[Int(slot)].detector = detector.map { .passUnretained($0) }
    }

    /// Looks for keys in a packet of voice.
    func takeTones(
        _ detector: DigitDetector, _ leg: UnsafeMutablePointer<LegSlot>, _ slot: Int32, _ payload: UnsafeRawPointer,
        count: Int, _ law: G711.Law, at now: UInt64
    ) {
        detector.listen(payload, count: count, tables.converter(law), at: now) { takeKey($0, leg, slot, at: now) }
        if leg.pointee.isUnheard, detector.hearsTone, isSecret(leg, at: now) {
            staySecret(leg, for: Self.mutedNanoseconds, at: now)
        }
    }

    private static func nanoseconds(_ duration: Duration) -> UInt64 {
        UInt64(min(max(0, duration.microseconds), 86_400_000_000)) * 1000
    }

    func takeKey(_ key: Character, _ leg: UnsafeMutablePointer<LegSlot>, _ slot: Int32, at now: UInt64) {
        let id = LegID(rawValue: leg.pointee.id)
        if leg.pointee.isCollecting, var collection = collections[slot] {
            // In place, or a copy would stay behind.
            collections[slot] = nil
            let isComplete = collection.take(key, at: now)
            collections[slot] = collection
            if isComplete { finishCollection(slot, at: now) }
        } else if leg.pointee.isUnheard, isSecret(leg, at: now) {
            // One more of those that nobody is to know.
            staySecret(leg, for: leg.pointee.isKeptSecret ? Self.mutedNanoseconds : Self.keyingNanoseconds, at: now)
        } else {
            post(.digit(id, key))
        }
        if let playback = playbacks[Int(slot)], playback.stopsOnDigit {
            stopPlaying(slot)
            post(.playbackEnded(id, playback.id))
        }
    }

    /// A key is still pressed.
    func staySecret(_ leg: UnsafeMutablePointer<LegSlot>, for nanoseconds: UInt64, at now: UInt64) {
        leg.pointee.mutedUntil = max(leg.pointee.mutedUntil, now &+ nanoseconds)
    }

    func endCollections(at now: UInt64) {
        for slot in collections.keys.sorted() where (collections[slot]?.deadline ?? .max) <= now {
            finishCollection(slot, at: now)
        }
    }

    private func finishCollection(_ slot: Int32, at now: UInt64) {
        guard var collection = collections.removeValue(forKey: slot) else { return }
        legs[Int(slot)].isCollecting = false
        legs[Int(slot)].mutedUntil = now &+ Self.mutedNanoseconds
        post(collection.result(for: LegID(rawValue: legs[Int(slot)].id)))
    }
}
