// Looks up every secret and says which are missing or do not fit.

internal import Basics

extension Checker {
    /// The credentials of everything whose secrets are there.
    mutating func resolve(_ secrets: Secrets) -> Credentials {
        var credentials = Credentials()
        let realm = configuration.listeners.sip.realm
        for agent in configuration.agents {
            for device in agent.devices {
                let path = Path("agents.yaml", "agents", agent.id.rawValue) / "devices" / device.id.rawValue / "ha1"
                guard
                    let ha1 = ha1(
                        device.ha1, user: device.id.rawValue, realm: realm, name: device.id.rawValue, canBeMade: true, secrets,
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
                    digest.ha1, user: digest.user, realm: digest.realm, name: trunk.id.rawValue, canBeMade: false, secrets,
                    at: path)
            else { continue }
            credentials.trunks.append(Credentials.Trunk(trunk: trunk.id, ha1: ha1))
        }
        for token in configuration.tokens {
            let path = Path("api.yaml", "tokens", token.name, "token")
            guard let hash = lookUp(token.token, name: token.name, canBeMade: true, secrets, at: path), !hash.isEmpty else {
                continue
            }
            guard PasswordHash.isAcceptable(hash) else {
                reading.error("the secret of token `\(token.name)` is no argon2id string", at: path, mend: PlainSecret.mend)
                continue
            }
            if PasswordHash.isWeak(hash) {
                reading.warning(
                    "the hash of token `\(token.name)` is cheap to guess", at: path,
                    mend: "make a new one with `switchboard password \(token.name)`")
            }
            credentials.tokens.append(Credentials.Token(name: token.name, role: token.role, hash: hash))
        }
        return credentials
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
        _ references: [SecretReference], user: String, realm: String, name: String, canBeMade: Bool, _ secrets: Secrets,
        at path: Path
    ) -> HA1? {
        var lines: [String] = []
        for reference in references {
            guard let text = lookUp(reference, name: name, canBeMade: canBeMade, secrets, at: path) else { return nil }
            lines += text.split(whereSeparator: \.isWhitespace).map(String.init)
        }
        guard !references.isEmpty else { return nil }
        guard let ha1 = HA1(lines: lines) else {
            reading.error(
                "the secret of `\(name)` is no line `user:realm:hash` of htdigest", at: path, mend: PlainSecret.mend)
            return nil
        }
        guard ha1.user == user, ha1.realm == realm else {
            reading.error(
                "the secret of `\(name)` was made for user `\(ha1.user)` in realm `\(ha1.realm)`, not for `\(user)` in `\(realm)`",
                at: path, mend: "make a new one with `switchboard password \(name)`")
            return nil
        }
        return ha1
    }

    /// What a reference stands for. Before the first run a missing file is no finding where the first run makes it.
    private mutating func lookUp(
        _ reference: SecretReference, name: String, canBeMade: Bool, _ secrets: Secrets, at path: Path
    ) -> String? {
        do {
            return try secrets.resolve(reference)
        } catch {
            switch error {
            case .missingFile(let file):
                if canBeMade, !secrets.exist { return nil }
                reading.error(
                    "the file `\(file)` is missing", at: path,
                    mend: "make it with `switchboard password \(name)`"
                        + (canBeMade ? ", or restart the daemon, which makes missing ones" : ""))
            case .unreadable(let file):
                reading.error(
                    "the file `\(file)` cannot be read", at: path, mend: "check its rights; it holds a few lines of text")
            case .readableByOthers(let file):
                reading.error("the file `\(file)` can be read by others", at: path, mend: "run `chmod 600 \(file)`")
            case .missingVariable(let variable):
                reading.error(
                    "the environment has no `\(variable)`", at: path,
                    mend: "set it before the daemon starts, to what `switchboard password \(name)` prints")
            }
            return nil
        }
    }
}
