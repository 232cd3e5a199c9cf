// Reads small files without surprises: no devices, no pipes, no more than was expected.

internal import Foundation

/// The content of a regular file with its rights.
struct RegularFile {
    let bytes: [UInt8]
    /// The nine bits of `chmod`.
    let permissions: UInt32

    /// Something is there under that name. (`FileManager` takes several times as long, and a large house has thousands.)
    static func exists(_ path: String) -> Bool { access(path, F_OK) == 0 }

    /// nil if the file is missing, unreadable, larger than `bytesMax`, or no regular file: a named pipe would block for ever.
    init?(_ path: String, bytesMax: Int) {
        let descriptor = open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC)
        guard descriptor >= 0 else { return nil }
        defer { close(descriptor) }
        var status = stat()
        guard fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG, status.st_size <= bytesMax else {
            return nil
        }
        permissions = status.st_mode & 0o777
        // One more than there was, so that a file that grew meanwhile is noticed.
        var buffer = [UInt8](repeating: 0, count: Int(status.st_size) + 1)
        var count = 0
        while count < buffer.count {
            let got = buffer.withUnsafeMutableBytes {
                Foundation.read(descriptor, $0.baseAddress?.advanced(by: count), $0.count - count)
            }
            guard got >= 0 else { return nil }
            if got == 0 { break }
            count += got
        }
        guard count <= Int(status.st_size) else { return nil }
        bytes = Array(buffer.prefix(count))
    }
}
