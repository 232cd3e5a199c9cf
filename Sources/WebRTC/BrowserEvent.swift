// What a session reports by itself.

/// Handed out after the packets of a round, so the receiver may call everything.
public nonisolated enum BrowserEvent: Hashable, Sendable {
    /// Voice can flow: for the first time, after a new offer, or again after `gone`.
    case connected
    /// Nothing can be heard of the browser. The session stays, and an offer or the browser's next packet brings it back.
    case gone(BrowserGone)
}

/// Why nothing can be heard of a browser.
public nonisolated enum BrowserGone: String, Hashable, Sendable {
    /// It said so: the page was left, reloaded or closed its connection.
    case closeNotify
    /// No packet for `BrowserPortSettings.silenceMaxSeconds` while `isTalking`.
    case silent
    /// No check for 30 s (or none since the offer): a killed browser, a cable that was pulled.
    case expired
    /// DTLS came to no end.
    case handshakeFailed
    /// The certificate is not the one of the offer: somebody stands between us. To be written into the audit.
    case wrongFingerprint
}
