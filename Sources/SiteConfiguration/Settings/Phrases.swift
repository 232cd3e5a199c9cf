// What the center itself says to those who wait, apart from the flows.

/// Sentences with a place for a number. They are rendered once at load, for every number that may stand in them.
public struct Phrases: Hashable, Sendable {
    /// With `{number}`: the place in the queue, from 1 to `positionMax`.
    public var position = "You are number {number} in the queue."
    /// From place `positionMax` + 1 on.
    public var positionBeyond = "There are many callers before you."
    /// With `{number}`: the expected wait in minutes, from 1 to `waitMinutesMax`.
    public var wait = "The expected wait is about {number} minutes."
    public var waitOneMinute = "The expected wait is about one minute."
    /// Beyond `waitMinutesMax`.
    public var waitBeyond = "The expected wait is rather long."
    /// Before the center hangs up by itself.
    public var goodbye = "Thank you for calling. Goodbye."

    public static let positionMax = 20
    public static let waitMinutesMax = 30

    /// What is said to the caller at this place; places count from 1.
    public func text(forPosition position: Int) -> String {
        position <= Self.positionMax
            ? self.position.replacing("{number}", with: String(max(1, position))) : positionBeyond
    }

    /// What is said of the expected wait, in whole minutes.
    public func text(forWaitMinutes minutes: Int) -> String {
        switch minutes {
        case ...1: waitOneMinute
        case ...Self.waitMinutesMax: wait.replacing("{number}", with: String(minutes))
        default: waitBeyond
        }
    }

    /// Everything that may be said, each text once.
    public var allTexts: [String] {
        (1...Self.positionMax + 1).map(text(forPosition:)) + (1...Self.waitMinutesMax + 1).map(text(forWaitMinutes:)) + [
            goodbye
        ]
    }

    public init() {}

    static var schema: Schema<Phrases> {
        let numbered = Value<String>.matching("a sentence with `{number}` in it") {
            $0.contains("{number}") && $0.count <= 300
        }
        let sentence = Value<String>.text(charactersMax: 300)
        return Schema(
            "phrases",
            [
                Field("position", \.position, numbered), Field("position_beyond", \.positionBeyond, sentence),
                Field("wait", \.wait, numbered), Field("wait_one_minute", \.waitOneMinute, sentence),
                Field("wait_beyond", \.waitBeyond, sentence), Field("goodbye", \.goodbye, sentence),
            ])
    }
}
