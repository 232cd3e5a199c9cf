// Two legs that hear one another.

internal import Audio
public import Basics
internal import Glibc
internal import RTP

extension MediaPlane {
    /// Joins two open legs; each leaves the bridge it was in. Packets pass undecoded where both speak the same law, and
    /// through a table otherwise. While something is played to a leg, it hears that and not the other. Two legs that were
    /// in conferences leave them, and what waited there is sent on first, so that nobody misses a frame.
    public func bridge(_ a: LegID, _ b: LegID) throws(MediaError) {
        guard let first = slotOf[a] else { throw .unknownLeg(a) }
        guard let second = slotOf[b], a != b else { throw .unknownLeg(b) }
        unbridge(a)
        unbridge(b)
        handOver(from: first, to: second)
        handOver(from: second, to: first)
        leaveConference(first)
        leaveConference(second)
        legs[Int(first)].partner = second
        legs[Int(second)].partner = first
    }

    /// Parts `leg` from the leg it is bridged with, if there is one.
    public func unbridge(_ leg: LegID) {
        guard let slot = slotOf[leg] else { return }
        let partner = legs[Int(slot)].partner
        guard partner >= 0 else { return }
        for place in [slot, partner] {
            legs[Int(place)].partner = -1
            legs[Int(place)].out.interrupt()
        }
    }

    func relayAudio(
        _ leg: UnsafeMutablePointer<LegSlot>, _ payload: UnsafeMutableRawPointer, _ header: RTPHeader, _ law: G711.Law,
        isWide: Bool, at now: UInt64
    ) {
        let target = legs + Int(leg.pointee.partner)
        guard target.pointee.maySend, !target.pointee.isPlaying, header.payloadCount > 0 else { return }
        // G.722 to G.722 passes as it came, with all that a telephone line would cut off.
        if isWide { return relay(target, payload, header, as: target.pointee.sendType, isEncoded: true, at: now) }
        if law != target.pointee.sendLaw { tables.transcode(payload, count: header.payloadCount, from: law) }
        relay(target, payload, header, as: target.pointee.sendType, at: now)
    }

    func relayEvent(
        _ leg: UnsafeMutablePointer<LegSlot>, _ payload: UnsafeMutableRawPointer, _ header: RTPHeader, at now: UInt64
    ) {
        let target = legs + Int(leg.pointee.partner)
        guard target.pointee.maySend, !target.pointee.isPlaying else { return }
        guard !leg.pointee.isSecretEvent, !isSecret(leg, at: now), target.pointee.eventSent != LegSlot.noType else {
            target.pointee.out.withhold(header)
            return
        }
        relay(target, payload, header, as: target.pointee.eventSent, at: now)
    }

    /// Writes our header right before the payload, over what the sender's header ended with, and sends from there.
    private func relay(
        _ target: UnsafeMutablePointer<LegSlot>, _ payload: UnsafeMutableRawPointer, _ header: RTPHeader, as type: UInt8,
        isEncoded: Bool = false, at now: UInt64
    ) {
        guard let stamp = target.pointee.out.relay(header, at: now) else { return }
        let start = payload - RTPHeader.bytes
        RTPHeader(
            marker: stamp.marker, payloadType: type, sequence: stamp.sequence, timestamp: stamp.timestamp,
            source: target.pointee.out.source
        ).write(to: start)
        if send(target, start, count: RTPHeader.bytes + header.payloadCount, isEncoded: isEncoded) {
            counted.packetsRelayed &+= 1
            counted.packetsSent &+= 1
        }
    }
}
