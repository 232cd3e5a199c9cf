// A deadline of its own, for whoever has no descriptor.

/// Calls `fire` once after `due` has passed; set `due` again for the next time.
public final class OneShotTimer: LoopMember {
    private let loop: MainLoop
    private let fire: () -> Void

    public init(on loop: MainLoop, fire: @escaping () -> Void) {
        self.loop = loop
        self.fire = fire
        loop.add(self)
    }

    public var descriptor: Int32 { -1 }

    /// Monotonic nanoseconds; `.max`: not armed.
    public var due = UInt64.max {
        didSet { if due != oldValue { loop.dueChanged(self) } }
    }

    public func serve(until limit: UInt64) {
        guard due <= MonotonicClock.now else { return }
        due = .max
        fire()
    }
}
