// The loop's figures of itself, and its members without run().

import MainLoop
import Testing

@Suite(.timeLimit(.minutes(1))) struct LoopFiguresTests {
    @Test("quantiles are upper borders of slots that double, and never above the longest") func quantiles() {
        var times = LoopFigures.Histogram()
        #expect(times.quantile(0.99) == 0)
        for _ in 0..<90 { times.note(10_000) }
        for _ in 0..<9 { times.note(100_000) }
        times.note(3_000_000)
        #expect(times.count == 100)
        #expect(times.quantile(0.5) == 64_000)
        #expect(times.quantile(0.99) == 128_000)
        #expect(times.quantile(1) == 3_000_000)
        #expect(times.longest == 3_000_000)
        times.note(.max)
        #expect(times.longest == .max)
        #expect(times.slots.reduce(0, +) == times.count)
    }

    @Test("in the process of the tests members of a runLoop are served without run()") func served() async {
        let loop = MainLoop(driver: .runLoop)
        let start = MonotonicClock.now
        var timer: OneShotTimer?
        let late = await withCheckedContinuation { done in
            timer = OneShotTimer(on: loop) { done.resume(returning: MonotonicClock.now - start) }
            timer?.due = start + 3_000_000
        }
        #expect(late >= 3_000_000)
        #expect(loop.figures.rounds.count >= 1)
        #expect(loop.figures.lag.count == 1)
        if let timer { loop.remove(timer) }
    }
}
