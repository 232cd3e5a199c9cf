// What the desk's signalling asks of the voice: the only thing that the API knows of media.

public import Basics

/// The browsers of the agents as telephones. An agent has one desk at a time (the page that holds the softphone), and
/// the agent's browser can be rung while that desk and its voice connection both stand.
@MainActor public protocol DeskAudio: AnyObject {
    /// Answers a browser's offer (`media.offer`), complete and at once. A later offer of the same page goes on with the
    /// connection; one of another page takes its place. Throws `DeskAudioError`; then nothing has changed.
    func answer(offer sdp: String, of agent: AgentID) throws -> String

    /// The agent takes the call that rings. `false`: nothing rings under this offer, or the browser cannot be heard.
    func accept(_ offer: OfferID, by agent: AgentID) -> Bool
    /// `false`: nothing rings under this offer.
    func decline(_ offer: OfferID, by agent: AgentID) -> Bool
    /// Sends a key (`0`-`9`, `*`, `#`, `A`-`D`) to whoever the agent talks with. `false`: there is nobody who takes keys.
    func digit(_ key: Character, from agent: AgentID) -> Bool
    /// As it stands; `nil`: there is no voice connection.
    func quality(of agent: AgentID) -> DeskQuality?
    /// What `onChange` told last.
    func isConnected(_ agent: AgentID) -> Bool

    /// The agent's desk stands: it was opened, came back, or its page is awake again. Calling it again does nothing.
    func signedIn(_ agent: AgentID)
    /// The desk is gone: by signing out, which ends the voice connection too, or without saying so (the socket closed, the
    /// page froze), after which the agent is lost until `signedIn`.
    func gone(_ agent: AgentID, signedOut: Bool)

    /// Called on the loop, also inside the calls above.
    var onChange: ((AgentID, DeskAudioChange) -> Void)? { get set }
}

/// What a desk is told of its voice.
public enum DeskAudioChange: Hashable, Sendable {
    /// Whether voice can flow.
    case connected(Bool)
}

/// Why an offer was refused.
public enum DeskAudioError: Error, Hashable, Sendable {
    /// No agent of this name works with a browser.
    case unknownAgent
    /// The daemon takes no browsers now.
    case unavailable
    /// The description is of no use; the reason has nothing of its text.
    case badOffer(reason: String)
}

/// How well a browser and we hear one another; `nil`: not known yet.
public struct DeskQuality: Hashable, Sendable {
    /// Of the worse direction, 0 to 100, over the last seconds.
    public var lossPercent: Double
    public var jitterMilliseconds: Double
    public var roundTripMilliseconds: Double?
    /// 1 to 4.5, estimated after ITU-T G.107.
    public var meanOpinionScore: Double?

    public init(
        lossPercent: Double, jitterMilliseconds: Double, roundTripMilliseconds: Double?, meanOpinionScore: Double?
    ) {
        self.lossPercent = lossPercent
        self.jitterMilliseconds = jitterMilliseconds
        self.roundTripMilliseconds = roundTripMilliseconds
        self.meanOpinionScore = meanOpinionScore
    }
}
