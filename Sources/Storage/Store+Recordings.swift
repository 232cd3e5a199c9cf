// Legal holds and deletion of recordings: one writer decides in one transaction, so that a hold always wins.

public import Basics
internal import Foundation
internal import GRDB
internal import MainLoop

extension Store {
    /// What became of a change of a hold.
    public nonisolated enum HoldOutcome: Hashable, Sendable {
        case done
        case unknown
        /// Its file is gone, or about to go.
        case deleted
        /// It is under hold already; or, when a hold is lifted, under none.
        case unchanged
    }

    /// Puts a recording under legal hold, together with the audit line. `.done`: it is on the disk, and nothing deletes the
    /// recording from now on.
    public func hold(
        _ id: RecordingID, _ hold: RecordingRecord.Hold, audit: AuditEntry
    ) async throws(StoreError) -> HoldOutcome {
        try await change(id, isHeld: false, at: hold.at, audit) { database, tenant in
            try database.execute(
                sql: "UPDATE recordings SET holdReason = ?, holdBy = ?, heldAt = ? WHERE tenant = ? AND id = ?",
                arguments: [hold.reason, hold.by, hold.at.microseconds, tenant, id.stored])
        }
    }

    /// Lifts the hold. The recording may be deleted at once if its time has passed.
    public func liftHold(_ id: RecordingID, at: Instant, audit: AuditEntry) async throws(StoreError) -> HoldOutcome {
        try await change(id, isHeld: true, at: at, audit) { database, tenant in
            try database.execute(
                sql: "UPDATE recordings SET holdReason = NULL, holdBy = NULL, heldAt = NULL WHERE tenant = ? AND id = ?",
                arguments: [tenant, id.stored])
        }
    }

    private func change(
        _ id: RecordingID, isHeld: Bool, at: Instant, _ audit: AuditEntry,
        _ update: @escaping @Sendable (Database, String) throws -> Void
    ) async throws(StoreError) -> HoldOutcome {
        let tenant = tenant
        return try await write { database in
            let sql = "SELECT \(RecordingRecord.columns) FROM recordings WHERE tenant = ? AND id = ?"
            guard let row = try Row.fetchOne(database, sql: sql, arguments: [tenant, id.stored]) else { return .unknown }
            let record = RecordingRecord(row: row)
            if record.isDeleted { return .deleted }
            guard (record.hold != nil) == isHeld else { return .unchanged }
            try update(database, tenant)
            try audit.write(database, tenant: tenant, at: at)
            return .done
        }
    }

    // MARK: Retention

    /// Marks at most `limit` recordings whose time has passed and that nobody holds as about to be deleted, and returns them;
    /// those that an earlier process left so come first. Nothing can hold them any more.
    public func claimExpired(
        _ periods: RetentionPeriods, at now: Instant, limit: Int
    ) async throws(StoreError) -> [RecordingRecord] {
        let tenant = tenant
        return try await write { database in
            let select = "SELECT \(RecordingRecord.columns) FROM recordings WHERE tenant = ?"
            var claimed = try Row.fetchAll(
                database, sql: select + " AND state = 'deleting' ORDER BY id LIMIT ?", arguments: [tenant, limit]
            ).map(RecordingRecord.init(row:))
            for queue in try Self.queues(database, tenant) where claimed.count < limit {
                guard let seconds = periods.seconds(of: queue) else { continue }
                let rows = try Row.fetchAll(
                    database,
                    sql: select + " AND queue IS ? AND started < ? AND \(Self.isDeletable) ORDER BY started LIMIT ?",
                    arguments: [tenant, queue?.rawValue, (now - .seconds(seconds)).microseconds, limit - claimed.count])
                for record in rows.map(RecordingRecord.init(row:)) {
                    try database.execute(
                        sql: "UPDATE recordings SET state = 'deleting' WHERE tenant = ? AND id = ?",
                        arguments: [tenant, record.id.stored])
                    claimed.append(record)
                }
            }
            return claimed
        }
    }

    /// Notes that the files of recordings that were claimed are gone. The rows stay.
    public func noteDeleted(
        _ ids: [RecordingID], at now: Instant, audit: @escaping @Sendable (RecordingID) -> AuditEntry
    ) async throws(StoreError) {
        let tenant = tenant
        try await write { database in
            for id in ids {
                try database.execute(
                    sql:
                        "UPDATE recordings SET state = 'deleted', deleted = ? WHERE tenant = ? AND id = ? AND state = 'deleting'",
                    arguments: [now.microseconds, tenant, id.stored])
                if database.changesCount > 0 { try audit(id).write(database, tenant: tenant, at: now) }
            }
        }
    }

    /// When the time of the next recording passes; nil: of none that there is now.
    public func nextExpiry(_ periods: RetentionPeriods) async throws(StoreError) -> Instant? {
        let reader = reader
        return try await reader.read { database in
            var next: Instant?
            for queue in try Self.queues(database, reader.tenant) {
                guard let seconds = periods.seconds(of: queue) else { continue }
                let oldest = try Int64.fetchOne(
                    database,
                    sql: "SELECT started FROM recordings WHERE tenant = ? AND queue IS ? AND \(Self.isDeletable) "
                        + "ORDER BY started LIMIT 1", arguments: [reader.tenant, queue?.rawValue])
                guard let oldest else { continue }
                let at = Instant(microseconds: oldest) + .seconds(seconds)
                next = min(next ?? at, at)
            }
            return next
        }
    }

    /// As the index recordingsByAge says it.
    private nonisolated static let isDeletable = "state IN ('saved', 'failed') AND holdReason IS NULL"

    /// The queues that have anything that could be deleted, nil for none; each is one look into the index.
    private nonisolated static func queues(_ database: Database, _ tenant: String) throws -> [QueueID?] {
        var queues: [QueueID?] = [nil]
        var last = ""
        let sql = "SELECT queue FROM recordings WHERE tenant = ? AND queue > ? AND \(isDeletable) ORDER BY queue LIMIT 1"
        while let next = try String.fetchOne(database, sql: sql, arguments: [tenant, last]) {
            queues.append(QueueID(next))
            last = next
        }
        return queues
    }

    func write<Value: Sendable>(
        _ updates: @escaping @Sendable (Database) throws -> Value
    ) async throws(StoreError) -> Value {
        let pool = file.pool
        do {
            return try await worker.run { try pool.write(updates) }
        } catch {
            throw StoreError(error)
        }
    }
}

nonisolated extension RecordingRecord {
    /// Its file is gone, or about to go.
    public var isDeleted: Bool { state == "deleting" || state == "deleted" }
}

nonisolated extension AuditEntry {
    /// For what is written beside the turns.
    func write(_ database: Database, tenant: String, at: Instant) throws {
        let body = try detail.map { String(decoding: try JSONEncoder().encode($0), as: UTF8.self) }
        try database.execute(
            sql: "INSERT INTO audit (tenant, at, actor, role, action, object, detail) VALUES (?, ?, ?, ?, ?, ?, ?)",
            arguments: [tenant, at.microseconds, actor, role, action, object, body])
    }
}
