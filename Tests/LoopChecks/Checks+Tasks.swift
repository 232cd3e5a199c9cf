// What the loop promises main-actor code, NIO's tasks and Swift's.

import CLoop
import Dispatch
import Glibc
import MainLoop
import NIOCore
import Streams

extension Checks {
    nonisolated private func elsewhere() async -> (Bool, Int32) { (streams.inEventLoop, cloop_thread_id()) }
    @concurrent nonisolated private func concurrent() async -> (Bool, Int32) { (streams.inEventLoop, cloop_thread_id()) }

    func checkTasks() async {
        await checkWhere()
        await checkSchedule()
    }

    private func checkWhere() async {
        let main = getpid(), streams = streams
        check("a main-actor task runs on the main thread", cloop_thread_id() == main)
        check("inEventLoop in a main-actor task", streams.inEventLoop)
        let block: Bool = await withCheckedContinuation { done in
            DispatchQueue.main.async { done.resume(returning: self.streams.inEventLoop) }
        }
        check("inEventLoop in a main-queue block", block)
        let off: Bool = await withCheckedContinuation { done in
            DispatchQueue.global().async { done.resume(returning: self.streams.inEventLoop) }
        }
        check("not inEventLoop on a worker", !off)
        check("the main thread again after it", cloop_thread_id() == main)
        let isolated: Bool = await withCheckedContinuation { done in
            streams.execute {
                dispatchPrecondition(condition: .onQueue(.main))
                MainActor.preconditionIsolated()
                done.resume(returning: true)
            }
        }
        check("onQueue(.main) and preconditionIsolated hold in a NIO task", isolated)
        let left = await concurrent()
        check("a @concurrent function leaves the loop", !left.0)
        let preferred = await Task(executorPreference: streams) { @concurrent in (streams.inEventLoop, cloop_thread_id()) }
            .value
        check("a task with executor preference stays", preferred.0 && preferred.1 == main)
        let nested = await Task(executorPreference: streams) { await self.concurrent() }.value
        check("and so do @concurrent functions that it calls", nested.0)
        let assumed = await Task(executorPreference: streams) { @concurrent in mainActorFlag() }.value
        check("assumeIsolated works inside such a task", assumed)
        let log = Log()
        let immediate = Task.immediate(executorPreference: streams) { @concurrent in
            onMainActor { log.lines.append("task") }
        }
        log.lines.append("after")
        await immediate.value
        check("an immediate task with executor preference begins at once: \(log.lines)", log.lines == ["task", "after"])
        let slept = await Task(executorPreference: streams) { @concurrent in
            try? await Task.sleep(for: .milliseconds(2))
            await Task.yield()
            return cloop_thread_id()
        }.value
        check("and it is back on the loop after sleep and yield", slept == main)
    }

    private func checkSchedule() async {
        var order: [Int] = []
        func note(_ number: Int) -> @Sendable () -> Void {
            { MainActor.assumeIsolated { order.append(number) } }
        }
        let last = streams.scheduleTask(in: .milliseconds(30), note(3))
        _ = streams.scheduleTask(in: .milliseconds(10), note(1))
        let cancelled = streams.scheduleTask(in: .milliseconds(15), note(99))
        streams.execute(note(0))
        let same = NIODeadline.now() + .milliseconds(20)
        _ = streams.scheduleTask(deadline: same, note(21))
        _ = streams.scheduleTask(deadline: same, note(22))
        cancelled.cancel()
        _ = try? await last.futureResult.get()
        check("scheduled tasks in order, equal deadlines first in first out: \(order)", order == [0, 1, 21, 22, 3])
        let failed = await Result { try await cancelled.futureResult.get() }
        check("a cancelled task fails its future", { if case .failure = failed { true } else { false } }())
        let start = MonotonicClock.now
        let late: UInt64 = await withCheckedContinuation { done in
            DispatchQueue.global().async { [streams] in
                _ = streams.scheduleTask(in: .milliseconds(25)) { done.resume(returning: MonotonicClock.now - start) }
            }
        }
        check("scheduled from a worker after 25 ms: \(late / 1000) us", late > 24_900_000 && late < limit)
        // Cancelled from a worker, maybe before the loop has seen it.
        await withCheckedContinuation { (done: CheckedContinuation<Void, Never>) in
            DispatchQueue.global().async { [streams] in
                for _ in 0..<200 { streams.scheduleTask(in: .hours(1)) {}.cancel() }
                streams.execute { done.resume() }
            }
        }
        var beats = 0
        let repeated = streams.scheduleRepeatedTask(initialDelay: .milliseconds(2), delay: .milliseconds(2)) { _ in
            MainActor.assumeIsolated { beats += 1 }
        }
        _ = await until { beats > 5 }
        repeated.cancel()
        let then = beats
        // Several of its periods later.
        _ = try? await streams.scheduleTask(in: .milliseconds(10)) {}.futureResult.get()
        check("a repeated task: \(then) times, then silent", then > 5 && beats == then)
        for _ in 0..<5000 { streams.scheduleTask(in: .hours(1)) {}.cancel() }
        check("5200 cancelled timers leave few behind: \(streams.timerCount)", streams.timerCount < 200)
        let void: Void? = try? await streams.makeSucceededFuture(()).get()
        check("the void future", void != nil)
    }
}

nonisolated private func mainActorFlag() -> Bool { MainActor.assumeIsolated { true } }
nonisolated private func onMainActor(_ work: @MainActor () -> Void) { MainActor.assumeIsolated(work) }

private final class Log {
    var lines: [String] = []
}
