// One report about one source (RFC 3550, section 6.4.1).

/// How one source is received at the other end.
public struct ReportBlock: Hashable, Sendable {
    public var source: UInt32
    /// In 1/256.
    public var fractionLost: UInt8
    /// 24 bits with sign.
    public var cumulativeLost: Int32
    public var extendedHighest: UInt32
    /// In units of the stream's clock.
    public var jitter: UInt32
    /// The middle 32 bits of the last sender report's NTP time; 0: none.
    public var lastReport: UInt32
    /// In 1/65536 s.
    public var delaySinceLastReport: UInt32

    public init(
        source: UInt32, fractionLost: UInt8, cumulativeLost: Int32, extendedHighest: UInt32, jitter: UInt32,
        lastReport: UInt32, delaySinceLastReport: UInt32
    ) {
        self.source = source
        self.fractionLost = fractionLost
        self.cumulativeLost = cumulativeLost
        self.extendedHighest = extendedHighest
        self.jitter = jitter
        self.lastReport = lastReport
        self.delaySinceLastReport = delaySinceLastReport
    }

    /// Seconds from our report to its echo at `now`, the middle 32 bits of an NTP time; `nil` if nothing was echoed or
    /// the numbers make no sense (RFC 3550, section 6.4.1, figure 2).
    public func roundTrip(at now: UInt32) -> Double? {
        guard lastReport != 0 else { return nil }
        let trip = Int32(bitPattern: now &- lastReport &- delaySinceLastReport)
        // Clocks are read a moment apart, so a tiny negative number is zero.
        guard trip > -655, trip < 60 << 16 else { return nil }
        return Double(max(0, trip)) / 65536
    }
}
