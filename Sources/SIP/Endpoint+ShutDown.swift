// The end of an endpoint.

internal import CSofia
internal import MainLoop

extension Endpoint {
    /// Hangs up every call and returns when all have ended, or after `seconds`. New INVITEs are answered 503 from now on.
    ///
    /// The daemon then closes its database and exits. It does not end the library, which may abort in its own shutdown
    /// (facts/sip.md, T5).
    public func shutDown(within seconds: Double) async {
        draining = true
        for call in Array(calls.values) { hangUp(call.id, cause: .temporaryFailure) }
        guard !calls.isEmpty, drained == nil else { return }
        drainDue = MonotonicClock.now &+ UInt64(max(0, seconds) * 1e9)
        kick()
        await withCheckedContinuation { drained = $0 }
    }

    /// Ends the library too and frees the socket: for tools and tests that go on without this endpoint. After `shutDown`.
    public func close() async {
        guard let stack, closed == nil else { return }
        draining = true
        for call in Array(calls.values) { end(call, .ended(.hungUpHere)) }
        csofia_shut(stack)
        kick()
        await withCheckedContinuation { closed = $0 }
        leave()
    }

    func finishWaiting(_ now: UInt64) {
        if let waiting = drained, calls.isEmpty || drainDue <= now {
            drained = nil
            drainDue = .max
            waiting.resume()
        }
        if let waiting = closed, let stack, csofia_is_shut(stack) {
            closed = nil
            waiting.resume()
        }
    }
}
