// Why a text is not spoken.

public nonisolated struct SpeechFailure: Error, Hashable, Sendable, CustomStringConvertible {
    public enum Reason: Hashable, Sendable {
        /// Nothing is left of the text once control characters and blanks are gone.
        case empty
        case tooLong(characters: Int, max: Int)
        /// The engine has no sound for it, for example only punctuation.
        case silent
        /// The engine failed.
        case engine(String)
        /// More texts wait to be rendered than `SpeechLimits.waitingTextsMax`.
        case overloaded(max: Int)
    }

    /// As it was asked for.
    public var text: String
    public var reason: Reason

    /// Names the text by its beginning; texts come from the configuration.
    public var description: String {
        let beginning = text.count > Self.charactersShown ? text.prefix(Self.charactersShown) + "..." : text[...]
        let fault =
            switch reason {
            case .empty: "the text is empty"
            case .tooLong(let characters, let max): "the text has \(characters) characters, more than \(max)"
            case .silent: "the text has nothing that can be spoken"
            case .engine(let detail): "the speech engine failed: \(detail)"
            case .overloaded(let max): "more than \(max) texts wait to be spoken"
            }
        return "\"\(beginning)\": \(fault)"
    }

    private static let charactersShown = 40
}
