// What an ear can tell apart.

/// One kind of sound.
enum Sound: Hashable, CustomStringConvertible {
    /// No packets at all for `Ears.nothingAfter`.
    case nothing
    /// Packets, but nothing in them.
    case silence
    /// One or more pure tones, in Hz, ascending; nothing else of weight.
    case tones([Int])
    /// Energy that is no pure tone: speech, music, noise.
    case speech

    static let toleranceHertz = 12

    /// `tone 440`, `tones 440+880`, `speech`, `silence`, `nothing`
    var description: String {
        switch self {
        case .nothing: "nothing"
        case .silence: "silence"
        case .tones(let tones): tones.count == 1 ? "tone \(tones[0])" : "tones " + tones.map(String.init).joined(separator: "+")
        case .speech: "speech"
        }
    }

    /// Whether somebody who waits for `wanted` is content with this sound: every wanted tone is in it.
    func satisfies(_ wanted: Sound) -> Bool {
        guard case .tones(let wantedTones) = wanted else { return self == wanted }
        guard case .tones(let tones) = self else { return false }
        return wantedTones.allSatisfy { wanted in tones.contains { abs($0 - wanted) <= Self.toleranceHertz } }
    }
}
