// What the last process left unsaid of its recordings.

internal import Audio
internal import Basics
internal import Foundation
internal import MainLoop
internal import Media
internal import Storage

/// Rows that still say `recording` although nothing is recorded any more: the process ended after the file was finished and
/// before its row was, or before there was a file at all.
nonisolated struct RecordingReconciliation: Sendable {
    let reader: StoreReader
    /// Where the files are.
    let folder: String

    /// The rows as they have to be. Those whose running file is still there are left to `RecordingRescue`.
    @concurrent func settled() async throws -> [RecordingRecord] {
        var settled: [RecordingRecord] = []
        var last: RecordingID?
        while true {
            let rows = try await reader.recordings(before: last, limit: StoreReader.rowsPerPageMax, state: "recording")
            guard let end = rows.last else { return settled }
            settled += rows.compactMap { settle($0) }
            last = end.id
        }
    }

    private func settle(_ row: RecordingRecord) -> RecordingRecord? {
        let path = folder + "/" + row.file
        let running = (path as NSString).deletingPathExtension + "." + RecordingFormat.runningExtension
        guard !FileManager.default.fileExists(atPath: running) else { return nil }
        var row = row
        if let seconds = Self.seconds(of: path) {
            row.state = "saved"
            row.seconds = seconds
            row.ended = row.started + .seconds(seconds)
        } else {
            row.state = "failed"
        }
        return row
    }

    private static func seconds(of path: String) -> Double? {
        guard let file = FileHandle(forReadingAtPath: path), let head = try? file.read(upToCount: WAVFile.headerBytes) else {
            return nil
        }
        return WAVFile.seconds(inHeader: [UInt8](head))
    }
}
