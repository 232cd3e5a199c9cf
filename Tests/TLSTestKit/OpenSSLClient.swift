// A TLS client that is not ours: `openssl s_client`.

internal import Foundation
internal import Glibc

/// One TLS connection. What is written to `descriptor` goes out encrypted, what comes is read from it in clear; if there is no
/// agreement, or the other side closes, it ends.
public final class OpenSSLClient: Sendable {
    public struct Failure: Error, CustomStringConvertible {
        public let description: String
    }

    static let path = "/usr/bin/openssl"
    /// Seconds.
    static let patience = 30

    /// A stream socket; closed by whoever uses it.
    public let descriptor: Int32
    private let program = Process()

    /// `trusting`: the certificate (PEM) by which the server has to be verified. `options`: more for s_client.
    public init(port: Int, trusting file: String, options: [String] = []) throws {
        var ends: [Int32] = [-1, -1]
        guard socketpair(AF_UNIX, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0, &ends) == 0 else {
            throw Failure(description: "socketpair: \(errno)")
        }
        descriptor = ends[0]
        var limit = timeval(tv_sec: Self.patience, tv_usec: 0)
        setsockopt(ends[0], SOL_SOCKET, SO_RCVTIMEO, &limit, socklen_t(MemoryLayout<timeval>.size))
        program.executableURL = URL(fileURLWithPath: Self.path)
        program.arguments =
            [
                "s_client", "-quiet", "-connect", "127.0.0.1:\(port)", "-servername", "localhost", "-CAfile", file,
                "-verify_return_error",
            ] + options
        // Ours is the only other end once it runs: when it ends, so does the stream.
        let theirs = FileHandle(fileDescriptor: ends[1], closeOnDealloc: true)
        program.standardInput = theirs
        program.standardOutput = theirs
        program.standardError = FileHandle.nullDevice
        try program.run()
        try theirs.close()
    }

    deinit { if program.isRunning { program.terminate() } }

    /// Ends the program without a word to the server: only the connection ends.
    public func kill() { Glibc.kill(program.processIdentifier, SIGKILL) }

    /// One request, and everything until the server closes; empty if they did not agree.
    public static func exchange(
        _ request: String, port: Int, trusting file: String, options: [String] = []
    ) async throws -> String {
        String(decoding: try await bytes(request, port: port, trusting: file, options: options), as: UTF8.self)
    }

    /// The same for what is no text.
    public static func bytes(
        _ request: String, port: Int, trusting file: String, options: [String] = []
    ) async throws -> [UInt8] {
        let client = try OpenSSLClient(port: port, trusting: file, options: options)
        defer { close(client.descriptor) }
        return try await withCheckedThrowingContinuation { continuation in
            Thread.detachNewThread { continuation.resume(with: Result { try client.exchange(request) }) }
        }
    }

    /// One request on this connection, and what comes until it ends with `end`, or until the server closes.
    public func answer(to request: String, endingWith end: String) async throws -> String {
        try await withCheckedThrowingContinuation { continuation in
            Thread.detachNewThread {
                continuation.resume(
                    with: Result { String(decoding: try self.exchange(request, until: end), as: UTF8.self) })
            }
        }
    }

    private func exchange(_ request: String, until end: String? = nil) throws -> [UInt8] {
        let bytes = Array(request.utf8)
        _ = send(descriptor, bytes, bytes.count, Int32(MSG_NOSIGNAL))
        var all: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 65_536)
        while true {
            let count = recv(descriptor, &buffer, buffer.count, 0)
            guard count >= 0 || errno == ECONNRESET else { throw Failure(description: "recv after \(all.count): \(errno)") }
            guard count > 0 else { return all }
            all += buffer.prefix(count)
            if let end, all.ends(with: Array(end.utf8)) { return all }
        }
    }
}

extension [UInt8] {
    fileprivate func ends(with other: [UInt8]) -> Bool { suffix(other.count) == other[...] }
}
