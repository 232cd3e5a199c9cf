// Reads of what contacts are about that are no calls.

public import Basics
internal import GRDB

extension StoreReader {
    /// Of those contacts, in their order; what has no row is left out.
    public nonisolated func work(of contacts: [ContactID]) async throws(StoreError) -> [WorkRecord] {
        try await read { database in
            let statement = try database.cachedStatement(
                sql: "SELECT \(WorkRecord.columns) FROM work WHERE tenant = ? AND contact = ?")
            return try contacts.compactMap { contact in
                try Row.fetchOne(statement, arguments: [tenant, contact.stored]).map(WorkRecord.init(row:))
            }
        }
    }

    /// Those that came in since then with an idempotency key, newest first.
    public nonisolated func keyedWork(since: Instant, limit: Int) async throws(StoreError) -> [WorkRecord] {
        try await read { database in
            try Row.fetchAll(
                database,
                sql: """
                    SELECT \(WorkRecord.columns) FROM work
                    WHERE tenant = ? AND created >= ? AND idempotencyKey IS NOT NULL ORDER BY created DESC LIMIT ?
                    """, arguments: [tenant, since.microseconds, limit]
            ).map(WorkRecord.init(row:))
        }
    }

    /// The newest of that requester with that idempotency key that came in since then.
    public nonisolated func work(
        of requester: String, key: String, since: Instant
    ) async throws(StoreError) -> WorkRecord? {
        try await read { database in
            try Row.fetchOne(
                database,
                sql: """
                    SELECT \(WorkRecord.columns) FROM work
                    WHERE tenant = ? AND requester = ? AND idempotencyKey = ? AND created > ? ORDER BY created DESC LIMIT 1
                    """, arguments: [tenant, requester, key, since.microseconds]
            ).map(WorkRecord.init(row:))
        }
    }
}
