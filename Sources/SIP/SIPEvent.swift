// Everything that an endpoint tells.

public import Basics

/// What happened on the wire. A call ends with exactly one `failed` or `ended`; its id is dead afterwards.
public nonisolated enum SIPEvent: Sendable {
    case invited(Invitation)
    /// A provisional response, 180 to 199, to our INVITE; with a description: early media.
    case progressed(CallID, status: Int, sdp: String?)
    /// Our INVITE was answered, and the ACK is under way. Without a description the one of `progressed` holds.
    case answered(CallID, sdp: String?)
    /// The ACK for our answer came.
    case confirmed(CallID)
    /// Our INVITE was refused, redirected (3xx, never followed) or not answered in time (408).
    case failed(CallID, status: Int, reason: String, q850: Q850Cause?)
    case ended(CallID, CallEnd)
    /// The peer wants to change the session: answer with `acceptChange` or `refuseChange`.
    case changeOffered(CallID, sdp: String)
    /// The peer wants our offer within a call: make one with `offerChange`, or `refuseChange` to offer the session anew as
    /// it stands.
    case offerWanted(CallID)
    /// The answer to the offer that was wanted.
    case changeAnswered(CallID, sdp: String)
    /// INFO with `application/dtmf-relay` or `application/dtmf`: one of 0-9 A-D * #.
    case digit(CallID, Character, milliseconds: Int)
    /// REFER within a call (RFC 3515): the peer wants whom it talks to to go to `target`, the user part of Refer-To, cut at 64
    /// bytes; `replaces`: to the other end of another dialog of its (RFC 3891). To be answered at once, by `answerReferral`; else
    /// it is declined.
    case referred(CallID, target: String, replaces: Bool)
    /// A new binding, or one whose source address changed; a mere refresh is not told.
    case registered(DeviceID, Binding)
    /// Removed by the device, by expiry, by a newer binding or by a changed configuration.
    case unregistered(DeviceID, Binding)
}
