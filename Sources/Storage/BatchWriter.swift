// Writes one batch of turns as one transaction, on the database queue.

internal import Basics
internal import Foundation
internal import GRDB
internal import MainLoop

/// Encodes and inserts; the only place that writes turns.
nonisolated struct BatchWriter: Sendable {
    let pool: DatabasePool
    let tenant: String

    func write(_ batch: TurnBatch) -> BatchOutcome {
        let start = MonotonicClock.now
        do {
            var report = try pool.write { database in
                var transaction = BatchTransaction(database: database, tenant: tenant)
                for item in batch.items { try transaction.write(item) }
                return transaction.report
            }
            report.nanoseconds = MonotonicClock.now - start
            return .written(report)
        } catch {
            return .failed(batch, StorageTrouble(error))
        }
    }
}

/// One transaction under way.
nonisolated struct BatchTransaction {
    let database: Database
    let tenant: String
    var report = BatchReport()
    private let encoder = JSONEncoder()

    init(database: Database, tenant: String) {
        self.database = database
        self.tenant = tenant
        encoder.outputFormatting = .withoutEscapingSlashes
        encoder.nonConformingFloatEncodingStrategy = .convertToString(
            positiveInfinity: "inf", negativeInfinity: "-inf", nan: "nan")
    }

    mutating func write(_ item: TurnBatch.Item) throws {
        let (database, tenant, turn) = (database, tenant, item.turn)
        let at = turn.at.microseconds
        if !turn.events.isEmpty {
            // REPLACE: after a commit whose outcome the disk left open, the same turn comes again.
            let insert = try database.cachedStatement(
                sql: "INSERT OR REPLACE INTO journal (sequence, tenant, at, version, kind, body) VALUES (?, ?, ?, ?, ?, ?)")
            for (index, event) in turn.events.enumerated() {
                let sequence = Int64(bitPattern: item.firstSequence &+ UInt64(index))
                try insert.execute(arguments: [sequence, tenant, at, event.version, event.kind, json(event.body)])
            }
        }
        for case .contact(let contact) in turn.facts { try note(contact.write(database, tenant: tenant)) }
        for fact in turn.facts {
            switch fact {
            case .contact: break
            case .timeline(let entry): try write(entry, at: at)
            case .recording(let recording): try note(recording.write(database, tenant: tenant))
            case .leg(let leg): try note(leg.write(database, tenant: tenant))
            case .note(let record): try note(record.write(database, tenant: tenant))
            case .callbackNumber(let record): try note(record.write(database, tenant: tenant))
            case .callbackNumberForgotten(let caller):
                try note(CallbackNumberRecord.delete(caller, database, tenant: tenant))
            case .work(let record): try note(record.write(database, tenant: tenant))
            case .agentState(let record): try note(record.write(database, tenant: tenant))
            case .audit(let entry): try write(entry, at: at)
            }
        }
        report.turns += 1
        report.lastTicket = item.ticket
    }

    private mutating func write(_ entry: TimelineEntry, at: Int64) throws {
        let insert = try database.cachedStatement(
            sql: "INSERT INTO timeline (tenant, contact, at, kind, body) VALUES (?, ?, ?, ?, ?)")
        let arguments: StatementArguments = [
            tenant, entry.contact.stored, entry.at?.microseconds ?? at, entry.kind, entry.body.map { json($0) },
        ]
        try note(insert.execute(arguments: arguments))
    }

    private mutating func write(_ entry: AuditEntry, at: Int64) throws {
        let insert = try database.cachedStatement(
            sql: "INSERT INTO audit (tenant, at, actor, role, action, object, detail) VALUES (?, ?, ?, ?, ?, ?, ?)")
        let arguments: StatementArguments = [
            tenant, at, entry.actor, entry.role, entry.action, entry.object, entry.detail.map { json($0) },
        ]
        try note(insert.execute(arguments: arguments))
    }

    /// A row that the tables refuse is counted and left out: it would be refused again each time, and would hold up
    /// everything behind it. SQLite undoes only the statement (https://www.sqlite.org/lang_conflict.html, ABORT).
    private mutating func note(_ write: @autoclosure () throws -> Void) throws {
        do {
            try write()
        } catch let error as DatabaseError where error.resultCode == .SQLITE_CONSTRAINT {
            report.rejectedFacts += 1
        }
    }

    private mutating func json(_ value: any Encodable & Sendable) -> String {
        do {
            return String(decoding: try encoder.encode(value), as: UTF8.self)
        } catch {
            report.unencodable += 1
            return JournalRow.unencodableMark + #""\#(type(of: value))"}"#
        }
    }
}
