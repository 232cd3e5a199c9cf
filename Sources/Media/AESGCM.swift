// AES-256-GCM, from OpenSSL.

internal import COpenSSL

/// One key, ready for many messages (NIST SP 800-38D). No nonce may serve twice under one key: that is the caller's to see to.
nonisolated final class AESGCM {
    static let keyBytes = 32
    static let nonceBytes = 12
    static let tagBytes = 16

    // EVP_CTRL_AEAD_GET_TAG and EVP_CTRL_AEAD_SET_TAG of openssl/evp.h.
    private static let getTag: Int32 = 0x10
    private static let setTag: Int32 = 0x11

    private let context: OpaquePointer
    private let isSealing: Bool

    /// `sealing`: the key encrypts, otherwise it decrypts. nil: the key has another length, or OpenSSL refuses.
    init?(key: [UInt8], sealing: Bool) {
        guard key.count == Self.keyBytes, let context = EVP_CIPHER_CTX_new() else { return nil }
        self.context = context
        isSealing = sealing
        let done =
            sealing
            ? EVP_EncryptInit_ex(context, EVP_aes_256_gcm(), nil, key, nil)
            : EVP_DecryptInit_ex(context, EVP_aes_256_gcm(), nil, key, nil)
        guard done == 1 else { return nil }
    }

    deinit { EVP_CIPHER_CTX_free(context) }

    /// Random bytes; nil: OpenSSL has none.
    static func random(_ count: Int) -> [UInt8]? {
        var bytes = [UInt8](repeating: 0, count: count)
        return RAND_bytes(&bytes, Int32(count)) == 1 ? bytes : nil
    }

    /// Writes the sealed text and its tag behind it to `target`, which has room for `tagBytes` more than `plain`.
    func seal(
        _ plain: UnsafeRawBufferPointer, nonce: [UInt8], authenticating head: [UInt8], to target: UnsafeMutableRawPointer
    ) -> Bool {
        guard isSealing, nonce.count == Self.nonceBytes, plain.count <= Int(Int32.max) else { return false }
        var length: Int32 = 0
        let output = target.assumingMemoryBound(to: UInt8.self)
        guard EVP_EncryptInit_ex(context, nil, nil, nil, nonce) == 1,
            EVP_EncryptUpdate(context, nil, &length, head, Int32(head.count)) == 1
        else { return false }
        if let input = plain.baseAddress, !plain.isEmpty {
            let bytes = input.assumingMemoryBound(to: UInt8.self)
            guard EVP_EncryptUpdate(context, output, &length, bytes, Int32(plain.count)) == 1, Int(length) == plain.count else {
                return false
            }
        }
        let tag = output + plain.count
        return EVP_EncryptFinal_ex(context, tag, &length) == 1 && length == 0
            && EVP_CIPHER_CTX_ctrl(context, Self.getTag, Int32(Self.tagBytes), tag) == 1
    }

    /// What was sealed; nil: it is not what the owner of the key has sealed under this nonce and head. Nothing of a text that
    /// does not prove itself is handed out.
    func open(_ sealed: UnsafeRawBufferPointer, nonce: [UInt8], authenticating head: [UInt8]) -> [UInt8]? {
        let count = sealed.count - Self.tagBytes
        guard !isSealing, nonce.count == Self.nonceBytes, count >= 0, count <= Int(Int32.max), let input = sealed.baseAddress
        else { return nil }
        let bytes = input.assumingMemoryBound(to: UInt8.self)
        var tag = Array(sealed[count...])
        var isGenuine = false
        let plain = [UInt8](unsafeUninitializedCapacity: max(count, 1)) { buffer, used in
            used = 0
            var length: Int32 = 0
            guard let output = buffer.baseAddress, EVP_DecryptInit_ex(context, nil, nil, nil, nonce) == 1,
                EVP_DecryptUpdate(context, nil, &length, head, Int32(head.count)) == 1,
                count == 0
                    || EVP_DecryptUpdate(context, output, &length, bytes, Int32(count)) == 1 && Int(length) == count,
                EVP_CIPHER_CTX_ctrl(context, Self.setTag, Int32(Self.tagBytes), &tag) == 1
            else { return }
            var rest = [UInt8](repeating: 0, count: Self.tagBytes)
            isGenuine = EVP_DecryptFinal_ex(context, &rest, &length) == 1
            if isGenuine { used = count }
        }
        return isGenuine ? plain : nil
    }
}
