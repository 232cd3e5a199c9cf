// Loss of the last seconds rather than of the whole call.

/// Remembers the counters of the last `secondsMax` seconds.
nonisolated struct LossWindow: Sendable {
    static let secondsMax = 5
    private var marks: [(received: UInt64, lost: UInt64)] = []

    /// Once a second.
    mutating func note(received: UInt64, lost: UInt64) {
        marks.append((received, lost))
        if marks.count > Self.secondsMax + 1 { marks.removeFirst() }
    }

    var percent: Double {
        guard let first = marks.first, let last = marks.last, last.received >= first.received else { return 0 }
        // Packets that come late take a loss back.
        let lost = last.lost > first.lost ? last.lost - first.lost : 0
        let expected = last.received - first.received + lost
        return expected == 0 ? 0 : Double(lost) * 100 / Double(expected)
    }
}
