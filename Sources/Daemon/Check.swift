// `switchboard check`: is the configuration good, and what would it change?

import ArgumentParser
import Basics
import Foundation
import SiteConfiguration
import Switchboard

struct Check: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Checks the configuration: `file:line:column: error|warning: text; mend`. Exits with 1 on errors.")

    @OptionGroup var folders: Folders

    @Flag(help: "Say what would change against what runs, or ran last, and whom it touches.")
    var diff = false

    @Flag(help: "Do not miss secrets that `run --make-secrets` makes.")
    var makeSecrets = false

    func run() throws {
        let loaded = SiteConfiguration.load(
            folder: folders.config, stateFolder: folders.state, missing: makeSecrets ? .willBeMade : .error)
        for finding in loaded.findings { print(finding) }
        if !loaded.hasErrors {
            for line in loaded.configuration.dryRun(now: Instant(seconds: Int64(Date().timeIntervalSince1970))) { print(line) }
        }
        if diff, !loaded.hasErrors { printChanges(loaded) }
        let errors = loaded.findings.count { $0.severity == .error }
        let warnings = loaded.findings.count - errors
        print(errors + warnings == 0 ? "good" : "\(errors) errors, \(warnings) warnings")
        if loaded.hasErrors { throw ExitCode(1) }
    }

    private func printChanges(_ loaded: LoadedConfiguration) {
        let state = folders.state ?? loaded.stateFolder
        guard let old = AppliedConfiguration.load(from: state) else {
            return print("nothing has been applied yet in \(state)")
        }
        let changes = SiteConfiguration.difference(from: old, to: loaded.configuration)
        if changes.isEmpty { print("no changes") }
        for change in changes { print(change) }
    }
}
