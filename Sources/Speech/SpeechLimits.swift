// Every limit of the speech cache, with its default.

public nonisolated struct SpeechLimits: Hashable, Sendable {
    /// flite takes up to 9 ms per digit, and speaks a third of a second for it.
    public var charactersMax = 1000
    /// What is kept ready to play: about an hour of speech.
    public var memoryBytesMax = 64 << 20
    /// What is kept on disk, looked at when the cache is opened; what was not used for longest goes first.
    public var diskBytesMax = 256 << 20
    /// Texts that calls wait for. Those of `prepare` are not counted: the configuration bounds them.
    public var waitingTextsMax = 1000

    public init() {}
}
