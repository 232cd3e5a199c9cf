// Checks how recordings are kept, and looks up the keys by which they are encrypted.

internal import Basics
internal import Foundation

extension Checker {
    private static let keyMend = "make one with `openssl rand -hex 32`, in a file that its owner alone can read (chmod 600)"
    /// What recordings are called on the disk when they are encrypted.
    static let sealedSuffix = ".swsealed"

    mutating func checkRecordings() {
        let path = Path("recordings.yaml", "retention", "queues")
        for entry in configuration.recordings.retention.queues {
            // No error: without its line the recordings of a queue that is no more would go after the usual time.
            guard !configuration.queues.contains(where: { $0.id == entry.queue }) else { continue }
            reading.warning(
                "there is no queue `\(entry.queue)`", at: path / entry.queue.rawValue,
                mend: "keep the line as long as recordings of that queue are to be kept")
        }
        checkSecureForms()
        if !configuration.recordings.encrypt {
            reading.warning(
                "recordings are not encrypted", at: Path("recordings.yaml", "encrypt"),
                mend: "write `encrypt: true`, unless the disk itself is encrypted")
        }
    }

    private mutating func checkSecureForms() {
        for form in configuration.recordings.secureForms where form.lengthMin > form.lengthMax {
            reading.error(
                "`length_min` is \(form.lengthMin), more than `length_max` \(form.lengthMax)",
                at: Path("recordings.yaml", "secure_forms", form.name, "length_min"), mend: "swap them")
        }
    }

    mutating func secureTokens(_ secrets: Secrets) -> [Credentials.SecureForm] {
        var tokens: [Credentials.SecureForm] = []
        for form in configuration.recordings.secureForms {
            let path = Path("recordings.yaml", "secure_forms", form.name)
            if let file = form.certificates, (try? secrets.content(of: file, bytesMax: 1 << 20, isPublic: true)) == nil {
                reading.error(
                    "the file `\(secrets.path(of: file))` cannot be read", at: path / "certificates",
                    mend: "put certificates in PEM into it")
            }
            guard let reference = form.token else { continue }
            guard let token = try? secrets.resolve(reference), !token.isEmpty,
                token.utf8.allSatisfy({ (0x21...0x7E).contains($0) })
            else {
                reading.error(
                    "the token of secure form `\(form.name)` cannot be read", at: path / "token",
                    mend: "put it into a file that its owner alone can read (chmod 600), or into the variable")
                continue
            }
            tokens.append(Credentials.SecureForm(name: form.name, token: token))
        }
        return tokens
    }

    /// The key of today and those of earlier times. The first one is missing only if the first start is to make it.
    mutating func recordingKeys(_ secrets: Secrets) -> Credentials.RecordingKeys {
        var keys = Credentials.RecordingKeys()
        let settings = configuration.recordings
        let path = Path("recordings.yaml")
        if settings.encrypt || secrets.exists(settings.key) {
            keys.current = recordingKey(settings.key, secrets, at: path / "key")
        }
        for (index, reference) in settings.oldKeys.enumerated() {
            if let key = recordingKey(reference, secrets, at: path / "old_keys" / index) { keys.old.append(key) }
        }
        return keys
    }

    private mutating func recordingKey(_ reference: SecretReference, _ secrets: Secrets, at path: Path) -> [UInt8]? {
        let text: String
        do {
            text = try secrets.resolve(reference)
        } catch {
            switch error {
            case .missingFile(let file):
                guard reference == RecordingSettings.ownKey else {
                    reading.error("the file `\(file)` is missing", at: path, mend: Self.keyMend)
                    return nil
                }
                let count = Self.sealedRecordings(in: secrets.stateFolder)
                guard count > 0 else { return nil }
                reading.error(
                    "the file `\(file)` is missing, and \(count) recordings are encrypted with it", at: path,
                    mend: "restore it from a backup; to give the recordings up, move them away")
            case .unreadable(let file):
                reading.error(
                    "the file `\(file)` cannot be read", at: path, mend: "check its rights; it holds 64 hexadecimal digits")
            case .readableByOthers(let file):
                reading.error("the file `\(file)` can be read by others", at: path, mend: "run `chmod 600 \(file)`")
            case .missingVariable(let variable):
                reading.error(
                    "the environment has no `\(variable)`", at: path,
                    mend: "set it before the daemon starts, to what `openssl rand -hex 32` prints")
            }
            return nil
        }
        guard let key = Self.bytes(hex: text), key.count == Credentials.RecordingKeys.bytes else {
            reading.error(
                "the key of recordings is not 64 hexadecimal digits long, it has \(text.utf8.count) characters", at: path,
                mend: Self.keyMend)
            return nil
        }
        return key
    }

    private static func sealedRecordings(in stateFolder: String) -> Int {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: stateFolder + "/recordings")) ?? []
        return names.count { $0.hasSuffix(sealedSuffix) }
    }

    /// nil: not an even number of hexadecimal digits.
    private static func bytes(hex text: String) -> [UInt8]? {
        let digits = text.utf8.compactMap { Character(UnicodeScalar($0)).hexDigitValue }
        guard digits.count == text.utf8.count, digits.count.isMultiple(of: 2) else { return nil }
        return stride(from: 0, to: digits.count, by: 2).map { UInt8(digits[$0] << 4 | digits[$0 + 1]) }
    }
}
