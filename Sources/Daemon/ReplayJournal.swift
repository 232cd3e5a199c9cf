// `switchboard replay`: what happened and why.

import ArgumentParser
import Basics
@preconcurrency import Dispatch
import Foundation
import SiteConfiguration
import Switchboard

struct ReplayJournal: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "replay", abstract: "Prints what happened and why, from the journal.",
        discussion: """
            With --at the state of all queues and agents at that moment, and from there event by event: what happened, what \
            was decided and why, and what is otherwise than before. At a terminal each Enter is one step; elsewhere \
            --steps says how many.
            """)

    static let stepsMax = 1_000_000

    @OptionGroup var folders: Folders

    @Option(help: "Only lines about this contact.")
    var contact: UInt64?

    @Option(
        help: "Show the state at this time: 2026-11-21 14:03:05 or 14:03 in the house's time zone, or with a Z or an offset.")
    var at: String?

    @Option(help: "With --at: so many events from there on; default: none, or as many as you press Enter for.")
    var steps: Int?

    @Flag(help: "With --at: print the state as one JSON object, and each step as one more, a line each.")
    var json = false

    @Flag(help: "Play the journal from the beginning and compare with the newest snapshot; exits with 1 if they differ.")
    var verify = false

    func validate() throws {
        guard at == nil || (contact == nil && !verify) else {
            throw ValidationError("--at shows the whole house; leave --contact and --verify out")
        }
        guard at != nil || (steps == nil && !json) else { throw ValidationError("--steps and --json go with --at; give --at") }
        guard steps.map({ (0...Self.stepsMax).contains($0) }) ?? true else {
            throw ValidationError("--steps takes 0 to \(Self.stepsMax)")
        }
    }

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
        let loaded =
            folders.state == nil || at != nil ? SiteConfiguration.load(folder: folders.config, missing: .willBeMade) : nil
        let replay = try Replay(stateFolder: folders.state ?? loaded?.stateFolder ?? "")
        if let at {
            let zone = TimeZone(identifier: loaded?.configuration.site.timeZone ?? "") ?? .gmt
            return try await show(replay.walk(to: HouseTime.read(at, "--at", zone: zone)))
        }
        guard verify else { return try await replay.tell(contact: contact) { print($0) } }
        switch try await replay.verify() {
        case .equal(let lines): print("equal: \(lines) events lead to the newest snapshot, byte for byte")
        case .noSnapshot(let lines): print("\(lines) events replayed; there is no snapshot yet to compare with")
        case .different(let sequence):
            print("different: the journal does not lead to the snapshot at event \(sequence)")
            throw ExitCode(1)
        }
    }

    // MARK: At a moment

    private func show(_ start: ReplayWalk) async throws {
        var walk = start
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        if json {
            print(String(decoding: try encoder.encode(walk.moment), as: UTF8.self))
        } else {
            MomentTable(walk.moment).print()
        }
        let isAsked = steps == nil && isatty(STDIN_FILENO) == 1 && isatty(STDOUT_FILENO) == 1
        var left = steps ?? (isAsked ? Self.stepsMax : 0)
        if isAsked { print("\nEnter: the next event; s: the state; q: the end") }
        while left > 0 {
            if isAsked {
                guard let line = readLine(), line != "q" else { return }
                if line == "s" {
                    MomentTable(walk.moment).print()
                    continue
                }
            }
            guard let step = try await walk.step() else {
                if !json { print("the journal ends here") }
                return
            }
            left -= 1
            if json {
                print(String(decoding: try encoder.encode(step), as: UTF8.self))
            } else {
                MomentTable.print(step)
            }
            // Who steps through a pipe shall not wait for a full buffer.
            fflush(nil)
        }
    }
}
