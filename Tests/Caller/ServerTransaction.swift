// The receiving side of a SIP transaction (RFC 3261 section 17.2).

/// A request that we got, and the response that answers its repetitions.
struct ServerTransaction {
    var request: SIPMessage
    var source: SocketAddress
    var response: SIPMessage?
    /// Final responses to INVITE are repeated until ACK.
    var nextSend: Moment?
    var interval = TransactionTimer.t1
    var deadline: Moment
}
