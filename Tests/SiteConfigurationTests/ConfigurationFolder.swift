// A configuration folder that a test writes, in a place of its own.

import Foundation
import SiteConfiguration

/// A temporary folder with `Config/` in it; gone when the test ends.
final class ConfigurationFolder {
    /// The folder that holds `Config/` and the state folder.
    let root: String
    var path: String { root + "/Config" }
    var state: String { root + "/.state" }

    /// The files of a center that has nothing wrong with it, so that a test shows only what it changes.
    static let sound: [String: String] = [
        "site.yaml": "time_zone: Europe/Berlin\n",
        "trunks.yaml": "trunks:\n  carrier:\n    peer: 192.0.2.1:5060\n",
        "numbers.yaml": "numbers:\n  \"100\":\n    flow: main\n",
        "agents.yaml": """
        agents:
          anna:
            devices:
              anna-desk:
                ha1: file:secrets/anna-desk
          ben:
            devices:
              ben-desk:
                ha1: file:secrets/ben-desk

        """,
        "queues.yaml": "queues:\n  sales:\n    members: [anna, ben]\n",
        "hours.yaml": "hours:\n  office:\n    monday: [\"09:00-17:00\"]\n",
        "flows/main.yaml": """
        start: menu
        nodes:
          menu:
            do: menu
            say: Press 1.
            choices: {"1": sales}
            otherwise: sales
          sales:
            do: queue
            queue: sales

        """,
    ]

    /// The sound center with some files changed (nil: removed).
    init(_ changes: [String: String?] = [:]) throws {
        root = NSTemporaryDirectory() + "/switchboard-" + UUID().uuidString
        let files = Self.sound.mapValues { $0 as String? }.merging(changes, uniquingKeysWith: { $1 })
        for (name, text) in files {
            if let text { try write(text, to: name) }
        }
    }

    deinit { try? FileManager.default.removeItem(atPath: root) }

    func write(_ text: String, to name: String) throws { try write(Data(text.utf8), to: name) }

    func write(_ data: Data, to name: String) throws {
        let file = URL(fileURLWithPath: "\(path)/\(name)")
        try FileManager.default.createDirectory(at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
        try data.write(to: file)
    }

    func load(environment: [String: String] = [:], missing: MissingSecrets = .willBeMade) -> LoadedConfiguration {
        SiteConfiguration.load(folder: path, missing: missing, environment: environment)
    }

    /// The findings as printed, with the temporary folder left out.
    func findings(environment: [String: String] = [:], missing: MissingSecrets = .willBeMade) -> [String] {
        load(environment: environment, missing: missing).findings.map {
            $0.description.replacingOccurrences(of: root + "/", with: "")
        }
    }
}

/// The repository, found from this file.
enum Repository {
    static let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().path
}
