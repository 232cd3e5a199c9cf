// The legs of a contact with how their sound fared, part of `/v1/contacts/{id}`.

internal import Basics
internal import RTP
internal import Storage

enum LegResource {
    static let shape = Shape<LegRecord>.object(
        "Leg", "One way of sound between the center and somebody, with what was measured on it.",
        [
            Member("id", .identifier, "") { $0.id.rawValue },
            Member("party", .word(["caller", "agent", "other"]), "Who is at its other end.") { $0.party },
            Member("agent", Shape<String>.text.orNull, "") { $0.agent?.rawValue },
            Member("openedAt", .time, "") { $0.opened },
            Member("closedAt", Shape<Instant>.time.orNull, "Null while it lives.") { $0.closed },
            Member("packetsReceived", .count, "") { $0.packetsReceived },
            Member("packetsSent", .count, "") { $0.packetsSent },
            Member("packetsLost", .count, "Of those that should have been received.") { $0.packetsLost },
            Member("jitterMs", .number, "Of what is received (RFC 3550).") { $0.jitterMilliseconds },
            Member("roundTripMs", Shape<Double>.number.orNull, "From the other side's last report.") {
                $0.roundTripMilliseconds
            },
            Member("remoteLoss", Shape<Double>.share.orNull, "Of what was sent, by the other side's last report.") {
                $0.remoteLoss
            },
            Member("mos", Shape<Double>.number.orNull, "Of the worse direction, estimated, 1 to 4.5 (ITU-T G.107).") {
                $0.meanOpinionScore
            },
        ])
}

extension LegRecord {
    /// nil: nothing was received, so nothing is known.
    nonisolated var meanOpinionScore: Double? {
        guard packetsReceived > 0 else { return nil }
        let lossPercent = 100 * Double(max(0, packetsLost)) / Double(packetsReceived + max(0, packetsLost))
        return MeanOpinionScore.score(
            lossPercent: max(lossPercent, (remoteLoss ?? 0) * 100), jitterMilliseconds: jitterMilliseconds,
            roundTripMilliseconds: roundTripMilliseconds ?? 0)
    }
}
