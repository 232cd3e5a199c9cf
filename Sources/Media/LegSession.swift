// What a leg remembers of its offers and answers.

internal import SDP

/// The part of a leg that the packet path never looks at.
struct LegSession {
    /// Ours, as it stands in the last description that we sent.
    var local: LocalAudio
    /// Our offer that waits for its answer.
    var offer: SessionDescription?
    var agreement: AudioAgreement?
    /// The last description sent, to see whether the next one differs.
    var sent: SessionDescription?
}
