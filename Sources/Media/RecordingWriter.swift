// The one who writes a recording's file, away from the loop.

internal import Glibc

/// Appends to one file. Used only on the serial write queue, one call after the other, hence unchecked.
package nonisolated final class RecordingWriter: @unchecked Sendable {
    /// What the file is sealed under.
    package enum Sealing {
        case plain
        case key(RecordingKey)
        /// There is no key of this name, so nothing is written.
        case missing(name: String)
    }

    package let path: String
    private let sealing: Sealing
    private var seal: Seal?
    private var file: Int32 = -1
    private var hasHead = false
    /// After one failure nothing more is written: a gap would be worse than an end.
    private var failure: RecordingFailure?

    package init(path: String, sealing: Sealing = .plain) {
        self.path = path
        self.sealing = sealing
    }

    deinit { if file >= 0 { Glibc.close(file) } }

    package func open(head: [UInt8]) throws(RecordingFailure) {
        do throws(RecordingFailure) {
            switch sealing {
            case .plain: break
            case .key(let key): seal = try Seal(.running, key: key)
            case .missing(let name): throw .noKey(name: name, path: path)
            }
        } catch {
            failure = error
            throw error
        }
        file = Glibc.open(path, O_WRONLY | O_CREAT | O_EXCL | O_APPEND | O_CLOEXEC, 0o600)
        if file < 0 { failure = .disk(call: "open", path: path, code: errno) }
        do throws(RecordingFailure) {
            try write(head, behind: seal?.head ?? [])
            hasHead = true
        } catch {
            // Without its head a file is no recording, and would be met again at every start.
            if file >= 0 { unlink(path) }
            throw error
        }
    }

    /// `isLast`: the recording is whole with this, and nothing may follow.
    package func write(_ bytes: [UInt8], isLast: Bool = false) throws(RecordingFailure) {
        try write(bytes, behind: [], isLast: isLast)
    }

    private func write(_ bytes: [UInt8], behind head: [UInt8], isLast: Bool = false) throws(RecordingFailure) {
        if let failure { throw failure }
        do throws(RecordingFailure) {
            guard let seal else { return try Self.write(bytes, to: file, path: path) }
            var sealed = head
            sealed.reserveCapacity(head.count + bytes.count + SealedHead.overheadBytes)
            let sealing: Result<Void, RecordingFailure> = bytes.withUnsafeBytes { plain in
                do throws(RecordingFailure) {
                    return .success(try seal.append(plain, isLast: isLast, to: &sealed))
                } catch { return .failure(error) }
            }
            try sealing.get()
            try Self.write(sealed, to: file, path: path)
        } catch {
            failure = error
            throw error
        }
    }

    /// Writes all of `bytes`.
    static func write(_ bytes: [UInt8], to file: Int32, path: String) throws(RecordingFailure) {
        var offset = 0
        while offset < bytes.count {
            let count = bytes.withUnsafeBytes { Glibc.write(file, $0.baseAddress.map { $0 + offset }, bytes.count - offset) }
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { throw .disk(call: "write", path: path, code: errno) }
            offset += count
        }
    }

    /// Returns whether the file holds anything that a rescue can read.
    @discardableResult
    package func close() -> Bool {
        guard file >= 0 else { return false }
        Glibc.close(file)
        file = -1
        return hasHead
    }
}
