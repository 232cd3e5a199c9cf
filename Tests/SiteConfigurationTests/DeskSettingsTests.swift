// What the agents' pages take from the configuration.

import ACD
import Basics
import ContactCenter
import Foundation
import Testing

@testable import SiteConfiguration

@Suite struct DeskSettingsTests {
    private static let agents = """
        agents:
          anna:
            password: file:secrets/anna-page
            devices:
              anna-desk:
                ha1: file:secrets/anna-desk
          ben:
            password: file:secrets/ben-page

        """

    @Test("A password makes the page a device, the last one; with it an agent needs no telephone") func browser() throws {
        let loaded = try ConfigurationFolder(["agents.yaml": Self.agents]).load()
        #expect(loaded.findings.map(\.description) == [])
        let center = loaded.configuration.compile(now: Instant(seconds: 1_795_000_000))
        #expect(center.agents.map(\.devices) == [["anna-desk", "anna-browser"], ["ben-browser"]])
    }

    @Test("The first run makes the passwords of the pages, and they verify") func firstRun() throws {
        let folder = try ConfigurationFolder(["agents.yaml": Self.agents])
        let made = try FirstRunSecrets.make(for: folder.load().configuration, in: folder.state)
        let loaded = folder.load(missing: .error)
        #expect(loaded.findings.map(\.description) == [])
        #expect(loaded.credentials.agents.map(\.agent) == ["anna", "ben"])
        for entry in loaded.credentials.agents {
            let secret = try #require(made.first { $0.kind == .agent(entry.agent) })
            #expect(secret.plain.utf8.count == FirstRunSecrets.agentPasswordCharacters)
            #expect(PasswordHash.verify(secret.plain, against: entry.hash))
        }
        #expect(try FirstRunSecrets.make(for: loaded.configuration, in: folder.state) == [])
        #expect(!"\(loaded.credentials)".contains("argon2id"))
    }

    @Test("Neither a plain password nor a telephone with the name of a page is taken") func wrong() throws {
        let plain = Self.agents.replacing("file:secrets/anna-page", with: "letmein")
        let findings = try ConfigurationFolder(["agents.yaml": plain]).findings()
        #expect(findings.count == 1 && findings[0].contains("plain secret") && !findings[0].contains("letmein"))
        let taken = Self.agents.replacing("anna-desk", with: "ben-browser")
        #expect(try ConfigurationFolder(["agents.yaml": taken]).findings().contains { $0.contains("is `ben`'s already") })
        let none = Self.agents.replacing("    password: file:secrets/ben-page\n", with: "    name: Ben\n")
        #expect(try ConfigurationFolder(["agents.yaml": none]).findings().contains { $0.contains("has no device") })
    }

    @Test("Dispositions, grace and reasons reach the rules, and a change of them is told") func dispositions() throws {
        let files: [String: String?] = [
            "dispositions.yaml": "required: true\nextendable: false\ncodes:\n  order: Order\n  other: Something else\n",
            "site.yaml": "desk: {pauses: [lunch, break], lost_grace_seconds: 30}\n",
        ]
        let loaded = try ConfigurationFolder(files).load()
        #expect(loaded.findings.map(\.description) == [])
        let center = loaded.configuration.compile(now: Instant(seconds: 1_795_000_000))
        #expect(center.dispositions.map(\.label) == ["Order", "Something else"])
        #expect(center.lostGraceSeconds == 30 && center.pauseReasons == ["break", "lunch"])
        #expect(center.queues.allSatisfy { $0.isDispositionRequired && !$0.isWrapUpExtendable })
        let before = try ConfigurationFolder().load().configuration
        let changes = SiteConfiguration.difference(from: before, to: loaded.configuration).map(\.description)
        #expect(changes.contains("dispositions: required false → true"))
        #expect(changes.contains { $0.hasPrefix("dispositions: codes none → order") })
    }
}
