// The command line. Start here: every subcommand is one file.

import ArgumentParser
import Switchboard

/// `switchboard`, an open-source contact center in one daemon.
@main
struct SwitchboardCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "switchboard", abstract: "An open-source contact center in one daemon.",
        version: Version.current,
        subcommands: [
            Run.self, Check.self, ReplayJournal.self, Password.self, RunDemo.self, Staff.self, Channels.self, Roi.self,
            Cost.self, Simulate.self, Recordings.self, PrintVersion.self,
        ])
}

/// Where the configuration and the run-time data stand.
struct Folders: ParsableArguments {
    @Option(help: "The configuration folder.")
    var config = "Config"

    @Option(help: "The folder for run-time data; default: `state:` in site.yaml.")
    var state: String?
}

struct PrintVersion: ParsableCommand {
    static let configuration = CommandConfiguration(commandName: "version", abstract: "Prints the version.")

    func run() { print(Version.current) }
}
