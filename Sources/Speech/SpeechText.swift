// Texts as the cache knows them.

/// A text without control characters and superfluous blanks, not empty and not too long.
nonisolated struct SpeechText: Hashable, Sendable {
    let text: String

    init(_ raw: String, charactersMax: Int) throws(SpeechFailure) {
        // Before anything else looks at it: a text from outside may be of any length.
        let size = raw.unicodeScalars.count
        guard size <= charactersMax else {
            throw SpeechFailure(text: String(raw.prefix(40)), reason: .tooLong(characters: size, max: charactersMax))
        }
        var cleaned = String.UnicodeScalarView()
        var blank = false
        for scalar in raw.unicodeScalars {
            switch scalar.properties.generalCategory {
            case .control, .format, .surrogate, .privateUse, .unassigned, .spaceSeparator, .lineSeparator,
                .paragraphSeparator:
                blank = !cleaned.isEmpty
            default:
                if blank { cleaned.append(" ") }
                blank = false
                cleaned.append(scalar)
            }
        }
        guard !cleaned.isEmpty else { throw SpeechFailure(text: raw, reason: .empty) }
        text = String(cleaned)
    }
}
