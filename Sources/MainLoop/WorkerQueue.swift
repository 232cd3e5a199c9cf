// Heavy work leaves the loop here and comes back as an answer on it.

@preconcurrency internal import Dispatch

/// A Dispatch queue beside the loop, for work that would hold it up: speech, file encoding, password hashing, reports.
public nonisolated struct WorkerQueue: Sendable {
    private let queue: DispatchQueue

    /// `serial`: one piece of work after the other, in order; otherwise as many at once as there are processors.
    public init(label: String, serial: Bool = false) {
        queue = DispatchQueue(label: "switchboard." + label, qos: .utility, attributes: serial ? [] : .concurrent)
    }

    /// Runs `work` beside the loop; the caller goes on, on its own actor, with what it returned or threw.
    public func run<Value: Sendable>(_ work: @escaping @Sendable () throws -> Value) async throws -> Value {
        try await withCheckedThrowingContinuation { continuation in
            queue.async { continuation.resume(with: Result(catching: work)) }
        }
    }

    /// Runs `work` beside the loop and hands its answer to `then` on the loop.
    public func run<Value: Sendable>(
        _ work: @escaping @Sendable () -> Value, then: @escaping @MainActor @Sendable (Value) -> Void
    ) {
        queue.async {
            let value = work()
            DispatchQueue.main.async { then(value) }
        }
    }
}
