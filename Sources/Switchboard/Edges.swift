// The edges and the rules, joined: events go in by `Edges+SIP` and `Edges+Media`, commands come out by `Edges+Commands`.

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
    let callerHash: KeyedHash
    let recordingsFolder: String
    let reader: StoreReader
    /// Contacts at once; further calls are answered 503.
    var callsMax = Int.max
    let logger: Logger
    /// The number that a trunk shows when it calls out, by the configuration.
    var callerIDs: [TrunkID: String] = [:]
    private var facts: [Fact] = []
    /// Recordings that run, are being made into a file or have failed, for their rows.
    var recordings: [RecordingID: RecordingRecord] = [:]

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
        turn.perform = { [unowned self] in perform($0) }
        turn.takeFacts = { [unowned self] in
            let taken = facts
            facts.removeAll(keepingCapacity: true)
            return taken
        }
    }

    /// To be stored with the turn that is under way, or the next one.
    func note(_ fact: Fact) { facts.append(fact) }

    /// The media and the call of a leg are over.
    func drop(_ id: LegID) {
        guard let leg = legs.remove(id) else { return }
        keep(media.close(id), of: leg)
    }
}
