// An event as the journal gives it back.

public import Basics
public import Foundation

public nonisolated struct JournalRow: Hashable, Sendable {
    /// Counts up by one from 1. A gap means turns that were dropped while the disk was out (`Store.figures`).
    public var sequence: UInt64
    public var at: Instant
    public var version: Int
    public var kind: String
    /// JSON.
    public var body: Data

    /// What stands in place of a body that could not be encoded begins so.
    static let unencodableMark = #"{"unencodable":"#

    /// The event happened and is not known: as a gap.
    public var isUnencodable: Bool { body.starts(with: Self.unencodableMark.utf8) }
}

/// The rules' whole state after the event `sequence`.
public nonisolated struct SnapshotRow: Hashable, Sendable {
    public var sequence: UInt64
    public var at: Instant
    public var body: Data
}

/// One version of the compiled configuration.
public nonisolated struct ConfigurationRow: Hashable, Sendable {
    public var version: String
    public var at: Instant
    public var body: Data
}
