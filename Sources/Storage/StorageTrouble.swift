// Why the disk does not take what it is given.

internal import GRDB

/// What SQLite said when a transaction failed, as far as an admin can act on it.
public nonisolated enum StorageTrouble: Error, Hashable, Sendable, CustomStringConvertible {
    /// No room: on the disk, in the quota or under the process's file size limit.
    case diskFull
    /// The operating system failed to read or write; `code` is SQLite's extended result code.
    case inputOutput(code: Int32)
    /// Somebody else held the database for longer than the busy timeout.
    case busy
    /// The file is not a database or its pages contradict one another.
    case damaged
    /// The file, its folder or the whole disk may not be written.
    case readOnly
    case other(code: Int32)

    public var description: String {
        switch self {
        case .diskFull: "the disk is full"
        case .inputOutput(let code): "the disk cannot be read or written (SQLite code \(code))"
        case .busy: "another program holds the database"
        case .damaged: "the database is damaged"
        case .readOnly: "the database may not be written"
        case .other(let code): "the database answered with SQLite code \(code)"
        }
    }

    init(_ error: any Error) {
        guard let error = error as? DatabaseError else {
            self = .other(code: -1)
            return
        }
        switch error.resultCode {
        case .SQLITE_FULL: self = .diskFull
        case .SQLITE_IOERR: self = .inputOutput(code: error.extendedResultCode.rawValue)
        case .SQLITE_BUSY, .SQLITE_LOCKED: self = .busy
        case .SQLITE_CORRUPT, .SQLITE_NOTADB: self = .damaged
        case .SQLITE_READONLY, .SQLITE_CANTOPEN, .SQLITE_PERM: self = .readOnly
        default: self = .other(code: error.extendedResultCode.rawValue)
        }
    }
}
