// A connection over TLS that we make ourselves. Blocks: for a worker queue.

internal import COpenSSLTLS
internal import Glibc
internal import RTP
internal import SiteConfiguration
internal import WebRTC

/// One request and its answer.
nonisolated final class TLSConnection {
    private static let answerBytesMax = 64 * 1024
    /// Between two bytes of the other side.
    private static let patienceSeconds = 5

    private let descriptor: Int32
    private let context: OpaquePointer
    private let session: OpaquePointer

    /// Connects, and proves that the other side is who bears that name.
    ///
    /// `certificates`: a file of PEM; nil: those that the system trusts.
    init(to address: SecureAddress, trusting certificates: String?) throws(SecureSinkFailure) {
        descriptor = try Self.connect(to: address)
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
        guard Self.agree(session, descriptor, address.host) else {
            let reason = Self.reason()
            SSL_free(session)
            SSL_CTX_free(context)
            close(descriptor)
            throw .agreement(reason)
        }
    }

    deinit {
        SSL_free(session)
        SSL_CTX_free(context)
        close(descriptor)
    }

    private static func agree(_ session: OpaquePointer, _ descriptor: Int32, _ host: String) -> Bool {
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
        return SSL_set_fd(session, descriptor) == 1 && SSL_connect(session) == 1
    }

    private static func connect(to address: SecureAddress) throws(SecureSinkFailure) -> Int32 {
        let kind = Int32(SOCK_STREAM.rawValue)
        var found: UnsafeMutablePointer<addrinfo>?
        guard getaddrinfo(address.host, String(address.port), nil, &found) == 0 else { throw .address }
        defer { freeaddrinfo(found) }
        var code = ECONNREFUSED
        var next = found
        while let one = next {
            next = one.pointee.ai_next
            guard one.pointee.ai_socktype == kind else { continue }
            let descriptor = socket(one.pointee.ai_family, kind | Int32(SOCK_CLOEXEC.rawValue), 0)
            guard descriptor >= 0 else { continue }
            var patience = timeval(tv_sec: patienceSeconds, tv_usec: 0)
            for option in [SO_RCVTIMEO, SO_SNDTIMEO] {
                setsockopt(descriptor, SOL_SOCKET, option, &patience, socklen_t(MemoryLayout<timeval>.size))
            }
            if Glibc.connect(descriptor, one.pointee.ai_addr, one.pointee.ai_addrlen) == 0 { return descriptor }
            code = errno
            close(descriptor)
        }
        throw .connection(String(cString: strerror(code)))
    }

    /// Sends the request and reads until the other side closes.
    func exchange(_ request: UnsafeRawBufferPointer) throws(SecureSinkFailure) -> [UInt8] {
        guard SSL_write(session, request.baseAddress, Int32(request.count)) == Int32(request.count) else {
            throw .connection("broken off")
        }
        var answer: [UInt8] = [], buffer = [UInt8](repeating: 0, count: 4096)
        let end = ContinuousClock.now + .seconds(SecureFormSettings.answerSecondsMax)
        while answer.count <= Self.answerBytesMax {
            let count = SSL_read(session, &buffer, Int32(buffer.count))
            guard count > 0 else { return answer }
            answer += buffer[..<Int(count)]
            guard ContinuousClock.now < end else { throw .connection("too slow") }
        }
        throw .answer
    }

    private static func reason() -> String {
        let code = ERR_get_error()
        ERR_clear_error()
        return code == 0 ? "broken off" : ERR_reason_error_string(code).map { String(cString: $0) } ?? "error \(code)"
    }
}
