// A file that is open for reading.

internal import CLoop
internal import Glibc

/// Closed with the last reference to it. Reads at places, so that several may read at once.
nonisolated final class OpenFile: Sendable {
    let path: String
    private let descriptor: Int32

    init(_ path: String) throws(RecordingFailure) {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw .disk(call: "open", path: path, code: errno) }
        self.path = path
        self.descriptor = descriptor
    }

    deinit { close(descriptor) }

    func size() throws(RecordingFailure) -> Int { Int(try status().st_size) }

    /// When it was written last, in nanoseconds since 1970.
    func modified() throws(RecordingFailure) -> Int {
        let time = try status().st_mtim
        return time.tv_sec &* 1_000_000_000 &+ time.tv_nsec
    }

    private func status() throws(RecordingFailure) -> stat {
        var status = stat()
        guard fstat(descriptor, &status) == 0 else { throw .disk(call: "fstat", path: path, code: errno) }
        return status
    }

    /// Less than `count` bytes only at the end.
    func read(at place: Int, count: Int) throws(RecordingFailure) -> [UInt8] {
        var code: Int32 = 0
        let bytes = [UInt8](unsafeUninitializedCapacity: max(count, 1)) { buffer, used in
            used = 0
            while used < count {
                let got = pread(descriptor, buffer.baseAddress.map { $0 + used }, count - used, off_t(place + used))
                if got < 0, errno == EINTR { continue }
                if got < 0 { code = errno }
                if got <= 0 { break }
                used += got
            }
        }
        guard code == 0 else { throw .disk(call: "read", path: path, code: code) }
        return bytes
    }
}
