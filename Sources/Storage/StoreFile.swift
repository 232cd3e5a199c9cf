// The database file: making, opening, checking, migrating. All of it blocks and happens beside the loop.

internal import Basics
internal import Foundation
internal import GRDB
internal import Glibc

/// The open database with the lock on its folder.
nonisolated struct StoreFile: Sendable {
    let pool: DatabasePool
    let lock: FolderLock
    let lastSequence: UInt64
    let lastInstant: Instant?
    let isChecked: Bool

    static func path(in folder: String) -> String { folder + "/switchboard.sqlite" }

    init(folder: String, limits: StoreLimits) throws(StoreError) {
        lock = try FolderLock(folder: folder)
        let path = Self.path(in: folder)
        try Self.makePrivate(path)
        do {
            pool = try DatabasePool(path: path, configuration: Self.configuration(limits))
            // "WAL mode is always consistent with synchronous=NORMAL, but WAL mode does lose durability": only FULL syncs
            // the log at every commit (https://www.sqlite.org/pragma.html#pragma_synchronous). Not in prepareDatabase:
            // GRDB's pool sets NORMAL on its writer after that (Database.setUpWALMode).
            try pool.writeWithoutTransaction { try $0.execute(sql: "PRAGMA synchronous = FULL") }
            isChecked = try Self.size(of: path) <= limits.checkedAtOpenBytesMax
            if isChecked { try pool.read { try Self.check($0, path: path) } }
            let migrator = Schema.migrator
            if try pool.read(migrator.hasBeenSuperseded) { throw StoreError.newerSchema(path: path) }
            try migrator.migrate(pool)
            (lastSequence, lastInstant) = try pool.read(Self.end)
        } catch {
            if let error = error as? DatabaseError, StorageTrouble(error) == .damaged {
                throw .damaged(path: path, finding: error.message ?? "not a database")
            }
            throw StoreError(error)
        }
    }

    /// Closes the database, then gives the folder free.
    func close() {
        // GRDB closes its writer first, and a reader as the last connection cannot bring the log home.
        _ = try? pool.writeWithoutTransaction { try $0.checkpoint(.truncate) }
        try? pool.close()
        lock.release()
    }

    private static func configuration(_ limits: StoreLimits) -> Configuration {
        var configuration = Configuration()
        configuration.label = "switchboard.database"
        configuration.busyMode = .timeout(Double(limits.busyMilliseconds) / 1000)
        configuration.maximumReaderCount = 3
        configuration.prepareDatabase { database in
            try database.execute(sql: "PRAGMA journal_size_limit = \(limits.writeAheadLogBytesMax)")
            // Negative: in KiB, not in pages (https://www.sqlite.org/pragma.html#pragma_cache_size).
            try database.execute(sql: "PRAGMA cache_size = -\(limits.pageCacheKibibytesMax)")
        }
        return configuration
    }

    /// SQLite gives its log and its shared memory the rights of the database file, so that one is made first.
    private static func makePrivate(_ path: String) throws(StoreError) {
        let descriptor = Glibc.open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
        guard descriptor >= 0, fchmod(descriptor, 0o600) == 0 else {
            let reason = String(cString: strerror(errno))
            if descriptor >= 0 { Glibc.close(descriptor) }
            throw .folder(path: path, reason: reason)
        }
        Glibc.close(descriptor)
    }

    private static func size(of path: String) throws -> Int {
        try URL(fileURLWithPath: path).resourceValues(forKeys: [.fileSizeKey]).fileSize ?? 0
    }

    /// Everything that `PRAGMA integrity_check` looks at but the agreement of indexes with their tables.
    static func check(_ database: Database, path: String) throws {
        let finding = try String.fetchOne(database, sql: "PRAGMA quick_check(1)")
        guard finding == "ok" else { throw StoreError.damaged(path: path, finding: finding ?? "no answer") }
    }

    /// The sequences go on behind the journal or the newest snapshot, whichever reaches further.
    private static func end(_ database: Database) throws -> (UInt64, Instant?) {
        let last = try Row.fetchOne(database, sql: "SELECT sequence, at FROM journal ORDER BY sequence DESC LIMIT 1")
        let saved = try Row.fetchOne(database, sql: "SELECT sequence, at FROM snapshots ORDER BY sequence DESC LIMIT 1")
        let rows = [last, saved].compactMap(\.self)
        let sequence: Int64 = rows.map { $0[0] }.max() ?? 0
        return (UInt64(bitPattern: sequence), rows.map { Instant(microseconds: $0[1]) }.max())
    }
}
