// What agents are compared by, and how many of them are rung at once (definitions.md 3.1).

/// What makes one agent a better choice than another; compared in the order in which a queue lists them.
public enum SelectionKey: String, Codable, Hashable, Sendable, CaseIterable {
    /// Lower level of the member first (definitions.md 3.1: always the first key).
    case level
    /// The higher sum of grades in the skills that the present step of the requirement names.
    case bestSkills = "best-skills"
    /// Who has been idle longest, as far as `lookBackDays` go; behind them those who work on something that leaves room, the
    /// one with the least first.
    case longestIdle = "longest-idle"
    /// Whose last contact of this queue ended longest ago; who has had none first (Asterisk's leastrecent).
    case leastRecent = "least-recent"
    /// Who has answered fewest contacts since signing in or the daily reset, over all queues.
    case fewestCalls = "fewest-calls"
    /// The same of this queue alone, as Asterisk counts.
    case fewestCallsOfQueue = "fewest-calls-of-queue"
    /// Who has talked least since signing in or the daily reset, over all queues.
    case leastTalkTime = "least-talk-time"
    /// To whom this queue has offered nothing for longest; who was never asked first (Asterisk's rrordered).
    case lastOffered = "last-offered"
    /// The order of the members in the configuration.
    case order
    /// The order of the members, going on after the one that this queue has tried last (Asterisk's rrmemory).
    case roundRobin = "round-robin"
    /// Anybody, each as likely as the other.
    case random
    /// Anybody, as likely as the weight of the member says.
    case weightedRandom = "weighted-random"

    /// Whoever has been idle for longer than this counts as idle for as long as this (definitions.md 3.1, Genesys).
    public static let lookBackDays = 7
    public static let lookBack = Duration.seconds(lookBackDays * 86_400)

    /// Whether each agent has to keep what it has done for each queue.
    public var comparesQueue: Bool { self == .leastRecent || self == .fewestCallsOfQueue }

    /// Whether nothing that comes behind it can matter.
    public var decides: Bool {
        switch self {
        case .order, .roundRobin, .random, .weightedRandom: true
        case .level, .bestSkills, .longestIdle, .leastRecent, .fewestCalls, .fewestCallsOfQueue, .leastTalkTime,
            .lastOffered:
            false
        }
    }
}

/// How many agents a contact rings at once.
public enum RingMode: Codable, Hashable, Sendable {
    case one
    /// Every free agent of the best level that has one; the first answer wins.
    case all
    /// The best first, and another one each time so many seconds have passed, while the earlier ones ring on.
    case progressively(everySeconds: Int)

    /// Offers of one contact at once.
    public static let offersMax = 50
}

/// The names under which the field knows the common lists of keys.
public enum Strategy: String, Codable, Hashable, Sendable, CaseIterable {
    case linear
    case roundRobin = "round-robin"
    case lastOffered = "last-offered"
    case longestIdle = "longest-idle"
    case leastRecent = "least-recent"
    case fewestCalls = "fewest-calls"
    case fewestCallsOfQueue = "fewest-calls-of-queue"
    case leastTalkTime = "least-talk-time"
    case random
    case weightedRandom = "weighted-random"
    case bestSkills = "best-skills"
    case ringAll = "ring-all"
    case ringProgressively = "ring-progressively"

    public var keys: [SelectionKey] {
        switch self {
        case .linear, .ringAll, .ringProgressively: [.level, .order]
        case .roundRobin: [.level, .roundRobin]
        case .lastOffered: [.level, .lastOffered]
        case .longestIdle: [.level, .longestIdle]
        case .leastRecent: [.level, .leastRecent]
        case .fewestCalls: [.level, .fewestCalls, .longestIdle]
        case .fewestCallsOfQueue: [.level, .fewestCallsOfQueue, .longestIdle]
        case .leastTalkTime: [.level, .leastTalkTime, .longestIdle]
        case .random: [.level, .random]
        case .weightedRandom: [.level, .weightedRandom]
        case .bestSkills: [.level, .bestSkills, .longestIdle]
        }
    }
}
