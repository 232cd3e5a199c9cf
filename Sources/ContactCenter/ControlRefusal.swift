// Why what an agent asks for at the desk cannot be done now.

/// The answer to a button that does not apply; the raw value is the `code` of the desk's `refused` frame.
public enum ControlRefusal: String, Codable, Hashable, Sendable, CaseIterable {
    /// There is no conversation.
    case noCall = "no_call"
    /// It is so already, or the configuration does not have it, or the other side has to be back first.
    case notAllowed = "not_allowed"
    /// Too many wait there already.
    case busy
    case unknownTarget = "unknown_target"
    case dispositionRequired = "disposition_required"
    case unknownDisposition = "unknown_disposition"
    /// The wrap-up is over.
    case tooLate = "too_late"
    /// No rules allow agents to have anybody called over that trunk.
    case outsideNotAllowed = "outside_not_allowed"
    /// As many are called over that trunk for agents as may be.
    case outsideFull = "outside_full"
}
