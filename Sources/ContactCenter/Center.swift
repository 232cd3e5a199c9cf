// The rules of the contact center as one value. Start reading here, then one file for each feature: `Center+….swift`.

public import ACD
public import Basics
import IVR

/// Everything the center knows and decides: contacts, agents, queues, offers, deadlines.
///
/// `handle` is the only way in, its commands the only way out. No socket, file, clock or random source is touched, no table
/// is iterated whose order could differ elsewhere, so the same events at the same times give the same commands in every
/// process (architecture.md, "Journal").
public struct Center: Codable, Sendable {
    /// What a leg is for.
    enum LegRole: Codable, Hashable, Sendable {
        case caller(ContactID)
        case offered(OfferID)
        /// The agent's or the outside party's leg of a conversation, or one that is being dialled.
        case other(ContactID)
        /// Of somebody else on the call, answered or being dialled.
        case beside(ContactID)
        /// A device that dialled a feature code and hears the answer. Indirect, as it is rare and large.
        indirect case service(PlaybackID, deadline: Instant, of: AgentID)
    }

    /// A contact ringing at an agent's devices.
    struct Offer: Codable, Hashable, Sendable {
        var contact: ContactID
        var agent: AgentID
        var queue: QueueID
        var deadline: Instant
        var legs: [LegID]
        var wasDeclined = false
        /// A leg could not be called, and not for a reason that lies with the agent. Nil: no; older snapshots have none.
        var wasNotMade: Bool?
        /// Of each of `legs` the device that it rings. Older snapshots have none.
        var devices: [DeviceID]?
        /// Somebody on the call asks the agent to join it: no queue's offer, and counted nowhere. nil: it is one.
        var joins: Bool?
    }

    /// A call that was made for an agent, for the limits of its trunk. One whose leg is gone counts no more.
    struct OutsideCall: Codable, Hashable, Sendable {
        var trunk: TrunkID
        var until: Instant
    }

    struct FlowVersion: Codable, Hashable, Sendable {
        var number: Int
        var flow: Flow
        var isCurrent: Bool
    }

    enum DeadlineTarget: Codable, Hashable, Sendable {
        case playback(ContactID)
        case menu(ContactID)
        case collect(ContactID)
        case secure(ContactID)
        case waitLimit(ContactID)
        case announcement(ContactID)
        case exclusion(ContactID)
        case dial(ContactID)
        case consult(ContactID)
        case outside(LegID)
        case voicemail(ContactID)
        case leaving(ContactID)
        case offer(OfferID)
        case wrapUp(AgentID)
        case lost(AgentID)
        case personal(ContactID)
        case service(LegID)
        case relax(ContactID)
        case nextOffer(ContactID)
        case kept(ContactID)
        case room(ContactID)
        case handled(ContactID)
        case concurrency(WorkKindID)
        case wave(WorkKindID)
        case callback(ContactID)
        case callbacksDue(QueueID)
        /// More wait in a queue that empties than can leave it in one turn.
        case emptying(QueueID)
        /// Other priorities apply, and not everybody has the new place yet.
        case reordering
        /// Other terms of callbacks apply, and not every callback has them yet.
        case terms
        case countsReset
    }

    /// Something played counts as ended after this, whatever the edge says.
    static let playbackMax = Duration.seconds(300)
    static let goodbyeMax = Duration.seconds(60)
    /// An agent that missed or declined a contact is passed over for it as long as this.
    static let exclusionAfterMiss = Duration.seconds(3)
    static let exclusionAfterReject = Duration.seconds(10)
    /// The center is at a limit of its own: another try at once would meet it again.
    static let exclusionAfterNotMade = Duration.seconds(5)
    /// Queues that one contact may be handed through in one turn.
    public static let diversionsInTurnMax = 20

    public internal(set) var configuration = CenterConfiguration(version: "")
    public internal(set) var contacts = WatchedMap<ContactID, Contact>()
    public internal(set) var agents = WatchedMap<AgentID, Agent>()
    public internal(set) var queues = PagedMap<QueueID, WaitingQueue>()
    public internal(set) var figures = CenterFigures()
    /// The time of the last event; it never goes back.
    public internal(set) var now = Instant.epoch
    /// New calls take the fallback of their number.
    public internal(set) var isFallbackOnly = false
    var offers = PagedMap<OfferID, Offer>()
    var legs = PagedMap<LegID, LegRole>()
    var flows: [FlowVersion] = []
    public internal(set) var ownerOfDevice = PagedMap<DeviceID, AgentID>()
    var deadlines = DeadlineHeap<DeadlineTarget>()
    var lastContact: UInt64 = 0, lastOffer: UInt64 = 0, lastLeg: UInt64 = 0, lastPlayback: UInt64 = 0
    var lastRecording: UInt64 = 0
    /// The greatest leg that an edge has given out, so that it goes on from there after a restart.
    public internal(set) var lastEdgeLeg: UInt64 = 1

    /// The only randomness in the rules.
    var random = SeededRandom(seed: 0)
    /// With whom callers have talked last, where a queue asks for it.
    var lastAgents = LastAgents()
    /// What may come in, calls first.
    public internal(set) var kinds = [KindState(.call)]
    /// How far a change of the priorities has come; nil: everybody has the place that they give.
    var reordering: Reordering?
    /// How far other terms of callbacks have come; nil: every callback has those that hold.
    var termsWave: TermsWave?
    /// nil: sign-ins reset what agents have answered.
    var countsReset: CountsReset?
    /// How many callbacks each caller was promised today.
    var callbackAllowance = CallbackAllowance()
    /// Calls to numbers outside that agents wanted, by their legs.
    var outsideCalls = PagedMap<LegID, OutsideCall>()
    /// How the ways of each split have fared.
    public internal(set) var trials = PagedMap<TrialKey, Trial>()

    // Follows from the rest, and so is not part of the state.
    var numbers = PagedMap<String, NumberRules>()
    var index = RoutingIndex()
    // Of a change of configuration only, and without influence on what is decided.
    var preparation: Preparation?
    var replaced: (any Sendable)?
    // Empty between two events, and so not part of the state.
    var out: [Command] = []
    var queuesToCheck: [QueueID] = []
    var contactsToEntertain: [ContactID] = []
    var changedAgents: [AgentID] = []
    var changedContacts: [ContactID] = []
    var diversionsLeft = Self.diversionsOfAllInTurnMax
    var roomsLeft = Self.roomsInTurnMax
    /// Agents who have begun or ended to keep room in this turn, for whoever checks its offers afterwards.
    var keepersChanged: [AgentID] = []

    private enum CodingKeys: String, CodingKey {
        case configuration, contacts, agents, queues, figures, now, isFallbackOnly, offers, legs, flows
        case ownerOfDevice, deadlines, lastContact, lastOffer, lastLeg, lastPlayback, lastRecording, lastEdgeLeg
        case random, lastAgents, trials, kinds, reordering, callbackAllowance, termsWave, countsReset
        case outsideCalls
    }

    public init() {}

    public init(from decoder: any Decoder) throws {
        let values = try decoder.container(keyedBy: CodingKeys.self)
        configuration = try values.decode(CenterConfiguration.self, forKey: .configuration)
        contacts = try values.decode(WatchedMap<ContactID, Contact>.self, forKey: .contacts)
        agents = try values.decode(WatchedMap<AgentID, Agent>.self, forKey: .agents)
        queues = try values.decode(PagedMap<QueueID, WaitingQueue>.self, forKey: .queues)
        figures = try values.decode(CenterFigures.self, forKey: .figures)
        now = try values.decode(Instant.self, forKey: .now)
        isFallbackOnly = try values.decode(Bool.self, forKey: .isFallbackOnly)
        offers = try values.decode(PagedMap<OfferID, Offer>.self, forKey: .offers)
        legs = try values.decode(PagedMap<LegID, LegRole>.self, forKey: .legs)
        flows = try values.decode([FlowVersion].self, forKey: .flows)
        ownerOfDevice = try values.decode(PagedMap<DeviceID, AgentID>.self, forKey: .ownerOfDevice)
        deadlines = try values.decode(DeadlineHeap<DeadlineTarget>.self, forKey: .deadlines)
        lastContact = try values.decode(UInt64.self, forKey: .lastContact)
        lastOffer = try values.decode(UInt64.self, forKey: .lastOffer)
        lastLeg = try values.decode(UInt64.self, forKey: .lastLeg)
        lastPlayback = try values.decode(UInt64.self, forKey: .lastPlayback)
        lastRecording = try values.decode(UInt64.self, forKey: .lastRecording)
        lastEdgeLeg = try values.decode(UInt64.self, forKey: .lastEdgeLeg)
        // Snapshots from before there were strategies have neither.
        random = try values.decodeIfPresent(SeededRandom.self, forKey: .random) ?? random
        lastAgents = try values.decodeIfPresent(LastAgents.self, forKey: .lastAgents) ?? lastAgents
        trials = try values.decodeIfPresent(PagedMap<TrialKey, Trial>.self, forKey: .trials) ?? trials
        kinds = try values.decodeIfPresent([KindState].self, forKey: .kinds) ?? kinds
        reordering = try values.decodeIfPresent(Reordering.self, forKey: .reordering)
        termsWave = try values.decodeIfPresent(TermsWave.self, forKey: .termsWave)
        countsReset = try values.decodeIfPresent(CountsReset.self, forKey: .countsReset)
        callbackAllowance =
            try values.decodeIfPresent(CallbackAllowance.self, forKey: .callbackAllowance) ?? callbackAllowance
        outsideCalls = try values.decodeIfPresent(PagedMap<LegID, OutsideCall>.self, forKey: .outsideCalls) ?? outsideCalls
        takeUp()
    }

    /// Makes what follows from a state that was read.
    mutating func takeUp() {
        numbers = configuration.numberTable
        makeIndex()
        // What could be matched was matched in its turn: as in the center that was stored.
        index.forgetMatches()
    }

    /// When `deadlinesPassed` is wanted next; `distantFuture`: never.
    public var nextDeadline: Instant { deadlines.first?.at ?? .distantFuture }

    /// One event, everything that follows from it, and the commands for it in the order in which they are to be performed.
    public mutating func handle(_ event: Event, at time: Instant, into commands: inout [Command]) {
        let before = now
        now = max(now, time)
        figures.events += 1
        diversionsLeft = Self.diversionsOfAllInTurnMax
        roomsLeft = Self.roomsInTurnMax
        if !keepersChanged.isEmpty { keepersChanged.removeAll(keepingCapacity: true) }
        switch event {
        case .configurationApplied(let configuration): apply(configuration)
        case .restarted: restart(lastSeen: before)
        case .callArrived(let arrival): callArrived(arrival)
        case .workArrived(let arrival): workArrived(arrival)
        case .deviceCalled(let call): deviceCalled(call)
        case .legRinging(let leg): customerRings(leg)
        case .legEarlyMedia(let leg): legEarlyMedia(leg)
        case .legAnswered(let leg): legAnswered(leg)
        case .legFailed(let leg, let failure): legFailed(leg, failure)
        case .legEnded(let leg): legEnded(leg)
        case .legSilent(let leg): legSilent(leg)
        case .legQuiet(let leg): legQuiet(leg)
        case .legHeld(let leg, let isHeld): legHeld(leg, isHeld)
        case .digit(let leg, let key): digit(key, from: leg)
        case .playbackEnded(let leg, let playback): playbackEnded(playback, on: leg)
        case .collected(let leg, let token, _, let valid): collected(token, valid: valid, from: leg)
        case .deviceRegistered(let device): deviceRegistered(device)
        case .deviceUnregistered(let device): deviceUnregistered(device)
        case .deviceLost(let device): deviceLost(device)
        case .presenceRequested(let agent, let presence): request(presence, of: agent)
        case .channelsRequested(let agent, let opened, let closed): change(opened: opened, closed: closed, of: agent)
        case .satisfactionReported(let kind, let queue, let percent): satisfactionReported(percent, of: kind, in: queue)
        case .holdRequested(let agent, let isOn): control(event) { $0.hold(isOn, by: agent) }
        case .muteRequested(let agent, let isOn): control(event) { $0.mute(isOn, by: agent) }
        case .hangUpRequested(let agent): control(event) { $0.hangUp(by: agent) }
        case .transferRequested(let agent, let target): control(event) { $0.transfer(to: target, by: agent) }
        case .consultRequested(let agent, let step): control(event) { $0.consult(step, by: agent) }
        case .supervisionRequested(let supervision): control(event) { $0.supervise(supervision) }
        case .supervisionEnded(let agent): control(event) { $0.endSupervision(by: agent) }
        case .secureStepRequested(let agent, let form): control(event) { $0.collectSecurely(form, by: agent) }
        case .recordingPauseRequested(let agent, let isOn): control(event) { $0.pauseRecording(isOn, by: agent) }
        case .wrapUpCompleted(let agent, let disposition): control(event) { $0.completeWrapUp(disposition, by: agent) }
        case .wrapUpExtended(let agent): control(event) { $0.extendWrapUp(by: agent) }
        case .wrapUpRequested(let agent, let contact, let isOn):
            control(event) { $0.askForWrapUp(isOn, after: contact, by: agent) }
        case .workCompleted(let agent, let contact): control(event) { $0.complete(contact, by: agent) }
        case .workTransferRequested(let agent, let contact, let target):
            control(event) { $0.transfer(contact, to: target, by: agent) }
        case .workWrapUpCompleted(let agent, let contact, let disposition):
            control(event) { $0.completeWrapUp(of: contact, disposition, by: agent) }
        case .workWrapUpExtended(let agent, let contact): control(event) { $0.extendWrapUp(of: contact, by: agent) }
        case .priorityChanged(let contact, let priorityClass, let seconds):
            prioritise(contact, priorityClass: priorityClass, boostSeconds: seconds)
        case .withdrawRequested(let contact): withdraw(contact)
        case .callbackScheduled(let request): schedule(request)
        case .callbackCancelled(let contact): cancelCallback(contact)
        case .recordingSaved: figures.recordingsSaved += 1
        case .recordingFailed(let recording, _): recordingFailed(recording)
        case .admissionChanged(let fallback): isFallbackOnly = fallback
        case .deadlinesPassed: fireDeadlines()
        }
        checkEmptyQueues()
        match()
        planConcurrency()
        callBack()
        entertain()
        // What is heard changes nothing about who may have whom.
        followChanges()
        index.forgetMatches()
        dropPassedDeadlines()
        if commands.isEmpty {
            swap(&commands, &out)
        } else {
            commands.append(contentsOf: out)
            out.removeAll(keepingCapacity: true)
        }
    }

    /// The contact that the leg serves or rings for.
    public func contact(of leg: LegID) -> ContactID? {
        switch legs[leg] {
        case .caller(let contact), .other(let contact), .beside(let contact): contact
        case .offered(let offer): offers[offer]?.contact
        case .service, nil: nil
        }
    }

    // MARK: Ids

    mutating func makeLeg() -> LegID {
        lastLeg += 2
        return LegID(rawValue: lastLeg)
    }

    mutating func makePlayback() -> PlaybackID {
        lastPlayback += 1
        return PlaybackID(rawValue: lastPlayback)
    }

    mutating func makeRecording() -> RecordingID {
        lastRecording += 1
        return RecordingID(rawValue: lastRecording)
    }

    /// Edges give out odd leg ids, the rules even ones.
    mutating func noteEdgeLeg(_ leg: LegID) { lastEdgeLeg = max(lastEdgeLeg, leg.rawValue | 1) }
}

/// What has been counted since the center began.
public struct CenterFigures: Codable, Hashable, Sendable {
    public internal(set) var events = 0
    public internal(set) var contacts = 0
    public internal(set) var callsRejected = 0
    public internal(set) var recordingsSaved = 0
    public internal(set) var recordingsFailed = 0
    /// Events about legs, playbacks or agents that are no longer there: the normal fruit of races.
    public internal(set) var lateEvents = 0
}
