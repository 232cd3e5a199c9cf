// A recording as the index shows it.

public import Basics

/// One row of `recordings`; the audio is a file of its own.
public nonisolated struct RecordingRecord: Hashable, Sendable, Codable, Identifiable {
    public var id: RecordingID
    public var contact: ContactID
    public var queue: QueueID?
    public var agent: AgentID?
    public var dialled: String?
    public var channel: String
    public var started: Instant
    public var ended: Instant?
    /// Relative to the folder of recordings.
    public var file: String
    /// Length of the audio.
    public var seconds: Double?
    /// "recording", "saved", "failed".
    public var state: String

    public init(
        id: RecordingID, contact: ContactID, channel: String = "voice", started: Instant, file: String, state: String
    ) {
        self.id = id
        self.contact = contact
        self.channel = channel
        self.started = started
        self.file = file
        self.state = state
    }
}
