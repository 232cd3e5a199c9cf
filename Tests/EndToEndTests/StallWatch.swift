// What the machine kept from the processes: time that a test must not charge to the daemon.

import Foundation
import Glibc
import Synchronization

/// Notes every 10 ms how long processes had to wait for a processor (/proc/PID/schedstat, of the main thread), how much a
/// hypervisor took (/proc/stat), and whether it came late itself. A process that blocks by itself shows none of that.
final class StallWatch: Sendable {
    private struct Sample {
        /// Milliseconds of CLOCK_MONOTONIC, as in a phone's events.
        var t: Double
        /// Milliseconds since the watch began.
        var waited: Double
        var stolen: Double
        var late: Double
    }

    private static let period = 10.0
    /// A sleep may be so late without a reason.
    private static let usualLateness = 5.0
    private let samples = Mutex<[Sample]>([])
    private let isOver = Mutex(false)

    init(_ processes: [pid_t]) {
        Thread.detachNewThread { [weak self] in
            let files = processes.map { "/proc/\($0)/schedstat" }
            var late = 0.0
            var last = Self.now
            while let self, !self.isOver.withLock({ $0 }) {
                let now = Self.now
                late += max(0, now - last - Self.period - Self.usualLateness)
                last = now
                // Words: time on a processor, time of waiting for one, both in ns.
                let waited = files.reduce(0) { $0 + (Self.words($1).dropFirst().first ?? 0) / 1e6 }
                // "cpu" user nice system idle iowait irq softirq steal ..., in 1/100 s.
                let words = Self.words("/proc/stat")
                let sample = Sample(t: now, waited: waited, stolen: words.count > 7 ? words[7] * 10 : 0, late: late)
                self.samples.withLock { $0.append(sample) }
                usleep(UInt32(Self.period * 1000))
            }
        }
    }

    deinit { isOver.withLock { $0 = true } }

    static var now: Double {
        var time = timespec()
        clock_gettime(CLOCK_MONOTONIC, &time)
        return Double(time.tv_sec) * 1000 + Double(time.tv_nsec) / 1e6
    }

    /// The numbers in the first line of a file under /proc.
    private static func words(_ path: String) -> [Double] {
        let file = open(path, O_RDONLY | O_CLOEXEC)
        guard file >= 0 else { return [] }
        defer { close(file) }
        var bytes = [UInt8](repeating: 0, count: 512)
        let count = read(file, &bytes, bytes.count)
        let text = String(decoding: bytes.prefix(max(0, count)), as: UTF8.self)
        return text.prefix { $0 != "\n" }.split(separator: " ").compactMap { Double($0) }
    }

    /// Milliseconds that the machine took between two moments, at most the time between them.
    func taken(from: Double, to: Double) -> Double {
        let samples = samples.withLock { $0 }
        guard let first = samples.last(where: { $0.t <= from }) ?? samples.first,
            let last = samples.first(where: { $0.t >= to }) ?? samples.last
        else { return 0 }
        let waited = max(0, last.waited - first.waited)
        return min(to - from, waited + (last.stolen - first.stolen) + (last.late - first.late))
    }

    /// What is left of a time that something took.
    func own(from: Double, to: Double) -> Double { to - from - taken(from: from, to: to) }

    /// The gaps that a phone heard between two moments, in milliseconds, without what the machine took of each.
    func gaps(of phone: Phone, from: Double, to: Double) -> [Double] {
        phone.events.filter { $0.name == "gap" && $0.t > from && $0.t < to }.compactMap { event in
            event.fields["ms"].flatMap(Double.init).map { own(from: event.t - $0, to: event.t) }
        }
    }
}

extension House {
    /// A watch over the daemon and phones.
    func stallWatch(_ phones: Phone...) throws -> StallWatch {
        try StallWatch([daemon.pid] + phones.map(\.program.pid))
    }
}
