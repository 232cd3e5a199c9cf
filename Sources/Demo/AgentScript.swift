// How a simulated agent behaves: a state machine that turns what the phone reports into the phone's next steps.

internal import Basics

/// What the `Caller` program reports of itself, as far as an agent cares.
nonisolated enum PhoneReport: Hashable, Sendable {
    /// A step of the script is done.
    case done(String)
    /// A call comes in.
    case invited
    /// A call is over, whoever ended it.
    case ended
}

/// One agent at a desk phone: signs in, answers, talks, sometimes is away from the desk, sometimes takes a break.
///
/// Steps are in the language of the `Caller` program; see its `--help`.
nonisolated struct AgentScript: Sendable {
    private enum State: Hashable {
        case registering
        case signingIn
        case free
        case ringing(answers: Bool)
        /// The sentence that comes next.
        case talking(next: Int)
        /// Dials the code for a break.
        case leaving
        case onBreak
    }

    /// Heard by callers as "an agent is here": no tone of the waiting music, and no speech, is taken for it.
    static let greetingTone = 1633
    static let greetingMilliseconds = 400
    /// Of a hundred offers or calls.
    static let missesPercent = 7
    static let breaksPercent = 12
    /// Whoever is away from the desk is likely to be away a moment later, too.
    static let missesAgainPercent = 60

    /// Signed in, and nothing to do.
    var isFree: Bool { state == .free }

    private var state = State.registering
    private var missesInARow = 0
    private var random: SeededRandom
    private let lines: [String]

    init(lines: [String], seed: UInt64) {
        self.lines = lines
        random = SeededRandom(seed: seed)
    }

    /// What a phone that has just been switched on does.
    mutating func begin() -> [String] {
        state = .registering
        missesInARow = 0
        return ["register 3600 within 10s"]
    }

    /// What the phone is to do next; often nothing.
    mutating func take(_ report: PhoneReport) -> [String] {
        switch report {
        case .done(let step): done(step)
        case .invited: invited()
        case .ended: ended()
        }
    }

    private mutating func done(_ step: String) -> [String] {
        switch state {
        case .registering:
            return signIn()
        case .ringing(answers: true) where step.hasPrefix("ring"):
            state = .talking(next: 0)
            return ["answer", "say tone \(Self.greetingTone) for \(Self.greetingMilliseconds)ms"]
        case .talking(let next) where step.hasPrefix("say tone") || step.hasPrefix("pause"):
            guard next < lines.count else { return [] }
            state = .talking(next: next + 1)
            return ["say file \(lines[next]) for 4s"]
        case .talking where step.hasPrefix("say file"):
            return ["pause \(milliseconds(2500...5500))"]
        case .onBreak where step.hasPrefix("pause"):
            return signIn()
        case .signingIn, .free, .ringing, .talking, .leaving, .onBreak: return []
        }
    }

    private mutating func invited() -> [String] {
        let percent = missesInARow > 0 ? Self.missesAgainPercent : Self.missesPercent
        let answers = random.below(100) >= percent
        state = .ringing(answers: answers)
        return answers ? ["ring \(milliseconds(1200...4500))"] : ["ring"]
    }

    private mutating func ended() -> [String] {
        switch state {
        case .registering, .onBreak, .free: return []
        case .signingIn:
            state = .free
            return []
        case .leaving:
            state = .onBreak
            return ["pause \(milliseconds(10_000...20_000))"]
        case .ringing(let answers):
            missesInARow = answers ? missesInARow : missesInARow + 1
            guard missesInARow >= 2 else {
                state = .free
                return []
            }
            // The house has noticed by now that nobody is there; whoever comes back signs in again.
            missesInARow = 0
            state = .onBreak
            return ["pause \(milliseconds(8000...15_000))"]
        case .talking:
            missesInARow = 0
            guard random.below(100) < Self.breaksPercent else {
                state = .free
                return []
            }
            state = .leaving
            return Self.dialling("*12")
        }
    }

    private mutating func signIn() -> [String] {
        state = .signingIn
        return Self.dialling("*11")
    }

    /// Hung up as soon as it is answered: a phone on which the house still says "You are available" declines the first call.
    private static func dialling(_ code: String) -> [String] { ["dial \(code)", "wait answered within 5s", "hang up"] }

    private mutating func milliseconds(_ range: ClosedRange<Int>) -> String {
        "\(range.lowerBound + random.below(range.count))ms"
    }
}
