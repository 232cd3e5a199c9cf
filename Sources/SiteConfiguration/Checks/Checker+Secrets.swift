// Looks up every secret and says which are missing or do not fit.

internal import Basics

extension Checker {
    /// Whose secret it is, and how to make it.
    private struct Owner {
        var name: String
        /// To be typed into a shell.
        var command: String
        /// Not the carrier's: any secret does, and the first run can make it.
        var isOurs: Bool
        var isAboutToBeMade: Bool

        init(device name: String, _ isAboutToBeMade: Bool) {
            self.name = name
            self.isAboutToBeMade = isAboutToBeMade
            command = "switchboard password \(name)"
            isOurs = true
        }

        init(trunk name: String, _ digest: TrunkSettings.Digest) {
            self.name = name
            isAboutToBeMade = false
            let realm = digest.realm.replacing("'", with: "'\\''")
            command = "switchboard password \(digest.user) --realm '\(realm)'"
            isOurs = false
        }
    }

    /// The credentials of everything whose secrets are there.
    mutating func resolve(_ secrets: Secrets, missing: MissingSecrets) -> Credentials {
        var credentials = Credentials()
        let realm = configuration.listeners.sip.realm
        let makeable = missing == .willBeMade
        for agent in configuration.agents {
            for device in agent.devices {
                let path = Path("agents.yaml", "agents", agent.id.rawValue) / "devices" / device.id.rawValue / "ha1"
                guard
                    let ha1 = ha1(
                        device.ha1, user: device.id.rawValue, realm: realm, Owner(device: device.id.rawValue, makeable),
                        secrets,
                        at: path)
                else { continue }
                credentials.devices.append(Credentials.Device(device: device.id, agent: agent.id, ha1: ha1))
            }
        }
        checkAlgorithms(of: credentials.devices)
        for trunk in configuration.trunks {
            guard let digest = trunk.digest else { continue }
            let path = Path("trunks.yaml", "trunks", trunk.id.rawValue) / "digest" / "ha1"
            guard
                let ha1 = ha1(
                    digest.ha1, user: digest.user, realm: digest.realm, Owner(trunk: trunk.id.rawValue, digest), secrets,
                    at: path)
            else { continue }
            credentials.trunks.append(Credentials.Trunk(trunk: trunk.id, ha1: ha1))
        }
        for agent in configuration.agents {
            guard let password = agent.password else { continue }
            let path = Path("agents.yaml", "agents", agent.id.rawValue) / "password"
            let owner = Owner(device: agent.id.rawValue, makeable)
            guard let hash = slowHash(password, owner, of: "agent `\(agent.id)`", secrets, at: path) else { continue }
            credentials.agents.append(Credentials.Agent(agent: agent.id, hash: hash))
        }
        for token in configuration.tokens {
            let path = Path("api.yaml", "tokens", token.name, "token")
            let owner = Owner(device: token.name, makeable)
            guard let hash = slowHash(token.token, owner, of: "token `\(token.name)`", secrets, at: path) else { continue }
            credentials.tokens.append(Credentials.Token(name: token.name, role: token.role, hash: hash))
        }
        credentials.recordingKeys = recordingKeys(secrets)
        credentials.secureForms = secureTokens(secrets)
        return credentials
    }

    /// An argon2id string.
    private mutating func slowHash(
        _ reference: SecretReference, _ owner: Owner, of whose: String, _ secrets: Secrets, at path: Path
    ) -> String? {
        guard let hash = lookUp(reference, owner, secrets, at: path), !hash.isEmpty else { return nil }
        guard PasswordHash.isAcceptable(hash) else {
            reading.error("the secret of \(whose) is no argon2id string", at: path, mend: PlainSecret.mend)
            return nil
        }
        if PasswordHash.isWeak(hash) {
            reading.warning(
                "the hash of \(whose) is cheap to guess", at: path,
                mend: "make a new one with `switchboard password \(owner.name)`")
        }
        return hash
    }

    /// SHA-256 is offered only if every telephone has that hash, and MD5 to all: a telephone needs the hash that it will be
    /// asked for.
    private mutating func checkAlgorithms(of devices: [Credentials.Device]) {
        let offersSHA256 = configuration.listeners.sip.digest == .both && devices.allSatisfy { $0.ha1.sha256 != nil }
        guard !offersSHA256 else { return }
        for device in devices where device.ha1.md5 == nil {
            let path = Path("agents.yaml", "agents", device.agent.rawValue) / "devices" / device.device.rawValue / "ha1"
            reading.error(
                "the secret of `\(device.device)` has no MD5 hash, and SHA-256 is not offered", at: path,
                mend: "make both with `switchboard password \(device.device)`, or let `sip.digest` be `both` and give every "
                    + "telephone a SHA-256 hash")
        }
    }

    private mutating func ha1(
        _ references: [SecretReference], user: String, realm: String, _ owner: Owner, _ secrets: Secrets, at path: Path
    ) -> HA1? {
        var lines: [String] = []
        for reference in references {
            guard let text = lookUp(reference, owner, secrets, at: path) else { return nil }
            lines += text.split(whereSeparator: \.isNewline).map { String($0).trimmed }.filter { !$0.isEmpty }
        }
        guard !references.isEmpty else { return nil }
        guard let ha1 = HA1(lines: lines) else {
            reading.error(
                "the secret of `\(owner.name)` is no line `user:realm:hash` of htdigest", at: path, mend: PlainSecret.mend)
            return nil
        }
        guard ha1.user == user, ha1.realm == realm else {
            reading.error(
                "the secret of `\(owner.name)` was made for user `\(ha1.user)` in realm `\(ha1.realm)`, not for `\(user)` in `\(realm)`",
                at: path, mend: "make a new one with `\(owner.command)`")
            return nil
        }
        return ha1
    }

    /// What a reference stands for.
    private mutating func lookUp(
        _ reference: SecretReference, _ owner: Owner, _ secrets: Secrets, at path: Path
    ) -> String? {
        do {
            return try secrets.resolve(reference)
        } catch {
            switch error {
            case .missingFile(let file):
                if owner.isAboutToBeMade { return nil }
                reading.error(
                    "the file `\(file)` is missing", at: path,
                    mend: "put into it what `\(owner.command)` prints"
                        + (owner.isOurs ? ", or start with `--make-secrets`, which makes missing ones" : ""))
            case .unreadable(let file):
                reading.error(
                    "the file `\(file)` cannot be read", at: path, mend: "check its rights; it holds a few lines of text")
            case .readableByOthers(let file):
                reading.error("the file `\(file)` can be read by others", at: path, mend: "run `chmod 600 \(file)`")
            case .missingVariable(let variable):
                reading.error(
                    "the environment has no `\(variable)`", at: path,
                    mend: "set it before the daemon starts, to what `\(owner.command)` prints")
            }
            return nil
        }
    }
}
