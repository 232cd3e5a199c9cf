// What an agent's page shows, as values. Frames are made from the difference between two of them.

internal import ACD
internal import Basics
internal import ContactCenter

struct DeskPerson: Sendable, Hashable {
    var id: AgentID
    var name: String
}

/// The agent's presence.
struct DeskState: Sendable, Hashable {
    var presence: AgentPresence
    var since: Instant
    var pending: AgentPresence?
    /// Of the agent's queues.
    var channels: [Channel] = []

    struct Channel: Sendable, Hashable {
        var id: ACD.Channel
        var isOpen: Bool
    }
}

/// The agent's figures of today.
struct DeskFigures: Sendable, Hashable {
    var handled = 0
    var talkSeconds = 0.0
    /// Talk, hold and wrap-up; nil before the first call.
    var averageHandleSeconds: Double?
    var missed = 0
}

/// What is known of a contact, from the offer to the end of the wrap-up.
struct DeskContact: Sendable, Hashable {
    var id: ContactID
    /// As signalled; nil: withheld.
    var number: String?
    var queue: QueueID?
    var waitSeconds: Double
    /// The way through the voice menu.
    var path: [String]
    var attributes: [Attribute]
    // Of what is no call.
    var name: String?
    var subject: String?
    var externalID: String?
}

struct DeskOffer: Sendable, Hashable {
    var id: OfferID
    var contact: DeskContact
    var until: Instant
    var autoAnswer: Bool
    /// nil: a contact of a queue; otherwise to which part of a colleague's call.
    var joins: DeskCall.Part?
}

struct DeskCall: Sendable, Hashable {
    enum Recording: String, Sendable, CaseIterable { case off, on, paused }

    /// What the agent is on the call.
    enum Part: String, Sendable, CaseIterable {
        case agent, consulted, conferring, supervising

        init(_ part: Participant.Part) {
            self =
                switch part {
                case .consulted: .consulted
                case .conferring: .conferring
                case .supervising: .supervising
                }
        }
    }

    /// Somebody else on the call whom the agent knows of.
    struct Other: Sendable, Hashable {
        /// nil: somebody outside.
        var agent: AgentID?
        var name: String?
        var part: Part
        var isRinging: Bool
    }

    /// What can be done with a third just now.
    enum Act: String, Sendable, CaseIterable {
        case consult, swap, complete, backOut, merge, leave

        /// nil: whom to consult has to be said first.
        var step: ConsultStep? {
            switch self {
            case .consult: nil
            case .swap: .swap
            case .complete: .complete
            case .backOut: .backOut
            case .merge: .merge
            case .leave: .leave
            }
        }
    }

    var contact: DeskContact
    var since: Instant
    var isHeld: Bool
    var isMuted: Bool
    var recording: Recording
    var isLost: Bool
    /// Whether a wrap-up comes after it; nil: the queue does not leave that to the agent.
    var wrapUpAfter: Bool?
    var part = Part.agent
    var others: [Other] = []
    /// Whoever is asked hears music, and the caller the agent.
    var isTurnedToCaller = false
    /// A supervisor is on the call, and the configuration lets the agent know.
    var isSupervised = false
    var acts: [Act] = []
    /// Why whom the agent wanted outside was not reached; nil: they were, or nobody was wanted.
    var notReached: LegFailure?
}

struct DeskWrapUp: Sendable, Hashable {
    var contact: DeskContact
    var since: Instant
    var until: Instant
    var isExtended: Bool
}

extension DeskWrapUp {
    /// As that of a piece in this state.
    var noteKey: String { "\(DeskPiece.wrapUpPrefix)\(contact.id)" }
}

/// What the agent has written so far; kept for a page that is reloaded.
struct DeskNote: Sendable, Hashable {
    var contact: ContactID
    /// When the wrap-up began, or the work where there is none yet.
    var since: Instant
    var disposition: String?
    var notes: String
}

/// A call of a moment ago.
struct DeskRecent: Sendable, Hashable {
    var contact: DeskContact
    var at: Instant
    /// nil: missed.
    var talkSeconds: Double?
}

/// Everything at a desk that changes by itself.
struct DeskView: Sendable, Hashable {
    var state: DeskState
    var figures: DeskFigures
    var offer: DeskOffer?
    var call: DeskCall?
    var wrapUp: DeskWrapUp?
    /// What is no call.
    var work: [DeskPiece] = []
    /// nil: nothing but calls comes to the agent.
    var capacity: DeskCapacity?
    var isAudioConnected: Bool
}

extension DeskView {
    var wrapUps: [DeskWrapUp] { (wrapUp.map { [$0] } ?? []) + work.compactMap(\.wrapUp) }

    /// What the agent talks in or works on.
    var activeContacts: [ContactID] {
        (call.map { [$0.contact.id] } ?? []) + work.filter(\.isActive).map(\.contact.id)
    }

    /// Where something can be written: the call's wrap-up, and pieces that are worked on or wrapped up.
    struct NotePlace: Hashable, Sendable {
        var key: String
        var contact: ContactID
        var since: Instant
    }

    var notePlaces: [NotePlace] {
        let call = wrapUp.map { [NotePlace(key: $0.noteKey, contact: $0.contact.id, since: $0.since)] } ?? []
        return call
            + work.compactMap { piece in
                piece.since.map { NotePlace(key: piece.id, contact: piece.contact.id, since: $0) }
            }
    }
}
