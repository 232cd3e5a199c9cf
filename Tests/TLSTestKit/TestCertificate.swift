// Certificates that tests make for themselves, by the program openssl.

internal import Foundation

/// A self-signed certificate for localhost with its key, in a temporary folder; gone with this object.
public final class TestCertificate: Sendable {
    public struct Failure: Error, CustomStringConvertible {
        public let description: String
    }

    public let folder: String
    public var chain: String { folder + "/chain.pem" }
    /// Readable by its owner only, as openssl makes it.
    public var key: String { folder + "/key.pem" }

    /// `key`: what to tell openssl about the key; a quick one, if nothing is said.
    public init(days: Int = 90, key: [String] = ["ec", "-pkeyopt", "ec_paramgen_curve:P-256"]) throws {
        folder = NSTemporaryDirectory() + "switchboard-certificate-" + UUID().uuidString
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        try Self.openssl(
            ["req", "-x509", "-nodes", "-days", "\(days)", "-subj", "/CN=localhost", "-newkey"] + key + [
                "-addext", "subjectAltName=DNS:localhost,IP:127.0.0.1", "-keyout", self.key, "-out", chain,
            ])
    }

    deinit { try? FileManager.default.removeItem(atPath: folder) }

    /// Runs openssl to its end.
    public static func openssl(_ arguments: [String]) throws {
        let program = Process()
        program.executableURL = URL(fileURLWithPath: OpenSSLClient.path)
        program.arguments = arguments
        program.standardInput = FileHandle.nullDevice
        program.standardOutput = FileHandle.nullDevice
        let errors = Pipe()
        program.standardError = errors
        try program.run()
        let said = String(decoding: errors.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
        program.waitUntilExit()
        guard program.terminationStatus == 0 else { throw Failure(description: "openssl \(arguments): \(said)") }
    }
}
