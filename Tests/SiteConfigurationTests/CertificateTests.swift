// The certificate of the HTTP listener: what is found about it, and what of it a reload changes.

import Foundation
import TLS
import TLSTestKit
import Testing

@testable import SiteConfiguration

@Suite struct CertificateTests {
    private let paper: TestCertificate
    /// Line 3 has the certificate, line 4 the key.
    private static let listeners =
        "http:\n  tls:\n    certificate: file:secrets/chain.pem\n    key: file:secrets/key.pem\n"

    init() throws { paper = try TestCertificate() }

    /// A folder whose secrets are these files.
    private func folder(
        _ listeners: String = Self.listeners, chain: String? = nil, key: String? = nil, permissions: Int = 0o600
    ) throws -> ConfigurationFolder {
        let folder = try ConfigurationFolder(["listeners.yaml": listeners])
        for (name, source, rights) in [("chain.pem", chain ?? paper.chain, 0o644), ("key.pem", key ?? paper.key, permissions)] {
            try folder.write(Data(contentsOf: URL(fileURLWithPath: source)), to: "../.state/secrets/\(name)")
            try FileManager.default.setAttributes(
                [.posixPermissions: rights], ofItemAtPath: folder.state + "/secrets/\(name)")
        }
        return folder
    }

    @Test("A certificate with its key is read, from the state folder or from anywhere, and nothing is said")
    func sound() throws {
        let below = try folder()
        #expect(below.findings() == [])
        let serial = try #require(below.load().certificate?.serial)
        let absolute = try ConfigurationFolder([
            "listeners.yaml": "http: {tls: {certificate: \"file:\(paper.chain)\", key: \"file:\(paper.key)\"}}\n"
        ])
        #expect(absolute.findings() == [])
        #expect(absolute.load().certificate?.serial == serial)
        #expect(try ConfigurationFolder().load().certificate == nil)
    }

    @Test("With TLS the listener may be open to the world")
    func world() throws {
        let open = try folder(Self.listeners + "  address: 192.0.2.7\n")
        #expect(open.findings() == [])
    }

    @Test("Files that are missing, open to others, or no certificate with its key are errors at their place")
    func broken() throws {
        let other = try TestCertificate()
        let missing = try ConfigurationFolder(["listeners.yaml": Self.listeners])
        #expect(
            missing.findings() == [
                "Config/listeners.yaml:3:18: error: the file `.state/secrets/chain.pem` is missing; "
                    + "put the certificate there, in PEM, or mend the path",
                "Config/listeners.yaml:4:10: error: the file `.state/secrets/key.pem` is missing; "
                    + "put the private key there, in PEM, or mend the path",
            ])
        #expect(
            try folder(permissions: 0o640).findings() == [
                "Config/listeners.yaml:4:10: error: the file `.state/secrets/key.pem` can be read by others; "
                    + "run `chmod 600 .state/secrets/key.pem`"
            ])
        #expect(
            try folder(chain: paper.key).findings() == [
                "Config/listeners.yaml:3:18: error: the file `.state/secrets/chain.pem` holds no certificate in PEM; "
                    + "give one that begins with `-----BEGIN CERTIFICATE-----`, the server's own first"
            ])
        #expect(
            try folder(key: paper.chain).findings() == [
                "Config/listeners.yaml:4:10: error: the file `.state/secrets/key.pem` holds no private key in PEM, "
                    + "or one behind a passphrase; give a key without a passphrase: "
                    + "`openssl pkey -in .state/secrets/key.pem -out NEW`"
            ])
        let mismatch = try folder(key: other.key)
        #expect(
            mismatch.findings() == [
                "Config/listeners.yaml:4:10: error: the key does not fit the certificate; "
                    + "give the key for which the certificate was made; in its file the server's own comes first"
            ])
        #expect(mismatch.load().hasErrors && mismatch.load().certificate == nil)
    }

    @Test(
        "What names no file is refused, and not quoted",
        arguments: [
            "secrets/key.pem", "file:../key.pem", "file:/etc/../key.pem", "env:KEY", "\"file:\"", "file:a//b", "{a: b}",
        ])
    func place(_ text: String) throws {
        let folder = try folder("http:\n  tls:\n    certificate: file:secrets/chain.pem\n    key: \(text)\n")
        let findings = folder.findings()
        #expect(
            findings.count == 1
                && findings[0].hasSuffix(
                    "error: `key` names no file; write `file:PATH`, the path absolute or relative to the state folder"),
            "\(findings)")
        #expect(findings[0].hasPrefix("Config/listeners.yaml:4:"))
    }

    @Test("A certificate without a key, and a key that nobody knows, are errors")
    func keys() throws {
        let folder = try ConfigurationFolder([
            "listeners.yaml": "http:\n  tls:\n    certificate: file:secrets/chain.pem\n    keyfile: file:secrets/key.pem\n"
        ])
        #expect(
            folder.findings() == [
                "Config/listeners.yaml:2:3: error: `tls` has no `key`; add `key:`",
                "Config/listeners.yaml:4:5: error: unknown key `keyfile` in tls; known: certificate, key",
            ])
    }

    @Test("A certificate that has expired, will soon, or is not valid yet is a warning with the day")
    func validity() throws {
        let folder = try folder()
        let certificate = try #require(folder.load().certificate)
        func found(_ seconds: Int64) -> [String] {
            let now = Date(timeIntervalSince1970: Double(seconds))
            return SiteConfiguration.load(folder: folder.path, missing: .willBeMade, environment: [:], now: now).findings.map {
                $0.description.replacingOccurrences(of: folder.root + "/", with: "")
            }
        }
        let day = Date(timeIntervalSince1970: Double(certificate.validUntil)).formatted(.iso8601.year().month().day())
        let mend = "renew it, and reload the daemon with SIGHUP"
        #expect(day.count == 10)
        #expect(found(certificate.validUntil - 15 * 86_400) == [])
        #expect(
            found(certificate.validUntil - 13 * 86_400)
                == ["Config/listeners.yaml:3:18: warning: the certificate expires on \(day); \(mend)"])
        #expect(
            found(certificate.validUntil + 1)
                == ["Config/listeners.yaml:3:18: warning: the certificate has expired on \(day); \(mend)"])
        #expect(
            found(certificate.validFrom - 86_400).first?.hasPrefix(
                "Config/listeners.yaml:3:18: warning: the certificate is not valid before ") == true)
        #expect(folder.load().certificate != nil, "warnings do not keep it from being shown")
    }

    @Test("A reload may take the certificate from another place, and a restart is needed to have TLS or not")
    func reload() throws {
        let plain = try ConfigurationFolder().load().configuration
        let encrypted = try folder().load().configuration
        var moved = encrypted
        moved.listeners.http.tls?.certificate = "secrets/other.pem"
        moved.listeners.http.port = 8443
        #expect(
            SiteConfiguration.difference(from: plain, to: encrypted).map(\.description) == [
                "http: tls none → certificate file:secrets/chain.pem, key file:secrets/key.pem; needs a restart"
            ])
        #expect(
            SiteConfiguration.difference(from: encrypted, to: moved).map(\.description) == [
                "http: port 8080 → 8443; needs a restart",
                "http: tls certificate file:secrets/chain.pem, key file:secrets/key.pem → "
                    + "certificate file:secrets/other.pem, key file:secrets/key.pem",
            ])
        #expect(moved.keepingStart(of: encrypted).listeners.http.tls == moved.listeners.http.tls)
        #expect(moved.keepingStart(of: encrypted).listeners.http.port == 8080)
        #expect(moved.keepingStart(of: plain).listeners.http.tls == nil)
        #expect(plain.keepingStart(of: encrypted).listeners.http.tls == encrypted.listeners.http.tls)
    }
}
