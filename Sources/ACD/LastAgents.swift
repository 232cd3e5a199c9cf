// With whom a caller has talked last.

public import Basics

/// The last agent of each of the callers that called last.
public struct LastAgents: Codable, Hashable, Sendable {
    /// Callers remembered; the one whose talk is longest ago is forgotten first.
    public static let callersMax = 50_000

    struct Talk: Codable, Hashable, Sendable {
        var agent: AgentID
        var at: Instant
        var number: UInt64
    }

    var talks = PagedMap<CallerKey, Talk>()
    var callers = PagedMap<UInt64, CallerKey>()
    var lastNumber: UInt64 = 0

    public init() {}

    public var count: Int { talks.count }

    public mutating func note(_ agent: AgentID, with caller: CallerKey, at now: Instant) {
        guard !caller.isUnknown else { return }
        if let old = talks[caller] { callers[old.number] = nil }
        lastNumber += 1
        talks[caller] = Talk(agent: agent, at: now, number: lastNumber)
        callers[lastNumber] = caller
        if callers.count > Self.callersMax, let oldest = callers.first {
            callers[oldest.key] = nil
            talks[oldest.value] = nil
        }
    }

    /// With whom the caller has talked since then; nil: with nobody.
    public func agent(of caller: CallerKey, since: Instant) -> AgentID? {
        guard !caller.isUnknown, let talk = talks[caller], talk.at >= since else { return nil }
        return talk.agent
    }
}
