// A contact to and from its row.

internal import Basics
internal import GRDB

nonisolated extension ContactRecord {
    static let columns = """
        id, channel, dialled, trunk, trunkChannel, caller, flow, queue, agent, state, arrived, queued, answered, ended,
        outcome, cause, timelineEntriesLeftOut, kind
        """

    private static let upsert = """
        INSERT INTO contacts (tenant, \(columns)) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
        ON CONFLICT (tenant, id) DO UPDATE SET
            channel = excluded.channel, dialled = excluded.dialled, trunk = excluded.trunk,
            trunkChannel = excluded.trunkChannel, caller = excluded.caller, flow = excluded.flow,
            queue = excluded.queue, agent = excluded.agent, state = excluded.state, arrived = excluded.arrived,
            queued = excluded.queued, answered = excluded.answered, ended = excluded.ended,
            outcome = excluded.outcome, cause = excluded.cause,
            timelineEntriesLeftOut = excluded.timelineEntriesLeftOut, kind = excluded.kind
        """

    func write(_ database: Database, tenant: String) throws {
        try database.cachedStatement(sql: Self.upsert).execute(arguments: [
            tenant, id.stored, channel, dialled, trunk?.rawValue, trunkChannel, caller?.rawValue, flow?.rawValue,
            queue?.rawValue, agent?.rawValue, state, arrived.microseconds, queued?.microseconds, answered?.microseconds,
            ended?.microseconds, outcome, cause, timelineEntriesLeftOut, kind,
        ])
    }

    /// From a row of `columns`, in their order.
    init(row: Row) {
        self.init(id: ContactID(stored: row[0]), channel: row[1], state: row[9], arrived: Instant(microseconds: row[10]))
        dialled = row[2]
        trunk = TrunkID(stored: row[3])
        trunkChannel = row[4]
        caller = CallerKey(stored: row[5])
        flow = FlowID(stored: row[6])
        queue = QueueID(stored: row[7])
        agent = AgentID(stored: row[8])
        queued = Instant(stored: row[11])
        answered = Instant(stored: row[12])
        ended = Instant(stored: row[13])
        outcome = row[14]
        cause = row[15]
        timelineEntriesLeftOut = row[16]
        kind = row[17]
    }
}
