// A copy of the files that count, so that `check --diff` can compare against what runs.

internal import CLoop
internal import Foundation

/// The configuration files as they were when they were applied last, below the state folder.
public nonisolated enum AppliedConfiguration {
    /// Where the copy stands.
    public static func folder(in stateFolder: String) -> String { stateFolder + "/applied" }

    /// Copies the YAML files; written beside and swapped, so that there is always a whole one.
    static func keep(_ configurationFolder: String, in stateFolder: String) throws {
        let files = FileManager.default
        let target = folder(in: stateFolder)
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
