// Watches the rules' invariants while they run: slowly, in slices, and never as a trap.

internal import Basics
internal import ContactCenter
internal import Logging
internal import MainLoop

/// Goes through the center piece by piece, never longer than `sliceNanoseconds` at a time, so that the loop does not notice.
/// Everything is looked at within `roundSeconds`, but for a center so large that its round takes more slices.
final class InvariantWatch {
    static let roundSeconds = 10.0
    static let sliceNanoseconds: UInt64 = 500_000
    private static let slicesPerRound = 20.0
    private static let loggedMax = 100

    private(set) var violations = 0
    /// Rounds that came to their end.
    private(set) var rounds = 0
    private let turn: Turn
    private let logger: Logger
    private var timer: OneShotTimer?
    private var round = InvariantRound()

    init(turn: Turn, on loop: MainLoop, logger: Logger) {
        self.turn = turn
        self.logger = logger
        timer = OneShotTimer(on: loop) { [weak self] in
            self?.slice()
            self?.arm()
        }
        arm()
    }

    private func arm() {
        timer?.due = MonotonicClock.now + UInt64(Self.roundSeconds / Self.slicesPerRound * 1_000_000_000)
    }

    /// Goes on where the last slice ended, to the end of the round at the latest.
    func slice() {
        let center = turn.center
        let limit = MonotonicClock.now + Self.sliceNanoseconds
        var found: [String] = []
        repeat {
            guard round.step(in: center, into: &found) else {
                rounds += 1
                break
            }
        } while MonotonicClock.now < limit
        for violation in found {
            violations += 1
            if violations <= Self.loggedMax { logger.error("invariant violated", metadata: ["what": "\(violation)"]) }
        }
    }
}
