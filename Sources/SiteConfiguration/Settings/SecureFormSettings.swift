// `recordings.yaml`, `secure_forms:`: digits that nobody in the house is to know, and who takes them.

internal import ContactCenter
internal import IVR
internal import Yams

/// What callers key in unheard, and where it goes.
public struct SecureFormSettings: Hashable, Sendable {
    public enum Check: String, Hashable, Sendable, CaseIterable {
        case none
        /// The check digit of card numbers (ISO/IEC 7812-1).
        case luhn
    }

    public var name: String
    public var lengthMin = 1
    public var lengthMax = 20
    public var check = Check.none
    public var terminator: String? = "#"
    public var firstDigitTimeoutMilliseconds = 20_000
    public var nextDigitTimeoutMilliseconds = 8000
    /// Takes the digits by POST and answers with a token; `https` only.
    public var url = ""
    /// With what we prove to it who we are (RFC 6750); nil: with nothing.
    public var token: SecretReference?
    /// The certificates that we trust (PEM); nil: those of the system.
    public var certificates: String?

    public init(name: String) { self.name = name }

    /// How long an answer may take, in seconds.
    public static let answerSecondsMax = 10

    /// As the rules need it.
    var compiled: SecureForm {
        let milliseconds = firstDigitTimeoutMilliseconds + nextDigitTimeoutMilliseconds * lengthMax
        return SecureForm(name: name, secondsMax: milliseconds / 1000 + Self.answerSecondsMax + 5)
    }
}

extension SecureFormSettings {
    static var schema: Schema<SecureFormSettings> {
        let address = Value<String>.matching("an address such as `https://pay.example.com/tokens`") {
            SecureAddress($0) != nil
        }
        return Schema(
            "a secure form",
            [
                Field("length_min", \.lengthMin, .integer(1...32)), Field("length_max", \.lengthMax, .integer(1...32)),
                Field("check", \.check, .word), Field("terminator", \.terminator, Collect.terminatorValue),
                Field("first_digit_timeout_seconds", \.firstDigitTimeoutMilliseconds, .milliseconds(500...60_000)),
                Field("next_digit_timeout_seconds", \.nextDigitTimeoutMilliseconds, .milliseconds(500...60_000)),
                Field("url", \.url, address, required: true), Field("token", \.token, .bearerToken),
                Field("certificates", \.certificates, .pemFile),
            ])
    }
}

/// An address of `https`, taken apart.
public struct SecureAddress: Hashable, Sendable {
    public let host: String
    public let port: Int
    /// With what follows it.
    public let path: String

    /// nil: it is none, or has anything in it that does not belong into a request's head.
    public init?(_ text: String) {
        let scheme = "https://"
        guard text.hasPrefix(scheme), text.utf8.count <= 500,
            text.utf8.allSatisfy({ (0x21...0x7E).contains($0) && $0 != UInt8(ascii: "#") && $0 != UInt8(ascii: "@") })
        else { return nil }
        let rest = text.dropFirst(scheme.count)
        let authority = rest.prefix { $0 != "/" && $0 != "?" }
        path = authority.count == rest.count ? "/" : String(rest.dropFirst(authority.count))
        let parts = authority.split(separator: ":", omittingEmptySubsequences: false)
        guard path.hasPrefix("/"), (1...2).contains(parts.count), let name = parts.first, !name.isEmpty,
            name.utf8.allSatisfy({ NameRule.isHostByte($0) })
        else { return nil }
        guard parts.count == 2 else {
            (host, port) = (String(name), 443)
            return
        }
        guard let number = Int(parts[1]), (1...65_535).contains(number) else { return nil }
        (host, port) = (String(name), number)
    }
}

extension NameRule {
    /// Of a host's name or an address of IPv4.
    fileprivate static func isHostByte(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "."):
            true
        default: false
        }
    }
}

extension Value where T == SecretReference {
    /// A reference to a token that is ours to show, so that no hash will do.
    static var bearerToken: Value {
        let expected = "`file:PATH` or `env:NAME`, which holds the token"
        return Value(
            expected: expected,
            read: { node, path, reading in
                let reference = node.text.map { SecretReference($0) }
                switch reference {
                case .file(let name)? where Secrets.isSafe(path: name): return reference
                case .environment(let name)? where Secrets.isVariable(name): return reference
                case .file, .environment, .inline, nil:
                    // What stands there may be the token, so it is not quoted.
                    reading.error("`\(path.last)` is no reference to a token", at: path, mend: "write \(expected)")
                    return nil
                }
            }, write: \.description)
    }
}
