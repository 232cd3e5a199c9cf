// `switchboard replay`: what happened and why.

import ArgumentParser
@preconcurrency import Dispatch
import SiteConfiguration
import Switchboard

struct ReplayJournal: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "replay", abstract: "Prints what happened and why, from the journal.")

    @OptionGroup var folders: Folders

    @Option(help: "Only lines about this contact.")
    var contact: UInt64?

    @Flag(help: "Play the journal from the beginning and compare with the newest snapshot; exits with 1 if they differ.")
    var verify = false

    func run() throws {
        // The root command is synchronous, so that the daemon has the main thread for itself; this one only waits.
        let done = DispatchSemaphore(value: 0)
        nonisolated(unsafe) var outcome: Result<Void, any Error> = .success(())
        Task.detached {
            do { try await tell() } catch { outcome = .failure(error) }
            done.signal()
        }
        done.wait()
        try outcome.get()
    }

    private func tell() async throws {
        let state = folders.state ?? SiteConfiguration.load(folder: folders.config).stateFolder
        let replay = try Replay(stateFolder: state)
        guard verify else { return try await replay.tell(contact: contact) { print($0) } }
        switch try await replay.verify() {
        case .equal(let lines): print("equal: \(lines) events lead to the newest snapshot, byte for byte")
        case .noSnapshot(let lines): print("\(lines) events replayed; there is no snapshot yet to compare with")
        case .different(let sequence):
            print("different: the journal does not lead to the snapshot at event \(sequence)")
            throw ExitCode(1)
        }
    }
}
