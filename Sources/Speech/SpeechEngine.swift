// What any voice has to offer.

/// Turns text into speech. Called beside the loop, never by two threads at once.
public nonisolated protocol SpeechEngine: Sendable {
    /// Names engine, voice, version and settings; another identity gets other files. The samples of one text need not be
    /// the same each time (flite's noise is random), but any of them will do.
    var identity: String { get }

    /// Mono samples, 8000 per second, trimmed and levelled as they are to be played.
    func synthesise(_ text: String) throws -> [Int16]
}
