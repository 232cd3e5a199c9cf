// What the center itself says to those who wait, apart from the flows.

public import ContactCenter

/// Sentences with a place for a number. They are rendered once at load, for every number that may stand in them.
public struct Phrases: Hashable, Sendable {
    /// With `{number}`: the place in the queue, from 1 to `positionMax`.
    public var position = "You are number {number} in the queue."
    /// From place `positionMax` + 1 on.
    public var positionBeyond = "There are many callers before you."
    /// With `{from}` and `{to}`: the borders of the range in which the expected wait lies, in minutes.
    public var wait = "The expected wait is between {from} and {to} minutes."
    public var waitOneMinute = "The expected wait is less than one minute."
    /// Longer than the last range.
    public var waitBeyond = "The expected wait is longer than an hour."
    /// With `{key}`: what one presses to be called back.
    public var callbackOffer = "To be called back instead of waiting, press {key}. You keep your place."
    /// Before the center hangs up.
    public var callbackPromised = "We will call you back. You keep your place in the queue and may hang up now."
    /// To whom has answered.
    public var callbackGreeting = "This is the call that you asked for. Please hold the line."
    /// To whom or what has answered, where a key has to be pressed; with `{key}`.
    public var callbackConfirm = "This is the call that you asked for. To be connected, press {key}."
    /// Before the center hangs up by itself.
    public var goodbye = "Thank you for calling. Goodbye."

    public static let positionMax = 20

    /// What is said to the caller at this place; places count from 1.
    public func text(forPosition position: Int) -> String {
        position <= Self.positionMax
            ? self.position.replacing("{number}", with: String(max(1, position))) : positionBeyond
    }

    /// What is said of the expected wait: never a number alone, which nobody can know.
    public func text(for range: WaitRange) -> String {
        switch range {
        case .lessThanMinutes: waitOneMinute
        case .minutes(let from, let to): wait.replacing("{from}", with: String(from)).replacing("{to}", with: String(to))
        case .moreThanMinutes: waitBeyond
        }
    }

    /// Keys are digits, `*` and `#`, and are said by their names.
    public func text(forCallbackKey key: String) -> String { callbackOffer.replacing("{key}", with: Self.name(of: key)) }

    public func text(forConfirmKey key: String) -> String { callbackConfirm.replacing("{key}", with: Self.name(of: key)) }

    private static func name(of key: String) -> String { key == "*" ? "star" : key == "#" ? "hash" : key }

    /// Everything that may be said, each text once.
    public var allTexts: [String] {
        (1...Self.positionMax + 1).map(text(forPosition:)) + WaitRange.all.map(text(for:)) + [
            callbackPromised, callbackGreeting, goodbye,
        ]
    }

    public init() {}

    static var schema: Schema<Phrases> {
        let numbered = Value<String>.matching("a sentence with `{number}` in it") {
            $0.contains("{number}") && $0.count <= 300
        }
        let range = Value<String>.matching("a sentence with `{from}` and `{to}` in it") {
            $0.contains("{from}") && $0.contains("{to}") && $0.count <= 300
        }
        let keyed = Value<String>.matching("a sentence with `{key}` in it") { $0.contains("{key}") && $0.count <= 300 }
        let sentence = Value<String>.text(charactersMax: 300)
        return Schema(
            "phrases",
            [
                Field("position", \.position, numbered), Field("position_beyond", \.positionBeyond, sentence),
                Field("wait", \.wait, range), Field("wait_one_minute", \.waitOneMinute, sentence),
                Field("wait_beyond", \.waitBeyond, sentence), Field("callback_offer", \.callbackOffer, keyed),
                Field("callback_promised", \.callbackPromised, sentence),
                Field("callback_greeting", \.callbackGreeting, sentence),
                Field("callback_confirm", \.callbackConfirm, keyed), Field("goodbye", \.goodbye, sentence),
            ])
    }
}
