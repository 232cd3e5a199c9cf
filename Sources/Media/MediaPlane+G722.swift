// Legs that speak G.722 on the wire and A-law within.

internal import Audio
internal import CLoop
internal import Glibc
internal import RTP
internal import SDP

extension MediaPlane {
    /// A codec for as long as G.722 may come or is sent.
    func prepareG722(_ slot: Int32, _ agreement: AudioAgreement) {
        let isNeeded = agreement.codec == .g722 || agreement.receives.contains { $0.codec == .g722 }
        codecs[slot] = isNeeded ? codecs[slot] ?? G722Codec() : nil
        legs[Int(slot)].codec = codecs[slot].map { .passUnretained($0) }
        // Without memory for it the leg is silent rather than noise.
        if isNeeded, codecs[slot] == nil { legs[Int(slot)].maySend = false }
    }

    /// Makes a packet of G.722 one of A-law. `true`: the bridged party speaks G.722 too, and `wide` holds the packet as it
    /// came.
    func narrow(_ leg: UnsafeMutablePointer<LegSlot>, _ payload: UnsafeMutableRawPointer, _ header: RTPHeader) -> Bool {
        guard let codec = leg.pointee.codec else {
            memset(payload, Int32(G711.Law.a.silence), header.payloadCount)
            return false
        }
        let partner = leg.pointee.partner
        let isSilent = leg.pointee.isMuted || leg.pointee.isUnheard && isSecret(leg, at: cloop_now())
        let isKept = partner >= 0 && legs[Int(partner)].sendsG722 && !isSilent && leg.pointee.detector == nil
        if isKept { wide.copyMemory(from: payload, byteCount: header.payloadCount) }
        codec.takeUnretainedValue().decode(payload, count: header.payloadCount, to: tables.converter(.a))
        return isKept
    }

    /// Makes a packet of A-law one of G.722 if it is voice: reports and keys go the same way.
    func widen(_ leg: UnsafeMutablePointer<LegSlot>, _ packet: UnsafeMutableRawPointer, count: Int) {
        guard count > RTPHeader.bytes, let codec = leg.pointee.codec,
            packet.load(fromByteOffset: 1, as: UInt8.self) & 0x7F == leg.pointee.sendType
        else { return }
        codec.takeUnretainedValue().encode(
            packet + RTPHeader.bytes, count: count - RTPHeader.bytes, from: tables.converter(.a))
    }
}
