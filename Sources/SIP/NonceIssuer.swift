// Nonces that carry their own proof, so that a challenge costs no memory.

internal import COpenSSL

/// Makes and checks the nonces of our challenges: the time, random bytes, and an HMAC over both and the source address.
///
/// A nonce shows that whoever sends it has received our answer at that address. What is remembered is only the highest
/// `nc` of the nonces that were used with success, at most `usedMax` of them.
nonisolated struct NonceIssuer {
    enum Verdict: Equatable { case fresh, stale, foreign }

    static let usedMax = 16_384
    private let key: [UInt8]
    private let lifetime: UInt64
    private var used: [String: UInt32] = [:]
    /// In the order of first use; those before `oldest` are forgotten.
    private var order: [(nonce: String, due: UInt64)] = []
    private var oldest = 0

    init(lifetimeSeconds: Int) {
        var key = [UInt8](repeating: 0, count: 32)
        precondition(RAND_bytes(&key, 32) == 1, "the system has no random numbers")
        self.key = key
        lifetime = UInt64(max(1, lifetimeSeconds)) * 1_000_000_000
    }

    func issue(for address: SocketAddress, at now: UInt64) -> String {
        let stamp = String(now, radix: 16)
        let body = String(repeating: "0", count: 16 - stamp.count) + stamp + Hexadecimal.random(bytes: 8)
        return body + proof(body, address)
    }

    /// Whether `nonce` is one of ours for this address, and not too old. Says nothing about its use yet.
    func judge(_ nonce: String, from address: SocketAddress, at now: UInt64) -> Verdict {
        guard nonce.utf8.count == 64, let issued = UInt64(nonce.prefix(16), radix: 16) else { return .foreign }
        let body = String(nonce.prefix(32))
        guard Hexadecimal.equal(String(nonce.dropFirst(32)), proof(body, address)) else { return .foreign }
        return now >= issued && now - issued <= lifetime ? .fresh : .stale
    }

    /// Notes a successful use. False if `nc` is not above every earlier one: a replay (RFC 7616 §3.4), or if the memory
    /// for used nonces is full; then the client gets a new one.
    mutating func use(_ nonce: String, nc: UInt32, at now: UInt64) -> Bool {
        forget(now)
        if let last = used[nonce] {
            guard nc > last else { return false }
            used[nonce] = nc
            return true
        }
        guard used.count < NonceIssuer.usedMax, nc > 0 else { return false }
        used[nonce] = nc
        order.append((nonce, now &+ lifetime))
        return true
    }

    private mutating func forget(_ now: UInt64) {
        while oldest < order.count, order[oldest].due < now {
            used[order[oldest].nonce] = nil
            oldest += 1
        }
        if oldest > 1_024, oldest * 2 > order.count {
            order.removeFirst(oldest)
            oldest = 0
        }
    }

    private func proof(_ body: String, _ address: SocketAddress) -> String {
        let message = Array(body.utf8) + address.bytes
        var output = [UInt8](repeating: 0, count: 32)
        var length = 0
        let made = EVP_Q_mac(
            nil, "HMAC", nil, "SHA256", nil, key, key.count, message, message.count, &output, output.count, &length)
        precondition(made != nil && length == 32, "libcrypto has no HMAC with SHA-256")
        return Hexadecimal.text(output.prefix(16))
    }
}
