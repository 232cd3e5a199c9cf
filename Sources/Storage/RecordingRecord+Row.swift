// A recording to and from its row.

internal import Basics
internal import GRDB

nonisolated extension RecordingRecord {
    static let columns = "id, contact, queue, agent, dialled, channel, started, ended, file, seconds, state"

    private static let upsert = """
        INSERT INTO recordings (tenant, \(columns)) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
        ON CONFLICT (tenant, id) DO UPDATE SET
            contact = excluded.contact, queue = excluded.queue, agent = excluded.agent, dialled = excluded.dialled,
            channel = excluded.channel, started = excluded.started, ended = excluded.ended, file = excluded.file,
            seconds = excluded.seconds, state = excluded.state
        """

    func write(_ database: Database, tenant: String) throws {
        try database.cachedStatement(sql: Self.upsert).execute(arguments: [
            tenant, id.stored, contact.stored, queue?.rawValue, agent?.rawValue, dialled, channel, started.microseconds,
            ended?.microseconds, file, seconds, state,
        ])
    }

    /// From a row of `columns`, in their order.
    init(row: Row) {
        self.init(
            id: RecordingID(stored: row[0]), contact: ContactID(stored: row[1]), channel: row[5],
            started: Instant(microseconds: row[6]), file: row[8], state: row[10])
        queue = QueueID(stored: row[2])
        agent = AgentID(stored: row[3])
        dialled = row[4]
        ended = Instant(stored: row[7])
        seconds = row[9]
    }
}
