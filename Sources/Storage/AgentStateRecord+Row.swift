// What an agent did, to and from its row.

internal import Basics
internal import GRDB

nonisolated extension AgentStateRecord {
    static let columns = "agent, since, state, reason, contact"

    func write(_ database: Database, tenant: String) throws {
        // REPLACE: of several states that begin at one moment the last one lasts; and after a commit whose outcome the disk
        // left open, the same row comes again.
        let sql = "INSERT OR REPLACE INTO agentStates (tenant, \(Self.columns)) VALUES (?, ?, ?, ?, ?, ?)"
        try database.cachedStatement(sql: sql).execute(arguments: [
            tenant, agent.rawValue, since.microseconds, state, reason, contact?.stored,
        ])
    }

    /// From a row of `columns`, in their order.
    init(row: Row) {
        let contact: Int64? = row[4]
        self.init(
            agent: AgentID(row[0]), since: Instant(microseconds: row[1]), state: row[2], reason: row[3],
            contact: contact.map { ContactID(stored: $0) })
    }
}
