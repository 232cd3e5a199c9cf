// A walk through the journal, event by event, from any moment on.

public import ACD
public import Basics
internal import ContactCenter
internal import Foundation
internal import Storage

/// One event of the journal with what the rules made of it.
public nonisolated struct ReplayStep: Codable, Sendable {
    /// A line of a contact's story.
    public struct Decision: Codable, Sendable {
        public var contact: UInt64
        /// As in `/v1/contacts/{id}`.
        public var kind: String
        public var text: String
        /// The whole reason of an offer.
        public var why: Explanation?
    }

    public var sequence: UInt64
    /// Microseconds since 1970.
    public var at: Instant
    /// The same, ISO 8601.
    public var time: String
    /// As in the journal.
    public var kind: String
    public var event: String
    public var decisions: [Decision]
    /// What the edges were told to do.
    public var commands: [String]
    /// What is otherwise than before.
    public var changes: [String]
}

/// Stands behind one event of the journal, and steps over the next.
public nonisolated struct ReplayWalk: Sendable {
    private let reader: StoreReader
    private let configurations: Restoration.Configurations
    private var known: [String: CenterConfiguration] = [:]
    private var center: Center
    private var sequence: UInt64
    private var now: Instant
    /// Lines of the journal that are not there, so that what happened in them is not known.
    private var missing: UInt64 = 0
    private var rows: ArraySlice<JournalRow> = []
    private var commands: [Command] = []

    fileprivate init(_ reader: StoreReader, _ center: Center, after sequence: UInt64, at now: Instant) {
        self.reader = reader
        configurations = Restoration.Configurations(reader: reader)
        self.center = center
        self.sequence = sequence
        self.now = now
    }

    /// The state where the walk stands.
    public var moment: Moment { Moment(of: center, at: now, sequence: sequence, missing: missing) }

    /// Steps over the next event; nil: the journal ends here.
    public mutating func step() async throws -> ReplayStep? {
        guard let row = try await next(until: .distantFuture) else { return nil }
        guard !row.isUnencodable else {
            now = max(now, row.at)
            let text = "an event that could not be written down"
            return ReplayStep(
                sequence: row.sequence, at: row.at, time: Replay.time(row.at), kind: row.kind, event: text, decisions: [],
                commands: [], changes: [])
        }
        let before = center
        let beforeMoment = moment
        let event = try handle(row)
        now = max(now, row.at)
        return ReplayStep(
            sequence: row.sequence, at: row.at, time: Replay.time(row.at), kind: row.kind, event: event.told,
            decisions: decisions(since: before), commands: commands.compactMap(\.told),
            changes: moment.changes(since: beforeMoment))
    }

    /// Goes on to the last event that was not after `end`.
    fileprivate mutating func go(to end: Instant) async throws {
        while let row = try await next(until: end) {
            if !row.isUnencodable { _ = try handle(row) }
        }
    }

    private mutating func next(until end: Instant) async throws -> JournalRow? {
        if rows.isEmpty {
            rows = try await reader.journal(after: sequence, limit: Restoration.linesPerRead)[...]
            known = try await configurations.load(namedBy: Array(rows))
        }
        guard let row = rows.first, row.at <= end else { return nil }
        rows.removeFirst()
        missing &+= row.sequence &- sequence &- 1
        sequence = row.sequence
        return row
    }

    private mutating func handle(_ row: JournalRow) throws -> Event {
        let event = try JournalCodec.event(row) { known[$0] }
        commands.removeAll(keepingCapacity: true)
        center.handle(event, at: row.at, into: &commands)
        return event
    }

    /// The lines that the stories of contacts have got since then, by contact.
    private func decisions(since before: Center) -> [ReplayStep.Decision] {
        var contacts = center.contacts.map(\.value)
        for case .close(let contact) in commands { contacts.append(contact) }
        var decisions: [ReplayStep.Decision] = []
        for contact in contacts.sorted(by: { $0.id < $1.id }) {
            let told = before.contacts.look(at: contact.id, \.timeline.count) ?? 0
            for line in contact.timeline.dropFirst(told) { decisions.append(.init(contact.id, line.what)) }
        }
        for case .append(let contact, let line) in commands { decisions.append(.init(contact, line.what)) }
        return decisions
    }
}

nonisolated extension ReplayStep.Decision {
    fileprivate init(_ contact: ContactID, _ what: Happening) {
        self.contact = contact.rawValue
        kind = what.kind
        text = what.told
        if case .offered(_, _, _, let why) = what { self.why = why }
    }
}

nonisolated extension Replay {
    /// The state after the last event that was not after `at`, from the newest snapshot before it that can be read.
    public func walk(to at: Instant) async throws -> ReplayWalk {
        var center = Center(), sequence: UInt64 = 0
        var before: UInt64?
        while let row = try await reader.snapshot(before: before) {
            if row.at <= at, let stored = try? StateCodec.center(row) {
                (center, sequence) = (stored, row.sequence)
                break
            }
            before = row.sequence
        }
        var walk = ReplayWalk(reader, center, after: sequence, at: at)
        try await walk.go(to: at)
        return walk
    }
}
