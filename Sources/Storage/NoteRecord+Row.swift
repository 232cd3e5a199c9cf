// An agent's note to and from its row.

internal import Basics
internal import GRDB

nonisolated extension NoteRecord {
    static let columns = "contact, agent, began, disposition, body"

    func write(_ database: Database, tenant: String) throws {
        // REPLACE: after a commit whose outcome the disk left open, the same row comes again.
        let sql = "INSERT OR REPLACE INTO notes (tenant, \(Self.columns)) VALUES (?, ?, ?, ?, ?, ?)"
        try database.cachedStatement(sql: sql).execute(arguments: [
            tenant, contact.stored, agent.rawValue, began.microseconds, disposition, text,
        ])
    }

    /// From a row of `columns`, in their order.
    init(row: Row) {
        self.init(
            contact: ContactID(stored: row[0]), agent: AgentID(row[1]), began: Instant(microseconds: row[2]),
            disposition: row[3], text: row[4])
    }
}
