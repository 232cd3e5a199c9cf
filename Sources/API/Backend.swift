// What the API needs of the house: to look at it, and to hand in events.

public import ACD
public import Basics
public import ContactCenter
public import SiteConfiguration
public import Storage

/// The daemon as the API sees it. Reading is free anywhere on the loop; changing goes through events only.
@MainActor public protocol Backend: AnyObject, Sendable {
    /// The rules' state, to be read in place.
    var center: Center { get }
    /// History, read off the loop.
    var reader: StoreReader { get }
    /// The sound of history.
    var recordings: any RecordingArchive { get }
    /// The time as the rules are told it.
    var now: Instant { get }
    /// Who may do what; changes with a reload.
    var credentials: Credentials { get }
    var status: SystemStatus { get }
    /// The contact's open legs with what has been measured until now.
    func legs(of contact: ContactID) -> [LegRecord]
    /// The caller's number as signalled on the contact's leg, for those who may see it; nil once the leg is gone.
    func callerNumber(of contact: ContactID) -> String?
    /// The key of a number that can be called, as the trunk over which the queue calls back writes numbers; nil: it cannot.
    func callerKey(of number: String, for queue: QueueID) -> CallerKey?
    /// Whether the queue may call that number: its `numbers:`, and none of the house's own.
    func mayCall(_ number: String, from queue: QueueID) -> Bool
    /// Hands a request for a callback in; its number is kept until the callback is over, and the rules do not see it.
    func submit(_ request: CallbackRequest, number: String, audit: AuditEntry) async -> Result<Void, StoreError>
    /// By which trunk agents may have that number called, written as people write numbers; nothing is kept yet.
    func outside(_ number: String) -> Result<OutsideWay, OutsideRefusal>
    /// The number is known until the rules have handled the event that names its key, which has to follow in the same round.
    func keep(_ way: OutsideWay)
    /// That event could not be handed in.
    func forget(_ way: OutsideWay)
    /// Presses keys for those who hear the leg. `false`: nobody does, or too many are waiting to be sent.
    func press(_ keys: String, on leg: LegID) -> Bool
    /// What is known of contacts that are no calls, beside what the rules know.
    var work: WorkRegister { get }
    /// Hands in a contact that is no call; the rules do not see what is personal in it. Returns when it is on the disk.
    func submit(_ request: WorkRequest, audit: AuditEntry) async -> Result<WorkAnswer, StoreError>
    /// Hands an event in together with its audit line; returns when both are on the disk.
    func submit(_ event: Event, audit: AuditEntry) async -> Result<Void, StoreError>
    /// Writes an audit line that belongs to no event, such as a look at a caller's number; returns when it is on the disk.
    func record(_ audit: AuditEntry) async -> Result<Void, StoreError>
    /// Returns when all that has happened until now is on the disk: a contact that has just ended has left the rules and is
    /// not in the store before. False: it cannot get there for the time being.
    func settle() async -> Bool
    /// The metrics in Prometheus' text format, version 0.0.4.
    func metrics() -> String
}

/// How the daemon is, for `/v1/status`.
public struct SystemStatus: Sendable, Codable, Equatable {
    public var version: String
    public var startedAt: Instant
    public var configurationVersion: String
    /// "good", or what is wrong with the disk.
    public var storage: String
    public var unsavedTurns: Int
    public var calls: Int
    public var legs: Int
    public var recordings: Int
    public var registeredDevices: Int
    /// Violations of the rules' invariants found while running; more than 0 is a fault of the program.
    public var invariantViolations: Int

    public init(
        version: String, startedAt: Instant, configurationVersion: String, storage: String, unsavedTurns: Int, calls: Int,
        legs: Int, recordings: Int, registeredDevices: Int, invariantViolations: Int
    ) {
        self.version = version
        self.startedAt = startedAt
        self.configurationVersion = configurationVersion
        self.storage = storage
        self.unsavedTurns = unsavedTurns
        self.calls = calls
        self.legs = legs
        self.recordings = recordings
        self.registeredDevices = registeredDevices
        self.invariantViolations = invariantViolations
    }
}
