// Reads of the index of recordings.

public import Basics
internal import GRDB

nonisolated extension StoreReader {
    /// Recordings, newest first, at most `limit`, only those with smaller ids than `before` (the last one of the page before).
    public func recordings(
        _ query: RecordingQuery = RecordingQuery(), before: RecordingID? = nil, limit: Int
    ) async throws(StoreError) -> [RecordingRecord] {
        let request = query.request(tenant: tenant, before: before, limit: page(limit))
        return try await read { try request.fetchAll($0).map(RecordingRecord.init(row:)) }
    }

    public func recording(_ id: RecordingID) async throws(StoreError) -> RecordingRecord? {
        try await read { database in
            let sql = "SELECT \(RecordingRecord.columns) FROM recordings WHERE tenant = ? AND id = ?"
            return try Row.fetchOne(database, sql: sql, arguments: [tenant, id.stored]).map(RecordingRecord.init(row:))
        }
    }

    /// How recordings fared that began in this time.
    public func recordingHealth(from: Instant, to: Instant) async throws(StoreError) -> RecordingHealth {
        try await read { database in
            let kept = "state IN ('saved', 'deleting', 'deleted') AND seconds IS NOT NULL"
            let right = "\(kept) AND ended IS NOT NULL AND abs(seconds - (ended - started) / 1000000.0) <= ?1"
            let sql = """
                SELECT count(*), total(\(right)), total(\(kept)), total(state = 'recording'), total(state = 'deleted'),
                    total(holdReason IS NOT NULL)
                FROM recordings WHERE tenant = ?2 AND started >= ?3 AND started < ?4
                """
            let arguments: StatementArguments = [
                RecordingRecord.lengthSecondsTolerance, tenant, from.microseconds, to.microseconds,
            ]
            var health = RecordingHealth(from: from, to: to)
            guard let row = try Row.fetchOne(database, sql: sql, arguments: arguments) else { return health }
            func count(_ column: Int) -> Int { Int((row[column] as Double).rounded()) }
            health.begun = row[0]
            health.playable = count(1)
            health.wrongLength = count(2) - count(1)
            health.running = count(3)
            health.failed = health.begun - count(2) - health.running
            health.deleted = count(4)
            health.held = count(5)
            return health
        }
    }
}
