// A UDP socket on loopback for what no phone would send.

import Dispatch
import Foundation
import Glibc

final class Datagrams: Sendable {
    private let descriptor: Int32

    /// `host`: any address in 127.0.0.0/8. Port 0: the kernel's choice.
    init(host: String = "127.0.0.1", port: Int = 0) throws {
        descriptor = socket(AF_INET, Int32(SOCK_DGRAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
        var address = LoopbackAddress.make(port, host: host)
        let bound = withUnsafePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                bind(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
            }
        }
        guard descriptor >= 0, bound == 0 else { throw Failure("no UDP socket at \(host):\(port)") }
    }

    deinit { close(descriptor) }

    var port: Int {
        var address = sockaddr_in()
        var size = socklen_t(MemoryLayout<sockaddr_in>.size)
        _ = withUnsafeMutablePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { getsockname(descriptor, $0, &size) }
        }
        return Int(UInt16(bigEndian: address.sin_port))
    }

    func send(_ bytes: [UInt8], to port: Int) {
        var address = LoopbackAddress.make(port)
        _ = bytes.withUnsafeBytes { buffer in
            withUnsafePointer(to: &address) {
                $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                    sendto(descriptor, buffer.baseAddress, buffer.count, 0, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
                }
            }
        }
    }

    /// Waits on a thread of Dispatch for a datagram that matches; others are thrown away.
    func receive(within: Duration, where matches: @escaping @Sendable (String) -> Bool) async -> String? {
        await withCheckedContinuation { continuation in
            DispatchQueue.global().async { [self] in
                let end = ContinuousClock.now + within
                var buffer = [UInt8](repeating: 0, count: 65_536)
                while true {
                    let left = (end - ContinuousClock.now).seconds
                    var ready = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
                    guard left > 0, poll(&ready, 1, Int32(left * 1000) + 1) > 0 else {
                        return continuation.resume(returning: nil)
                    }
                    let count = recv(descriptor, &buffer, buffer.count, 0)
                    guard count > 0 else { continue }
                    let text = String(decoding: buffer[..<count], as: UTF8.self)
                    if matches(text) { return continuation.resume(returning: text) }
                }
            }
        }
    }

    /// Everything that is there already is thrown away; how many datagrams that were.
    func drain() -> Int {
        var buffer = [UInt8](repeating: 0, count: 65_536)
        var count = 0
        while recv(descriptor, &buffer, buffer.count, Int32(MSG_DONTWAIT)) >= 0 { count += 1 }
        return count
    }
}

extension House {
    /// The round trip of an OPTIONS from this socket, or a failure.
    func roundTrip(from socket: Datagrams, host: String = "127.0.0.1") async throws -> Duration {
        let id = UUID().uuidString
        let began = ContinuousClock.now
        socket.send(Array(message("OPTIONS", from: socket.port, host: host, callID: id).utf8), to: sipPort)
        guard await socket.receive(within: .seconds(15), where: { $0.hasPrefix("SIP/2.0 200") && $0.contains(id) }) != nil
        else {
            throw Failure("OPTIONS was not answered within 15 s")
        }
        return ContinuousClock.now - began
    }

    func message(
        _ method: String, from port: Int, host: String = "127.0.0.1", callID: String, sequence: Int = 1, toTag: String? = nil,
        headers: [String] = [], body: String = ""
    ) -> String {
        let lines =
            [
                "\(method) sip:100@127.0.0.1:\(sipPort) SIP/2.0",
                "Via: SIP/2.0/UDP \(host):\(port);rport;branch=z9hG4bK\(callID)-\(sequence)",
                "Max-Forwards: 70", "From: <sip:stranger@\(host)>;tag=\(callID)",
                "To: <sip:100@127.0.0.1>\(toTag.map { ";tag=" + $0 } ?? "")",
                "Call-ID: \(callID)", "CSeq: \(sequence) \(method)", "Contact: <sip:stranger@\(host):\(port)>",
            ] + headers + (body.isEmpty ? [] : ["Content-Type: application/sdp"]) + ["Content-Length: \(body.utf8.count)"]
        return lines.joined(separator: "\r\n") + "\r\n\r\n" + body
    }
}
