// Nobody holds the loop for long.

import CLoop
import Dispatch
import Foundation
import Glibc
import MainLoop
import NIOCore
import Streams

nonisolated private final class Flag: @unchecked Sendable {
    // Read by the flooding thread now and then; a late look does no harm.
    private let lock = NSLock()
    private var value = false
    var isSet: Bool { lock.withLock { value } }
    func set() { lock.withLock { value = true } }
}

private final class Turns {
    var going = true
    var count = 0

    func blocks() {
        count += 1
        if going { DispatchQueue.main.async { self.blocks() } }
    }

    func tasks(_ streams: StreamLoop) {
        count += 1
        if going { streams.execute { MainActor.assumeIsolated { self.tasks(streams) } } }
    }
}

extension Checks {
    func checkFairness() async {
        await checkFloodedChannel()
        await checkRequeuing()
    }

    private func checkFloodedChannel() async {
        let (hot, hotPeer, hotRecorder) = pair()
        let (calm, calmPeer, calmRecorder) = pair()
        let stop = Flag()
        Thread.detachNewThread {
            let block = [UInt8](repeating: 1, count: 65536)
            while !stop.isSet { _ = send(hotPeer, block, block.count, cloop_no_signal()) }
        }
        _ = await until { hotRecorder.bytes > 1_000_000 }
        var longest: UInt64 = 0
        for round in 1...10 {
            let start = MonotonicClock.now
            write(calmPeer, "x", 1)
            while calmRecorder.bytes < round, microseconds(since: start) < 1_000_000 { await Task.yield() }
            longest = max(longest, microseconds(since: start))
        }
        check("a calm channel beside a flooded one is read within \(longest) us", longest < limit / 1000)
        stop.set()
        hot.close(promise: nil)
        calm.close(promise: nil)
        try? await hot.closeFuture.get()
        close(hotPeer)
        close(calmPeer)
    }

    private func checkRequeuing() async {
        let blocks = Turns()
        blocks.blocks()
        let start = MonotonicClock.now
        _ = try? await streams.scheduleTask(in: .milliseconds(5)) {}.futureResult.get()
        let late = microseconds(since: start)
        check(
            "a NIO timer beside a main-queue block that requeues itself: \(late) us, \(blocks.count) blocks",
            late < limit / 1000)
        blocks.going = false
        let tasks = Turns()
        tasks.tasks(streams)
        let from = MonotonicClock.now
        await withCheckedContinuation { done in
            DispatchQueue.main.asyncAfter(deadline: .now() + .milliseconds(5)) { done.resume() }
        }
        let then = microseconds(since: from)
        check("a Dispatch timer beside a NIO task that requeues itself: \(then) us, \(tasks.count) tasks", then < limit / 1000)
        tasks.going = false
    }
}
