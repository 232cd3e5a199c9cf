// Why a call was released, in the telephone network's own numbers.

/// A cause value of ITU-T Q.850, as the Reason header carries it (RFC 3326).
public nonisolated struct Q850Cause: Hashable, Sendable {
    /// 1...127.
    public let value: UInt8
    public init?(_ value: Int) {
        guard (1...127).contains(value) else { return nil }
        self.value = UInt8(value)
    }

    private init(known: UInt8) { value = known }

    public static let unallocatedNumber = Q850Cause(known: 1)
    public static let normalClearing = Q850Cause(known: 16)
    public static let userBusy = Q850Cause(known: 17)
    public static let noUserResponding = Q850Cause(known: 18)
    public static let noAnswer = Q850Cause(known: 19)
    public static let callRejected = Q850Cause(known: 21)
    public static let noCircuitAvailable = Q850Cause(known: 34)
    public static let temporaryFailure = Q850Cause(known: 41)
    public static let timerExpired = Q850Cause(known: 102)

    var header: Header { Header("Reason", "Q.850;cause=\(value)") }

    /// The final response that says the same to a caller whom nobody has answered (RFC 3398 §7.2.4.1).
    var status: Int {
        switch value {
        case 1: 404
        case 17: 486
        case 21: 603
        case 34, 38, 41, 42: 503
        default: 480
        }
    }
}
