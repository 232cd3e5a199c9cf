// The demo's folder and the configuration that ships with it.

import Basics
import Foundation
import SiteConfiguration
import Testing

@testable import Demo

@MainActor @Suite struct DemoFolderTests {
    private func withFolder(_ test: (String) throws -> Void) throws {
        let path = NSTemporaryDirectory() + "switchboard-demo-" + UUID().uuidString
        defer { try? FileManager.default.removeItem(atPath: path) }
        try test(path)
    }

    @Test("The configuration that ships with the demo is sound, with all its secrets made") func shipped() throws {
        try withFolder { path in
            let folder = try DemoFolder(path: path)
            let furniture = try folder.furnish(from: Demo.shippedConfiguration, DemoOptions(folder: path))
            #expect(SiteConfiguration.load(folder: folder.configuration, stateFolder: folder.state).findings == [])
            #expect(furniture.configuration.agents.count == 7)
            let devices = furniture.configuration.agents.flatMap(\.devices).map(\.id)
            #expect(Set(furniture.secrets.passwords.keys) == Set(devices))
            #expect(!furniture.secrets.token.isEmpty)
            #expect(furniture.secrets.pagePasswords.keys.map(\.rawValue) == ["you"])
        }
    }

    @Test("A demo removes what an earlier one left, and nothing of a folder that no demo made") func foreignFolder() throws {
        try withFolder { path in
            for folder in ["config", "state"] {
                try FileManager.default.createDirectory(atPath: path + "/" + folder, withIntermediateDirectories: true)
            }
            try Data().write(to: URL(fileURLWithPath: path + "/" + DemoFolder.marker))
            let folder = try DemoFolder(path: path)
            #expect(!FileManager.default.fileExists(atPath: folder.configuration))
        }
        try withFolder { path in
            try FileManager.default.createDirectory(atPath: path + "/state", withIntermediateDirectories: true)
            try Data("mine".utf8).write(to: URL(fileURLWithPath: path + "/state/switchboard.sqlite"))
            #expect(throws: DemoFailure.self) { try DemoFolder(path: path) }
            #expect(FileManager.default.contents(atPath: path + "/state/switchboard.sqlite") == Data("mine".utf8))
            #expect(try FileManager.default.contentsOfDirectory(atPath: path) == ["state"], "not even a lock")
        }
    }
}
