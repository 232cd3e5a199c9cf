// A recording as the index shows it.

public import Basics

/// One row of `recordings`; the audio is a file of its own.
public nonisolated struct RecordingRecord: Hashable, Sendable, Codable, Identifiable {
    /// Nobody may delete it as long as this stands.
    public struct Hold: Hashable, Sendable, Codable {
        public var reason: String
        public var by: String
        public var at: Instant

        public init(reason: String, by: String, at: Instant) {
            self.reason = reason
            self.by = by
            self.at = at
        }
    }

    /// Somebody whose voice it has.
    public struct Track: Hashable, Sendable, Codable {
        /// "caller", "agent", "supervisor", "other".
        public var party: String
        public var agent: AgentID?
        /// The leg on which the party first came.
        public var leg: LegID
        /// Of the file, from 0.
        public var channel: Int
        public var from: Instant
        /// When the caller last heard the party; nil: hears it still.
        public var to: Instant?

        public init(party: String, agent: AgentID?, leg: LegID, channel: Int, from: Instant) {
            self.party = party
            self.agent = agent
            self.leg = leg
            self.channel = channel
            self.from = from
        }
    }

    public var id: RecordingID
    public var contact: ContactID
    public var queue: QueueID?
    public var agent: AgentID?
    /// The number of the center that was dialled.
    public var dialled: String?
    public var channel: String
    public var started: Instant
    public var ended: Instant?
    /// Relative to the folder of recordings.
    public var file: String
    /// Length of the audio.
    public var seconds: Double?
    /// "recording", "saved", "failed", "deleting", "deleted".
    public var state: String
    public var trunk: TrunkID?
    /// Which of the trunk's channels, from 1.
    public var trunkChannel: Int?
    public var caller: CallerKey?
    /// The agent's device.
    public var seat: String?
    /// "in", or "out" if the center has called.
    public var direction: String?
    /// In the order in which they came, the caller first; nil: it was made before they were noted.
    public var tracks: [Track]?
    /// Only read: `Store.hold` and `Store.liftHold` change it.
    public internal(set) var hold: Hold?
    /// When its file went; the row stays. Only read.
    public internal(set) var deleted: Instant?

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

    /// A second more or less is what stopping takes.
    public static let lengthSecondsTolerance = 1.0
}
