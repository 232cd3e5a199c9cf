// The two hashes of SIP's digest authentication.

internal import COpenSSL

/// RFC 8760: SHA-256 is wanted, MD5 is what most phones can.
nonisolated enum DigestAlgorithm: String, CaseIterable {
    case sha256 = "SHA-256"
    case md5 = "MD5"

    var hexadecimalDigits: Int { self == .md5 ? 32 : 64 }

    /// The hash of `text` as lower-case hexadecimal digits.
    func hash(_ text: String) -> String {
        var text = text
        return text.withUTF8 { bytes in
            let kind = self == .md5 ? EVP_md5() : EVP_sha256()
            return withUnsafeTemporaryAllocation(of: UInt8.self, capacity: Int(EVP_MAX_MD_SIZE)) { output in
                var length: UInt32 = 0
                guard EVP_Digest(bytes.baseAddress, bytes.count, output.baseAddress, &length, kind, nil) == 1 else { return "" }
                return Hexadecimal.text(UnsafeBufferPointer(rebasing: output.prefix(Int(length))))
            }
        }
    }

    /// RFC 7616 §3.4.1 for `qop=auth`, or without (RFC 2069) when `qop` is nil.
    func response(ha1: String, method: String, uri: String, nonce: String, nc: String, cnonce: String, qop: String?) -> String {
        let ha2 = hash("\(method):\(uri)")
        guard let qop else { return hash("\(ha1):\(nonce):\(ha2)") }
        return hash("\(ha1):\(nonce):\(nc):\(cnonce):\(qop):\(ha2)")
    }
}
