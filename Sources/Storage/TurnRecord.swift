// What one turn of the loop leaves behind.

public import Basics

/// The events and facts of one turn. They are written in one transaction: all or none.
public nonisolated struct TurnRecord: Sendable {
    /// The turn's only reading of the clock.
    public var at: Instant
    /// In the order in which the rules handled them; each gets the next sequence.
    public var events: [JournalEntry]
    /// Written in this order, except that contacts come first: timeline and recordings refer to them.
    public var facts: [Fact]

    public init(at: Instant, events: [JournalEntry] = [], facts: [Fact] = []) {
        self.at = at
        self.events = events
        self.facts = facts
    }
}

/// One event, still as a value: it becomes JSON on the database queue, not on the loop.
public nonisolated struct JournalEntry: Sendable {
    /// The event's name, by which an old journal is read and searched.
    public var kind: String
    /// The version of the event's encoding.
    public var version: Int
    public var body: any Encodable & Sendable

    public init(kind: String, version: Int = 1, body: any Encodable & Sendable) {
        self.kind = kind
        self.version = version
        self.body = body
    }
}
