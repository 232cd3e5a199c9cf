// The timers of SIP over UDP (RFC 3261 section 17, table 4).

enum TransactionTimer {
    static let t1 = Duration.milliseconds(500)
    static let t2 = Duration.seconds(4)
    /// 64 times T1.
    static let timeout = Duration.seconds(32)
    /// How long an INVITE may ring.
    static let ringing = Duration.seconds(300)
}
