// A queue's callbacks counted: no abandons, and figures of their own (definitions.md 3.4, 3.7).

internal import Basics

/// How a callback ended.
public enum CallbackEnd: String, Codable, Hashable, Sendable, CaseIterable {
    /// The customer spoke with an agent.
    case reached
    /// The customer called by itself and has the old place again, as one who waits on the line.
    case reattached
    /// The last attempt was not answered.
    case notReached = "not-reached"
    /// Too much time had passed since it was due.
    case expired
    /// The customer answered and was gone before an agent came.
    case hungUp = "hung-up"
    /// By the customer over another way, a supervisor, or because the queue is gone.
    case cancelled
    /// The customer answered and waited, and the queue gave the contact away.
    case diverted
    /// The number is not known any more, or may not be called.
    case notCallable = "not-callable"

    /// Whether nothing came of it.
    public var isFailure: Bool {
        switch self {
        case .reached, .reattached: false
        case .notReached, .expired, .hungUp, .cancelled, .diverted, .notCallable: true
        }
    }
}

/// A way to end, and how often it came.
public struct CallbackEndCount: Codable, Hashable, Sendable {
    public var end: CallbackEnd
    public var count: Int
}

/// requested = those that have ended, by end + those that are open.
public struct CallbackFigures: Codable, Hashable, Sendable {
    public private(set) var requested = 0
    /// Requests of somebody who was promised a callback already.
    public private(set) var merged = 0
    /// Calls to customers.
    public private(set) var attempts = 0
    public private(set) var ended: [CallbackEndCount] = CallbackEnd.allCases.map { CallbackEndCount(end: $0, count: 0) }
    /// Entries of the queue that were left as a callback: neither answered nor abandoned nor diverted.
    public private(set) var entriesLeft = 0
    /// How far the calls that reached the customer were from the time that was promised.
    public private(set) var promise = EstimateAccuracy()

    // nil: none, or stored before they were counted.
    private var unprovedCount: Int?
    private var keptCount: Int?

    /// Calls that somebody or something answered without pressing the key that was asked for: tries, and nobody reached.
    public var unproved: Int { unprovedCount ?? 0 }
    /// Of those in `promise`: they came about within what was said.
    public var promisesKept: Int { keptCount ?? 0 }

    public init() {}

    public func count(of end: CallbackEnd) -> Int { ended.first { $0.end == end }?.count ?? 0 }
    public var reached: Int { count(of: .reached) }
    public var failed: Int { ended.reduce(0) { $0 + ($1.end.isFailure ? $1.count : 0) } }
    /// Promised, and neither kept nor given up yet.
    public var open: Int { requested - ended.reduce(0) { $0 + $1.count } }
    /// reached / (reached + failed); nil before the first of either.
    public var reachRate: Double? {
        let all = reached + failed
        return all > 0 ? Double(reached) / Double(all) : nil
    }

    public mutating func noteRequest() { requested += 1 }
    public mutating func takeBackAttempt() { attempts = max(0, attempts - 1) }
    public mutating func noteMerge() { merged += 1 }
    public mutating func noteAttempt() { attempts += 1 }
    public mutating func noteEntryLeft() { entriesLeft += 1 }

    public mutating func noteEnd(_ end: CallbackEnd) {
        guard let index = ended.firstIndex(where: { $0.end == end }) else {
            // Figures that were stored before there was this end.
            return ended.append(CallbackEndCount(end: end, count: 1))
        }
        ended[index].count += 1
    }

    public mutating func noteUnproved() { unprovedCount = unproved + 1 }

    /// - Parameters:
    ///   - error: between the promised time and the real one.
    ///   - isKept: the real one lies in the range that was said.
    public mutating func notePromise(error: Duration, isKept: Bool) {
        promise.note(error: error)
        if isKept { keptCount = promisesKept + 1 }
    }
}
