// `switchboard recordings check`: do the files and their rows belong together, and can they be played?

public import Basics
internal import Foundation
internal import Media
public import SiteConfiguration
internal import Storage

/// Compares the folder of recordings with the index, beside a daemon that may be running.
public nonisolated struct RecordingCheck: Sendable {
    public struct Finding: Hashable, Sendable, CustomStringConvertible {
        public enum Kind: String, Hashable, Sendable {
            case fileWithoutRow = "file without row"
            case rowWithoutFile = "row without file"
            case unreadable = "unreadable file"
            case wrongLength = "wrong length"
            case notDeleted = "file of a deleted recording"
        }

        public var kind: Kind
        /// nil: no row knows the file.
        public var recording: RecordingID?
        public var file: String
        public var detail: String

        public var description: String {
            "\(kind.rawValue): \(file)" + (recording.map { ", recording \($0)" } ?? "") + (detail.isEmpty ? "" : ": \(detail)")
        }
    }

    public struct Report: Sendable {
        public var findings: [Finding] = []
        public var rows = 0
        public var files = 0
        /// Of this process or of one that died: it is made into a file at its end, or at the next start.
        public var running = 0

        public init() {}
    }

    private static let secondsTolerance = 0.001

    private let reader: StoreReader
    private let folder: String
    private let keys: RecordingKeyring?

    public init(stateFolder: String, keys: Credentials.RecordingKeys) throws {
        reader = try StoreReader.open(folder: stateFolder)
        folder = stateFolder + "/recordings"
        self.keys = keys.keyring
    }

    /// - Parameter all: reads every file to its end; otherwise only its head and its end are proved.
    public func run(all: Bool) async throws -> Report {
        var report = Report()
        // First, so that a recording that begins meanwhile has a row, but is not taken for a file without one.
        var files = Set((try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? [])
        report.files = files.count
        var last: RecordingID?
        while true {
            let rows = try await reader.recordings(before: last, limit: StoreReader.rowsPerPageMax)
            guard let end = rows.last else { break }
            for row in rows { check(row, &files, all: all, &report) }
            report.rows += rows.count
            last = end.id
        }
        for name in files.sorted() {
            // The row may have come after the rows were read; the file may have got its name meanwhile.
            let id = UInt64(name.dropFirst("recording-".count).prefix { $0.isNumber }).map { RecordingID(rawValue: $0) }
            if let id, try await reader.recording(id).map({ stem(of: $0) == name.prefix { $0 != "." } }) ?? false { continue }
            guard exists(name) else { continue }
            report.findings.append(
                Finding(kind: .fileWithoutRow, recording: nil, file: name, detail: ""))
        }
        return report
    }

    private func exists(_ name: String) -> Bool { FileManager.default.fileExists(atPath: folder + "/" + name) }

    private func stem(of row: RecordingRecord) -> String {
        ((row.file as NSString).lastPathComponent as NSString).deletingPathExtension
    }

    private func check(_ row: RecordingRecord, _ files: inout Set<String>, all: Bool, _ report: inout Report) {
        let name = (row.file as NSString).lastPathComponent
        let running = stem(of: row) + "." + RecordingFormat.runningExtension
        let isHalf = files.remove(running) != nil
        for isSealed in [true, false] {
            files.remove(stem(of: row) + "." + RecordingFormat.finishedExtension(isSealed: isSealed) + ".part")
        }
        let isListed = files.remove(name) != nil
        func find(_ kind: Finding.Kind, _ detail: String = "") {
            report.findings.append(Finding(kind: kind, recording: row.id, file: name, detail: detail))
        }
        switch row.state {
        case "saved":
            guard isListed || exists(name) else { return find(.rowWithoutFile) }
            do throws(RecordingFailure) {
                let file = try RecordingFile(path: folder + "/" + name, keys: keys)
                if all { try file.verify() }
                guard let seconds = file.seconds, let noted = row.seconds else { return find(.unreadable, "no WAV file") }
                if abs(seconds - noted) > Self.secondsTolerance { find(.wrongLength, "\(seconds) s, the row says \(noted) s") }
            } catch {
                find(.unreadable, "\(error)")
            }
        case "recording":
            guard isHalf || isListed || exists(running) || exists(name) else { return find(.rowWithoutFile) }
            report.running += 1
        case "deleted": if isListed || isHalf { find(.notDeleted) }
        // Of one that failed there may be a file or none; one that is being deleted goes at this moment.
        default: break
        }
    }
}
