// What the media plane reports, rarely.

public import Basics

/// Something that happened on the wire or in a recording.
public nonisolated enum MediaEvent: Hashable, Sendable {
    /// The playback came to its end, or a digit stopped it. A playback that `stop`, `close` or another `play` ended isn't
    /// reported.
    case playbackEnded(LegID, PlaybackID)
    /// What was played to all of a conference came to its end, as `playbackEnded` for a leg.
    case conferencePlaybackEnded(ConferenceID, PlaybackID)
    /// A key, by RFC 4733, by `press` or as sound; never while digits are collected.
    case digit(LegID, Character)
    /// The answer to `collect`. `valid`: neither too few nor too many digits.
    case collected(LegID, step: NodeID, digits: SecretDigits, valid: Bool)
    /// Neither RTP nor RTCP has come for so long.
    case noRTP(LegID, seconds: Int)
    /// After `noRTP`: the source is there again, if only with comfort noise or RTCP.
    case rtpBack(LegID)
    /// What comes in is later or earlier than it should by so much (RFC 3550, interarrival jitter); reported once for each
    /// time that it rises over `MediaSettings.jitterMillisecondsMax`.
    case jitter(LegID, milliseconds: Int)
    /// For as long as `watchSilence` said, no sound has come; reported again only after sound was heard.
    case silence(LegID, seconds: Int)
    /// For as long as `watchDeadAir` said, nobody was heard on either side.
    case deadAir(LegID, seconds: Int)
    /// After `deadAir`: somebody is heard again.
    case soundBack(LegID)
    /// Somebody whom `watchSpeech` watches begins (`true`) or ends to speak.
    case speech(LegID, Bool)
    /// The stereo file at `path` is complete. What it was made of stays at `source` until `removeSource`, so that a process
    /// that ends before it has noted this makes and reports the file once more at its next start.
    case recordingSaved(RecordingID, path: String, source: String, seconds: Double)
    /// The recording is lost or incomplete; the call goes on. What there is of it may be saved by a later `retryRecordings`.
    case recordingFailed(RecordingID, reason: String)
}
