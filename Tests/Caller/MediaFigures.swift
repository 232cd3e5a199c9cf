// Counts about one call's incoming stream.

/// Reported when a call ends.
struct MediaFigures {
    /// A pause between packets beyond this is reported as it happens.
    static let gapReported = Duration.milliseconds(60)

    var sent = 0
    var received = 0
    var controlPackets = 0
    var sourceChanges = 0
    var gapMax = Duration.zero
    private var lastArrival: Moment?
    private var lastSource: UInt32?
    private var lastSender: SocketAddress?
    private var firstSequence: Int?
    private var highestSequence = 0
    private var receivedOfSource = 0
    private var lostBefore = 0

    /// Packets missing by sequence number, over all sources.
    var lost: Int { lostBefore + (firstSequence.map { max(0, highestSequence - $0 + 1 - receivedOfSource) } ?? 0) }

    mutating func arrived(_ packet: RTPPacket, from sender: SocketAddress, at now: Moment) {
        received += 1
        if let lastArrival {
            let gap = now - lastArrival
            gapMax = max(gapMax, gap)
            if gap > Self.gapReported { Report.line("gap", ["ms": .fraction(gap.milliseconds)]) }
        }
        lastArrival = now
        if packet.source != lastSource || sender != lastSender { newSource(packet, from: sender) }
        receivedOfSource += 1
        // The sequence number counts on past 65535 as long as one source speaks (RFC 3550 appendix A.1).
        let step = Int(Int16(truncatingIfNeeded: Int(packet.sequence) - highestSequence))
        if step > 0 { highestSequence += step }
    }

    private mutating func newSource(_ packet: RTPPacket, from sender: SocketAddress) {
        if lastSource != nil { sourceChanges += 1 }
        lostBefore = lost
        (lastSource, lastSender) = (packet.source, sender)
        (firstSequence, highestSequence, receivedOfSource) = (Int(packet.sequence), Int(packet.sequence), 0)
        Report.line(
            "source",
            [
                "ssrc": .whole(Int(packet.source)), "from": .text(sender.description),
                "payload_type": .whole(Int(packet.payloadType)),
            ])
    }

    func report() {
        Report.line(
            "media",
            [
                "sent": .whole(sent), "received": .whole(received), "lost": .whole(lost),
                "source_changes": .whole(sourceChanges),
                "gap_max_ms": .fraction(gapMax.milliseconds), "control_packets": .whole(controlPackets),
            ])
    }
}
