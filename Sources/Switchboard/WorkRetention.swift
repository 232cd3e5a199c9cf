// Forgets what contacts were about that are no calls, when its time has passed.

internal import Basics
internal import Logging
internal import MainLoop
internal import Storage

/// Looks every hour, and deletes in portions: customers' names and subjects are kept no longer than the configuration says.
final class WorkRetention {
    static let portionMax = 500
    private static let firstSeconds: UInt64 = 90
    private static let portionSeconds: UInt64 = 1
    private static let waitSeconds: UInt64 = 3600

    /// nil: for ever.
    var days: Int? {
        didSet { if days != oldValue { arm(seconds: isFirst ? Self.firstSeconds : Self.portionSeconds) } }
    }
    /// Rows, since the start.
    private(set) var deleted: UInt64 = 0
    private let store: Store
    private let clock: HouseClock
    private let logger: Logger
    private let loop: MainLoop
    private var timer: OneShotTimer?
    private var isRunning = false
    private var isFirst = true

    init(store: Store, clock: HouseClock, on loop: MainLoop, logger: Logger) {
        self.store = store
        self.clock = clock
        self.logger = logger
        self.loop = loop
        timer = OneShotTimer(on: loop) { [unowned self] in start() }
    }

    func close() {
        if let timer { loop.remove(timer) }
        timer = nil
    }

    private func arm(seconds: UInt64) { timer?.due = days == nil ? .max : MonotonicClock.now + seconds * 1_000_000_000 }

    private func start() {
        guard !isRunning else { return }
        isRunning = true
        isFirst = false
        Task {
            let wait = await run()
            isRunning = false
            arm(seconds: wait)
        }
    }

    /// Deletes one portion.
    ///
    /// - Returns: after how many seconds it goes on.
    func run() async -> UInt64 {
        guard let days else { return Self.waitSeconds }
        do throws(StoreError) {
            let gone = try await store.deleteWork(before: clock.now - .seconds(days * 86_400), limit: Self.portionMax)
            deleted += UInt64(gone)
            if gone > 0 { logger.info("details of contacts deleted after their time", metadata: ["contacts": "\(gone)"]) }
            return gone < Self.portionMax ? Self.waitSeconds : Self.portionSeconds
        } catch {
            logger.warning("retention put off", metadata: ["reason": "\(error)"])
            return Self.waitSeconds
        }
    }
}
