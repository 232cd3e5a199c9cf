// `switchboard run`: the daemon.

import ArgumentParser
import Foundation
import SiteConfiguration
import Switchboard

struct Run: ParsableCommand {
    static let configuration = CommandConfiguration(abstract: "Runs the daemon until it is told to stop.")

    @OptionGroup var folders: Folders

    @Flag(help: "Make the secrets that the configuration names and that do not exist yet, and print them once.")
    var makeSecrets = false

    @Flag(help: "Say where it listens and what to try next, as soon as it does.")
    var guide = false

    @Flag(help: "Print the address of the live page with a one-time code that signs in there.")
    var oneTimeCode = false

    @Option(help: ArgumentHelp("How the loop sleeps: own or runLoop.", visibility: .hidden))
    var driver = "own"

    func run() throws {
        // The command line is read on the main thread, and the daemon never leaves it.
        let status = try MainActor.assumeIsolated { try serve() }
        // Everything is on the disk. A worker may still be at a sentence, and the libraries' exit handlers would take OpenSSL
        // away from under it: the process would die of a signal instead of ending well.
        fflush(nil)
        _exit(status)
    }

    @MainActor private func serve() throws -> Int32 {
        // The first act of the process (facts/loop.md, trap 1).
        Server.prepareProcess()
        var loaded = load(missing: makeSecrets ? .willBeMade : .error)
        for finding in loaded.findings { tell(finding) }
        if loaded.hasErrors { throw ExitCode(1) }
        let state = folders.state ?? loaded.stateFolder
        var made: [FirstRunSecrets.Made] = []
        if makeSecrets {
            // Of a configuration with errors none are made: the passwords are shown once.
            made = try firstSecrets(for: loaded.configuration, in: state)
            loaded = load(missing: .error)
            for finding in loaded.findings where finding.severity == .error { tell(finding) }
            if loaded.hasErrors { throw ExitCode(1) }
        }
        let configuration = loaded.configuration
        // A code is made only for those who get to see it.
        let onReady: ((String) -> Void)? =
            guide || oneTimeCode
            ? { [guide, oneTimeCode] page in
                if oneTimeCode { say("Live page: \(page)") }
                if guide { say(Guide(configuration: configuration, stateFolder: state, made: made, pageAddress: page).text) }
            } : nil
        return Server(
            loaded: loaded, configurationFolder: folders.config, stateFolder: state, on: driver, onReady: onReady
        ).run()
    }

    private func load(missing: MissingSecrets) -> LoadedConfiguration {
        SiteConfiguration.load(folder: folders.config, stateFolder: folders.state, missing: missing)
    }

    private func tell(_ finding: Finding) { try? FileHandle.standardError.write(contentsOf: Data("\(finding)\n".utf8)) }

    private func firstSecrets(for configuration: SiteConfiguration, in state: String) throws -> [FirstRunSecrets.Made] {
        let made = try FirstRunSecrets.make(for: configuration, in: state)
        guard !made.isEmpty else { return [] }
        say("First run. These are shown once; only their hashes are kept, in \(state)/secrets (readable by you alone):")
        for secret in made {
            switch secret.kind {
            case .device(let device, let agent): say("  telephone \(device) of \(agent): password \(secret.plain)")
            case .agent(let agent): say("  page /agent of \(agent): password \(secret.plain)")
            case .token(let name, let role): say("  API token \(name) (\(role.rawValue)): \(secret.plain)")
            }
        }
        return made
    }
}

extension Run {
    /// Written at once: whoever started the daemon with its output in a file has to see the secrets.
    private func say(_ line: String) { try? FileHandle.standardOutput.write(contentsOf: Data("\(line)\n".utf8)) }
}
