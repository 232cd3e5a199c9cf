// How many requests one token or session may send.

internal import Basics

/// A bucket of tokens for each principal: `burstMax` requests at once, `perSecondMax` a second in the long run.
///
/// A bucket is kept as the one moment at which it is full again: what is full need not be remembered.
struct RequestLimiter: Sendable {
    /// Buckets that are not full, at once; beyond it a quarter of them, the fullest, is forgotten, to their owners' benefit.
    static let principalsMax = 4096

    /// In which a bucket gains one request.
    private let interval: Duration
    /// In which an empty bucket becomes full.
    private let whole: Duration
    private var fullAt: [Principal: Instant] = [:]

    init(perSecondMax: Int, burstMax: Int) {
        interval = .microseconds(max(1, 1_000_000 / max(1, perSecondMax)))
        whole = interval * max(1, burstMax)
    }

    /// Buckets that are remembered.
    var count: Int { fullAt.count }

    /// Takes one request out of the bucket; nil: it may go on. Otherwise the time until there is one again.
    mutating func take(_ principal: Principal, at now: Instant) -> Duration? {
        var full = max(fullAt[principal] ?? now, now)
        // Of a clock that was set back.
        if full - now > whole { full = now }
        let after = full + interval
        guard after - now <= whole else { return after - now - whole }
        if fullAt[principal] == nil, fullAt.count >= Self.principalsMax { makeRoom(at: now) }
        fullAt[principal] = after
        return nil
    }

    private mutating func makeRoom(at now: Instant) {
        fullAt = fullAt.filter { $0.value > now }
        guard fullAt.count >= Self.principalsMax else { return }
        let border = fullAt.values.sorted()[Self.principalsMax / 4]
        fullAt = fullAt.filter { $0.value > border }
    }
}
