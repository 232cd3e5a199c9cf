// Somebody in a conference, as the rules say it.

public import Audio
public import Basics

/// One leg, its part, and whom it doesn't hear besides.
public nonisolated struct ConferenceMember: Hashable, Sendable {
    public var leg: LegID
    public var part: ConferencePart<LegID>
    /// Others whom it would hear by its part, but doesn't: so every matrix can be said.
    public var isDeafTo: [LegID]

    public init(_ leg: LegID, _ part: ConferencePart<LegID> = .member, isDeafTo: [LegID] = []) {
        self.leg = leg
        self.part = part
        self.isDeafTo = isDeafTo
    }
}

nonisolated extension HearingMatrix {
    init(_ members: [ConferenceMember], isMasked: Bool) {
        self.init(members.map { ($0.leg, $0.part) }, isMasked: isMasked)
        for (listener, member) in members.enumerated() where !member.isDeafTo.isEmpty {
            for (speaker, other) in members.enumerated() where member.isDeafTo.contains(other.leg) {
                self[listener, speaker] = false
            }
        }
    }
}
