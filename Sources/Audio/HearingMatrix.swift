// Who hears whom.

/// For each listener of a conference the speakers whom it hears: one bit per place, so that a change costs nothing and is
/// in force from one frame to the next.
public struct HearingMatrix: Hashable, Sendable {
    /// Parties of one conference.
    public static let partiesMax = 50
    /// The place of what is played to the conference; it is nobody's ear.
    public static let announcement = partiesMax

    private var rows: [UInt64]

    /// `count` parties at the places from 0, of whom nobody hears anybody.
    public init(deaf count: Int) { rows = Array(repeating: 0, count: min(max(0, count), Self.partiesMax)) }

    /// `count` parties at the places from 0; everybody hears everybody but himself, and what is played to the conference.
    public init(everybody count: Int) {
        self.init(deaf: count)
        let all = Self.bits(below: self.count) | Self.bit(Self.announcement)
        for place in rows.indices { rows[place] = all & ~Self.bit(place) }
    }

    public var count: Int { rows.count }

    /// The bits of whom the party at `listener` hears.
    public func heard(by listener: Int) -> UInt64 { rows.indices.contains(listener) ? rows[listener] : 0 }

    /// Whether `listener` hears `speaker`. Nobody hears himself; places that nobody has are passed over.
    public subscript(listener: Int, speaker: Int) -> Bool {
        get { heard(by: listener) & Self.bit(speaker) != 0 }
        set {
            guard rows.indices.contains(listener), rows.indices.contains(speaker) || speaker == Self.announcement,
                listener != speaker
            else { return }
            if newValue { rows[listener] |= Self.bit(speaker) } else { rows[listener] &= ~Self.bit(speaker) }
        }
    }

    static func bit(_ place: Int) -> UInt64 { (0..<64).contains(place) ? 1 << UInt64(place) : 0 }
    static func bits(below place: Int) -> UInt64 { place >= 64 ? .max : bit(place) &- 1 }
}
