// Who is served first.

public import Basics

/// The order of those who wait: priority class, then the time of the original arrival less the head start, then the id.
///
/// Strict classes (Twilio) and seconds of head start (FreeSWITCH, Genesys) are both expressible (definitions.md 3.2).
/// A contact keeps its key when it comes back from a missed offer.
public struct OrderKey: Codable, Hashable, Comparable, Sendable {
    public var priorityClass: Int
    public var effectiveEnqueuedAt: Instant
    public var contact: ContactID

    public init(priorityClass: Int, enqueuedAt: Instant, boostSeconds: Int, contact: ContactID) {
        self.priorityClass = priorityClass
        effectiveEnqueuedAt = enqueuedAt - .seconds(boostSeconds)
        self.contact = contact
    }

    /// The greatest head start, ten years: more means no more, and adds up without overflow.
    public static let boostSecondsMax = 315_360_000

    public static func clamped(_ boostSeconds: Int) -> Int { max(-boostSecondsMax, min(boostSecondsMax, boostSeconds)) }

    /// Smaller is served earlier.
    public static func < (a: OrderKey, b: OrderKey) -> Bool {
        if a.priorityClass != b.priorityClass { return a.priorityClass > b.priorityClass }
        if a.effectiveEnqueuedAt != b.effectiveEnqueuedAt { return a.effectiveEnqueuedAt < b.effectiveEnqueuedAt }
        return a.contact < b.contact
    }
}
