// What somebody is in a conference.

/// The part that a party has. From the parts of all the matrix follows, see `HearingMatrix.init(_:isMasked:)`.
public enum ConferencePart<Party: Hashable & Sendable>: Hashable, Sendable {
    /// Hears the others and is heard by them.
    case member
    /// On hold: hears nobody, and nobody hears it. What is played to it alone it hears.
    case held
    /// Listens in on `of`, one of the members, and on whom that one talks with.
    case supervisor(SupervisionMode, of: Party)

    /// Members hear it, unless somebody has taken its place.
    public var talks: Bool {
        switch self {
        case .member: true
        case .held: false
        case .supervisor(let mode, of: _): mode == .barge || mode == .takeOver
        }
    }
}

extension HearingMatrix {
    /// The matrix for parties with these parts, in the order of their places.
    ///
    /// A supervisor whose agent isn't there, or is held, hears on in the manner of its mode, so that it may follow an agent
    /// through transfers. Supervisors don't hear one another unless they barge in or have taken over. `isMasked`: what
    /// members say isn't meant for supervisors now, such as a card's number, and they hear nobody.
    public init<Party>(_ parties: [(party: Party, part: ConferencePart<Party>)], isMasked: Bool = false) {
        self.init(deaf: parties.count)
        let parties = parties.prefix(count)
        let replaced = Set(
            parties.compactMap { if case .supervisor(.takeOver, of: let agent) = $0.part { agent } else { nil } })
        // Who talks with everybody: members, and supervisors who barge in or have taken over.
        let talks = parties.map { $0.part.talks && ($0.part != .member || !replaced.contains($0.party)) }
        for (listener, entry) in parties.enumerated() {
            switch entry.part {
            case .held: continue
            case .member:
                guard talks[listener] else { continue }
                hearTalkers(listener, talks)
            case .supervisor(let mode, of: let agent):
                let place = parties.firstIndex { $0.party == agent && $0.part == .member }
                if let place, mode == .whisper || mode == .privateWhisper { self[place, listener] = talks[place] }
                if isMasked { continue }
                if mode == .privateWhisper {
                    if let place { self[listener, place] = talks[place] }
                } else {
                    hearTalkers(listener, talks)
                }
            }
        }
    }

    private mutating func hearTalkers(_ listener: Int, _ talks: [Bool]) {
        for (speaker, talks) in talks.enumerated() where talks { self[listener, speaker] = true }
        self[listener, Self.announcement] = true
    }
}
