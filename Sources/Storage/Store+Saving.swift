// What is saved beside the turns: snapshots of the rules and versions of the configuration.

public import Basics
public import Foundation
internal import GRDB
internal import MainLoop

extension Store {
    /// Saves the rules' state as it was after the event `sequence` (`lastSequence` when the copy was taken). `encode` runs
    /// on a worker of its own, so turns go on being written meanwhile; the snapshot follows when the turns before it are on
    /// the disk. The last `StoreLimits.snapshotsMax` are kept. Throws `.notDurable` while the store is degraded.
    public func saveSnapshot(
        sequence: UInt64, at: Instant, encode: @escaping @Sendable () throws -> Data
    ) async throws(StoreError) {
        let lastTurn = lastTurn
        let body = try await encoded(encode)
        try await committed(lastTurn)
        let tenant = tenant
        let kept = limits.snapshotsMax
        try await save { database in
            try database.execute(
                sql: "INSERT OR REPLACE INTO snapshots (sequence, tenant, at, body) VALUES (?, ?, ?, ?)",
                arguments: [Int64(bitPattern: sequence), tenant, at.microseconds, body])
            try database.execute(
                sql: """
                    DELETE FROM snapshots WHERE tenant = ?1 AND sequence NOT IN
                    (SELECT sequence FROM snapshots WHERE tenant = ?1 ORDER BY sequence DESC LIMIT ?2)
                    """, arguments: [tenant, kept])
        }
    }

    /// Saves the compiled form of a version of the configuration; returns when it is on the disk, so that the event that
    /// names the version may follow.
    public func saveConfiguration(
        version: String, at: Instant, encode: @escaping @Sendable () throws -> Data
    ) async throws(StoreError) {
        let body = try await encoded(encode)
        let tenant = tenant
        try await save { database in
            try database.execute(
                sql: "INSERT OR REPLACE INTO configurations (tenant, version, at, body) VALUES (?, ?, ?, ?)",
                arguments: [tenant, version, at.microseconds, body])
        }
    }

    private func encoded(_ encode: @escaping @Sendable () throws -> Data) async throws(StoreError) -> Data {
        do {
            return try await encodingWorker.run(encode)
        } catch {
            throw .encoding(String(describing: error))
        }
    }

    private func save(_ updates: @escaping @Sendable (Database) throws -> Void) async throws(StoreError) {
        let pool = file.pool
        do {
            try await worker.run { try pool.write(updates) }
        } catch {
            throw StoreError(error)
        }
    }
}
