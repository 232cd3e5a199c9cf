// Simulated callers: the same ones for the same seed, and of every kind.

import Basics
import Testing

@testable import Demo

@Suite struct CallerPlanTests {
    private func plans(seed: UInt64) -> CallerPlans {
        CallerPlans(lines: ["a.wav", "b.wav", "c.wav"], secondsBetweenCalls: 5, seed: seed)
    }

    @Test("the same seed gives the same callers at the same times, another one gives others")
    func seeded() {
        var a = plans(seed: 7), b = plans(seed: 7), c = plans(seed: 8)
        let first = (0..<50).map { _ in (a.nextInterval(), a.nextCaller()) }
        let again = (0..<50).map { _ in (b.nextInterval(), b.nextCaller()) }
        let other = (0..<50).map { _ in (c.nextInterval(), c.nextCaller()) }
        #expect(first.map(\.0) == again.map(\.0) && first.map(\.1) == again.map(\.1))
        #expect(first.map(\.1) != other.map(\.1))
    }

    @Test("the times between calls have the mean that was asked for and the spread of a Poisson process")
    func poisson() {
        var plans = plans(seed: 1)
        for _ in 0..<CallerPlans.rushCalls { _ = plans.nextCaller() }
        let intervals = (0..<20_000).map { _ in plans.nextInterval() }
        let mean = intervals.reduce(0, +) / Double(intervals.count)
        let variance = intervals.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(intervals.count)
        #expect(abs(mean - 5) < 0.2)
        #expect(abs(variance.squareRoot() - 5) < 0.3)
        #expect(intervals.allSatisfy { $0 >= 0 && $0.isFinite })
    }

    @Test("callers choose both queues, ask for a person, press a wrong key, or hang up in the menu")
    func kinds() {
        var plans = plans(seed: 1)
        let scripts = (0..<500).map { _ in plans.nextCaller().script }
        for part in ["press 1", "press 2", "press 0", "press 7"] { #expect(scripts.contains { $0.contains(part) }) }
        #expect(scripts.contains { !$0.contains("press") })
        #expect(scripts.allSatisfy { $0.hasPrefix("wait answered") && $0.hasSuffix("hang up") })
    }
}
