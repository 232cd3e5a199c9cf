// What an endpoint keeps of one call.

internal import Basics
internal import MainLoop

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
    enum Offer {
        case none, reinvite, update
        /// The peer wants our offer, by a re-INVITE without one; and we have made it.
        case wanted, made
    }

    /// The session's refresh, where it is ours and the peer knows no UPDATE (RFC 4028 §10).
    struct Refresh {
        /// Monotonic nanoseconds.
        var due: UInt64
        let interval: UInt64
        var isUnderWay = false
    }

    let id: CallID
    var state: State
    var trunk: TrunkID?
    var channel: Int?
    var offer = Offer.none
    /// The last description that we sent, for a refresh.
    var localSDP = ""
    /// Where all requests of this call go: to the source or to the configured peer, never to a name from a header.
    let nextHop: String
    var refresh: Refresh?
    /// The call is in the queue of those that are refreshed.
    var isAwaitingRefresh = false
    /// Our INVITE, until it has a final response, for the one repetition with credentials.
    var attempt: Attempt?
    /// CSeq of a REFER that is being delivered and has no answer yet.
    var referral: UInt32?
    /// A BYE that waits for the ACK of our answer.
    var byeHeaders: [Header]?
    var hasSaidBye = false

    /// Monotonic nanoseconds.
    let began = MonotonicClock.now

    init(id: CallID, state: State, nextHop: String) {
        self.id = id
        self.state = state
        self.nextHop = nextHop
    }
}
