// Makes the stereo file, at the end of a call or after a crash.

internal import Audio
public import Basics
internal import Foundation
internal import Glibc

/// Turns a recording's append-only file into a WAV file of two channels, caller left and agent right, 8000 Hz, 16 bits.
/// Work for a worker queue, and the same for a finished recording as for one that a crash cut off.
public nonisolated enum RecordingRescue {
    public struct Saved: Hashable, Sendable {
        public var id: RecordingID
        public var path: String
        public var seconds: Double
    }

    /// Frames that a WAV file can hold: its lengths have 32 bits.
    private static let framesMax = Int(UInt32.max - 36) / 4
    private static let chunkBytes = 1 << 20

    /// Recordings in `folder` that are not stereo files yet, oldest name first. After a start these are what the last
    /// process left behind.
    public static func unfinished(in folder: String) -> [String] {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
        return names.filter { $0.hasSuffix("." + RecordingFormat.runningExtension) }.sorted().map { folder + "/" + $0 }
    }

    /// Writes the stereo file beside `path` under a temporary name, renames it and removes `path`. If anything fails,
    /// `path` stays for another try.
    public static func rescue(_ path: String) throws(RecordingFailure) -> Saved {
        var timeline = RecordingTimeline()
        var first = try RecordingReader(path: path)
        while let (record, _) = try first.next() { timeline.note(record) }
        let stem = path.hasSuffix("." + RecordingFormat.runningExtension) ? path.dropLast(6) : path[...]
        let target = stem + "." + RecordingFormat.finishedExtension
        let temporary = target + ".part"
        let file = open(temporary, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o600)
        guard file >= 0 else { throw .disk(call: "open", path: temporary, code: errno) }
        var isRenamed = false
        defer {
            close(file)
            if !isRenamed { unlink(temporary) }
        }
        let frames = try mix(path, timeline, into: file, path: temporary)
        let head = WAVFile.header(frames: frames, channels: 2, sampleRate: 8000)
        guard pwrite(file, head, head.count, 0) == head.count, fsync(file) == 0, rename(temporary, target) == 0 else {
            throw .disk(call: "finish", path: target, code: errno)
        }
        isRenamed = true
        unlink(path)
        return Saved(id: RecordingID(rawValue: first.id), path: target, seconds: Double(frames) / 8000)
    }

    private static func mix(
        _ source: String, _ timeline: RecordingTimeline, into file: Int32, path: String
    ) throws(RecordingFailure) -> Int {
        var reader = try RecordingReader(path: source)
        var mixer = RecordingMixer(timeline)
        // The place of the head, which is known at the end.
        var out = [UInt8](repeating: 0, count: WAVFile.headerBytes)
        while let (record, payload) = try reader.next() {
            mixer.take(record, payload, into: &out)
            if out.count >= chunkBytes {
                try RecordingWriter.write(out, to: file, path: path)
                out.removeAll(keepingCapacity: true)
            }
            if record.kind == .end || mixer.done > framesMax - 8000 * 16 { break }
        }
        mixer.finish(into: &out)
        try RecordingWriter.write(out, to: file, path: path)
        return mixer.done
    }
}
