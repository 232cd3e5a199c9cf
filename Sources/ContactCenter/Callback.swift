// What a contact was promised instead of waiting on the line (definitions.md 3.7).

public import ACD
public import Basics

/// A callback from the request to its end. The contact keeps its id and its place; the customer's number is none of it.
public struct Callback: Codable, Hashable, Sendable {
    /// Each has a deadline or a live leg.
    public enum Phase: Codable, Hashable, Sendable {
        /// The caller is still on the line and hears that somebody will call.
        case confirming(until: Instant)
        /// Parked, and not to be called before: the time wished, the pause after a try, the next opening.
        case resting(until: Instant)
        /// Parked, and called when the turn comes; at `until` the line closes, or it is given up.
        case ready(until: Instant)
        /// The customer's phone rings. That agent is expected to be free in time.
        case dialling(for: AgentID, until: Instant)
        /// Somebody or something has answered, and is asked for a key that no machine presses. Nobody is rung before it comes.
        case proving(for: AgentID?, until: Instant)
        /// The customer has answered and waits at the old place.
        case holding(for: AgentID?)
        /// An agent has accepted and hears the customer's phone ring.
        case reaching(until: Instant)
        /// The same as `proving`, and an agent who has accepted hears the ringing tone until the key comes.
        case provingBeside(until: Instant)
        /// An agent has accepted, and the customer hears that the call is recorded.
        case greeting
        case ended(CallbackEnd)
    }

    /// In which it was asked for, and whose figures count it.
    public let queue: QueueID
    public internal(set) var terms: CallbackRules
    public let requestedAt: Instant
    /// The time wished; nil: as soon as the turn comes.
    public internal(set) var wishedAt: Instant?
    /// When it should come about, by what the customer was told or wished; nil: nothing could be said.
    public internal(set) var promisedAt: Instant?
    /// The customer has agreed to be called.
    public let hasConsented: Bool
    public internal(set) var phase: Phase
    /// Calls to the customer.
    public internal(set) var attempts = 0
    public internal(set) var givesUpAt: Instant
    /// Not to be called earlier: the time wished, or the end of the pause after a try.
    public internal(set) var notBefore: Instant
    /// The whole contact was being recorded when it was parked, and is to be again.
    var wasRecording = false
    /// The customer's phone, or the carrier in its place, has said that it rings; nil: no.
    var rings: Bool?
    /// A call that a restart cut off was taken back as no try; nil: not yet.
    var wasForgiven: Bool?

    public var isOpen: Bool { if case .ended = phase { false } else { true } }

    /// Nobody is on the line and nobody is called.
    public var isParked: Bool {
        switch phase {
        case .resting, .ready: true
        case .confirming, .dialling, .proving, .holding, .reaching, .provingBeside, .greeting, .ended: false
        }
    }

    /// When something has to become of it whatever happens.
    public var deadline: Instant {
        switch phase {
        case .confirming(let until), .resting(let until), .ready(let until), .dialling(_, let until), .proving(_, let until),
            .reaching(let until), .provingBeside(let until):
            until
        case .holding, .greeting, .ended: .distantFuture
        }
    }
}

/// Somebody wants a customer to be called, at a time or when the turn comes. The number stays at the edge.
public struct CallbackRequest: Codable, Hashable, Sendable {
    public var caller: CallerKey
    public var queue: QueueID
    /// nil: as soon as the turn comes.
    public var wishedAt: Instant?
    public var hasConsented: Bool

    public init(caller: CallerKey, queue: QueueID, wishedAt: Instant? = nil, hasConsented: Bool) {
        self.caller = caller
        self.queue = queue
        self.wishedAt = wishedAt
        self.hasConsented = hasConsented
    }
}

/// Why a callback cannot be had.
public enum CallbackRefusal: String, Hashable, Sendable, CaseIterable {
    case unknownQueue = "unknown-queue"
    /// The queue calls nobody back.
    case notOffered = "not-offered"
    case noConsent = "no-consent"
    case past
    /// Later than `CallbackRules.scheduleDaysMax` days from now.
    case tooFar = "too-far"
    /// Outside the hours in which the queue calls.
    case closed
    /// There are `Center.callbacksMax` already.
    case full
    /// The caller was promised `CallbackAllowance.requestsPerDayMax` callbacks today already.
    case tooMany = "too-many"
    /// The customer is on the line because of an earlier request.
    case underWay = "under-way"
}

/// A customer to be called over a trunk. The edge knows the number by the caller's key.
public struct CallBack: Codable, Hashable, Sendable {
    public var leg: LegID
    public var contact: ContactID
    public var caller: CallerKey
    public var trunk: TrunkID
    /// The number that the customer sees; nil: the trunk's.
    public var callerID: String?
    /// The agent's leg, where one waits for the customer already.
    public var agentLeg: LegID?
}

extension Contact {
    /// A contact that begins with a request, and not with a call.
    init(id: ContactID, request: CallbackRequest, trunk: TrunkID, at now: Instant) {
        let arrival = Arrival(
            leg: LegID(rawValue: 0), number: "", caller: request.caller, trunk: trunk, channel: 0, canBeCalledBack: true)
        self.init(id: id, arrival: arrival, flow: "", flowVersion: 0, at: now)
    }

    /// The open callback's phase; nil: there is none.
    var callbackPhase: Callback.Phase? { callback.flatMap { $0.isOpen ? $0.phase : nil } }

    /// Waits in its queue, and nobody may be rung for it now.
    public var isHeldBack: Bool {
        switch callbackPhase {
        case nil, .holding: false
        case .ready: callback?.terms.mode != .agentFirst
        case .confirming, .resting, .dialling, .proving, .reaching, .provingBeside, .greeting, .ended: true
        }
    }

    /// Parked: in its queue without anybody on the line.
    public var isParked: Bool { callbackPhase != nil && callback?.isParked == true }

    /// Waits for a call that was promised, or hears how it is: the queue does not give it away.
    var isPromised: Bool {
        switch callbackPhase {
        case .confirming, .resting, .ready, .dialling, .proving: true
        case nil, .holding, .reaching, .provingBeside, .greeting, .ended: false
        }
    }

    /// Whether the one who waits listens to what the queue has to say.
    var hearsQueue: Bool {
        switch callbackPhase {
        case nil, .holding: true
        case .confirming, .resting, .ready, .dialling, .proving, .reaching, .provingBeside, .greeting, .ended: false
        }
    }

    /// With an agent who waits for the customer.
    var isBeingReached: Bool {
        switch callbackPhase {
        case .reaching, .provingBeside, .greeting: true
        case nil, .confirming, .resting, .ready, .dialling, .proving, .holding, .ended: false
        }
    }

    /// Whoever has answered is asked for a key.
    public var isBeingProved: Bool {
        switch callbackPhase {
        case .proving, .provingBeside: true
        case nil, .confirming, .resting, .ready, .dialling, .holding, .reaching, .greeting, .ended: false
        }
    }
}
