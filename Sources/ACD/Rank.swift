// An agent's place among the free members of a queue, as a key that can be kept in order.

internal import Basics

/// What a queue's keys say of a member, smaller first, and at the end the order of the configuration: no two are equal.
public struct Rank: Hashable, Comparable, Sendable {
    /// Keys that can be compared beside the level and the one that decides.
    public static let valuesMax = 4

    // The widest first, or there would be gaps in front of it and behind.
    public let values: SIMD4<Int64>
    public let level: Int
    public let order: Int

    init(level: Int, values: SIMD4<Int64>, order: Int) {
        self.level = level
        self.values = values
        self.order = order
    }

    public init(of candidate: Candidate, by keys: [SelectionKey]) {
        var values = SIMD4<Int64>(repeating: 0)
        var place = 0
        for key in keys {
            if key.decides || place == Self.valuesMax { break }
            if key == .level { continue }
            values[place] = candidate.value(of: key)
            place += 1
        }
        self.init(level: candidate.level, values: values, order: candidate.order)
    }

    @inlinable public static func < (a: Rank, b: Rank) -> Bool {
        if a.level != b.level { return a.level < b.level }
        if a.values[0] != b.values[0] { return a.values[0] < b.values[0] }
        if a.values[1] != b.values[1] { return a.values[1] < b.values[1] }
        if a.values[2] != b.values[2] { return a.values[2] < b.values[2] }
        if a.values[3] != b.values[3] { return a.values[3] < b.values[3] }
        return a.order < b.order
    }

    /// Whether only the order tells the two apart.
    func isEqualButForOrder(to other: Rank) -> Bool { level == other.level && values == other.values }

    /// The same with another value at that place.
    func with(_ value: Int64, at place: Int) -> Rank {
        var values = values
        values[place] = value
        return Rank(level: level, values: values, order: order)
    }

    /// Whether the level and everything before that place of the values is the same.
    func isEqual(to other: Rank, before place: Int) -> Bool {
        level == other.level && (0..<place).allSatisfy { values[$0] == other.values[$0] }
    }

    /// The same with another order: behind all of the group with `Int.max`, before them with `Int.min`.
    func with(order: Int) -> Rank { Rank(level: level, values: values, order: order) }
}

extension Candidate {
    /// Smaller is better. Keys that decide by themselves have no value of the member's own.
    func value(of key: SelectionKey) -> Int64 {
        switch key {
        case .level: Int64(level)
        case .bestSkills: -Int64(skillFit ?? 0)
        case .longestIdle:
            // Whoever works is not idle at all; of those the one with the least in hand comes first. The time is below 2⁵².
            Int64(min(1023, workload ?? 0)) << 52 + idleSince.microseconds
        case .leastRecent: lastOfQueue?.microseconds ?? 0
        case .fewestCalls: Int64(answered)
        case .fewestCallsOfQueue: Int64(answeredOfQueue ?? 0)
        case .leastTalkTime: (talked ?? .zero).microseconds
        case .lastOffered: Int64(clamping: lastOffer?.rawValue ?? 0)
        case .order, .roundRobin, .random, .weightedRandom: 0
        }
    }
}
