// Everything that bounds what a page may ask of its desk, and how long the desk waits for it.

/// The maxima and deadlines of `DeskSessions`.
public struct DeskLimits: Sendable {
    /// A page from which nothing comes for so long is frozen: it sends `alive` every 5 s.
    public var alive = Duration.seconds(12)
    /// A desk without a page is forgotten after this: then a page that comes back starts from a snapshot.
    public var forget = Duration.seconds(300)
    /// How often a page hears how its voice does, while it talks.
    public var quality = Duration.seconds(1)
    /// What goes to every desk is merged over this.
    public var merge = Duration.milliseconds(100)
    /// Frames kept for a page that comes back, and their bytes.
    public var ringFramesMax = 1000
    public var ringBytesMax = 96 * 1024
    /// Frames that a page may send at once, and how many in each second after that.
    public var burstFramesMax = 200
    public var framesPerSecondMax = 50
    /// Frames that are no frames of ours, after which the connection is closed.
    public var malformedFramesMax = 20
    /// Pages of one agent that ask for the desk at once.
    public var askingMax = 4

    /// A session description of a browser has some 3 KiB.
    static let descriptionBytesMax = 32 * 1024
    static let notesCharactersMax = 4000
    static let tabCharactersMax = 64
    static let recentMax = 10
    /// Steps of a caller's way through the menus that an agent reads.
    static let pathStepsMax = 20
    /// Colleagues that a page is told of.
    static let targetAgentsMax = 200
    static let targetFlowsMax = 200
    /// Desks that get a broadcast in one go.
    static let desksPerServeMax = 50

    public init() {}
}
