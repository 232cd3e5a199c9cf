// Rendered speech on disk, by the hash of what was spoken.

internal import COpenSSL
internal import Foundation
internal import Glibc

/// Files `ab/<SHA-256 of engine identity and text>.speech`: a header, the samples, their digest. Used beside the loop.
///
/// A file is written under another name and renamed, so that it is whole or not there; its digest tells if a disk or a
/// power loss damaged it afterwards, and then it counts as missing.
nonisolated struct SpeechFolder: Sendable {
    private static let header = Data("switchboard speech 1, 16 bit little-endian, 8000 Hz\n".utf8)
    private static let digestBytes = 32

    let path: String
    let identity: String

    func load(_ text: String) -> [Int16]? {
        let file = file(of: text)
        guard let data = FileManager.default.contents(atPath: file) else { return nil }
        let audioBytes = data.count - Self.header.count - Self.digestBytes
        guard audioBytes > 0, audioBytes % 2 == 0, data.starts(with: Self.header) else { return nil }
        let audio = data.dropFirst(Self.header.count).prefix(audioBytes)
        guard Self.digest(audio).elementsEqual(data.suffix(Self.digestBytes)) else { return nil }
        // The file's time is when it was last wanted.
        utimensat(AT_FDCWD, file, nil, 0)
        let bytes = [UInt8](audio)
        return stride(from: 0, to: bytes.count - 1, by: 2).map { index in
            Int16(bitPattern: UInt16(bytes[index]) | UInt16(bytes[index + 1]) << 8)
        }
    }

    func save(_ samples: [Int16], of text: String) throws {
        let file = URL(fileURLWithPath: file(of: text))
        let folder = file.deletingLastPathComponent()
        try FileManager.default.createDirectory(
            at: folder, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
        var audio = Data(capacity: samples.count * 2)
        for sample in samples {
            audio.append(UInt8(truncatingIfNeeded: sample))
            audio.append(UInt8(truncatingIfNeeded: sample >> 8))
        }
        let draft = folder.appendingPathComponent(UUID().uuidString + ".draft")
        do {
            try (Self.header + audio + Self.digest(audio)).write(to: draft)
            guard rename(draft.path, file.path) == 0 else { throw POSIXError(.init(rawValue: errno) ?? .EIO) }
        } catch {
            unlink(draft.path)
            throw error
        }
    }

    /// Deletes what was not wanted for longest until at most `bytesMax` are left, and what a crash left unfinished.
    func prune(bytesMax: Int) {
        struct File {
            let url: URL
            let bytes: Int
            let used: Date
        }
        let keys: Set<URLResourceKey> = [.isRegularFileKey, .fileSizeKey, .contentModificationDateKey]
        let all = FileManager.default.enumerator(at: URL(fileURLWithPath: path), includingPropertiesForKeys: Array(keys))
        var files: [File] = []
        for case let url as URL in all ?? .init() {
            guard let values = try? url.resourceValues(forKeys: keys), values.isRegularFile == true else { continue }
            switch url.pathExtension {
            case "draft": unlink(url.path)
            case "speech":
                files.append(File(url: url, bytes: values.fileSize ?? 0, used: values.contentModificationDate ?? .distantPast))
            default: break
            }
        }
        var bytes = files.reduce(0) { $0 + $1.bytes }
        for file in files.sorted(by: { $0.used < $1.used }) {
            if bytes <= bytesMax { break }
            unlink(file.url.path)
            bytes -= file.bytes
        }
    }

    func file(of text: String) -> String {
        // A zero byte cannot be in either part, so no two pairs give the same input.
        let hash = Self.digest(Data((identity + "\0" + text).utf8)).map { byte in
            let hex = String(byte, radix: 16)
            return hex.count == 1 ? "0" + hex : hex
        }.joined()
        return "\(path)/\(hash.prefix(2))/\(hash).speech"
    }

    private static func digest(_ data: Data) -> [UInt8] {
        let input = [UInt8](data)
        var digest = [UInt8](repeating: 0, count: digestBytes)
        let worked = EVP_Digest(input, input.count, &digest, nil, EVP_sha256(), nil)
        precondition(worked == 1, "OpenSSL has no SHA-256")
        return digest
    }
}
