// What can go wrong with the store, in words for an admin.

internal import GRDB

public nonisolated enum StoreError: Error, Hashable, Sendable, CustomStringConvertible {
    /// Another daemon works on this folder; nil if it has not written its process id yet.
    case inUse(folder: String, pid: Int32?)
    /// The folder or a file in it cannot be made or opened.
    case folder(path: String, reason: String)
    /// The integrity check found something; the first finding.
    case damaged(path: String, finding: String)
    /// Nothing ever ran in this folder.
    case noDatabase(path: String)
    /// A later version of Switchboard has changed the tables.
    case newerSchema(path: String)
    /// A read or a single write failed.
    case failed(StorageTrouble)
    /// The turn is not on the disk. It is kept in memory and written when the disk is back, but nothing promises it.
    case notDurable(StorageTrouble)
    /// The turn was given up because the buffer was full.
    case dropped
    /// Nothing was begun: more waits to be done than is taken on.
    case overloaded
    /// More callers wait for a commit than `StoreLimits.waitersMax`.
    case tooManyWaiters(max: Int)
    /// A value could not be encoded or decoded.
    case encoding(String)
    case closed

    public var description: String {
        switch self {
        case .inUse(let folder, let pid):
            "\(folder) is in use by another daemon" + (pid.map { " (process \($0))" } ?? "")
        case .folder(let path, let reason): "\(path): \(reason)"
        case .damaged(let path, let finding): "\(path) is damaged: \(finding)"
        case .noDatabase(let path): "there is no database yet at \(path): the daemon makes it at its first start"
        case .newerSchema(let path): "\(path) was written by a newer version of Switchboard"
        case .failed(let trouble): trouble.description
        case .notDurable(let trouble): "not saved yet: \(trouble)"
        case .dropped: "not saved: the buffer of unsaved changes is full"
        case .overloaded: "not begun: too much waits to be done"
        case .tooManyWaiters(let max): "more than \(max) requests wait for the disk"
        case .encoding(let detail): "cannot encode or decode: \(detail)"
        case .closed: "the store is closed"
        }
    }

    init(_ error: any Error) {
        self =
            switch error {
            case let error as StoreError: error
            case is DatabaseError: .failed(StorageTrouble(error))
            default: .encoding(String(describing: type(of: error)))
            }
    }
}
