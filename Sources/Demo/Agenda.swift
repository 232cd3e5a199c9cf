// What is to be done later, in one list.

internal import MainLoop

/// Things to do at their time, on the loop.
final class Agenda: LoopMember {
    private let loop: MainLoop
    private var items: [(due: UInt64, act: () -> Void)] = []

    init(on loop: MainLoop) {
        self.loop = loop
        loop.add(self)
    }

    /// Calls `act` once, so many seconds from now.
    func after(_ seconds: Double, _ act: @escaping () -> Void) {
        items.append((MonotonicClock.now + UInt64(max(0, seconds) * 1_000_000_000), act))
        loop.dueChanged(self)
    }

    func clear() {
        items.removeAll()
        loop.dueChanged(self)
    }

    var descriptor: Int32 { -1 }
    var due: UInt64 { items.map(\.due).min() ?? .max }

    func serve(until limit: UInt64) {
        let now = MonotonicClock.now
        let ready = items.filter { $0.due <= now }.sorted { $0.due < $1.due }
        items.removeAll { $0.due <= now }
        for item in ready { item.act() }
    }
}
