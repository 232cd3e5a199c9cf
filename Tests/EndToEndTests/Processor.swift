// How fast the processor is at the moment.

import Glibc

enum Processor {
    /// Milliseconds of the machine on which the limits of the tests were found, unoptimised like the daemon under test.
    private static let usual = 25.0

    /// How many times more processor time the same work takes than it did there; 1 or more. The most of five rounds:
    /// neighbours who share caches come and go.
    static func slowness() -> Double {
        let most = (0..<5).map { _ in
            let began = time()
            work()
            return time() - began
        }.max()
        return max(1, (most ?? 0) / usual)
    }

    private static func work() {
        var table = (0..<4096).map { UInt32($0) }
        var state: UInt32 = 1
        for _ in 0..<2_000_000 {
            state = state &* 1_664_525 &+ 1_013_904_223
            table[Int(state >> 20)] &+= state
        }
    }

    /// Of this thread, in milliseconds.
    private static func time() -> Double {
        var time = timespec()
        clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time)
        return Double(time.tv_sec) * 1000 + Double(time.tv_nsec) / 1e6
    }
}
