// A leg's figures to and from their row.

internal import Basics
internal import GRDB

nonisolated extension LegRecord {
    static let columns = """
        leg, contact, party, agent, opened, closed, packetsReceived, packetsSent, packetsLost, jitterMilliseconds,
        roundTripMilliseconds, remoteLoss
        """

    func write(_ database: Database, tenant: String) throws {
        // REPLACE: after a commit whose outcome the disk left open, the same row comes again.
        let sql = "INSERT OR REPLACE INTO legs (tenant, \(Self.columns)) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
        try database.cachedStatement(sql: sql).execute(arguments: [
            tenant, id.stored, contact.stored, party, agent?.rawValue, opened.microseconds, closed?.microseconds,
            packetsReceived, packetsSent, packetsLost, jitterMilliseconds, roundTripMilliseconds, remoteLoss,
        ])
    }

    /// From a row of `columns`, in their order.
    init(row: Row) {
        self.init(
            id: LegID(stored: row[0]), contact: ContactID(stored: row[1]), party: row[2], agent: AgentID(stored: row[3]),
            opened: Instant(microseconds: row[4]), closed: Instant(stored: row[5]))
        packetsReceived = row[6]
        packetsSent = row[7]
        packetsLost = row[8]
        jitterMilliseconds = row[9]
        roundTripMilliseconds = row[10]
        remoteLoss = row[11]
    }
}
