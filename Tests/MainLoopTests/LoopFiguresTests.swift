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
        #expect(times.sum == 90 * 10_000 + 9 * 100_000 + 3_000_000)
        for (slot, number) in times.slots.enumerated() where number > 0 {
            #expect(LoopFigures.Histogram.border(of: slot).map { $0 > (slot == 0 ? 10_000 : 100_000) } == true)
        }
        times.note(.max)
        #expect(times.slots[19] == 1 && LoopFigures.Histogram.border(of: 19) == nil)
        #expect(times.longest == .max)
        #expect(times.slots.reduce(0, +) == times.count)
    }

    @Test("recent times forget after one to two minutes, and at once after a long silence") func recent() {
        let second: UInt64 = 1_000_000_000
        var recent = RecentTimes()
        recent.note(50_000_000, at: 1000 * second)
        for at in 1001...1059 { recent.note(1_000_000, at: UInt64(at) * second) }
        #expect(recent.times(at: 1059 * second).longest == 50_000_000)
        recent.note(2_000_000, at: 1061 * second)
        #expect(recent.times(at: 1119 * second).longest == 50_000_000)
        #expect(recent.times(at: 1119 * second).count == 61)
        #expect(recent.times(at: 1122 * second).longest == 2_000_000)
        #expect(recent.times(at: 1122 * second).count == 1)
        #expect(recent.times(at: 1500 * second).count == 0)
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
