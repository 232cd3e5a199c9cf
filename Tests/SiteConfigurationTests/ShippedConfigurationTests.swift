// The configuration that we ship is sound, and explains every option with its true default.

import ACD
import Basics
import ContactCenter
import Foundation
import IVR
import Testing

@testable import SiteConfiguration

@Suite struct ShippedConfigurationTests {
    private let folder = Repository.root + "/Config"

    @Test("The shipped configuration has neither errors nor warnings")
    func isSound() {
        let loaded = SiteConfiguration.load(folder: folder, missing: .willBeMade, environment: [:])
        #expect(loaded.findings.map(\.description) == [])
        #expect(loaded.configuration.queues.map(\.id) == ["sales", "support"])
        #expect(loaded.configuration.agents.count == 4)
        #expect(loaded.configuration.trunks.map(\.id) == ["carrier"])
        #expect(loaded.configuration.flows.map(\.id) == ["main"])
        #expect(loaded.stateFolder == Repository.root + "/.state")
    }

    @Test("Taking the # away from every default changes nothing: what the comments call defaults are the defaults")
    func commentedDefaultsAreTheDefaults() throws {
        var changes: [String: String?] = [:]
        for name in ConfigurationFolder.sound.keys { changes[name] = .some(nil) }
        var uncommented = 0
        for name in ConfigurationFile.all.map(\.name) + ["flows/main.yaml"] {
            let text = try String(contentsOfFile: "\(folder)/\(name)", encoding: .utf8)
            let lines = text.split(separator: "\n", omittingEmptySubsequences: false).map { line -> String in
                guard let match = line.firstMatch(of: /^( *)#([a-z_]+: .*)$/) else { return String(line) }
                uncommented += 1
                return String(match.1 + match.2)
            }
            changes[name] = lines.joined(separator: "\n")
        }
        let written = try ConfigurationFolder(changes).load()
        #expect(uncommented > 50)
        #expect(written.findings.map(\.description) == [])
        #expect(
            written.configuration
                == SiteConfiguration.load(folder: folder, missing: .willBeMade, environment: [:]).configuration)
    }

    @Test("Every option that the reader knows is explained in the shipped file")
    func everyOptionIsExplained() throws {
        var files = ConfigurationFile.all.map { ($0.name, $0.keys) }
        files.append(("flows/main.yaml", FlowSettings.schema.fields.map(\.key)))
        var options = 0
        for (name, keys) in files {
            let text = try String(contentsOfFile: "\(folder)/\(name)", encoding: .utf8)
            func check(_ keys: [OptionKey]) throws {
                for key in keys {
                    options += 1
                    let pattern = try Regex("(?m)(^|[ #{])\(key.name):")
                    #expect(text.contains(pattern), "\(name) does not explain `\(key.name)`")
                    try check(key.below)
                }
            }
            try check(keys)
        }
        #expect(options > 100)
    }

    @Test("The compiled form holds what the files say")
    func compiles() throws {
        let loaded = SiteConfiguration.load(folder: folder, missing: .willBeMade, environment: [:])
        let center = loaded.configuration.compile(now: Instant(seconds: 1_795_000_000))
        #expect(center.version.count == 16)
        let support = try #require(center.queues.first { $0.id == "support" })
        #expect(support.wrapUpSeconds == 30)
        #expect(support.members == [.init(agent: "carla"), .init(agent: "ben", level: 2), .init(agent: "dan", level: 2)])
        #expect(center.agents.first { $0.id == "carla" }?.devices == ["carla-desk", "carla-home", "carla-browser"])
        #expect(center.numbers.map(\.number) == ["+493012345600", "100"])
        #expect(center.numbers.first?.fallback == .init(trunk: "carrier", number: "+493012345699"))
        #expect(center.pauseReasons == ["break", "lunch", "meeting", "training"])
        #expect(center.featureCodes == FeatureCodes())
        #expect(center.dispositions.map(\.code).contains("question") && center.lostGraceSeconds == 60)
        #expect(center.queues.allSatisfy { $0.isDispositionRequired && $0.isWrapUpExtendable })
    }
}
