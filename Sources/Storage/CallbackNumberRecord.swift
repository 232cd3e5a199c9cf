// The number of somebody who will be called back.

public import Basics
internal import GRDB

/// One row of `callbackNumbers`. Personal data: the rules and the journal know only the key, and the row is deleted with the
/// end of the caller's last callback.
public nonisolated struct CallbackNumberRecord: Hashable, Sendable {
    public var caller: CallerKey
    /// As the trunk signalled it, or as it was given to the API.
    public var number: String
    public var kept: Instant

    public init(caller: CallerKey, number: String, kept: Instant) {
        self.caller = caller
        self.number = number
        self.kept = kept
    }
}

nonisolated extension CallbackNumberRecord {
    static let columns = "caller, number, kept"

    func write(_ database: Database, tenant: String) throws {
        let sql = "INSERT OR REPLACE INTO callbackNumbers (tenant, \(Self.columns)) VALUES (?, ?, ?, ?)"
        try database.cachedStatement(sql: sql).execute(arguments: [tenant, caller.rawValue, number, kept.microseconds])
    }

    static func delete(_ caller: CallerKey, _ database: Database, tenant: String) throws {
        let sql = "DELETE FROM callbackNumbers WHERE tenant = ? AND caller = ?"
        try database.cachedStatement(sql: sql).execute(arguments: [tenant, caller.rawValue])
    }

    /// From a row of `columns`, in their order.
    init(row: Row) {
        self.init(caller: CallerKey(row[0]), number: row[1], kept: Instant(microseconds: row[2]))
    }
}
