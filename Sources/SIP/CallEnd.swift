// Why an incoming or an answered call is over.

/// The cause in `SIPEvent.ended`.
public nonisolated enum CallEnd: Sendable, Hashable {
    /// The caller sent CANCEL, or BYE, before we had answered.
    case cancelled
    /// BYE from the peer.
    case hungUpByPeer(Q850Cause?)
    /// `hangUp` or `reject`.
    case hungUpHere
    /// The peer did not confirm our answer, did not refresh the session, or nobody acted within the settings' times.
    case timedOut
}
