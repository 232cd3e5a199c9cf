// One contact with everything that is stored of it.

public nonisolated struct ContactDetail: Sendable {
    /// A story longer than this is cut off at its end.
    public static let timelineRowsMax = 10_000

    public var contact: ContactRecord
    /// In the order in which it happened.
    public var timeline: [TimelineRow]
    public var recordings: [RecordingRecord]
    /// Those that are closed.
    public var legs: [LegRecord]
}
