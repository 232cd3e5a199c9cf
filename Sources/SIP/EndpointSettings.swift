// What an endpoint is told at its start.

/// Settings of one SIP endpoint; all of them stay as they are until the process ends.
public nonisolated struct EndpointSettings: Sendable {
    /// A numeric local address: one UDP socket, no TCP (facts/sip.md, T14).
    public var address: String
    public var port: UInt16
    /// The digest realm of our own accounts (RFC 8760).
    public var realm: String
    public var userAgent = "Switchboard"
    public var limits = RateLimits()
    /// Seconds wanted in Session-Expires (RFC 4028); 0: only when the peer asks. At least 90 otherwise.
    public var sessionTimerSeconds = 1_800
    /// Shorter session timers are answered 422 (RFC 4028 §5: not below 90).
    var sessionTimerMinSeconds = 90
    /// SHA-256 is offered beside MD5 if every account has that hash (RFC 8760); some phones give up when they see it.
    public var offersSHA256 = true
    /// For so long a nonce may be used (RFC 7616 §3.3).
    public var nonceLifetimeSeconds = 60
    /// Until the first provisional response, ours or the peer's.
    public var setUpMaxSeconds = 32
    /// Until the final response to an INVITE, ours or the peer's.
    public var unansweredMaxSeconds = 180
    /// For our answer to a change that the peer offered within a call.
    public var changeMaxSeconds = 10
    /// From BYE, CANCEL or a final error to the end of the call, after which it is forgotten without the peer.
    public var closingMaxSeconds = 36
    /// Calls at once; further INVITEs are answered 503.
    public var callsMax = 4_000
    /// Server transactions at once in the library, before 503.
    public var transactionsMax = 20_000
    /// Bindings of one account (RFC 3261 §10); the one that would expire first makes room.
    public var bindingsMax = 8
    /// Seconds that a device may register for.
    public var expiresMin = 60
    public var expiresMax = 3_600

    public init(address: String, port: UInt16, realm: String) {
        self.address = address
        self.port = port
        self.realm = realm
    }
}
