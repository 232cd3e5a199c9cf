// What an endpoint keeps of one call.

internal import Basics

/// One call, from the INVITE to its end.
final class Call {
    enum State {
        /// Their INVITE; `reacted`: we have sent a provisional response.
        case incoming(reacted: Bool)
        /// Our 2xx is sent, the ACK has not come.
        case answered
        /// Our INVITE; `reacted`: a provisional response came.
        case inviting(reacted: Bool)
        case established
        /// CANCEL, BYE or a final error is sent or came: only the library's last word is awaited.
        case closing(Outcome)
    }

    enum Outcome {
        case failed(status: Int, reason: String, q850: Q850Cause?)
        case ended(CallEnd)
    }

    /// A change that the peer has offered and that we have not answered.
    enum Offer { case none, reinvite, update }

    let id: CallID
    var state: State
    var trunk: TrunkID?
    var channel: Int?
    var offer = Offer.none
    /// The last description that we sent, for a re-INVITE without an offer.
    var localSDP = ""
    /// Where all requests of this call go: to the source or to the configured peer, never to a name from a header.
    let nextHop: String
    /// Neither timer nor UPDATE is known to the peer: a session timer could only be refreshed by an INVITE with an offer.
    var withoutTimer = false
    /// The peer has not confirmed our answer, or the session's time is over.
    var timedOut = false
    /// Our INVITE, until it has a final response, for the one repetition with credentials.
    var attempt: Attempt?
    /// A BYE that waits for the ACK of our answer.
    var byeHeaders: [Header]?

    init(id: CallID, state: State, nextHop: String) {
        self.id = id
        self.state = state
        self.nextHop = nextHop
    }
}
