// What an encrypted listener shows to its clients: a certificate chain with its key.

internal import NIOCore
public import NIOSSL

/// A chain of certificates and the private key of the first one, found to fit, ready for connections.
///
/// Making one parses and checks for some milliseconds: on a worker, or before the loop starts.
public struct ServerCertificate: Sendable {
    /// Why two files are no certificate to show.
    public enum Failure: Error, Equatable {
        /// The first text holds no certificate in PEM, or a broken one.
        case noCertificate
        /// The second text holds no private key in PEM, or one behind a passphrase.
        case noKey
        /// The key is not that of the first certificate, or of a kind that TLS does not know.
        case keyDoesNotFit
    }

    /// Of TLS 1.2 only what has forward secrecy and authenticated encryption (RFC 9325, 4.2); TLS 1.3 has nothing else.
    private static let cipherSuites = "ECDH+AESGCM:ECDH+CHACHA20"
    /// A public key with its frame (RFC 5280, 4.1.2.7): RSA of 3072 bits has 422 bytes, of 4096 bits 550, curves have fewer.
    private static let quickKeyBytesMax = 430
    /// How long a connection that we close waits for the client's own farewell (RFC 8446, 6.1).
    private static let shutdownTimeout = TimeAmount.seconds(2)

    /// Serves any number of connections.
    public let context: NIOSSLContext
    /// Seconds since 1970, of the first certificate: before it is valid to nobody.
    public let validFrom: Int64
    /// Seconds since 1970, of the first certificate: after it is valid to nobody.
    public let validUntil: Int64
    /// The certificate's number in lower-case hexadecimal: of a renewed one it differs.
    public let serial: String
    /// Whether each handshake holds the loop for longer than it should: signing with RSA of 4096 bits takes some 5 ms.
    public let isSlow: Bool

    /// `chain`: PEM, the server's own certificate first, then those that lead to one that clients know. `key`: PEM.
    public init(chain: [UInt8], key: [UInt8]) throws(Failure) {
        guard !chain.isEmpty, let certificates = try? NIOSSLCertificate.fromPEMBytes(chain), let first = certificates.first
        else { throw .noCertificate }
        guard let key = Self.privateKey(key) else { throw .noKey }
        var configuration = TLSConfiguration.makeServerConfiguration(
            certificateChain: certificates.map { .certificate($0) }, privateKey: .privateKey(key))
        configuration.minimumTLSVersion = .tlsv12
        configuration.cipherSuites = Self.cipherSuites
        configuration.applicationProtocols = ["http/1.1"]
        configuration.shutdownTimeout = Self.shutdownTimeout
        // The library compares the key with the certificate when it takes it.
        guard let context = try? NIOSSLContext(configuration: configuration) else { throw .keyDoesNotFit }
        self.context = context
        validFrom = Int64(first.notValidBefore)
        validUntil = Int64(first.notValidAfter)
        serial = first.serialNumber.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
        let publicKey = try? first.extractPublicKey().toSPKIBytes()
        isSlow = (publicKey?.count ?? 0) > Self.quickKeyBytesMax
    }

    private struct PassphraseNeeded: Error {}

    /// nil: no key, or one behind a passphrase.
    private static func privateKey(_ bytes: [UInt8]) -> NIOSSLPrivateKey? {
        guard !bytes.isEmpty else { return nil }
        // Without this the library would ask for a passphrase on the terminal.
        let refuse: NIOSSLPassphraseCallback<[UInt8]> = { _ in throw PassphraseNeeded() }
        return try? NIOSSLPrivateKey(bytes: bytes, format: .pem, passphraseCallback: refuse)
    }
}
