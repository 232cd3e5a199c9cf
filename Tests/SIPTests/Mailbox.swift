// How the tests wait: for something that comes, with a deadline, never for a time to pass.

import Dispatch

struct Missing: Error, CustomStringConvertible {
    let description: String
}

/// What has come and was not taken yet, in order.
final class Mailbox<Element: Sendable> {
    private final class Waiter {
        let matches: (Element) -> Bool
        var continuation: CheckedContinuation<Element, any Error>?
        init(_ matches: @escaping (Element) -> Bool) { self.matches = matches }
    }

    private(set) var waiting: [Element] = []
    private var waiters: [Waiter] = []

    func put(_ element: Element) {
        if let index = waiters.firstIndex(where: { $0.matches(element) }) {
            let waiter = waiters.remove(at: index)
            waiter.continuation?.resume(returning: element)
            waiter.continuation = nil
        } else {
            waiting.append(element)
        }
    }

    /// Seconds for what has to come: a machine may stand still longer than any protocol takes.
    static var patience: Double { 20 }
    /// Seconds.
    private static var lastLook: Double { 0.05 }

    /// The first that matches, now or within `seconds`; what does not match stays.
    func take(
        _ what: String, within seconds: Double = Mailbox.patience, where matches: @escaping (Element) -> Bool = { _ in true }
    )
        async throws -> Element
    {
        if let index = waiting.firstIndex(where: matches) { return waiting.remove(at: index) }
        let waiter = Waiter(matches)
        waiters.append(waiter)
        return try await withCheckedThrowingContinuation { continuation in
            waiter.continuation = continuation
            DispatchQueue.main.asyncAfter(deadline: .now() + seconds) { [weak self] in
                MainActor.assumeIsolated { self?.lookOnceMore(waiter, what) }
            }
        }
    }

    /// After a stall the timer may be served before the sockets, in which the message lies already.
    private func lookOnceMore(_ waiter: Waiter, _ what: String) {
        guard waiter.continuation != nil else { return }
        DispatchQueue.main.asyncAfter(deadline: .now() + Self.lastLook) { [weak self] in
            MainActor.assumeIsolated { self?.give(up: waiter, what) }
        }
    }

    private func give(up waiter: Waiter, _ what: String) {
        guard let continuation = waiter.continuation else { return }
        waiter.continuation = nil
        waiters.removeAll { $0 === waiter }
        continuation.resume(throwing: Missing(description: "\(what) did not come; instead: \(waiting.suffix(5))"))
    }
}
