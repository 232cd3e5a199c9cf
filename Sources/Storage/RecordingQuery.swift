// Which recordings are looked for.

public import Basics
internal import GRDB

/// Conditions on recordings; what is nil asks for nothing. Each but the lengths and `isHeld` has an index.
public nonisolated struct RecordingQuery: Hashable, Sendable {
    public var contact: ContactID?
    public var queue: QueueID?
    public var agent: AgentID?
    /// The number of the center that was dialled.
    public var dialled: String?
    /// The device of the agent, or the number outside, that was at the other end.
    public var seat: String?
    public var trunk: TrunkID?
    /// Which of the trunk's channels, from 1.
    public var trunkChannel: Int?
    public var caller: CallerKey?
    /// "in" or "out".
    public var direction: String?
    public var state: String?
    /// Begun at this time or later.
    public var from: Instant?
    /// Begun before this time.
    public var to: Instant?
    /// Of at least so many seconds.
    public var secondsMin: Double?
    public var secondsMax: Double?
    /// Under legal hold, or not.
    public var isHeld: Bool?

    public init() {}

    /// Newest first, behind `before`, which was the last one of the page before.
    ///
    /// Ids count up with time, so times become ids and every index is read in the order in which it is shown.
    func request(tenant: String, before: RecordingID?, limit: Int) -> SQLRequest<Row> {
        var filter = RowFilter(tenant: tenant)
        filter.add("id < ?", before?.stored)
        filter.add("contact = ?", contact?.stored)
        filter.add("queue = ?", queue?.rawValue)
        filter.add("agent = ?", agent?.rawValue)
        filter.add("dialled = ?", dialled)
        filter.add("seat = ?", seat)
        filter.add("trunk = ?", trunk?.rawValue)
        filter.add("trunkChannel = ?", trunkChannel)
        filter.add("caller = ?", caller?.rawValue)
        filter.add("direction = ?", direction)
        filter.add("state = ?", state)
        filter.add("seconds >= ?", secondsMin)
        filter.add("seconds <= ?", secondsMax)
        if let isHeld { filter.add(isHeld ? "holdReason IS NOT NULL" : "holdReason IS NULL") }
        func bound(_ order: String, _ condition: String) -> String {
            """
            (SELECT near.id FROM recordings AS near WHERE near.tenant = ? AND near.started \(condition) ? \
            ORDER BY near.started \(order), near.id \(order) LIMIT 1)
            """
        }
        if let from { filter.add("id >= \(bound("ASC", ">="))", [tenant, from.microseconds]) }
        if let to { filter.add("id <= \(bound("DESC", "<"))", [tenant, to.microseconds]) }
        return filter.request("SELECT \(RecordingRecord.columns) FROM recordings", "ORDER BY id DESC", limit)
    }
}
