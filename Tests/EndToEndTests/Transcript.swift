// Lines of another process as they come, and whoever waits for one.

import Dispatch
import Foundation
import Synchronization

/// Collects lines; a waiter is woken by its line, by the end of the stream or by its deadline.
final class Transcript: Sendable {
    private struct Waiter {
        var number: Int
        var matches: @Sendable (String) -> Bool
        var continuation: CheckedContinuation<String?, Never>
    }

    private struct State {
        var lines: [String] = []
        var partial: [UInt8] = []
        var isOver = false
        var waiters: [Waiter] = []
        var lastNumber = 0
    }

    private let state = Mutex(State())

    /// Written behind the last that a process printed. Its children may hold the stream open for long.
    static let endMark: [UInt8] = [4, 4, 4, 4, UInt8(ascii: "\n")]

    var lines: [String] { state.withLock { $0.lines } }

    /// Empty bytes mean the end.
    func append(_ bytes: Data) {
        let woken = state.withLock { state -> [(Waiter, String?)] in
            var woken: [(Waiter, String?)] = []
            if bytes.isEmpty { state.isOver = true }
            for byte in bytes {
                guard byte == UInt8(ascii: "\n") else {
                    state.partial.append(byte)
                    continue
                }
                if state.partial.suffix(4).elementsEqual(Self.endMark.dropLast()) {
                    state.isOver = true
                    state.partial.removeLast(4)
                    if state.partial.isEmpty { continue }
                }
                let line = String(decoding: state.partial, as: UTF8.self)
                state.partial.removeAll()
                state.lines.append(line)
                woken += state.waiters.filter { $0.matches(line) }.map { ($0, line) }
                state.waiters.removeAll { waiter in woken.contains { $0.0.number == waiter.number } }
            }
            if state.isOver {
                woken += state.waiters.map { ($0, nil) }
                state.waiters.removeAll()
            }
            return woken
        }
        for (waiter, line) in woken { waiter.continuation.resume(returning: line) }
    }

    /// The first line from `first` on that matches; nil when it did not come in time.
    func line(
        from first: Int = 0, within: Duration, where matches: @escaping @Sendable (String) -> Bool
    ) async -> String? {
        await withCheckedContinuation { continuation in
            let (answer, number) = state.withLock { state -> (String??, Int) in
                if let line = state.lines.dropFirst(first).first(where: matches) { return (.some(line), 0) }
                if state.isOver { return (.some(nil), 0) }
                state.lastNumber += 1
                state.waiters.append(Waiter(number: state.lastNumber, matches: matches, continuation: continuation))
                return (nil, state.lastNumber)
            }
            if let answer { return continuation.resume(returning: answer) }
            DispatchQueue.global().asyncAfter(deadline: .now() + within.seconds) { [self] in
                let late = state.withLock { state in
                    let late = state.waiters.filter { $0.number == number }
                    state.waiters.removeAll { $0.number == number }
                    return late
                }
                for waiter in late { waiter.continuation.resume(returning: nil) }
            }
        }
    }
}

extension Duration {
    var seconds: Double { Double(components.seconds) + Double(components.attoseconds) / 1e18 }
}
