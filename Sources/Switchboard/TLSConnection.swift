// A connection over TLS that we make ourselves. Blocks: for a thread of its own.

internal import COpenSSLTLS
internal import Glibc
internal import RTP
internal import SiteConfiguration
internal import WebRTC

/// One request and its answer, all of it within one time.
nonisolated final class TLSConnection {
    private static let answerBytesMax = 64 * 1024

    private let descriptor: Int32
    private let context: OpaquePointer
    private let session: OpaquePointer
    private let end: ContinuousClock.Instant

    /// Connects, and proves that the other side is who bears that name. How long the name's look-up takes is the system's affair.
    ///
    /// `certificates`: a file of PEM; nil: those that the system trusts.
    init(to address: SecureAddress, trusting certificates: String?, within: Duration) throws(SecureSinkFailure) {
        let end = ContinuousClock.now + within
        self.end = end
        descriptor = try Self.connect(to: address, until: end)
        guard let context = SSL_CTX_new(TLS_client_method()) else {
            close(descriptor)
            throw .agreement(Self.reason())
        }
        self.context = context
        SSL_CTX_set_verify(context, SSL_VERIFY_PEER, nil)
        _ = SSL_CTX_ctrl(context, SSL_CTRL_SET_MIN_PROTO_VERSION, Int(TLS1_2_VERSION), nil)
        let isTrusting =
            if let certificates {
                SSL_CTX_load_verify_locations(context, certificates, nil) == 1
            } else {
                SSL_CTX_set_default_verify_paths(context) == 1
            }
        guard isTrusting, let session = SSL_new(context) else {
            SSL_CTX_free(context)
            close(descriptor)
            throw .agreement(Self.reason())
        }
        self.session = session
        // Everything is set from here on, so that a failure is tidied up by `deinit`.
        guard isBound(to: address.host), try perform({ SSL_connect($0) }) == 1 else { throw .agreement(Self.reason()) }
    }

    deinit {
        SSL_free(session)
        SSL_CTX_free(context)
        close(descriptor)
    }

    private func isBound(to host: String) -> Bool {
        // An address stands elsewhere in a certificate than a name (RFC 6125).
        if TransportAddress(literal: host, port: 0) != nil {
            guard X509_VERIFY_PARAM_set1_ip_asc(SSL_get0_param(session), host) == 1 else { return false }
        } else {
            guard SSL_set1_host(session, host) == 1 else { return false }
            var name = Array(host.utf8CString)
            guard SSL_ctrl(session, SSL_CTRL_SET_TLSEXT_HOSTNAME, Int(TLSEXT_NAMETYPE_host_name), &name) == 1 else {
                return false
            }
        }
        return SSL_set_fd(session, descriptor) == 1
    }

    private static func connect(
        to address: SecureAddress, until end: ContinuousClock.Instant
    ) throws(SecureSinkFailure) -> Int32 {
        let kind = Int32(SOCK_STREAM.rawValue)
        var found: UnsafeMutablePointer<addrinfo>?
        guard getaddrinfo(address.host, String(address.port), nil, &found) == 0 else { throw .address }
        defer { freeaddrinfo(found) }
        var code = ECONNREFUSED
        var next = found
        while let one = next {
            next = one.pointee.ai_next
            guard one.pointee.ai_socktype == kind else { continue }
            let options = kind | Int32(SOCK_CLOEXEC.rawValue) | Int32(SOCK_NONBLOCK.rawValue)
            let descriptor = socket(one.pointee.ai_family, options, 0)
            guard descriptor >= 0 else { continue }
            code = Glibc.connect(descriptor, one.pointee.ai_addr, one.pointee.ai_addrlen) == 0 ? 0 : errno
            if code == EINPROGRESS { code = isReady(descriptor, POLLOUT, until: end) ? failure(of: descriptor) : ETIMEDOUT }
            if code == 0 { return descriptor }
            close(descriptor)
        }
        throw .connection(String(cString: strerror(code)))
    }

    private static func failure(of descriptor: Int32) -> Int32 {
        var code: Int32 = 0
        var length = socklen_t(MemoryLayout<Int32>.size)
        return getsockopt(descriptor, SOL_SOCKET, SO_ERROR, &code, &length) == 0 ? code : errno
    }

    private static func isReady(_ descriptor: Int32, _ events: Int32, until end: ContinuousClock.Instant) -> Bool {
        let left = (end - .now).components
        let milliseconds = left.seconds * 1_000 + left.attoseconds / 1_000_000_000_000_000
        guard milliseconds > 0 else { return false }
        var one = pollfd(fd: descriptor, events: Int16(truncatingIfNeeded: events), revents: 0)
        return poll(&one, 1, Int32(clamping: milliseconds)) > 0
    }

    /// One step of TLS, as often as it takes. What it gives is at least 1, or 0 when the other side has closed.
    private func perform(_ step: (OpaquePointer) -> Int32) throws(SecureSinkFailure) -> Int32 {
        while true {
            ERR_clear_error()
            let result = step(session)
            if result > 0 { return result }
            let wanted: Int32
            switch SSL_get_error(session, result) {
            case SSL_ERROR_WANT_READ: wanted = POLLIN
            case SSL_ERROR_WANT_WRITE: wanted = POLLOUT
            default: return 0
            }
            guard Self.isReady(descriptor, wanted, until: end) else { throw .connection("too slow") }
        }
    }

    /// Sends the request and reads until the other side closes.
    func exchange(_ request: UnsafeRawBufferPointer) throws(SecureSinkFailure) -> [UInt8] {
        let sent = try perform { SSL_write($0, request.baseAddress, Int32(clamping: request.count)) }
        guard Int(sent) == request.count else { throw .connection("broken off") }
        var answer: [UInt8] = [], buffer = [UInt8](repeating: 0, count: 4096)
        while answer.count <= Self.answerBytesMax {
            let count = try perform { session in
                buffer.withUnsafeMutableBytes { SSL_read(session, $0.baseAddress, Int32(clamping: $0.count)) }
            }
            guard count > 0 else { return answer }
            answer += buffer[..<Int(count)]
        }
        throw .answer
    }

    private static func reason() -> String {
        let code = ERR_get_error()
        ERR_clear_error()
        return code == 0 ? "broken off" : ERR_reason_error_string(code).map { String(cString: $0) } ?? "error \(code)"
    }
}
