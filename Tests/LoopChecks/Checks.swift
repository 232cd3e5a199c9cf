// The list of checks and what they have in common.

import CLoop
import Dispatch
import Glibc
import MainLoop
import NIOCore
import Streams

/// Prints one line for each check.
final class Checks {
    let loop: MainLoop, streams: StreamLoop
    private(set) var failures = 0, count = 0

    init(loop: MainLoop, streams: StreamLoop) {
        self.loop = loop
        self.streams = streams
    }

    /// Nanoseconds. Generous, because others use the machine too; who is starved waits for ever.
    let limit: UInt64 = 500_000_000

    func check(_ name: String, _ good: Bool) {
        print(good ? "ok  " : "FAIL", name)
        count += 1
        if !good { failures += 1 }
    }

    /// Waits until `condition` holds, two seconds at most.
    func until(_ condition: () -> Bool) async -> Bool {
        let end = MonotonicClock.now + 2_000_000_000
        while !condition() {
            if MonotonicClock.now > end { return false }
            try? await Task.sleep(for: .milliseconds(1))
        }
        return true
    }

    func microseconds(since start: UInt64) -> UInt64 { (MonotonicClock.now - start) / 1000 }

    /// A channel on one end of a socket pair, with a recorder; the other end, blocking.
    func pair(_ configure: (StreamChannel) throws -> Void = { _ in }) -> (StreamChannel, Int32, Recorder) {
        var ends: [Int32] = [0, 0]
        precondition(cloop_stream_pair(&ends) == 0)
        let channel = StreamChannel(loop: streams, descriptor: ends[0]), recorder = Recorder()
        do {
            try configure(channel)
            try channel.pipeline.syncOperations.addHandler(recorder)
        } catch {
            check("configure a channel: \(error)", false)
        }
        channel.registerAlreadyConfigured0(promise: nil)
        return (channel, ends[1], recorder)
    }
}
