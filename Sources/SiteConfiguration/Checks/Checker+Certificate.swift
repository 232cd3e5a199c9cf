// Reads the certificate of the HTTP listener and says what is wrong with it.

internal import Foundation
internal import TLS

extension Checker {
    /// A chain of a few certificates has some 6 kB.
    private static let certificateBytesMax = 64 << 10
    private static let keyBytesMax = 16 << 10
    /// Certificates are renewed some weeks before their end; whoever reads this has missed it.
    private static let secondsLeftMin: Int64 = 14 * 86_400

    private static let certificatePath = Path("listeners.yaml", "http", "tls", "certificate")
    private static let keyPath = Path("listeners.yaml", "http", "tls", "key")

    /// nil if none is configured, or if there is an error.
    mutating func readCertificate(_ secrets: Secrets, now: Date) -> ServerCertificate? {
        guard let tls = configuration.listeners.http.tls, !tls.certificate.isEmpty, !tls.key.isEmpty else { return nil }
        let chain = content(
            of: tls.certificate, bytesMax: Self.certificateBytesMax, isPublic: true, what: "certificate", secrets,
            at: Self.certificatePath)
        let key = content(
            of: tls.key, bytesMax: Self.keyBytesMax, isPublic: false, what: "private key", secrets, at: Self.keyPath)
        guard let chain, let key else { return nil }
        do {
            let certificate = try ServerCertificate(chain: chain, key: key)
            checkValidity(certificate, at: Int64(now.timeIntervalSince1970))
            return certificate
        } catch {
            switch error {
            case .noCertificate:
                reading.error(
                    "the file `\(secrets.path(of: tls.certificate))` holds no certificate in PEM", at: Self.certificatePath,
                    mend: "give one that begins with `-----BEGIN CERTIFICATE-----`, the server's own first")
            case .noKey:
                let file = secrets.path(of: tls.key)
                reading.error(
                    "the file `\(file)` holds no private key in PEM, or one behind a passphrase", at: Self.keyPath,
                    mend: "give a key without a passphrase: `openssl pkey -in \(file) -out NEW`")
            case .keyDoesNotFit:
                reading.error(
                    "the key does not fit the certificate", at: Self.keyPath,
                    mend: "give the key for which the certificate was made; in its file the server's own comes first")
            }
            return nil
        }
    }

    private mutating func content(
        of name: String, bytesMax: Int, isPublic: Bool, what: String, _ secrets: Secrets, at path: Path
    ) -> [UInt8]? {
        do {
            return try secrets.content(of: name, bytesMax: bytesMax, isPublic: isPublic)
        } catch {
            switch error {
            case .missingFile(let file):
                reading.error(
                    "the file `\(file)` is missing", at: path, mend: "put the \(what) there, in PEM, or mend the path")
            case .unreadable(let file):
                reading.error(
                    "the file `\(file)` cannot be read", at: path,
                    mend: "let the daemon's user read it; it holds a \(what), of \(bytesMax) bytes at most")
            case .readableByOthers(let file):
                reading.error("the file `\(file)` can be read by others", at: path, mend: "run `chmod 600 \(file)`")
            case .missingVariable: break
            }
            return nil
        }
    }

    private mutating func checkValidity(_ certificate: ServerCertificate, at now: Int64) {
        let mend = "renew it, and reload the daemon with SIGHUP"
        let left = certificate.validUntil - now
        if left <= 0 {
            reading.warning(
                "the certificate has expired on \(Self.day(certificate.validUntil))", at: Self.certificatePath, mend: mend)
        } else if left < Self.secondsLeftMin {
            reading.warning(
                "the certificate expires on \(Self.day(certificate.validUntil))", at: Self.certificatePath, mend: mend)
        } else if certificate.validFrom > now {
            reading.warning(
                "the certificate is not valid before \(Self.day(certificate.validFrom))", at: Self.certificatePath,
                mend: "look at the clock of this machine")
        }
        guard certificate.isSlow else { return }
        reading.warning(
            "the key is so long that each new connection holds everything else up", at: Self.keyPath,
            mend: "take a certificate for a key on the curve P-256, or for RSA of 2048 or 3072 bits")
    }

    /// In UTC.
    private static func day(_ seconds: Int64) -> String {
        Date(timeIntervalSince1970: Double(seconds)).formatted(.iso8601.year().month().day())
    }
}
