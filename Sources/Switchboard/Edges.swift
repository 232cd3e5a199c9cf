// The edges and the rules, joined: events go in by `Edges+SIP` and `Edges+Media`, commands come out by `Edges+Commands`.

internal import ACD
internal import API
internal import Basics
internal import ContactCenter
internal import Logging
internal import MainLoop
internal import Media
internal import SIP
internal import Storage

/// Connects SIP, media and prompts with the turn. Decides nothing: it maps.
final class Edges {
    /// Rows kept in `recordings`; those of recordings that failed beyond it are read from the store.
    static let recordingsMax = 10_000

    let sip: Endpoint
    let media: MediaPlane
    let prompts: PromptLibrary
    let turn: Turn
    let legs: LegTable
    let clock: HouseClock
    /// Agents' browsers.
    private(set) lazy var browsers = BrowserDesks(self)
    /// Shown every command behind its performance; it may only submit, as `perform`.
    var onCommand: (Command) -> Void = { _ in }
    /// Stores what belongs to no event, in a turn of its own.
    var keep: (TurnRecord) -> Void = { _ in }
    let callerHash: KeyedHash
    let recordingsFolder: String
    let reader: StoreReader
    /// Contacts at once; further calls are answered 503.
    var callsMax = Int.max
    /// Calls answered 503 because the turn had too much to do, and because there were too many of them.
    private(set) var overloaded = (events: UInt64(0), calls: UInt64(0))
    /// Who takes the digits of secure forms, by name.
    var secureForms: [String: SecureFormAtEdge] = [:]
    var secure = SecureSteps()
    let logger: Logger
    /// The number that a trunk shows when it calls out, by the configuration.
    var callerIDs: [TrunkID: String] = [:]
    /// How a trunk writes numbers, where the configuration says so.
    var numberPlans: [TrunkID: NumberPlan] = [:]
    let callbackNumbers = CallbackNumbers()
    let outsideNumbers = OutsideNumbers()
    /// What came in over the API.
    let work = WorkRegister()
    private var facts: [Fact] = []
    /// What each agent does; the server hands in what history knows of it.
    var timelines = AgentTimelines()
    /// Recordings that run, are being made into a file or have failed, for their rows.
    var recordings: [RecordingID: RecordingRecord] = [:]
    /// Since the start.
    var recordingCounts = (saved: UInt64(0), failed: UInt64(0))
    /// After so long without a sound from either side of a conversation that is noted; 0: never.
    var deadAirSeconds = 0
    /// How often neither side was heard, and how often what came in was too uneven (S0-10, S0-40).
    var soundAlarms = (deadAir: UInt64(0), jitter: UInt64(0))

    init(
        sip: Endpoint, media: MediaPlane, prompts: PromptLibrary, turn: Turn, callerHash: KeyedHash,
        recordingsFolder: String, reader: StoreReader, logger: Logger
    ) {
        self.sip = sip
        self.media = media
        self.prompts = prompts
        self.turn = turn
        self.callerHash = callerHash
        self.recordingsFolder = recordingsFolder
        self.reader = reader
        self.logger = logger
        clock = turn.clock
        legs = LegTable(after: turn.center.lastEdgeLeg)
        sip.onEvent = { [unowned self] in take($0) }
        media.onEvent = { [unowned self] in take($0) }
        turn.perform = { [unowned self] in
            perform($0)
            onCommand($0)
        }
        turn.onHandled = { [unowned self] in
            followAgents($0, $1, lastSeen: $2)
            forgetDeparted($0, $1)
            forgetOutside($0)
            followWork($0, $1)
        }
        turn.takeFacts = { [unowned self] in
            let taken = facts
            facts.removeAll(keepingCapacity: true)
            return taken
        }
    }

    /// To be stored with the turn that is under way, or the next one.
    func note(_ fact: Fact) { facts.append(fact) }

    func keepAlone(_ fact: Fact) { keep(TurnRecord(at: clock.now, facts: [fact])) }

    /// Whether a new call can be taken on; if not, it is counted.
    func admits(_ source: Invitation.Source) -> Bool {
        if turn.isFull {
            overloaded.events += 1
            return false
        }
        // An agent who wants to sign in may do so however many calls there are.
        // Who is parked is no call, and a mail is none.
        let calls = turn.center.contacts.count - turn.center.parkedCount - work.openCount
        guard case .trunk = source, calls >= callsMax else { return true }
        overloaded.calls += 1
        return false
    }

    /// The media and the call of a leg are over.
    func drop(_ id: LegID) {
        guard let leg = legs.remove(id) else { return }
        secure.states[id] = nil
        keep(media.close(id), of: leg)
        if let browser = leg.browser { browsers.forget(id, of: browser.agent) }
    }

    /// Lets go of every leg, with its figures in a turn of their own: the rules hear of none of it.
    func dropAll() -> [Fact] {
        for leg in legs.all.sorted(by: { $0.id < $1.id }) { drop(leg.id) }
        defer { facts.removeAll() }
        return facts
    }
}
