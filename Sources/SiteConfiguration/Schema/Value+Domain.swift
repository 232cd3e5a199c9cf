// Kinds of values that only a contact center has.

internal import Foundation
internal import IVR
internal import Yams

extension Value where T == String {
    /// An identifier of the IANA time zone database.
    static var timeZone: Value {
        let expected = "a time zone such as `Europe/Berlin`"
        return Value(
            expected: expected,
            read: { node, path, reading in
                guard let text = node.text else {
                    reading.wrongType(node, at: path, expected: expected)
                    return nil
                }
                guard TimeZone(identifier: text) != nil else {
                    let mend = Nearest.name(to: text, among: TimeZone.knownTimeZoneIdentifiers).map { "did you mean `\($0)`?" }
                    reading.error("there is no time zone `\(text.prefix(60))`", at: path, mend: mend ?? "write \(expected)")
                    return nil
                }
                return text
            }, write: { $0 })
    }

    /// A language tag such as `en` or `en-GB` (BCP 47).
    static var language: Value {
        .matching("a language tag such as `en` or `en-GB`") { text in
            let parts = text.split(separator: "-", omittingEmptySubsequences: false)
            return (1...4).contains(parts.count) && (2...3).contains(parts[0].utf8.count)
                && parts.allSatisfy { (1...8).contains($0.utf8.count) && $0.utf8.allSatisfy(NameRule.isAlphanumeric) }
        }
    }

    /// The name of a WAV file below `prompts/`.
    static var promptFile: Value {
        .matching("the path of a WAV file below `prompts/`") { text in
            text.hasSuffix(".wav") && text.utf8.count <= 200 && !text.hasPrefix("/")
                && !text.split(separator: "/", omittingEmptySubsequences: false).contains { $0 == ".." || $0.isEmpty }
        }
    }
}

extension Value where T == String {
    /// `file:PATH` of a file in PEM; the path alone is kept. Absolute, or relative to the state folder.
    static var pemFile: Value {
        let expected = "`file:PATH`, the path absolute or relative to the state folder"
        return Value(
            expected: expected,
            read: { node, path, reading in
                guard let text = node.text, case .file(let file) = SecretReference(text), Secrets.isPlain(path: file) else {
                    // What stands there may be a key, so it is not quoted.
                    reading.error("`\(path.last)` names no file", at: path, mend: "write \(expected)")
                    return nil
                }
                return file
            }, write: { "file:" + $0 })
    }
}

extension Value where T == Prompt {
    /// A sentence for the speech synthesiser, or `{file: welcome.wav}`.
    static var prompt: Value {
        let expected = "a sentence to say, or `{file: NAME.wav}`"
        let sentence = Value<String>.text(charactersMax: 2000)
        let file = Schema<[String]>("a prompt", [Field("file", \.[0], .promptFile, required: true)])
        return Value(
            expected: expected,
            read: { node, path, reading in
                if case .mapping = node {
                    var name = [""]
                    file.read(node, at: path, into: &name, &reading)
                    return .file(name[0])
                }
                return sentence.read(node, path, &reading).map { .text($0.trimmed) }
            },
            write: {
                switch $0 {
                case .text(let text): "\"\(text)\""
                case .file(let name): name
                }
            }, keys: { file.fields.map(\.key) })
    }
}

extension Value where T == [Prompt] {
    /// One prompt, or a list of them.
    static var prompts: Value {
        let one = Value<Prompt>.prompt
        let list = Value<[Prompt]>.list(one, countMax: 20)
        return Value(
            expected: "\(one.expected), or a list of these",
            read: { node, path, reading in
                if case .sequence = node { return list.read(node, path, &reading) }
                return one.read(node, path, &reading).map { [$0] }
            }, write: list.write)
    }
}

extension Value where T == SecretReference {
    /// A reference to an argon2id string, or the string itself.
    static var argon2id: Value {
        .secret("an argon2id string, `file:PATH` or `env:NAME`") { PasswordHash.isAcceptable($0) }
    }

    fileprivate static func secret(_ expected: String, isHash: @escaping (String) -> Bool) -> Value {
        Value(
            expected: expected,
            read: { node, path, reading in
                guard let text = node.text else {
                    // What stands there may be a secret, so it is not quoted.
                    reading.error("`\(path.last)` is no reference to a secret", at: path, mend: PlainSecret.mend)
                    return nil
                }
                let reference = SecretReference(text)
                switch reference {
                case .file(let name):
                    guard Secrets.isSafe(path: name) else {
                        reading.error(
                            "`\(path.last)` names a file outside the state folder", at: path,
                            mend: "write a path such as `file:secrets/NAME`, relative to the state folder")
                        return nil
                    }
                case .environment(let name):
                    guard Secrets.isVariable(name) else {
                        reading.error("`env:` needs the name of a variable", at: path, mend: "write `env:NAME`")
                        return nil
                    }
                case .inline(let hash):
                    guard isHash(hash) else {
                        reading.error("`\(path.last)` holds a plain secret", at: path, mend: PlainSecret.mend)
                        return nil
                    }
                }
                return reference
            }, write: \.description)
    }
}

extension Value where T == [SecretReference] {
    /// One reference to lines of htdigest, or a list of such lines.
    static var ha1: Value {
        let one = Value<SecretReference>.secret("a line of htdigest, `file:PATH` or `env:NAME`") { HA1(lines: [$0]) != nil }
        let list = Value<[SecretReference]>.list(one, countMax: 2)
        return Value(
            expected: one.expected,
            read: { node, path, reading in
                if case .sequence = node { return list.read(node, path, &reading) }
                return one.read(node, path, &reading).map { [$0] }
            }, write: list.write)
    }
}
