// `switchboard recordings`: what an admin does about recordings at the command line.

import ArgumentParser
@preconcurrency import Dispatch
import Foundation
import SiteConfiguration
import Switchboard

struct Recordings: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Looks after recordings.", subcommands: [CheckRecordings.self])
}

struct CheckRecordings: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "check",
        abstract: "Compares the files of recordings with their rows, beside a daemon that may be running.",
        discussion: """
            Prints a line for each file without a row, each row without a file, and each file that is damaged, cut off or \
            sealed under a key that is not here. Exits with 0 if there is none, with 1 if there are, and with 2 if it could \
            not look.
            """)

    @OptionGroup var folders: Folders

    @Flag(help: "Read every file to its end; without it only its head and its end are proved.")
    var all = false

    func run() throws {
        let loaded = SiteConfiguration.load(folder: folders.config, stateFolder: folders.state, missing: .willBeMade)
        let state = folders.state ?? loaded.stateFolder
        // The root command is synchronous, so that the daemon has the main thread for itself; this one only waits.
        let done = DispatchSemaphore(value: 0)
        nonisolated(unsafe) var outcome: Result<RecordingCheck.Report, any Error> = .success(.init())
        let all = all
        Task.detached {
            do {
                let check = try RecordingCheck(stateFolder: state, keys: loaded.credentials.recordingKeys)
                outcome = .success(try await check.run(all: all))
            } catch { outcome = .failure(error) }
            done.signal()
        }
        done.wait()
        let report: RecordingCheck.Report
        do {
            report = try outcome.get()
        } catch {
            try? FileHandle.standardError.write(contentsOf: Data("\(error)\n".utf8))
            throw ExitCode(2)
        }
        for finding in report.findings { print(finding) }
        print(
            "\(report.rows) recordings, \(report.files) files, \(report.running) running: "
                + (report.findings.isEmpty ? "good" : "\(report.findings.count) findings"))
        if !report.findings.isEmpty { throw ExitCode(1) }
    }
}
