// What the routes of the test server have seen.

/// What routes tell tests.
public final class Witness {
    public var begun = 0, cancelled = 0, streamed = 0
    public var gateIsOpen = false
    private var waiters: [(() -> Bool, CheckedContinuation<Void, Never>)] = []

    public func note(_ change: (Witness) -> Void) {
        change(self)
        let ready = waiters.filter { $0.0() }
        waiters.removeAll { $0.0() }
        for (_, continuation) in ready { continuation.resume() }
    }

    public func until(_ condition: @escaping () -> Bool) async {
        if condition() { return }
        await withCheckedContinuation { waiters.append((condition, $0)) }
    }
}

extension Witness {
    func untilGateIsOpen() async { await until { self.gateIsOpen } }
    func noteBegun() { note { $0.begun += 1 } }
    func noteCancelled() { note { $0.cancelled += 1 } }
    func noteStreamed() { note { $0.streamed += 1 } }
}
