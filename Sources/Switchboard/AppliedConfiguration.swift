// A copy of the files that count, so that `check --diff` can compare against what runs.

internal import CLoop
internal import Foundation
public import SiteConfiguration

/// The configuration files as they were when they were applied last, and as they were at the start, below the state folder.
public nonisolated enum AppliedConfiguration {
    static func folder(in stateFolder: String) -> String { stateFolder + "/applied" }
    private static func startFolder(in stateFolder: String) -> String { stateFolder + "/started" }

    /// What runs in `stateFolder`, or ran last: what only a start reads is as it was at the start. nil: nothing ever ran.
    public static func load(from stateFolder: String) -> SiteConfiguration? {
        func configuration(_ folder: String) -> SiteConfiguration? {
            guard FileManager.default.fileExists(atPath: folder) else { return nil }
            return SiteConfiguration.load(folder: folder, stateFolder: stateFolder).configuration
        }
        guard let applied = configuration(folder(in: stateFolder)) else { return nil }
        return configuration(startFolder(in: stateFolder)).map(applied.keepingStart) ?? applied
    }

    static func keep(_ configurationFolder: String, in stateFolder: String, isStart: Bool) throws {
        if isStart { try copy(configurationFolder, to: startFolder(in: stateFolder)) }
        try copy(configurationFolder, to: folder(in: stateFolder))
    }

    /// Copies the YAML files; written beside and swapped, so that there is always a whole one.
    private static func copy(_ configurationFolder: String, to target: String) throws {
        let files = FileManager.default
        let fresh = target + ".new"
        try? files.removeItem(atPath: fresh)
        try files.createDirectory(
            atPath: fresh, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
        for name in try files.contentsOfDirectory(atPath: configurationFolder) where name.hasSuffix(".yaml") {
            try files.copyItem(atPath: "\(configurationFolder)/\(name)", toPath: "\(fresh)/\(name)")
        }
        for name in ["flows", "prompts"] where files.fileExists(atPath: "\(configurationFolder)/\(name)") {
            try files.copyItem(atPath: "\(configurationFolder)/\(name)", toPath: "\(fresh)/\(name)")
        }
        if cloop_exchange(fresh, target) == 0 {
            try files.removeItem(atPath: fresh)
        } else {
            // The first one, or a file system that cannot swap.
            try? files.removeItem(atPath: target)
            try files.moveItem(atPath: fresh, toPath: target)
        }
    }
}
