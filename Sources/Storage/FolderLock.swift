// One daemon per folder, held by the kernel: the lock goes with the process, however it ends.

internal import Foundation
internal import Glibc

/// Holds `<folder>/lock` with flock(2) until it is released or the process ends.
nonisolated final class FolderLock: Sendable {
    private let descriptor: Int32

    /// Makes the folder (0700) if there is none, and takes the lock.
    init(folder: String) throws(StoreError) {
        do {
            try FileManager.default.createDirectory(
                atPath: folder, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
        } catch {
            throw .folder(path: folder, reason: "cannot be created: \(error.localizedDescription)")
        }
        let path = folder + "/lock"
        descriptor = Glibc.open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw .folder(path: path, reason: String(cString: strerror(errno))) }
        guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
            let code = errno
            // Not closed here: what throws with every property set is taken down by `deinit`.
            if code == EWOULDBLOCK { throw .inUse(folder: folder, pid: Self.holder(descriptor)) }
            throw .folder(path: path, reason: String(cString: strerror(code)))
        }
        // The number only helps people; the lock holds without it, even on a full disk.
        let text = "\(getpid())\n"
        if ftruncate(descriptor, 0) == 0 { _ = text.withCString { pwrite(descriptor, $0, strlen($0), 0) } }
    }

    func release() { _ = flock(descriptor, LOCK_UN) }

    deinit { if descriptor >= 0 { Glibc.close(descriptor) } }

    private static func holder(_ descriptor: Int32) -> Int32? {
        var bytes = [UInt8](repeating: 0, count: 16)
        let count = pread(descriptor, &bytes, bytes.count, 0)
        guard count > 0 else { return nil }
        return Int32(String(decoding: bytes.prefix(count), as: UTF8.self).trimmingCharacters(in: .whitespacesAndNewlines))
    }
}
