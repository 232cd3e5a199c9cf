// Makes the secrets that a configuration names and that do not exist yet, so that a newcomer has nothing to invent.

public import Basics
internal import Foundation

/// Random secrets for the first run. Only their hashes are kept, in files that their owner alone can read (0600).
public enum FirstRunSecrets {
    /// A secret that was made; shown once, then gone.
    public struct Made: Hashable, Sendable {
        public enum Kind: Hashable, Sendable {
            /// The password of a device.
            case device(DeviceID, agent: AgentID)
            /// The password of an agent's page.
            case agent(AgentID)
            /// A bearer token.
            case token(name: String, role: Role)
        }

        public var kind: Kind
        /// What to type into the telephone or to send as bearer token.
        public var plain: String
        /// The file that got its hash.
        public var path: String
    }

    public enum Failure: Error, Equatable {
        case hash(PasswordHash.Failure)
        case cannotWrite(path: String, reason: String)
    }

    /// 26 characters of five bits: 130 bits.
    static let passwordCharacters = 26
    /// 16 characters of five bits: 80 bits, behind a slow hash and a limit of guesses, and typed every morning.
    static let agentPasswordCharacters = 16
    /// 52 characters of five bits: 260 bits.
    static let tokenCharacters = 52

    /// Makes what is missing. Secrets of trunks are the carriers' and cannot be made.
    public static func make(for configuration: SiteConfiguration, in stateFolder: String) throws(Failure) -> [Made] {
        let secrets = Secrets(stateFolder: stateFolder, environment: [:])
        var made: [Made] = []
        for agent in configuration.agents {
            for device in agent.devices {
                guard case .file(let name)? = device.ha1.first, device.ha1.count == 1, isMissing(name, secrets) else {
                    continue
                }
                let password = try random(passwordCharacters)
                let ha1 = HA1(user: device.id.rawValue, realm: configuration.listeners.sip.realm, password: password)
                try write(ha1.lines.joined(separator: "\n"), to: name, secrets)
                made.append(Made(kind: .device(device.id, agent: agent.id), plain: password, path: secrets.path(of: name)))
            }
        }
        for agent in configuration.agents {
            guard case .file(let name)? = agent.password, isMissing(name, secrets) else { continue }
            let plain = try random(agentPasswordCharacters)
            try write(try hash(plain), to: name, secrets)
            made.append(Made(kind: .agent(agent.id), plain: plain, path: secrets.path(of: name)))
        }
        for token in configuration.tokens {
            guard case .file(let name) = token.token, isMissing(name, secrets) else { continue }
            let plain = "\(token.name).\(try random(tokenCharacters))"
            try write(try hash(plain), to: name, secrets)
            made.append(Made(kind: .token(name: token.name, role: token.role), plain: plain, path: secrets.path(of: name)))
        }
        return made
    }

    /// Makes the key by which recordings are encrypted, if the configuration names no other and there is none yet; returns it.
    /// It cannot be made again: whoever loses the file loses the recordings.
    public static func makeRecordingKey(
        for configuration: SiteConfiguration, in stateFolder: String
    ) throws(Failure) -> [UInt8]? {
        let secrets = Secrets(stateFolder: stateFolder, environment: [:])
        guard configuration.recordings.encrypt, configuration.recordings.key == RecordingSettings.ownKey,
            case .file(let name) = RecordingSettings.ownKey, isMissing(name, secrets)
        else { return nil }
        let key: [UInt8]
        do { key = try RandomSecret.bytes(Credentials.RecordingKeys.bytes) } catch { throw .hash(error) }
        try write(Digest.hex(key), to: name, secrets)
        return key
    }

    private static func isMissing(_ name: String, _ secrets: Secrets) -> Bool {
        !FileManager.default.fileExists(atPath: secrets.path(of: name))
    }

    private static func hash(_ plain: String) throws(Failure) -> String {
        do { return try PasswordHash.make(of: plain) } catch { throw .hash(error) }
    }

    private static func random(_ characters: Int) throws(Failure) -> String {
        do { return try RandomSecret.text(characters: characters) } catch { throw .hash(error) }
    }

    /// Written beside and renamed, so that a crash leaves no half of a secret behind.
    private static func write(_ text: String, to name: String, _ secrets: Secrets) throws(Failure) {
        let path = secrets.path(of: name)
        let folder = (path as NSString).deletingLastPathComponent
        do {
            try FileManager.default.createDirectory(
                atPath: folder, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
        } catch { throw .cannotWrite(path: folder, reason: error.localizedDescription) }
        let temporary = path + ".new"
        unlink(temporary)
        let descriptor = open(temporary, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0o600)
        guard descriptor >= 0 else { throw .cannotWrite(path: temporary, reason: String(cString: strerror(errno))) }
        defer { close(descriptor) }
        let bytes = Array((text + "\n").utf8)
        guard Glibc.write(descriptor, bytes, bytes.count) == bytes.count, fsync(descriptor) == 0, rename(temporary, path) == 0
        else { throw .cannotWrite(path: path, reason: String(cString: strerror(errno))) }
        // Without this the new name itself could be lost with the power, after the password was shown.
        let directory = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard directory >= 0 else { throw .cannotWrite(path: folder, reason: String(cString: strerror(errno))) }
        defer { close(directory) }
        guard fsync(directory) == 0 else { throw .cannotWrite(path: folder, reason: String(cString: strerror(errno))) }
    }
}
