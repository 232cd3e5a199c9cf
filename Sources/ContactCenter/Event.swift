// Everything that can happen to the center, as values: the input of the rules and the lines of the journal.

public import ACD
public import Basics

/// A call from outside.
public struct Arrival: Codable, Hashable, Sendable {
    public var leg: LegID
    /// As dialled.
    public var number: String
    public var caller: CallerKey
    public var trunk: TrunkID
    /// Channel of the trunk, from 1 (S1-17).
    public var channel: Int
    /// The caller has shown a number that can be called. Nil: no.
    public var canBeCalledBack: Bool?
    /// The queues that may call that number; nil: each that calls back.
    public var callbackQueues: [QueueID]?

    public init(
        leg: LegID, number: String, caller: CallerKey, trunk: TrunkID, channel: Int, canBeCalledBack: Bool? = nil,
        callbackQueues: [QueueID]? = nil
    ) {
        self.leg = leg
        self.number = number
        self.caller = caller
        self.trunk = trunk
        self.channel = channel
        self.canBeCalledBack = canBeCalledBack
        self.callbackQueues = callbackQueues
    }
}

/// A call from an agent's device.
public struct DeviceCall: Codable, Hashable, Sendable {
    public var leg: LegID
    public var device: DeviceID
    public var dialled: String

    public init(leg: LegID, device: DeviceID, dialled: String) {
        self.leg = leg
        self.device = device
        self.dialled = dialled
    }
}

/// Why a leg that was being set up did not come about.
public enum LegFailure: String, Codable, Hashable, Sendable, CaseIterable {
    /// 486, 600.
    case busy
    /// 603, or the agent's own decline.
    case declined
    /// 408, 480 and everything that says that nobody is there.
    case unreachable
    /// 5xx, no free channel, no answer that could be understood.
    case failed
    /// The center itself did not call: it is at one of its own limits, or ends. Nobody on the other side is to blame.
    case notMade = "not-made"
    /// Of a customer who is called back: nobody knows the number any more, or it may not be called.
    case notCallable = "not-callable"
    /// Of somebody outside whom an agent wants: there is no such number.
    case noSuchNumber = "no-such-number"
}

/// An input of the rules. New cases are added, old ones never change their meaning: journals stay readable.
public enum Event: Codable, Hashable, Sendable {
    indirect case configurationApplied(CenterConfiguration)
    /// A process has taken over from one that is gone: its legs are dead.
    case restarted
    case callArrived(Arrival)
    /// Something that is no call: a chat, a mail, a ticket.
    indirect case workArrived(WorkArrival)
    case deviceCalled(DeviceCall)
    /// Of customers who are called back, and in old journals: whether a call reached a phone.
    case legRinging(LegID)
    /// Somebody who has not answered yet can be heard already: a carrier's announcement, a far ringing tone (183).
    case legEarlyMedia(LegID)
    case legAnswered(LegID)
    case legFailed(LegID, LegFailure)
    /// The other side has gone: BYE, CANCEL, or a time-out of the dialog.
    case legEnded(LegID)
    /// No packet has come from the leg for as long as the configuration allows.
    case legSilent(LegID)
    /// No sound has come from the leg for as long as was asked for.
    case legQuiet(LegID)
    /// The other side has put the call on hold or taken it back.
    case legHeld(LegID, Bool)
    /// A menu's single key; nothing else travels as a digit.
    case digit(LegID, String)
    case playbackEnded(LegID, PlaybackID)
    /// The digits of a collect step stay at the edge; the rules get a token.
    case collected(LegID, token: String, length: Int, valid: Bool)
    case deviceRegistered(DeviceID)
    /// In order: the device has said so itself.
    case deviceUnregistered(DeviceID)
    /// An agent's browser is gone without saying so, or silent while it should be heard, or frozen; `deviceRegistered` of
    /// the same device is its return.
    case deviceLost(DeviceID)
    /// By the agent, a feature code, or somebody named in the audit line.
    case presenceRequested(AgentID, AgentPresence)
    /// By the agent or somebody named in the audit line: over a channel that is closed nothing new comes. Others stay as they
    /// are.
    case channelsRequested(AgentID, opened: [Channel], closed: [Channel])
    /// What customers say of a kind of work, in percent, over all queues or of one.
    case satisfactionReported(WorkKindID, QueueID?, percent: Int)
    // The buttons of an agent's desk. What does not apply (see `Center.refusal(of:)`) changes nothing.
    /// Music for the caller, silence for the agent.
    case holdRequested(AgentID, Bool)
    /// The caller hears nothing of the agent.
    case muteRequested(AgentID, Bool)
    case hangUpRequested(AgentID)
    /// Blind: the caller waits again, with the old order key, and the agent goes to wrap-up.
    case transferRequested(AgentID, TransferTarget)
    case recordingPauseRequested(AgentID, Bool)
    /// The caller keys in what nobody else is to know, by the form of that name; nil: no longer.
    case secureStepRequested(AgentID, String?)
    /// By the agent whom the call is with; `leave` by whoever is on it.
    case consultRequested(AgentID, ConsultStep)
    // By a supervisor who is named in the audit line.
    /// The supervisor's own devices ring; of one who is on the call already the mode changes at once.
    case supervisionRequested(Supervision)
    /// The call goes on as it was.
    case supervisionEnded(AgentID)
    /// A code of the configuration, never free text; notes never come here.
    case wrapUpCompleted(AgentID, disposition: String?)
    /// By its own length again, once.
    case wrapUpExtended(AgentID)
    /// While the agent has the contact: a wrap-up is wanted after it, or no longer, where the queue leaves that to the agent.
    case wrapUpRequested(AgentID, ContactID, Bool)
    // The same for work that is no call, of which an agent may have several pieces at once. A chat that the customer leaves is
    // `legEnded`.
    case workCompleted(AgentID, ContactID)
    case workTransferRequested(AgentID, ContactID, TransferTarget)
    case workWrapUpCompleted(AgentID, ContactID, disposition: String?)
    case workWrapUpExtended(AgentID, ContactID)
    /// By somebody named in the audit line, or another system: another place in the order of service, at once.
    case priorityChanged(ContactID, priorityClass: Int, boostSeconds: Int)
    /// Somebody takes the contact out of its queue; it goes on in its flow.
    case withdrawRequested(ContactID)
    /// By somebody named in the audit line, or another system; a caller's own key comes as `digit`.
    case callbackScheduled(CallbackRequest)
    /// Nobody is to be called any more. What is under way with a customer on the line is not touched.
    case callbackCancelled(ContactID)
    case recordingSaved(RecordingID, seconds: Double)
    case recordingFailed(RecordingID, reason: String)
    /// The store's buffer is full (or has room again): new calls take the fallback of their number (S0-83).
    case admissionChanged(fallback: Bool)
    /// A time that the rules wanted to be woken for has come.
    case deadlinesPassed
}
