// What contacts were about that are no calls is forgotten after its time.

public import Basics
internal import GRDB

extension Store {
    /// Deletes rows of `work` that came in before then and whose contacts are over, the oldest first.
    ///
    /// - Returns: how many.
    public func deleteWork(before: Instant, limit: Int) async throws(StoreError) -> Int {
        let tenant = tenant
        return try await write { database in
            try database.execute(
                sql: """
                    DELETE FROM work WHERE tenant = ? AND contact IN (
                        SELECT work.contact FROM work
                        JOIN contacts ON contacts.tenant = work.tenant AND contacts.id = work.contact
                        WHERE work.tenant = ? AND work.created < ? AND contacts.ended IS NOT NULL
                        ORDER BY work.created LIMIT ?)
                    """, arguments: [tenant, tenant, before.microseconds, limit])
            return database.changesCount
        }
    }
}
