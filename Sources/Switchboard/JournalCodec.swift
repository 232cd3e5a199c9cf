// Events as lines of the journal, and back.

internal import Basics
internal import ContactCenter
internal import Foundation
internal import Storage

/// One event is one line: its name, the version of its encoding, its payload as JSON.
///
/// A configuration is not repeated in the journal: the line names its version, whose compiled form is stored once.
nonisolated enum JournalCodec {
    /// Raised when an event's encoding changes; lines of older versions stay readable.
    static let version = 1

    /// Sorted keys, so that equal values are equal bytes.
    static var encoder: JSONEncoder {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        return encoder
    }

    private struct ConfigurationReference: Codable { var version: String }

    enum Failure: Error, CustomStringConvertible {
        case unknownVersion(sequence: UInt64, version: Int)
        case unknownConfiguration(sequence: UInt64, version: String)
        case unreadable(sequence: UInt64, kind: String, reason: String)

        var description: String {
            switch self {
            case .unknownVersion(let sequence, let version):
                "journal line \(sequence) is of version \(version); this is an older program"
            case .unknownConfiguration(let sequence, let version):
                "journal line \(sequence) names configuration \(version), which is not stored"
            case .unreadable(let sequence, let kind, let reason):
                "journal line \(sequence) (\(kind)) cannot be read, it is damaged or of a newer program: \(reason)"
            }
        }
    }

    static func line(_ event: Event) -> JournalEntry {
        if case .configurationApplied(let configuration) = event {
            return JournalEntry(
                kind: event.name, version: version, body: ConfigurationReference(version: configuration.version))
        }
        return JournalEntry(kind: event.name, version: version, body: event)
    }

    /// The version that a line `configurationApplied` names.
    static func configurationVersion(_ row: JournalRow) -> String? {
        try? JSONDecoder().decode(ConfigurationReference.self, from: row.body).version
    }

    /// - Parameter decoder: to make one takes as long as to use it.
    static func event(
        _ row: JournalRow, by decoder: JSONDecoder = JSONDecoder(), configuration: (String) -> CenterConfiguration?
    ) throws(Failure) -> Event {
        guard row.version <= version else { throw .unknownVersion(sequence: row.sequence, version: row.version) }
        do {
            if row.kind == "configurationApplied" {
                let reference = try decoder.decode(ConfigurationReference.self, from: row.body)
                guard let configuration = configuration(reference.version) else {
                    throw Failure.unknownConfiguration(sequence: row.sequence, version: reference.version)
                }
                return .configurationApplied(configuration)
            }
            return try decoder.decode(Event.self, from: row.body)
        } catch let failure as Failure {
            throw failure
        } catch {
            throw .unreadable(sequence: row.sequence, kind: row.kind, reason: "\(error)")
        }
    }
}

extension Event {
    /// The name under which the journal keeps it.
    nonisolated var name: String {
        switch self {
        case .configurationApplied: "configurationApplied"
        case .restarted: "restarted"
        case .callArrived: "callArrived"
        case .workArrived: "workArrived"
        case .channelsRequested: "channelsRequested"
        case .satisfactionReported: "satisfactionReported"
        case .workCompleted: "workCompleted"
        case .workTransferRequested: "workTransferRequested"
        case .workWrapUpCompleted: "workWrapUpCompleted"
        case .workWrapUpExtended: "workWrapUpExtended"
        case .deviceCalled: "deviceCalled"
        case .legRinging: "legRinging"
        case .legEarlyMedia: "legEarlyMedia"
        case .legAnswered: "legAnswered"
        case .legFailed: "legFailed"
        case .legEnded: "legEnded"
        case .legSilent: "legSilent"
        case .legQuiet: "legQuiet"
        case .legHeld: "legHeld"
        case .digit: "digit"
        case .playbackEnded: "playbackEnded"
        case .collected: "collected"
        case .deviceRegistered: "deviceRegistered"
        case .deviceUnregistered: "deviceUnregistered"
        case .deviceLost: "deviceLost"
        case .presenceRequested: "presenceRequested"
        case .holdRequested: "holdRequested"
        case .muteRequested: "muteRequested"
        case .hangUpRequested: "hangUpRequested"
        case .transferRequested: "transferRequested"
        case .consultRequested: "consultRequested"
        case .supervisionRequested: "supervisionRequested"
        case .supervisionEnded: "supervisionEnded"
        case .recordingPauseRequested: "recordingPauseRequested"
        case .secureStepRequested: "secureStepRequested"
        case .wrapUpCompleted: "wrapUpCompleted"
        case .wrapUpExtended: "wrapUpExtended"
        case .wrapUpRequested: "wrapUpRequested"
        case .priorityChanged: "priorityChanged"
        case .withdrawRequested: "withdrawRequested"
        case .callbackScheduled: "callbackScheduled"
        case .callbackCancelled: "callbackCancelled"
        case .recordingSaved: "recordingSaved"
        case .recordingFailed: "recordingFailed"
        case .admissionChanged: "admissionChanged"
        case .deadlinesPassed: "deadlinesPassed"
        }
    }
}
