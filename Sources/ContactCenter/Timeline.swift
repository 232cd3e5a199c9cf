// What happened to a contact, in order, with the reason of every decision.

public import ACD
public import Basics

/// How a contact ended.
public enum Outcome: String, Codable, Hashable, Sendable, CaseIterable {
    /// A person spoke with the caller, or the self-service came to its end.
    case handled
    case selfService = "self-service"
    case transferred
    case voicemail
    /// The caller hung up while waiting in a queue.
    case abandoned
    /// The caller hung up in the menu.
    case hungUpInMenu = "hung-up-in-menu"
    /// Sent to the number's fallback because the center could not take it.
    case fallback
    /// The process ended under the call.
    case lost
    /// No agent has had it: every queue gave it back, or its time was over.
    case unserved
    /// A callback that did not come about; the timeline says why.
    case callbackFailed = "callback-failed"
    /// Went on as another contact of the same caller, who was promised a callback already.
    case merged
}

/// How an offer ended that was not answered.
public enum OfferEnd: String, Codable, Hashable, Sendable {
    case missed
    case rejected
    case failed
    case rescinded
    /// The center could not ring, for reasons of its own: no miss.
    case notMade = "not-made"
    /// Another agent was rung too, and was quicker: no miss.
    case answeredElsewhere = "answered-elsewhere"
}

/// One line of a contact's timeline.
public enum Happening: Codable, Hashable, Sendable {
    case arrived(number: String, trunk: TrunkID, channel: Int)
    /// Something that is no call.
    case workArrived(kind: WorkKindID)
    case visited(flow: FlowID, node: NodeID)
    case chose(node: NodeID, key: String)
    case noted(attribute: String, value: String)
    case enqueued(QueueID, position: Int)
    /// What the caller was told; nil: nothing could honestly be said of the wait.
    case announced(position: Int, expectedWaitSeconds: Double?)
    case diverted(QueueID, DiversionCause)
    /// Less is asked of agents now: the step of the requirement from 0, and the highest level asked; nil: all levels.
    case relaxed(QueueID, step: Int, levelMax: Int?)
    /// It comes first for that agent, who has too much in hand: for so long nothing else is begun there that takes its room.
    case roomKept(QueueID, AgentID, seconds: Double)
    /// Somebody has given it another place in the order of service.
    case prioritised(priorityClass: Int, position: Int)
    /// Indirect, as the explanation is several times as large as any other line.
    indirect case offered(OfferID, AgentID, QueueID, why: Explanation)
    case offerEnded(OfferID, AgentID, OfferEnd)
    case answered(AgentID, QueueID, waitSeconds: Double)
    case held
    case resumed
    case dialled(TrunkID)
    case connected
    case notConnected(LegFailure)
    case recordingStarted(RecordingID)
    case recordingStopped(RecordingID)
    case recordingPaused(RecordingID)
    case recordingResumed(RecordingID)
    /// The caller keys in what nobody else is to know.
    case secureBegan(String, by: AgentID)
    case secureEnded(String, SecureEnd)
    case agentLeft(AgentID)
    /// The agent's browser is gone; the caller hears music.
    case lost(AgentID)
    case returned(AgentID)
    case transferred(AgentID, to: TransferTarget)
    /// The agent asks somebody else, while the caller hears music.
    case consulted(Participant.Who, by: AgentID)
    /// Somebody who was asked talks with the caller too.
    case conferred(Participant.Who)
    /// Somebody who was asked or who conferred is gone, or has not come; why, of whom that is known.
    case participantLeft(Participant.Who, OfferEnd?)
    /// The caller is with whom the agent had asked, or who was on the call.
    case handedOver(AgentID?, to: Participant.Who)
    /// A supervisor is on the call in that mode; nil: no longer.
    case supervised(AgentID, Supervision.Mode?)
    /// What the agent said of the contact in the wrap-up; nil: it was required and not said.
    case disposed(AgentID, code: String?)
    /// What the customer was promised: a wait from now on; nil: nothing could be said.
    case callbackRequested(QueueID, promisedSeconds: Double?)
    case callbackDialled(TrunkID, attempt: Int)
    case callbackAnswered
    case callbackEnded(CallbackEnd)
    case ended(Outcome, by: Party)
}

/// Who ended something.
public enum Party: String, Codable, Hashable, Sendable {
    case caller, agent, system, other
}

public struct TimelineEntry: Codable, Hashable, Sendable {
    public var at: Instant
    public var what: Happening

    public init(at: Instant, what: Happening) {
        self.at = at
        self.what = what
    }
}
