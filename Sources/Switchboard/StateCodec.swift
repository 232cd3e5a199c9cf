// Snapshots and compiled configurations as they are stored, and back.

internal import Basics
internal import ContactCenter
internal import Foundation
internal import Storage

/// What is written is packed; what was written as JSON by programs before November 2026 is read as well.
nonisolated enum StateCodec {
    enum Failure: Error, CustomStringConvertible {
        case snapshot(sequence: UInt64, reason: String)
        case configuration(version: String, reason: String)

        var description: String {
            switch self {
            case .snapshot(let sequence, let reason): "the snapshot at journal line \(sequence) cannot be read: \(reason)"
            case .configuration(let version, let reason): "the stored configuration \(version) cannot be read: \(reason)"
            }
        }
    }

    static func body(_ center: Center) throws -> Data { Data(try center.packed()) }
    static func body(_ configuration: CenterConfiguration) throws -> Data { Data(try configuration.packed()) }

    static func center(_ row: SnapshotRow) throws(Failure) -> Center {
        do {
            if Pack.isPack(row.body) { return try Center(packed: Array(row.body)) }
            return try JSONDecoder().decode(Center.self, from: row.body)
        } catch {
            throw .snapshot(sequence: row.sequence, reason: "\(error)")
        }
    }

    static func configuration(_ row: ConfigurationRow) throws(Failure) -> CenterConfiguration {
        do {
            if Pack.isPack(row.body) { return try CenterConfiguration(packed: Array(row.body)) }
            return try JSONDecoder().decode(CenterConfiguration.self, from: row.body)
        } catch {
            throw .configuration(version: row.version, reason: "\(error)")
        }
    }

    /// Whether the snapshot is that of this center, in whichever form it was written.
    static func isSame(_ center: Center, as row: SnapshotRow) throws -> Bool {
        let body = Pack.isPack(row.body) ? try body(center) : try JournalCodec.encoder.encode(center)
        return body == row.body
    }
}
