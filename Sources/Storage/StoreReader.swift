// What others read: on reader connections, off the loop, while turns are being written.

public import Basics
internal import Foundation
internal import GRDB

/// Reads of one tenant's rows. Part of a `Store`, or alone on a folder that a daemon may be using (`switchboard replay`).
public nonisolated struct StoreReader: Sendable {
    /// Rows of any page, whatever the caller asks for.
    public static let rowsPerPageMax = 1000

    let database: any DatabaseReader
    let tenant: String

    /// Opens the database of `folder` for reading only; the daemon that owns it is not disturbed.
    public static func open(folder: String, tenant: String = "default") throws(StoreError) -> StoreReader {
        let path = StoreFile.path(in: folder)
        guard FileManager.default.fileExists(atPath: path) else { throw .noDatabase(path: path) }
        var configuration = Configuration()
        configuration.readonly = true
        configuration.busyMode = .timeout(5)
        do {
            return StoreReader(
                database: try DatabaseQueue(path: path, configuration: configuration), tenant: tenant)
        } catch {
            throw StoreError(error)
        }
    }

    /// Looks through the whole database for damage, on a reader connection; throws `.damaged` with the first finding.
    public func checkIntegrity() async throws(StoreError) {
        let path = database.path
        try await read { try StoreFile.check($0, path: path) }
    }

    // MARK: Journal

    /// At most `limit` events behind `sequence`, oldest first.
    public func journal(after sequence: UInt64, limit: Int) async throws(StoreError) -> [JournalRow] {
        try await read { database in
            // By a cursor: a replay reads millions, and an array of rows would copy each column twice.
            let rows = try Row.fetchCursor(
                database,
                sql: """
                    SELECT sequence, at, version, kind, body FROM journal
                    WHERE sequence > ? AND tenant = ? ORDER BY sequence LIMIT ?
                    """, arguments: [Int64(bitPattern: sequence), tenant, page(limit)])
            return try Array(
                rows.map { row in
                    JournalRow(
                        sequence: UInt64(bitPattern: row[0]), at: Instant(microseconds: row[1]), version: row[2], kind: row[3],
                        body: row[4])
                })
        }
    }

    /// The newest snapshot, or the newest one before the event `sequence` if that one turned out to be unreadable.
    public func snapshot(before sequence: UInt64? = nil) async throws(StoreError) -> SnapshotRow? {
        try await read { database in
            try Row.fetchOne(
                database,
                sql: """
                    SELECT sequence, at, body FROM snapshots WHERE sequence < ? AND tenant = ?
                    ORDER BY sequence DESC LIMIT 1
                    """, arguments: [sequence.map { Int64(bitPattern: $0) } ?? .max, tenant]
            ).map { SnapshotRow(sequence: UInt64(bitPattern: $0[0]), at: Instant(microseconds: $0[1]), body: $0[2]) }
        }
    }

    /// The given version of the compiled configuration, or the newest.
    public func configuration(_ version: String? = nil) async throws(StoreError) -> ConfigurationRow? {
        try await read { database in
            try Row.fetchOne(
                database,
                sql: """
                    SELECT version, at, body FROM configurations WHERE tenant = ? AND (?2 IS NULL OR version = ?2)
                    ORDER BY at DESC LIMIT 1
                    """, arguments: [tenant, version]
            ).map { ConfigurationRow(version: $0[0], at: Instant(microseconds: $0[1]), body: $0[2]) }
        }
    }

    // MARK: History

    /// Contacts, newest first, at most `limit`, only those with smaller ids than `before` (the last one of the page
    /// before), in that state, with that queue. `endedOnly` leaves out rows that were written while their contact lived.
    public func contacts(
        before: ContactID? = nil, limit: Int, state: String? = nil, queue: QueueID? = nil, endedOnly: Bool = false
    ) async throws(StoreError) -> [ContactRecord] {
        var filter = RowFilter(tenant: tenant)
        filter.add("id < ?", before?.stored)
        filter.add("state = ?", state)
        filter.add("queue = ?", queue?.rawValue)
        if endedOnly { filter.add("ended IS NOT NULL") }
        let request = filter.request("SELECT \(ContactRecord.columns) FROM contacts", "ORDER BY id DESC", page(limit))
        return try await read { try request.fetchAll($0).map(ContactRecord.init(row:)) }
    }

    /// One contact with its whole story and its recordings; nil if there is none.
    public func contact(_ id: ContactID) async throws(StoreError) -> ContactDetail? {
        try await read { database in
            let sql = "SELECT \(ContactRecord.columns) FROM contacts WHERE tenant = ? AND id = ?"
            guard let row = try Row.fetchOne(database, sql: sql, arguments: [tenant, id.stored]) else { return nil }
            let timeline = try Row.fetchAll(
                database,
                // What becomes of a recording is told beside the rules, before or behind the rest.
                sql: "SELECT at, kind, body FROM timeline WHERE tenant = ? AND contact = ? ORDER BY at, id LIMIT ?",
                arguments: [tenant, id.stored, ContactDetail.timelineRowsMax])
            let recordings = try Row.fetchAll(
                database,
                sql: "SELECT \(RecordingRecord.columns) FROM recordings WHERE tenant = ? AND contact = ? ORDER BY id LIMIT ?",
                arguments: [tenant, id.stored, Self.rowsPerPageMax])
            return ContactDetail(
                contact: ContactRecord(row: row), timeline: timeline.map(TimelineRow.init(row:)),
                recordings: recordings.map(RecordingRecord.init(row:)), legs: try legs(of: id, database))
        }
    }

    /// The closed legs of a contact, in the order in which they were opened.
    public func legs(of contact: ContactID) async throws(StoreError) -> [LegRecord] {
        try await read { try legs(of: contact, $0) }
    }

    private func legs(of contact: ContactID, _ database: Database) throws -> [LegRecord] {
        let sql = "SELECT \(LegRecord.columns) FROM legs WHERE tenant = ? AND contact = ? ORDER BY opened, leg LIMIT ?"
        return try Row.fetchAll(database, sql: sql, arguments: [tenant, contact.stored, Self.rowsPerPageMax])
            .map(LegRecord.init(row:))
    }

    /// What agents wrote about a contact, oldest first.
    public func notes(of contact: ContactID) async throws(StoreError) -> [NoteRecord] {
        try await read { database in
            let sql = "SELECT \(NoteRecord.columns) FROM notes WHERE tenant = ? AND contact = ? ORDER BY began, agent LIMIT ?"
            return try Row.fetchAll(database, sql: sql, arguments: [tenant, contact.stored, Self.rowsPerPageMax])
                .map(NoteRecord.init(row:))
        }
    }

    /// Acts, newest first, at most `limit`, only those with smaller ids than `before`.
    public func audit(before: Int64? = nil, limit: Int) async throws(StoreError) -> [AuditRow] {
        var filter = RowFilter(tenant: tenant)
        filter.add("id < ?", before)
        let request = filter.request(
            "SELECT id, at, actor, role, action, object, detail FROM audit", "ORDER BY id DESC", page(limit))
        return try await read { try request.fetchAll($0).map(AuditRow.init(row:)) }
    }

    // MARK: Callbacks

    /// The numbers of all who will be called back.
    public func callbackNumbers() async throws(StoreError) -> [CallbackNumberRecord] {
        try await read { database in
            let sql = "SELECT \(CallbackNumberRecord.columns) FROM callbackNumbers WHERE tenant = ? ORDER BY caller"
            return try Row.fetchAll(database, sql: sql, arguments: [tenant]).map(CallbackNumberRecord.init(row:))
        }
    }

    func page(_ limit: Int) -> Int { min(max(limit, 1), Self.rowsPerPageMax) }

    func read<Value: Sendable>(
        _ value: @escaping @Sendable (Database) throws -> Value
    ) async throws(StoreError) -> Value {
        do {
            return try await database.read(value)
        } catch {
            throw StoreError(error)
        }
    }
}
