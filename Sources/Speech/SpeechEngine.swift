// What any voice has to offer.

/// Turns text into speech. Called beside the loop, never by two threads at once.
public nonisolated protocol SpeechEngine: Sendable {
    /// Names engine, voice, version and settings: what is rendered under one identity never changes.
    var identity: String { get }

    /// Mono samples, 8000 per second, trimmed and levelled as they are to be played.
    func synthesise(_ text: String) throws -> [Int16]
}
