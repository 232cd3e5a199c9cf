// The other end of the wire in the tests: a UDP socket and messages written by hand.

import Dispatch
import Glibc

/// A SIP peer on this machine that does only what a test tells it.
final class Peer {
    let port: UInt16
    let endpointPort: UInt16
    private let host: String
    let inbox = Mailbox<SIPMessage>()
    private let descriptor: Int32
    private let source: any DispatchSourceRead
    private static var serial = 0

    /// `host`: 127.0.0.1 or ::1, for itself and for the endpoint.
    init(port: UInt16, endpoint: UInt16, host: String = "127.0.0.1") {
        self.port = port
        self.host = host.contains(":") ? "[\(host)]" : host
        endpointPort = endpoint
        let descriptor = socket(host.contains(":") ? AF_INET6 : AF_INET, Int32(SOCK_DGRAM.rawValue), 0)
        let bound = Peer.withAddress(port, isIPv6: host.contains(":")) { bind(descriptor, $0, $1) }
        precondition(bound == 0, "port \(port) is in use")
        self.descriptor = descriptor
        source = DispatchSource.makeReadSource(fileDescriptor: descriptor, queue: .main)
        source.setEventHandler { [unowned self] in MainActor.assumeIsolated { self.receive() } }
        source.resume()
    }

    isolated deinit {
        source.cancel()
        Glibc.close(descriptor)
    }

    private static func withAddress(
        _ port: UInt16, isIPv6: Bool, _ body: (UnsafePointer<sockaddr>, socklen_t) -> Int32
    ) -> Int32 {
        func lend<Address>(_ address: Address) -> Int32 {
            withUnsafePointer(to: address) { pointer in
                pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                    body($0, socklen_t(MemoryLayout<Address>.size))
                }
            }
        }
        if isIPv6 {
            var address = sockaddr_in6()
            address.sin6_family = sa_family_t(AF_INET6)
            address.sin6_port = port.bigEndian
            address.sin6_addr = in6addr_loopback
            return lend(address)
        }
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = port.bigEndian
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        return lend(address)
    }

    private func receive() {
        var buffer = [UInt8](repeating: 0, count: 65_536)
        while true {
            let count = recv(descriptor, &buffer, buffer.count, Int32(MSG_DONTWAIT))
            guard count > 0 else { return }
            if let message = SIPMessage(String(decoding: buffer.prefix(count), as: UTF8.self)) { inbox.put(message) }
        }
    }

    /// `to`: another endpoint than this peer's.
    func send(_ bytes: [UInt8], to endpoint: UInt16? = nil) {
        _ = Peer.withAddress(endpoint ?? endpointPort, isIPv6: host.hasPrefix("[")) {
            Int32(sendto(descriptor, bytes, bytes.count, 0, $0, $1))
        }
    }

    func send(_ text: String) { send(Array(text.utf8)) }

    // MARK: Messages

    static let sdp = "v=0\r\no=- 1 1 IN IP4 127.0.0.1\r\ns=-\r\nc=IN IP4 127.0.0.1\r\nt=0 0\r\nm=audio 40000 RTP/AVP 8\r\n"

    static func fresh(_ what: String) -> String {
        serial += 1
        return "\(what)-\(serial)"
    }

    /// A request outside a dialog, or inside one if `to` has a tag.
    func request(
        _ method: String, uri: String? = nil, from: String = "alice", to: String = "100", callID: String, sequence: Int = 1,
        fromTag: String = "ft", toTag: String? = nil, branch: String? = nil, headers: [String] = [], body: String = "",
        contentType: String = "application/sdp"
    ) -> String {
        var lines = [
            "\(method) \(uri ?? "sip:\(to)@\(host):\(endpointPort)") SIP/2.0",
            "Via: SIP/2.0/UDP \(host):\(port);rport;branch=z9hG4bK\(branch ?? Peer.fresh("b"))",
            "Max-Forwards: 70",
            "From: \"Alice A\" <sip:\(from)@\(host):\(port)>;tag=\(fromTag)",
            "To: <sip:\(to)@\(host):\(endpointPort)>" + (toTag.map { ";tag=\($0)" } ?? ""),
            "Call-ID: \(callID)",
            "CSeq: \(sequence) \(method)",
        ]
        if method == "INVITE" || method == "UPDATE" { lines.append("Contact: <sip:\(from)@\(host):\(port)>") }
        lines += headers
        if !body.isEmpty { lines.append("Content-Type: \(contentType)") }
        lines.append("Content-Length: \(body.utf8.count)")
        return lines.joined(separator: "\r\n") + "\r\n\r\n" + body
    }

    /// Answers `request` as it came.
    func reply(
        _ request: SIPMessage, _ status: String, tag: String = "pt", contact: String? = nil, headers: [String] = [],
        body: String = "", to endpoint: UInt16? = nil
    ) {
        var lines = ["SIP/2.0 \(status)"]
        lines += request.all("Via").map { "Via: \($0)" }
        lines.append("From: \(request["From"])")
        lines.append("To: \(request["To"])" + (request["To"].contains("tag=") ? "" : ";tag=\(tag)"))
        lines.append("Call-ID: \(request["Call-ID"])")
        lines.append("CSeq: \(request["CSeq"])")
        lines.append("Contact: " + (contact ?? "<sip:peer@\(host):\(port)>"))
        lines += headers
        if !body.isEmpty { lines.append("Content-Type: application/sdp") }
        lines.append("Content-Length: \(body.utf8.count)")
        send(Array((lines.joined(separator: "\r\n") + "\r\n\r\n" + body).utf8), to: endpoint)
    }

    /// The next response with this status to this method.
    func response(
        _ status: Int, to method: String = "INVITE", callID: String? = nil,
        within seconds: Double = Mailbox<SIPMessage>.patience
    ) async throws
        -> SIPMessage
    {
        try await inbox.take("\(status) to \(method)", within: seconds) {
            $0.status == status && $0.sequenceMethod == method && (callID == nil || $0["Call-ID"] == callID)
        }
    }

    func request(_ method: String, within seconds: Double = Mailbox<SIPMessage>.patience) async throws -> SIPMessage {
        try await inbox.take(method, within: seconds) { $0.method == method }
    }
}

extension SIPMessage {
    /// The tag of To.
    nonisolated var toTag: String { self["To"].split(separator: "tag=").last.map { String($0.prefix { $0 != ";" }) } ?? "" }
}
