// What the media plane reports, rarely.

public import Basics

/// Something that happened on the wire or in a recording.
public nonisolated enum MediaEvent: Hashable, Sendable {
    /// The playback came to its end, or a digit stopped it. A playback that `stop`, `close` or another `play` ended isn't
    /// reported.
    case playbackEnded(LegID, PlaybackID)
    /// A key, by RFC 4733; never while digits are collected.
    case digit(LegID, Character)
    /// The answer to `collect`. `valid`: neither too few nor too many digits.
    case collected(LegID, step: NodeID, digits: SecretDigits, valid: Bool)
    case noRTP(LegID, seconds: Int)
    /// After `noRTP`: packets come in again.
    case rtpBack(LegID)
    /// For as long as `watchSilence` said, no sound has come; reported again only after sound was heard.
    case silence(LegID, seconds: Int)
    /// The stereo file is complete.
    case recordingSaved(RecordingID, path: String, seconds: Double)
    /// The recording is lost or incomplete; the call goes on.
    case recordingFailed(RecordingID, reason: String)
}
