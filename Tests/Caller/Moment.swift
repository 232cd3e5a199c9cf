// The only clock that this program reads.

import Glibc

/// A point on CLOCK_MONOTONIC, in nanoseconds: comparable between all processes of one machine.
struct Moment: Comparable, Hashable {
    var nanoseconds: Int64

    static var now: Moment {
        var time = timespec()
        clock_gettime(CLOCK_MONOTONIC, &time)
        return Moment(nanoseconds: Int64(time.tv_sec) * 1_000_000_000 + Int64(time.tv_nsec))
    }

    /// Milliseconds with microseconds behind the point, as printed in reports.
    var milliseconds: Double { Double(nanoseconds / 1000) / 1000 }

    static func < (a: Moment, b: Moment) -> Bool { a.nanoseconds < b.nanoseconds }
    static func + (a: Moment, b: Duration) -> Moment { Moment(nanoseconds: a.nanoseconds + b.nanoseconds) }
    static func - (a: Moment, b: Moment) -> Duration { .nanoseconds(a.nanoseconds - b.nanoseconds) }
}

extension Duration {
    var nanoseconds: Int64 { components.seconds * 1_000_000_000 + components.attoseconds / 1_000_000_000 }
    var milliseconds: Double { Double(nanoseconds / 1000) / 1000 }
}
