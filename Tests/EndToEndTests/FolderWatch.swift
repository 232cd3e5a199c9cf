// Waiting for what a daemon writes, woken by the kernel.

import Dispatch
import Foundation
import Glibc

/// Says when something below a folder was written, made or moved there (inotify(7)).
///
/// SQLite's shared memory is mapped, not written, so reading the database wakes nobody.
final class FolderWatch: Sendable {
    private let descriptor: Int32

    init(_ folders: [String]) throws {
        descriptor = inotify_init1(Int32(IN_CLOEXEC))
        guard descriptor >= 0 else { throw Failure("no inotify: errno \(errno)") }
        for folder in folders {
            _ = inotify_add_watch(descriptor, folder, UInt32(IN_MODIFY) | UInt32(IN_CREATE) | UInt32(IN_MOVED_TO))
        }
    }

    deinit { close(descriptor) }

    /// Returns at the next change, also one that came since the last call; false at `end`. Waits on a thread of Dispatch.
    func changed(until end: ContinuousClock.Instant) async -> Bool {
        await withCheckedContinuation { continuation in
            DispatchQueue.global().async { [descriptor] in
                var ready = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
                let left = (end - ContinuousClock.now).seconds
                guard left > 0, poll(&ready, 1, Int32(left * 1000) + 1) > 0 else {
                    return continuation.resume(returning: false)
                }
                // All that have come so far are one.
                var buffer = [UInt8](repeating: 0, count: 65_536)
                _ = read(descriptor, &buffer, buffer.count)
                continuation.resume(returning: true)
            }
        }
    }
}

extension House {
    /// Looks again after everything that the daemon writes into its state folder, until it is so.
    func eventually(
        _ what: String, within: Duration = .seconds(30), _ isSo: () async throws -> Bool
    ) async throws {
        let end = ContinuousClock.now + within
        let watch = try FolderWatch([state, state + "/recordings"])
        // SQLite writes first and shows it afterwards, in memory that is watched by nobody: a few looks more after a change.
        var looksLeft = 0
        while try await !isSo() {
            let now = ContinuousClock.now
            guard now < end else { throw Failure("it did not come true: \(what)") }
            if await watch.changed(until: looksLeft > 0 ? min(end, now + .milliseconds(20)) : end) {
                looksLeft = 50
            } else {
                looksLeft -= 1
            }
        }
    }
}
