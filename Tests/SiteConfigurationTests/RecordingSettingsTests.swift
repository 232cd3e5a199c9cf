// How recordings are kept: times, listeners, keys.

import Basics
import ContactCenter
import Foundation
import Testing

@testable import SiteConfiguration

@Suite struct RecordingSettingsTests {
    private let good = String(repeating: "0f", count: 32)

    @Test("Times are days, weeks, years or for ever; what is said of a queue is kept, and all of it can be changed by a reload")
    func times() throws {
        let text = """
            encrypt: true
            listen: agent
            retention:
              default: 90d
              queues: {sales: forever}

            """
        let folder = try ConfigurationFolder(["recordings.yaml": text])
        #expect(folder.findings() == [])
        let settings = folder.load().configuration.recordings
        #expect(settings.retention.other == 90 && settings.listen == .agent && settings.encrypt)
        #expect(settings.retention.queues == [.init(queue: "sales", days: nil)])
        for (written, days) in [("12w", 84), ("5y", 1825), ("forever", nil), ("1d", 1)] as [(String, Int?)] {
            try folder.write("retention: {default: \(written)}\n", to: "recordings.yaml")
            #expect(folder.load().configuration.recordings.retention.other == days, "\(written)")
        }
        let changes = SiteConfiguration.difference(
            from: SiteConfiguration(),
            to: {
                var changed = SiteConfiguration()
                changed.recordings.retention.other = 30
                return changed
            }())
        #expect(changes.map(\.description).contains { $0.contains("30d") } && changes.allSatisfy { !$0.needsRestart })
    }

    @Test(
        "What cannot be meant is said where it stands",
        arguments: [
            ("retention: {default: 90}", "`default` is `90`"), ("retention: {default: 0d}", "`default` is `0d`"),
            ("retention: {default: 101y}", "`default` is `101y`"), ("retention: {default: -3d}", "`default` is `-3d`"),
            ("retention: {queues: {nobody: 3d}}", "warning: there is no queue `nobody`"),
            ("listen: everybody", "`listen` is `everybody`"),
            ("key: geheim", "`key` is no reference to a key"), ("key: file:../key", "`key` is no reference to a key"),
            ("encrypt: false", "warning: recordings are not encrypted"),
        ])
    func faults(_ text: String, _ finding: String) throws {
        let found = try ConfigurationFolder(["recordings.yaml": text + "\n"]).findings()
        #expect(found.count == 1 && found[0].contains(finding) && found[0].hasPrefix("Config/recordings.yaml:1:"), "\(found)")
        #expect(!found.joined().contains("geheim"))
    }

    @Test("A secure form names who takes its digits, by https only, with a token that is in no finding")
    func secureForms() throws {
        func folder(_ form: String) throws -> ConfigurationFolder {
            try ConfigurationFolder(["recordings.yaml": "secure_forms:\n  card: {\(form)}\n"])
        }
        let sound = try folder("length_max: 19, check: luhn, url: \"https://pay.example.com:8443/t?x=1\", token: env:SINK")
        let loaded = sound.load(environment: ["SINK": "abc123"])
        #expect(loaded.findings == [])
        #expect(loaded.credentials.secureForms == [.init(name: "card", token: "abc123")])
        #expect(!"\(loaded.credentials)".contains("abc123"))
        let compiled = loaded.configuration.compile(now: Instant(seconds: 1_795_000_000))
        // 20 s for the first digit, 8 s for each, 10 s for the answer, and 5 s more.
        #expect(compiled.secureForms == [SecureForm(name: "card", secondsMax: 20 + 19 * 8 + 15)])
        let address = try #require(SecureAddress("https://pay.example.com:8443/t?x=1"))
        #expect(address.host == "pay.example.com" && address.port == 8443 && address.path == "/t?x=1")
        #expect(SecureAddress("https://h")?.port == 443 && SecureAddress("https://h")?.path == "/")
        for wrong in ["http://h/", "https://", "https://h:0/", "https://h:x/", "https://a@h/", "https://h?x", "https://h/ x"] {
            #expect(SecureAddress(wrong) == nil, "\(wrong)")
        }
        #expect(try folder("check: luhn").findings().count == 1, "nobody takes the digits")
        #expect(try folder("url: \"http://h/\"").findings().count == 1)
        #expect(try folder("url: \"https://h/\", length_min: 9, length_max: 3").findings().count == 1)
        let plain = try folder("url: \"https://h/\", token: abc123").findings()
        #expect(plain.count == 1 && !plain[0].contains("abc123"), "\(plain)")
        #expect(try folder("url: \"https://h/\", token: env:NONE").findings().count == 1)
    }

    @Test("A key that is missing, too short, no key or open to others is an error; what it holds is in no finding")
    func keys() throws {
        let folder = try ConfigurationFolder(["recordings.yaml": "key: file:secrets/mine\nold_keys: [env:OLD]\n"])
        let missing = folder.findings(environment: ["OLD": good])
        #expect(missing.count == 1 && missing[0].contains(".state/secrets/mine` is missing; make one with `openssl rand"))
        func keep(_ text: String, _ rights: Int = 0o600) throws {
            try folder.write(text, to: "../.state/secrets/mine")
            try FileManager.default.setAttributes(
                [.posixPermissions: rights], ofItemAtPath: folder.state + "/secrets/mine")
        }
        for text in [
            String(good.dropLast(2)), good + "00", String(good.dropLast()) + "x", "", String(repeating: "é", count: 32),
        ] {
            try keep(text)
            let found = folder.findings(environment: ["OLD": good])
            #expect(found.count == 1 && found[0].contains("is not 64 hexadecimal digits long"), "\(found)")
            #expect(text.isEmpty || !found[0].contains(text))
        }
        try keep(good, 0o640)
        #expect(folder.findings(environment: ["OLD": good]).first?.contains("can be read by others; run `chmod 600") == true)
        try keep(good + "\n")
        #expect(folder.findings().first?.contains("the environment has no `OLD`") == true)
        let loaded = folder.load(environment: ["OLD": String(repeating: "AB", count: 32)])
        #expect(loaded.findings == [])
        #expect(loaded.credentials.recordingKeys.current == Array(repeating: 0x0f, count: 32))
        #expect(loaded.credentials.recordingKeys.old == [Array(repeating: 0xAB, count: 32)])
        #expect(!"\(loaded.credentials)".contains("15"))
    }

    @Test("The first start makes the key that nobody named, for its owner only; with encrypted recordings it is not made anew")
    func ownKey() throws {
        let folder = try ConfigurationFolder()
        let before = folder.load(missing: .error).credentials.recordingKeys
        #expect(before == Credentials.RecordingKeys())
        let configuration = folder.load().configuration
        let made = try #require(try FirstRunSecrets.makeRecordingKey(for: configuration, in: folder.state))
        let path = folder.state + "/secrets/recording-key"
        #expect(try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions] as? Int == 0o600)
        #expect(made.count == 32 && folder.load().credentials.recordingKeys.current == made)
        #expect(try FirstRunSecrets.makeRecordingKey(for: configuration, in: folder.state) == nil, "there is one")
        try FileManager.default.removeItem(atPath: path)
        try folder.write("x", to: "../.state/recordings/recording-1.swsealed")
        let lost = folder.findings()
        #expect(
            lost.count == 1 && lost[0].contains("is missing, and 1 recordings are encrypted with it; restore it from a backup"))
        var plain = configuration
        plain.recordings.encrypt = false
        #expect(try FirstRunSecrets.makeRecordingKey(for: plain, in: folder.state) == nil)
    }
}
