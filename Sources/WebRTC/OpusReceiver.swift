// A browser's Opus as a stream of G.711 packets: same sequence numbers, clock of 8 kHz, short losses made up for.

internal import Audio
internal import RTP

/// Turns each packet into one of G.711, and each lost packet into one too, if there are few.
final class OpusReceiver {
    /// More lost packets than this in a row are left as a gap.
    private static let concealedMax: UInt16 = 5

    private let decoder: OpusDecoder
    private let law: G711.Law
    private let target: UnsafeMutableRawPointer
    private var source: UInt32?
    private var lastSequence: UInt16 = 0
    private var lastTimestamp: UInt32 = 0
    /// In 1/48000 s, without wraps.
    private var position: Int64 = 0
    private var isConcealable = false

    init(law: G711.Law) throws(WebRTCError) {
        decoder = try OpusDecoder()
        self.law = law
        target = .allocate(byteCount: RTPHeader.bytes + OpusDecoder.samplesMax, alignment: 16)
    }

    isolated deinit { target.deallocate() }

    /// The time of `header` in the clock of 8 kHz, for packets that are no Opus but count in its clock.
    func time(of header: RTPHeader) -> UInt32 {
        UInt32(truncatingIfNeeded: (position &+ step(to: header)) / 6)
    }

    /// Keys interrupt the voice: what is missing before them and after them is no loss of sound.
    func pass(_ header: RTPHeader) {
        guard source == header.source, Int16(bitPattern: header.sequence &- lastSequence) > 0 else { return }
        advance(to: header)
        isConcealable = false
    }

    /// Hands every packet that comes of this one to `body`, with room for a header before its payload.
    func receive(
        _ header: RTPHeader, _ payload: UnsafeRawBufferPointer, _ body: (RTPHeader, UnsafeMutableRawPointer) -> Void
    ) -> BrowserDrop? {
        if source != header.source {
            source = header.source
            position = Int64(header.timestamp)
            lastTimestamp = header.timestamp
            isConcealable = false
        } else {
            let ahead = Int16(bitPattern: header.sequence &- lastSequence)
            guard ahead > 0 else { return .late }
            if ahead > 1, isConcealable { conceal(before: header, payload, missing: UInt16(ahead) - 1, body) }
        }
        advance(to: header)
        let count = decoder.decode(.packet, payload, law: law, into: target + RTPHeader.bytes)
        isConcealable = count > 0
        guard count > 0 else { return .undecodable }
        body(own(header, count: count), target + RTPHeader.bytes)
        return nil
    }

    private func conceal(
        before header: RTPHeader, _ payload: UnsafeRawBufferPointer, missing: UInt16,
        _ body: (RTPHeader, UnsafeMutableRawPointer) -> Void
    ) {
        let step = step(to: header)
        let packets = Int64(missing) + 1
        // A pause of the sender besides the loss can't be told from it: only what fits is made up for.
        guard missing <= Self.concealedMax, step > 0, step % (packets * 6 * 20) == 0 else { return }
        let samples = Int(step / packets / 6)
        guard samples <= OpusDecoder.samplesMax else { return }
        for number in 1...missing {
            let lost = RTPHeader(
                payloadType: header.payloadType, sequence: lastSequence &+ 1,
                timestamp: lastTimestamp &+ UInt32(samples) &* 6, source: header.source)
            advance(to: lost)
            let input = number == missing ? OpusDecoder.Input.redundancy(samples: samples) : .lost(samples: samples)
            let count = decoder.decode(input, payload, law: law, into: target + RTPHeader.bytes)
            if count > 0 { body(own(lost, count: count), target + RTPHeader.bytes) }
        }
    }

    private func step(to header: RTPHeader) -> Int64 { Int64(Int32(bitPattern: header.timestamp &- lastTimestamp)) }

    private func advance(to header: RTPHeader) {
        position &+= step(to: header)
        lastTimestamp = header.timestamp
        lastSequence = header.sequence
    }

    private func own(_ header: RTPHeader, count: Int) -> RTPHeader {
        RTPHeader(
            marker: header.marker, payloadType: header.payloadType, sequence: header.sequence,
            timestamp: UInt32(truncatingIfNeeded: position / 6), source: header.source, payloadCount: count)
    }
}
