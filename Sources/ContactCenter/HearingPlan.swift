// Who hears whom on a call: it follows from the contact, and from nothing else.

public import Basics

/// Somebody in a conference, as the media are told.
public struct Conferee: Codable, Hashable, Sendable {
    public enum Part: Codable, Hashable, Sendable {
        /// Hears the others and is heard by them.
        case member
        /// Hears and is heard as the mode says, beside the agent on that leg.
        case supervisor(Supervision.Mode, of: LegID)
    }

    public var leg: LegID
    public var part: Part
    /// Those of the same conference who talk apart.
    public var isDeafTo: [LegID]

    public init(leg: LegID, part: Part, isDeafTo: [LegID] = []) {
        self.leg = leg
        self.part = part
        self.isDeafTo = isDeafTo
    }
}

extension Conferee {
    /// Of supervisors a caller hears only those who barge in.
    fileprivate var isHeardByCallers: Bool {
        switch part {
        case .member: true
        case .supervisor(let mode, _): mode == .barge
        }
    }
}

/// What every live leg of a contact hears.
struct HearingPlan: Hashable {
    enum Sound: Hashable {
        case music, ringback
        /// What the flow or the queue plays to the caller, which is not said here.
        case queue
    }

    struct Pair: Hashable {
        var first: LegID, second: LegID

        func contains(_ leg: LegID) -> Bool { first == leg || second == leg }
    }

    struct Listener: Hashable {
        var leg: LegID
        var sound: Sound
    }

    /// Two who hear one another, and nobody else does.
    var pairs: [Pair] = []
    var conferees: [Conferee] = []
    /// Supervisors hear nothing of what is not meant for them.
    var isMasked = false
    var listeners: [Listener] = []

    init(_ contact: Contact) {
        guard !contact.isDigital else { return }
        isMasked = contact.isMasked
        let supervisors = contact.supervisors.filter { !$0.isHolding }
        guard let conversation = contact.conversation, !contact.isBeingReached else {
            listeners = [Listener(leg: contact.leg, sound: .queue)]
            listeners += supervisors.compactMap(\.leg).map { Listener(leg: $0, sound: .music) }
            return
        }
        place(contact, conversation, supervisors)
        if conferees.isEmpty { isMasked = false }
    }

    private mutating func place(_ contact: Contact, _ conversation: Conversation, _ supervisors: [Participant]) {
        let sound = conversation.sound
        let isAgentThere = sound != .musicToCaller
        let consulted = contact.consulted
        let isAside = consulted != nil && !contact.isTurnedToCaller
        var together = sound == .musicToOther ? [] : [contact.leg]
        if isAgentThere, !isAside { together.append(conversation.leg) }
        together += contact.conferring.filter { !$0.isHolding }.compactMap(\.leg)
        var aside: [LegID] = []
        if isAgentThere, isAside { aside.append(conversation.leg) }
        var isCalling = false
        if let consulted {
            switch consulted.line {
            case .ringing, .dialling(_, _, isHeard: false): isCalling = true
            case .dialling(let leg, _, isHeard: true): if isAside { aside.append(leg) }
            case .live(let leg, _, let isHolding):
                if isAside, !isHolding { aside.append(leg) }
                if !isAside, !isHolding { listeners.append(Listener(leg: leg, sound: .music)) }
            }
        }
        let ears = Self.ears(of: supervisors, isWithAgent: conversation.isWithAgent)
        var groups: [[Conferee]] = []
        var isSupervised = false
        for group in [together, aside] where !group.isEmpty {
            let isFollowed = group.contains(conversation.leg) && group.count > 1 && !ears.isEmpty
            if isFollowed || group.count > 2 {
                groups.append(group.map { Conferee(leg: $0, part: .member) })
                if isFollowed { isSupervised = true }
            } else if group.count == 2 {
                pairs.append(Pair(first: group[0], second: group[1]))
            } else {
                let isWaiting = isCalling && group[0] == conversation.leg
                listeners.append(Listener(leg: group[0], sound: isWaiting ? .ringback : .music))
            }
            if isFollowed { groups[groups.count - 1] += Self.seats(ears, beside: conversation.leg) }
        }
        // An agent who holds is advised meanwhile.
        if conversation.heldBy == .agent, !conversation.isLost, !ears.isEmpty {
            groups.append([Conferee(leg: conversation.leg, part: .member)] + Self.seats(ears, beside: conversation.leg))
            isSupervised = true
        }
        if !isSupervised { listeners += ears.map { Listener(leg: $0.leg, sound: .music) } }
        setConference(groups)
    }

    /// What is said to an agent alone is nothing for somebody outside, if the call is with one now.
    private static func ears(
        of supervisors: [Participant], isWithAgent: Bool
    ) -> [(leg: LegID, mode: Supervision.Mode)] {
        var ears: [(leg: LegID, mode: Supervision.Mode)] = []
        for supervisor in supervisors {
            guard let leg = supervisor.leg, let mode = supervisor.mode else { continue }
            ears.append((leg: leg, mode: isWithAgent || mode == .barge ? mode : .monitor))
        }
        return ears
    }

    private static func seats(_ ears: [(leg: LegID, mode: Supervision.Mode)], beside agent: LegID) -> [Conferee] {
        ears.map { Conferee(leg: $0.leg, part: .supervisor($0.mode, of: agent)) }
    }

    /// One conference for all; those who talk apart are deaf to one another.
    private mutating func setConference(_ groups: [[Conferee]]) {
        for (index, group) in groups.enumerated() {
            let others = groups.enumerated().filter { $0.offset != index }.flatMap { $0.element.map(\.leg) }
            conferees += group.map { Conferee(leg: $0.leg, part: $0.part, isDeafTo: others) }
        }
    }

    /// Whom that leg hears.
    func heard(by leg: LegID) -> [LegID] {
        if let pair = pairs.first(where: { $0.contains(leg) }) { return [pair.first == leg ? pair.second : pair.first] }
        guard let ear = conferees.first(where: { $0.leg == leg }) else { return [] }
        return conferees.filter { $0.leg != leg && $0.isHeardByCallers && !ear.isDeafTo.contains($0.leg) }.map(\.leg)
    }

    func isConferring(_ leg: LegID) -> Bool { conferees.contains { $0.leg == leg } }

    func isHeardOrPlayedTo(_ leg: LegID) -> Bool {
        isConferring(leg) || pairs.contains { $0.contains(leg) } || listeners.contains { $0.leg == leg }
    }
}

extension Conversation {
    fileprivate var isWithAgent: Bool {
        switch other {
        case .agent: true
        case .outside: false
        }
    }
}
