// What the media plane can refuse.

public import Basics
public import SDP

/// Why the media plane did not do what it was told.
public nonisolated enum MediaError: Error, Hashable, Sendable, CustomStringConvertible {
    case unknownLeg(LegID)
    case legExists(LegID)
    /// The browser's session carries this other leg.
    case browserInUse(LegID)
    case tooManyLegs(max: Int)
    /// No free pair of ports was found in the range.
    case noFreePort
    case sdp(SDPError)
    /// The other side's address is of a family that we have no address of.
    case addressFamily
    /// An answer came, but no offer was made.
    case noOffer(LegID)
    case tooManyParties(max: Int)
    case unknownConference(ConferenceID)
    case recordingExists(RecordingID)
    case unknownRecording(RecordingID)
    case tooManyRecordings(max: Int)
    /// A call to the system failed.
    case system(call: String, code: Int32)

    public var description: String {
        switch self {
        case .unknownLeg(let leg): "media: leg \(leg) is not open"
        case .legExists(let leg): "media: leg \(leg) is open already"
        case .browserInUse(let leg): "media: the browser carries leg \(leg)"
        case .tooManyLegs(let max): "media: \(max) legs are open, no more are allowed"
        case .noFreePort: "media: no free pair of ports in the range"
        case .sdp(let error): error.description
        case .addressFamily: "media: no address of the other side's family"
        case .noOffer(let leg): "media: leg \(leg) got an answer without an offer"
        case .tooManyParties(let max): "media: a conference has at most \(max) parties, each of them once"
        case .unknownConference(let conference): "media: there is no conference \(conference)"
        case .recordingExists(let recording): "media: recording \(recording) runs already"
        case .unknownRecording(let recording): "media: recording \(recording) does not run"
        case .tooManyRecordings(let max): "media: \(max) recordings run, no more are allowed"
        case .system(let call, let code): "media: \(call) failed with error \(code)"
        }
    }
}
