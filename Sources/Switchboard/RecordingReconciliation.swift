// What the last process left unsaid of its recordings.

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
    let keys: RecordingKeyring?

    /// The rows as they have to be. Those whose running file is still there are left to `RecordingRescue`.
    @concurrent func settled() async throws -> [RecordingRecord] {
        var settled: [RecordingRecord] = []
        var last: RecordingID?
        var query = RecordingQuery()
        query.state = "recording"
        while true {
            let rows = try await reader.recordings(query, before: last, limit: StoreReader.rowsPerPageMax)
            guard let end = rows.last else { return settled }
            settled += rows.compactMap { settle($0) }
            last = end.id
        }
    }

    private func settle(_ row: RecordingRecord) -> RecordingRecord? {
        let stem = folder + "/" + (row.file as NSString).deletingPathExtension
        let running = stem + "." + RecordingFormat.runningExtension
        guard !FileManager.default.fileExists(atPath: running) else { return nil }
        var row = row
        // What was to be sealed may have been finished plainly, or the other way round, under another configuration.
        for isSealed in [true, false] {
            let path = stem + "." + RecordingFormat.finishedExtension(isSealed: isSealed)
            guard let file = try? RecordingFile(path: path, keys: keys), let seconds = file.seconds else { continue }
            row.file = (path as NSString).lastPathComponent
            row.state = "saved"
            row.seconds = seconds
            row.ended = row.started + .seconds(seconds)
            return row
        }
        row.state = "failed"
        return row
    }
}
