// What an agent does at a moment, in one word with its reason: what an agent's timeline is made of.

public import Basics

/// Derived from presence, loss and work, and never stored with the agent (definitions.md 3.6).
public struct Activity: Codable, Hashable, Sendable {
    public enum State: String, Codable, Hashable, Sendable, CaseIterable {
        /// No longer in the configuration, and done with what was begun.
        case removed
        /// There was no process to know it.
        case unknown
        case offline
        case available
        case pause
        case ringing
        case talking
        /// The contact hears music.
        case held
        case wrapUp = "wrap-up"
        /// The browser is gone, and may come back within the grace.
        case lost
    }

    public var state: State
    /// Of a pause, its code; of an available agent why nothing can be offered; nil: there is nothing to say.
    public var reason: String?
    /// That rings, is talked to or is wrapped up.
    public var contact: ContactID?

    public init(_ state: State, reason: String? = nil, contact: ContactID? = nil) {
        self.state = state
        self.reason = reason
        self.contact = contact
    }

    /// Whether the agent is there to work, or would be.
    public var isSignedIn: Bool {
        switch state {
        case .removed, .unknown, .offline: false
        case .available, .pause, .ringing, .talking, .held, .wrapUp, .lost: true
        }
    }
}

/// From `since` on, until the agent's next one, the agent does this.
public struct ActivityChange: Codable, Hashable, Sendable {
    public var agent: AgentID
    public var activity: Activity
    public var since: Instant

    public init(agent: AgentID, activity: Activity, since: Instant) {
        self.agent = agent
        self.activity = activity
        self.since = since
    }
}

/// A stretch of time in which an agent did one thing.
public struct ActivitySpell: Codable, Hashable, Sendable {
    public var activity: Activity
    public var since: Instant
    /// The beginning of the next one; nil: it still goes on.
    public var until: Instant?

    public init(activity: Activity, since: Instant, until: Instant?) {
        self.activity = activity
        self.since = since
        self.until = until
    }
}

extension Agent {
    /// What the agent does now. Of several things at once the one that takes most of the agent counts: talking before
    /// holding, that before ringing, that before the wrap-up.
    public var activity: Activity {
        if loss != nil { return Activity(.lost, contact: activeContact) }
        if let (state, contact) = work.map({ ($0.state, $0.contact) }).min(by: { $0.0.rank < $1.0.rank }) {
            return Activity(state, contact: contact)
        }
        switch presence {
        case .offline: return Activity(.offline)
        case .aux(let reason): return Activity(.pause, reason: reason)
        case .available:
            return Activity(.available, reason: registeredDevices.isEmpty ? Refusal.noDevice.rawValue : nil)
        }
    }
}

extension Work {
    fileprivate var state: Activity.State {
        switch self {
        case .offered: .ringing
        case .active(_, _, let held): held ? .held : .talking
        case .wrapUp: .wrapUp
        }
    }
}

extension Activity.State {
    /// Of work; less comes first.
    fileprivate var rank: Int {
        switch self {
        case .talking: 0
        case .held: 1
        case .ringing: 2
        case .wrapUp: 3
        case .removed, .unknown, .offline, .available, .pause, .lost: 4
        }
    }
}
