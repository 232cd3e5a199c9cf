// An INVITE of ours, as it would have to be sent again.

/// Everything that goes into an INVITE of ours.
nonisolated struct Attempt {
    var requestURI: String
    var from: String
    /// `from` without the display name, should the library refuse that.
    var plainFrom: String
    var to: String
    var sdp: String
    var headers: String?
    var callID: String
    var sequence: UInt32 = 1
    var authorization: String?
    var proxyAuthorization: String?
    /// Seconds.
    var sessionTimer: UInt32
    var minSE: UInt32 = 0
    var credentials: DigestCredentials?
    /// Challenges and a too short session timer are answered once each.
    var authorized = false, lengthened = false
}
