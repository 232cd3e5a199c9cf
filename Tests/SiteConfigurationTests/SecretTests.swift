// Hashes, references to secrets, and the secrets of the first run.

import Basics
import Foundation
import Testing

@testable import SiteConfiguration

@Suite struct SecretTests {
    @Test("argon2id verifies its own password and no other, with OWASP's parameters") func argon2id() throws {
        let hash = try PasswordHash.make(of: "correct horse")
        #expect(hash.hasPrefix("$argon2id$v=19$m=19456,t=2,p=1$"))
        #expect(PasswordHash.verify("correct horse", against: hash))
        #expect(!PasswordHash.verify("correct house", against: hash))
        #expect(try PasswordHash.make(of: "correct horse") != hash)
    }

    @Test("A string made by the argon2 program verifies (RFC 9106's encoding)") func foreignHash() {
        // printf password | argon2 somesalt -id -t 2 -m 16 -p 1 -l 24 -e, from the tests of the reference implementation.
        let hash = "$argon2id$v=19$m=65536,t=2,p=1$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc"
        #expect(PasswordHash.verify("password", against: hash))
        #expect(!PasswordHash.verify("Password", against: hash))
    }

    @Test(
        "A hash from outside can neither crash nor cost without bound",
        arguments: [
            "", "$argon2id$", "password",
            "$argon2i$v=19$m=65536,t=2,p=1$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc",
            "$argon2id$v=19$m=4294967295,t=2,p=1$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc",
            "$argon2id$v=19$m=65536,t=2,p=1$c29tZXNhbHQ$" + String(repeating: "A", count: 10_000),
            "$argon2id$v=19$m=65536,t=2,p=1$!!!!$CTFhFdXPJO1a",
        ])
    func malformedHash(_ hash: String) { #expect(!PasswordHash.verify("password", against: hash)) }

    @Test("HA1 is that of RFC 7616's example") func ha1() throws {
        // RFC 7616 section 3.9.1: Mufasa, http-auth@example.org, "Circle of Life"; HA1 computed with md5sum and sha256sum.
        let ha1 = HA1(user: "Mufasa", realm: "http-auth@example.org", password: "Circle of Life")
        #expect(ha1.md5 == "3d78807defe7de2157e2b0b6573a855f")
        #expect(ha1.sha256 == "7987c64c30e25f1b74be53f966b49b90f2808aa92faf9a00262392d7b4794232")
        #expect(HA1(lines: ha1.lines) == ha1)
        #expect(HA1(lines: Array(ha1.lines.suffix(1)))?.md5 == nil)
        #expect(!"\(ha1)".contains("3d78"))
    }

    @Test(
        "Lines that do not belong together are no HA1",
        arguments: [
            [], ["a:b"], ["a:b:xyz"], ["a:b:" + String(repeating: "0", count: 33)],
            ["a:b:" + String(repeating: "0", count: 32), "c:b:" + String(repeating: "0", count: 64)],
        ])
    func malformedHA1(_ lines: [String]) { #expect(HA1(lines: lines) == nil) }

    @Test("A telephone whose only hash will never be asked for is an error, and so is no other")
    func hashesThatAreAskedFor() throws {
        let folder = try ConfigurationFolder(["api.yaml": "tokens: {}\n"])
        _ = try FirstRunSecrets.make(for: folder.load().configuration, in: folder.state)
        func keep(_ device: String, _ length: Int) throws {
            let path = folder.state + "/secrets/" + device
            let lines = HA1(user: device, realm: "switchboard", password: "x").lines.filter {
                $0.split(separator: ":").last?.count == length
            }
            try lines.joined(separator: "\n").write(toFile: path, atomically: false, encoding: .utf8)
        }
        try keep("anna-desk", 64)
        #expect(folder.load().findings == [], "SHA-256 is offered, for everybody has it")
        try keep("ben-desk", 32)
        let errors = folder.load().findings.filter { $0.severity == .error }.map(\.description)
        #expect(errors.count == 1 && errors[0].contains("`anna-desk` has no MD5 hash"), "\(errors)")
        try keep("anna-desk", 32)
        #expect(folder.load().findings == [])
    }

    @Test("A carrier proves itself with the password only where that is asked for")
    func trunkDigest() throws {
        let hash = "center:carrier.example:" + String(repeating: "0", count: 64)
        for (line, expected) in [("", false), ("      inbound: true\n", true)] {
            let trunks =
                "trunks:\n  carrier:\n    peer: 192.0.2.1:5060\n    digest:\n      user: center\n"
                + "      realm: carrier.example\n      ha1: env:CARRIER\n" + line
            let loaded = try ConfigurationFolder(["trunks.yaml": trunks]).load(environment: ["CARRIER": hash])
            #expect(loaded.findings.filter { $0.severity == .error } == [])
            #expect(loaded.configuration.trunks.first?.digest?.inbound == expected)
        }
    }

    @Test("The first run makes what is missing, shows it once and keeps hashes that only the owner can read")
    func firstRun() throws {
        let tokens = "tokens:\n  admin:\n    role: admin\n    token: file:secrets/token-admin\n"
        let folder = try ConfigurationFolder(["api.yaml": tokens])
        // Without anything that makes them a daemon would run that lets nobody in.
        #expect(folder.load(missing: .error).findings.map(\.severity) == [.error, .error, .error])
        let before = folder.load()
        #expect(before.findings == [])
        #expect(before.credentials == Credentials())

        let made = try FirstRunSecrets.make(for: before.configuration, in: before.stateFolder)
        #expect(
            made.map(\.kind) == [
                .device("anna-desk", agent: "anna"), .device("ben-desk", agent: "ben"), .token(name: "admin", role: .admin),
            ])
        for secret in made {
            let attributes = try FileManager.default.attributesOfItem(atPath: secret.path)
            #expect(attributes[.posixPermissions] as? Int == 0o600)
            let content = try String(contentsOfFile: secret.path, encoding: .utf8)
            #expect(!content.contains(secret.plain))
        }
        let rights = try FileManager.default.attributesOfItem(atPath: folder.state + "/secrets")[.posixPermissions] as? Int
        #expect(rights == 0o700)
        #expect(Set(made.map(\.plain)).count == made.count)

        let after = folder.load(missing: .error)
        #expect(after.findings == [])
        let anna = try #require(after.credentials.devices.first)
        #expect(anna.device == "anna-desk")
        #expect(anna.ha1 == HA1(user: "anna-desk", realm: "switchboard", password: made[0].plain))
        let token = try #require(after.credentials.tokens.first)
        #expect(TokenSettings.name(ofBearer: made[2].plain) == token.name)
        #expect(PasswordHash.verify(made[2].plain, against: token.hash))
        #expect(token.role == .admin)

        #expect(try FirstRunSecrets.make(for: after.configuration, in: after.stateFolder) == [])
        #expect(folder.load().credentials == after.credentials)
    }

    @Test("A missing, open or malformed secret is an error that says how to mend it")
    func missingSecrets() throws {
        let folder = try ConfigurationFolder()
        try folder.write("x", to: "../.state/secrets/anna-desk")
        let file = folder.state + "/secrets/anna-desk"
        try FileManager.default.setAttributes([.posixPermissions: 0o644], ofItemAtPath: file)
        let missing =
            "Config/agents.yaml:9:14: error: the file `.state/secrets/ben-desk` is missing; put into it "
            + "what `switchboard password ben-desk` prints, or start with `--make-secrets`, which makes missing ones"
        #expect(
            folder.findings(missing: .error) == [
                "Config/agents.yaml:5:14: error: the file `.state/secrets/anna-desk` can be read by others; "
                    + "run `chmod 600 .state/secrets/anna-desk`", missing,
            ])
        try FileManager.default.setAttributes([.posixPermissions: 0o600], ofItemAtPath: file)
        #expect(
            folder.findings(missing: .error) == [
                "Config/agents.yaml:5:14: error: the secret of `anna-desk` is no line `user:realm:hash` of htdigest; "
                    + "run `switchboard password NAME` and write what it prints, or a reference `file:secrets/NAME` or `env:NAME`",
                missing,
            ])
    }

    @Test("A secret may stand in the environment") func environment() throws {
        let agents = "agents:\n  anna:\n    devices:\n      anna-desk:\n        ha1: env:ANNA\n"
        let folder = try ConfigurationFolder(["agents.yaml": agents, "queues.yaml": "queues: {sales: {members: [anna]}}\n"])
        let ha1 = HA1(user: "anna-desk", realm: "switchboard", password: "x")
        let loaded = folder.load(environment: ["ANNA": ha1.lines.joined(separator: "\n")])
        #expect(loaded.findings == [])
        #expect(loaded.credentials.devices.map(\.ha1) == [ha1])
    }

    @Test("A named pipe in place of a secret is refused and does not block") func pipe() throws {
        let folder = try ConfigurationFolder()
        try folder.write("", to: "../.state/secrets/other")
        #expect(mkfifo(folder.state + "/secrets/anna-desk", 0o600) == 0)
        let finding =
            "Config/agents.yaml:5:14: error: the file `.state/secrets/anna-desk` cannot be read; "
            + "check its rights; it holds a few lines of text"
        #expect(folder.findings().first == finding)
    }

    @Test("A carrier's realm may hold spaces and colons, and what the advice makes is taken")
    func realmOfCarrier() throws {
        let trunks = """
            trunks:
              carrier:
                peer: 192.0.2.1:5060
                digest: {user: center-1, realm: "SIP: it's ours", ha1: file:secrets/carrier}

            """
        let folder = try ConfigurationFolder(["trunks.yaml": trunks])
        #expect(
            folder.findings() == [
                "Config/trunks.yaml:4:60: error: the file `.state/secrets/carrier` is missing; put into it what "
                    + "`switchboard password center-1 --realm 'SIP: it'\\''s ours'` prints"
            ])
        let ha1 = HA1(user: "center-1", realm: "SIP: it's ours", password: "x")
        try folder.write("  " + ha1.lines.joined(separator: "\r\n") + "\n\n", to: "../.state/secrets/carrier")
        let file = folder.state + "/secrets/carrier"
        try FileManager.default.setAttributes([.posixPermissions: 0o600], ofItemAtPath: file)
        let loaded = folder.load()
        #expect(loaded.findings == [])
        #expect(loaded.credentials.trunks.map(\.ha1) == [ha1])
    }

    @Test("A weak hash of a token is a warning") func weakToken() throws {
        let hash = "$argon2id$v=19$m=256,t=2,p=1$c29tZXNhbHQ$nf65EOgLrQMR/uIPnA4rEsF5h7TKyQwu9U1bMCHGi/4"
        let folder = try ConfigurationFolder(["api.yaml": "tokens:\n  old:\n    role: reader\n    token: \"\(hash)\"\n"])
        #expect(
            folder.findings() == [
                "Config/api.yaml:4:12: warning: the hash of token `old` is cheap to guess; "
                    + "make a new one with `switchboard password old`"
            ])
    }
}
