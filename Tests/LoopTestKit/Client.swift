// The other end of the wire: a blocking POSIX client that lives on threads of its own.

internal import CLoop
internal import Foundation
internal import Glibc

/// A TCP connection. Every call blocks a thread that it starts for itself, never the loop; reads give up after `patience`.
public nonisolated final class Client: Sendable {
    public struct Failure: Error, CustomStringConvertible {
        public let description: String
    }

    /// Seconds.
    static let patience: Int = 30
    public let descriptor: Int32

    public init(port: Int, ipv6: Bool = false, receiveBuffer: Int32? = nil) async throws {
        descriptor = try await Self.elsewhere {
            let descriptor = cloop_stream_socket_blocking(ipv6 ? AF_INET6 : AF_INET)
            if var size = receiveBuffer { setsockopt(descriptor, SOL_SOCKET, SO_RCVBUF, &size, 4) }
            var patience = timeval(tv_sec: Self.patience, tv_usec: 0)
            setsockopt(descriptor, SOL_SOCKET, SO_RCVTIMEO, &patience, socklen_t(MemoryLayout<timeval>.size))
            guard cloop_connect_loopback(descriptor, UInt16(port), ipv6 ? 1 : 0) == 0 else {
                Glibc.close(descriptor)
                throw Failure(description: "connect: \(errno)")
            }
            return descriptor
        }
    }

    /// A socket that somebody else has connected.
    public init(takingOver descriptor: Int32) { self.descriptor = descriptor }

    /// Runs blocking work on a thread of its own.
    public static func elsewhere<Value: Sendable>(_ work: @escaping @Sendable () throws -> Value) async throws -> Value {
        try await withCheckedThrowingContinuation { continuation in
            Thread.detachNewThread { continuation.resume(with: Result { try work() }) }
        }
    }

    public func send(_ text: String) async throws { try await send(Array(text.utf8)) }

    public func send(_ bytes: [UInt8]) async throws {
        let descriptor = descriptor
        try await Self.elsewhere {
            var sent = 0
            while sent < bytes.count {
                let count = bytes.withUnsafeBytes {
                    Glibc.send(descriptor, $0.baseAddress?.advanced(by: sent), bytes.count - sent, cloop_no_signal())
                }
                guard count > 0 else { throw Failure(description: "send: \(errno)") }
                sent += count
            }
        }
    }

    /// Up to `max` bytes as they come; empty at the end of the stream.
    public func receive(max: Int = 65536) async throws -> [UInt8] {
        let descriptor = descriptor
        return try await Self.elsewhere {
            var buffer = [UInt8](repeating: 0, count: max)
            let count = recv(descriptor, &buffer, max, 0)
            guard count >= 0 else { throw Failure(description: "recv: \(errno)") }
            return Array(buffer.prefix(count))
        }
    }

    /// Everything until the server closes its side.
    public func receiveAll() async throws -> String {
        let descriptor = descriptor
        return try await Self.elsewhere {
            var all: [UInt8] = []
            var buffer = [UInt8](repeating: 0, count: 65536)
            while true {
                let count = recv(descriptor, &buffer, buffer.count, 0)
                guard count >= 0 else { throw Failure(description: "recv after \(all.count) bytes: \(errno)") }
                if count == 0 { return String(decoding: all, as: UTF8.self) }
                all += buffer.prefix(count)
            }
        }
    }

    /// Until `text` has come `times` times.
    public func receive(until text: String, times: Int = 1) async throws -> String {
        let descriptor = descriptor
        return try await Self.elsewhere {
            let wanted = Array(text.utf8)
            var all: [UInt8] = []
            var buffer = [UInt8](repeating: 0, count: 65536)
            var found = 0, searched = 0
            while found < times {
                let count = recv(descriptor, &buffer, buffer.count, 0)
                guard count > 0 else {
                    throw Failure(description: "\(count) (\(errno)) after \(String(decoding: all.suffix(400), as: UTF8.self))")
                }
                all += buffer.prefix(count)
                while searched + wanted.count <= all.count {
                    if all[searched] == wanted[0], Array(all[searched..<searched + wanted.count]) == wanted { found += 1 }
                    searched += 1
                }
            }
            return String(decoding: all, as: UTF8.self)
        }
    }

    public func finishSending() { shutdown(descriptor, Int32(SHUT_WR)) }

    /// Makes the kernel send RST instead of FIN.
    public func reset() { Self.reset(descriptor) }

    public static func reset(_ descriptor: Int32) {
        var hard = linger(l_onoff: 1, l_linger: 0)
        setsockopt(descriptor, SOL_SOCKET, SO_LINGER, &hard, socklen_t(MemoryLayout<linger>.size))
        Glibc.close(descriptor)
    }

    public func close() { Glibc.close(descriptor) }

    /// Resets once something has come, or if nothing does for a moment.
    public func resetLater() {
        let descriptor = descriptor
        Thread.detachNewThread {
            var poll = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
            _ = Glibc.poll(&poll, 1, 5)
            Client.reset(descriptor)
        }
    }
}
