// Keys that come by signalling and go out as RFC 4733.

internal import Audio
public import Basics
internal import CLoop
internal import RTP

extension MediaPlane {
    /// Presses a key for whoever `leg` is bridged with, or who hears it in a conference: 100 ms each, one behind the other, in
    /// place of `leg`'s voice. It is neither reported nor recorded. `false`: there is nobody, a prompt or music plays there, the
    /// other side takes no telephone-events, or 32 keys wait already. Anything but `0`-`9`, `*`, `#`, `A`-`D` is refused.
    public func sendKey(_ key: Character, from leg: LegID) -> Bool {
        guard let slot = slotOf[leg], let code = TelephoneEvent.code(for: key) else { return false }
        let partner = legs[Int(slot)].partner
        return partner >= 0 ? press(code, to: partner) : pressForListeners(code, slot)
    }

    /// How many keys `sendKey` takes now from that leg, for all who hear them; 0: nobody does.
    public func roomForKeys(from leg: LegID) -> Int {
        guard let slot = slotOf[leg] else { return 0 }
        let partner = legs[Int(slot)].partner
        let ears = partner >= 0 ? [partner] : listeners(of: slot)
        return ears.filter(takesKeys).map { keys[$0]?.room ?? KeySender.keysMax }.min() ?? 0
    }

    private func takesKeys(_ slot: Int32) -> Bool {
        let target = legs + Int(slot)
        return target.pointee.maySend && target.pointee.eventSent != LegSlot.noType && playbacks[Int(slot)] == nil
    }

    /// In a conference a key can't be passed on packet for packet: it is pressed anew for everybody who hears the leg.
    @discardableResult
    func pressForListeners(_ code: UInt8, _ slot: Int32) -> Bool {
        listeners(of: slot).reduce(false) { press(code, to: $1) || $0 }
    }

    private func press(_ code: UInt8, to partner: Int32) -> Bool {
        let target = legs + Int(partner)
        guard takesKeys(partner) else { return false }
        var sender = keys[partner] ?? KeySender()
        guard sender.append(code) else { return false }
        if keys[partner] == nil { target.pointee.out.interrupt() }
        keys[partner] = sender
        // Like a playback it has the line for itself.
        startPlaying(partner)
        return true
    }

    func sendNextKey(_ slot: Int32) {
        let leg = legs + Int(slot)
        let isHeard = leg.pointee.partner >= 0 || leg.pointee.seat != nil
        guard leg.pointee.maySend, isHeard, let packet = keys[slot]?.next() else { return stopPlaying(slot) }
        let now = cloop_now(), payload = scratch + RTPHeader.bytes
        let header: RTPHeader
        let count: Int
        switch packet {
        case .event(let event, let marker, let samples):
            count = TelephoneEvent.bytes
            event.write(to: payload)
            let stamp = leg.pointee.out.next(samples: samples, payloadBytes: count, at: now)
            header = RTPHeader(
                marker: marker, payloadType: leg.pointee.eventSent, sequence: stamp.sequence, timestamp: stamp.timestamp,
                source: leg.pointee.out.source)
        case .silence(let samples):
            count = Self.frame
            payload.initializeMemory(as: UInt8.self, repeating: leg.pointee.sendLaw.silence, count: count)
            let stamp = leg.pointee.out.next(samples: samples, payloadBytes: count, at: now)
            header = RTPHeader(
                marker: stamp.marker, payloadType: leg.pointee.sendType, sequence: stamp.sequence,
                timestamp: stamp.timestamp, source: leg.pointee.out.source)
        }
        header.write(to: scratch)
        if send(leg, scratch, count: RTPHeader.bytes + count) { counted.packetsSent &+= 1 }
    }
}
