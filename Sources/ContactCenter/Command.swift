// Everything that the rules can want done, as values: the output of a turn.

public import ACD
public import Basics
public import IVR

/// Why a call that has not been answered is refused.
public enum RejectCause: String, Codable, Hashable, Sendable {
    /// 404: nothing behind that number.
    case unknownNumber
    /// 486: every way is taken.
    case busy
    /// 503: the center cannot take calls.
    case unavailable
    /// 403: a device may not do that.
    case forbidden
}

/// Why a leg is ended.
public enum HangUpCause: String, Codable, Hashable, Sendable {
    case normal
    /// Another device of the agent, or another agent, took the call.
    case answeredElsewhere
    case callerGone
    case timeout
    case noAudio
    case failure
}

/// Where a recording belongs.
public struct RecordingStart: Codable, Hashable, Sendable {
    public var recording: RecordingID
    public var contact: ContactID
    public var caller: LegID
    public var other: LegID?
    /// `legQuiet` is wanted after so much silence of the caller; nil: it is not.
    public var silenceSeconds: Int?

    public init(recording: RecordingID, contact: ContactID, caller: LegID, other: LegID?, silenceSeconds: Int? = nil) {
        self.recording = recording
        self.contact = contact
        self.caller = caller
        self.other = other
        self.silenceSeconds = silenceSeconds
    }
}

/// A phone to be rung for an offer.
public struct Ring: Codable, Hashable, Sendable {
    public var leg: LegID
    public var offer: OfferID
    public var contact: ContactID
    public var agent: AgentID
    public var device: DeviceID
    /// Whose name and number the phone shows.
    public var callerLeg: LegID
    /// To which part of a call that goes on; nil: the contact is offered.
    public var joins: Participant.Part?
    /// What is offered; nil: a call. Anything else is shown at the agent's desk and has no sound: `legAnswered` says that it
    /// is accepted there, and with that the leg is over; `legFailed` with `declined` that it is not wanted.
    public var kind: WorkKindID?
}

/// A call to be made over a trunk.
public struct Dial: Codable, Hashable, Sendable {
    public var leg: LegID
    public var contact: ContactID
    public var trunk: TrunkID
    /// Empty: the one that the edge knows under `callee`.
    public var number: String
    public var callerLeg: LegID
    public var callee: CallerKey?
}

/// An output of the rules, performed on the edges in order. An edge that cannot do it submits an event. The large ones are
/// indirect: a turn has a handful of commands, and each would otherwise be as large as a whole contact.
public enum Command: Codable, Hashable, Sendable {
    case answer(LegID)
    case reject(LegID, RejectCause)
    case hangUp(LegID, HangUpCause)
    /// The end is reported as `playbackEnded`, unless it loops or is stopped.
    case play(LegID, PlaybackID, [Announcement], loops: Bool, stopsOnDigit: Bool)
    case stopPlayback(LegID)
    /// Prompt and digits of a collect step, both at the edge; answered by `collected`.
    indirect case collect(LegID, Collect)
    /// The caller keys in what that form says, heard by nobody meanwhile; answered by `collected`.
    case collectSecurely(LegID, form: String)
    /// What is collected is not wanted any more, and nothing is said of it.
    case cancelCollection(LegID)
    case bridge(LegID, LegID)
    case unbridge(LegID, LegID)
    /// Who is in the contact's conference from now on; nobody: it is over. It stops what is played to them, and takes them out
    /// of their bridges, without a gap for those who were there. `isMasked`: supervisors hear nobody for now.
    case confer(ContactID, [Conferee], isMasked: Bool)
    case ring(Ring)
    indirect case dial(Dial)
    indirect case callBack(CallBack)
    /// The number behind this leg will be called back: it is kept under the caller's key, over restarts.
    case keepNumber(CallerKey, of: LegID)
    /// Nobody will call it back any more.
    case forgetNumber(CallerKey)
    case startRecording(RecordingStart)
    /// Whose voices a recording has from now on beside the caller's: those whom the caller hears.
    case record(RecordingID, [LegID])
    case stopRecording(RecordingID)
    /// Nothing is kept of what is said while it is paused; the recording keeps its time line.
    case pauseRecording(RecordingID, Bool)
    /// Nothing is heard of the leg by the other side, until it is taken back or the leg is gone.
    case mute(LegID, Bool)
    /// A line for the timeline of a contact that is closed already.
    indirect case append(ContactID, TimelineEntry)
    /// The contact is over: everything known of it, to be stored with the turn.
    indirect case close(Contact)
    /// The brake of a split: from now on every call goes the usual way.
    case trialBrokenOff(TrialKey)
    /// A split has gone on to its next stage.
    case trialStageBegan(TrialKey)
    /// An agent's presence or work changed.
    case agentChanged(AgentID)
    case queueChanged(QueueID)
    case contactChanged(ContactID)
}
