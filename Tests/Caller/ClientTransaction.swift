// The sending side of a SIP transaction (RFC 3261 section 17.1).

/// A request that we sent and whose final response is awaited.
struct ClientTransaction {
    enum Purpose: Hashable {
        case invite, reinvite, cancel, bye, refer
        /// Asked-for lifetime in seconds; 0 de-registers.
        case register(Int)
    }

    var request: SIPMessage
    var destination: SocketAddress
    var purpose: Purpose
    var nextSend: Moment?
    var interval = TransactionTimer.t1
    var deadline: Moment
    /// Already sent with credentials for this nonce: the same nonce again means that they are wrong.
    var answeredNonce: String?
}
