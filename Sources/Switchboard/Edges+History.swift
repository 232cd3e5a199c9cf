// A contact that is over, as the rows that history keeps.

internal import ACD
internal import API
internal import Basics
internal import ContactCenter
internal import Media
internal import Storage

extension Edges {
    func close(_ contact: Contact) {
        note(.contact(ContactRecord(contact)))
        for entry in contact.timeline { append(entry, to: contact.id) }
        for supervision in SupervisionRecord.all(of: contact) { note(.audit(supervision.audit)) }
        // The rows were begun before the contact had one that they could refer to.
        for id in contact.recordings {
            guard var record = recordings[id] else { continue }
            record.take(contact)
            recordings[id] = record
            note(.recording(record))
        }
    }

    func append(_ entry: ContactCenter.TimelineEntry, to contact: ContactID) {
        note(.timeline(Storage.TimelineEntry(contact: contact, at: entry.at, kind: entry.what.kind, body: entry.what)))
    }

    /// What agents do from now on.
    func followAgents(_ event: Event, _ commands: [Command], lastSeen: Instant) {
        for change in timelines.note(event, commands, in: turn.center, lastSeen: lastSeen) {
            note(.agentState(AgentStateRecord(change)))
        }
    }

    /// What an agent wrote, for a turn of its own: the rules never hear of it.
    func record(of note: NoteRecord) -> TurnRecord {
        // The contact may live on with another agent; the note's row refers to its row.
        let contact = turn.center.contacts[note.contact].map { Fact.contact(ContactRecord($0)) }
        return TurnRecord(at: clock.now, facts: (contact.map { [$0] } ?? []) + [.note(note)])
    }

    /// A leg on which nothing was ever heard or said, such as a phone that only rang, is not worth a row.
    func keep(_ figures: LegFigures, of leg: Leg) {
        guard figures.packetsReceived > 0 || figures.packetsSent > 0, var record = LegRecord(leg, figures) else { return }
        record.closed = clock.now
        // The leg's row refers to the contact's.
        if let contact = turn.center.contacts[record.contact] { note(.contact(ContactRecord(contact))) }
        note(.leg(record))
    }
}

extension RecordingRecord {
    /// What the contact knows by now; who was at the other end stays, though nobody is any more.
    mutating func take(_ contact: Contact) {
        queue = contact.queue
        agent = contact.agent
        dialled = contact.number
        trunk = contact.trunk
        trunkChannel = contact.channel
        caller = contact.caller
        direction = contact.callback == nil ? "in" : "out"
        seat = contact.conversation?.device?.rawValue ?? seat
    }
}

extension AgentStateRecord {
    nonisolated init(_ change: ActivityChange) {
        self.init(
            agent: change.agent, since: change.since, state: change.activity.state.rawValue, reason: change.activity.reason,
            contact: change.activity.contact)
    }

    /// nil: a later program has written a state that this one does not know.
    nonisolated var change: ActivityChange? {
        Activity.State(rawValue: state).map {
            ActivityChange(agent: agent, activity: Activity($0, reason: reason, contact: contact), since: since)
        }
    }
}

extension LegRecord {
    /// nil: the leg serves no contact.
    init?(_ leg: Leg, _ figures: LegFigures) {
        guard let service = leg.service else { return nil }
        self.init(
            id: leg.id, contact: service.contact, party: service.party.rawValue, agent: service.agent, opened: service.opened)
        packetsReceived = Int(clamping: figures.packetsReceived)
        packetsSent = Int(clamping: figures.packetsSent)
        packetsLost = Int(clamping: figures.packetsLost)
        jitterMilliseconds = figures.jitterMilliseconds
        roundTripMilliseconds = figures.roundTripMilliseconds
        remoteLoss = figures.remoteLoss
    }
}
