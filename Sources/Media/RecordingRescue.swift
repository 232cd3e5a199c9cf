// Makes the finished file, at the end of a call or after a crash.

internal import Audio
public import Basics
internal import Foundation
internal import Glibc

/// Turns a recording's append-only file into a WAV file with a channel for each party, 8000 Hz, 16 bits: first the caller, then
/// the others in the order in which they came, at least two and at most `RecordingFormat.channelsMax`.
/// Work for a worker queue, and the same for a finished recording as for one that a crash cut off.
public nonisolated enum RecordingRescue {
    public struct Saved: Hashable, Sendable {
        public var id: RecordingID
        public var path: String
        public var seconds: Double
    }

    /// Other recordings that may have the name before a free one is found.
    private static let namesMax = 100

    /// Recordings in `folder` that are not finished files yet, oldest name first. After a start these are what the last
    /// process left behind.
    public static func unfinished(in folder: String) -> [String] {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
        return names.filter { $0.hasSuffix("." + RecordingFormat.runningExtension) }.sorted().map { folder + "/" + $0 }
    }

    /// Writes the finished file beside `path` under a temporary name, then gives it its own. `path` stays, so that the file can be made
    /// again, which gives the same bytes and is then the same file; another recording's file is never written over. What is
    /// too short to be a recording is removed.
    ///
    /// With `keys` the file is sealed: under the key of the name that `path` is sealed under, or under the current one. What is
    /// plain stays so unless it `seals`.
    public static func rescue(
        _ path: String, keys: RecordingKeyring? = nil, seals: Bool = true
    ) throws(RecordingFailure) -> Saved {
        var timeline = RecordingTimeline()
        let id: RecordingID
        let keyName: String?
        do throws(RecordingFailure) {
            var first = try RecordingReader(path: path, keys: keys)
            while let (record, _) = try first.next() { timeline.note(record) }
            id = RecordingID(rawValue: first.id)
            keyName = first.keyName
        } catch {
            if case .tooShort = error { unlink(path) }
            throw error
        }
        let stem = path.hasSuffix("." + RecordingFormat.runningExtension) ? String(path.dropLast(6)) : path
        let key = seals || keyName != nil ? keys?.sealing(for: keyName) : nil
        if let keyName, key == nil { throw .noKey(name: keyName, path: path) }
        let target = "\(stem).\(RecordingFormat.finishedExtension(isSealed: key != nil))"
        let temporary = target + ".part"
        // What a crash left there may be a finished file under its second name, so it isn't written to.
        unlink(temporary)
        let file = open(temporary, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
        guard file >= 0 else { throw .disk(call: "open", path: temporary, code: errno) }
        defer {
            close(file)
            unlink(temporary)
        }
        let frames = try mix(path, timeline, keys, into: FinishedWriter(file: file, path: temporary, key: key))
        guard fsync(file) == 0 else { throw .disk(call: "finish", path: temporary, code: errno) }
        return Saved(id: id, path: try name(temporary, stem: stem, keys: keys), seconds: Double(frames) / 8000)
    }

    /// Gives the finished file its name, by a second link: unlike a rename that never replaces a file.
    private static func name(
        _ temporary: String, stem: String, keys: RecordingKeyring?
    ) throws(RecordingFailure) -> String {
        let ending = temporary.dropFirst(stem.count).dropLast(".part".count)
        for number in 0..<namesMax {
            let target = "\(stem)\(number == 0 ? "" : "-\(number)")\(ending)"
            if link(temporary, target) == 0 { return target }
            let code = errno
            if code == EEXIST || access(target, F_OK) == 0 {
                if try isSame(temporary, target, keys) { return target }
                continue
            }
            // A file system without links; nobody else gives out names here.
            guard code == EPERM || code == EOPNOTSUPP, rename(temporary, target) == 0 else {
                throw .disk(call: "link", path: target, code: code)
            }
            return target
        }
        throw .disk(call: "link", path: temporary, code: EEXIST)
    }

    /// Of one recording two sealed files have nothing in common but their sound.
    private static func isSame(
        _ new: String, _ old: String, _ keys: RecordingKeyring?
    ) throws(RecordingFailure) -> Bool {
        let file = try RecordingFile(path: new, keys: keys)
        // What cannot be read is another's.
        guard let other = try? RecordingFile(path: old, keys: keys) else { return false }
        return (try? file.hasSameSound(as: other)) ?? false
    }

    private static func mix(
        _ source: String, _ timeline: RecordingTimeline, _ keys: RecordingKeyring?, into file: FinishedWriter
    ) throws(RecordingFailure) -> Int {
        var reader = try RecordingReader(path: source, keys: keys)
        var mixer = RecordingMixer(timeline) { bytes throws(RecordingFailure) in try file.write(bytes) }
        while let (record, payload) = try reader.next() {
            try mixer.take(record, payload)
            if record.kind == .end { break }
        }
        try mixer.finish()
        // Its length is known now.
        try file.finish(head: WAVFile.header(frames: mixer.done, channels: mixer.channels, sampleRate: 8000))
        return mixer.done
    }
}
