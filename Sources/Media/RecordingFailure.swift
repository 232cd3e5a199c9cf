// What can go wrong with a recording's files.

internal import Glibc

/// Why a recording could not be written or read.
public nonisolated enum RecordingFailure: Error, Hashable, Sendable, CustomStringConvertible {
    case disk(call: String, path: String, code: Int32)
    case notARecording(path: String)
    /// A file that doesn't even hold a recording's head: nothing was recorded.
    case tooShort(path: String)
    /// A sealed file that is not what was written: changed, cut off or put together.
    case damaged(path: String)
    /// A sealed file whose key is not among ours, or was destroyed.
    case noKey(name: String, path: String)
    /// OpenSSL has no random bytes or refuses to encrypt.
    case notSealed
    /// Sixteen chunks wait for the disk.
    case diskTooSlow

    public var description: String {
        switch self {
        case .disk(let call, let path, let code):
            "\(call) \(path): \(String(cString: strerror(code)))"
        case .notARecording(let path): "\(path) does not begin as a recording"
        case .tooShort(let path): "\(path) holds no sound"
        case .damaged(let path): "\(path) is damaged"
        case .noKey(let name, let path): "\(path) is sealed under a key `\(name)` that is not here"
        case .notSealed: "the sound could not be encrypted"
        case .diskTooSlow: "the disk did not keep up"
        }
    }
}
