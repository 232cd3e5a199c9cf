// What can be wrong with a session description, in words that name the line.

/// Why a session description was refused.
public struct SDPError: Error, Hashable, Sendable, CustomStringConvertible {
    public enum Reason: Hashable, Sendable {
        /// More bytes, lines, media or formats than `SessionDescription` takes.
        case tooLarge(limit: String)
        case notText
        /// A line is not of the form `letter=value` (RFC 8866, section 5).
        case malformedLine
        /// `v=0` is not the first line.
        case missingVersion
        case malformedOrigin, malformedConnection, malformedMedia, malformedAttribute
        /// A host name, a multicast group or a network other than `IN IP4|IP6`.
        case unsupportedAddress
        case missingConnection
        /// No `m=audio` line over plain RTP with a port.
        case noAudio
        /// None of PCMU and PCMA is offered.
        case noCommonCodec
        /// The answer's media lines are not those of the offer (RFC 3264, section 6).
        case answerDoesNotMatchOffer
        /// The other side set the port of the audio line to 0.
        case audioRefused
    }

    public var reason: Reason
    /// Counted from 1; `nil` if the description as a whole is meant.
    public var line: Int?

    public init(_ reason: Reason, line: Int? = nil) {
        self.reason = reason
        self.line = line
    }

    public var description: String {
        let place = line.map { "SDP line \($0): " } ?? "SDP: "
        return place + text
    }

    private var text: String {
        switch reason {
        case .tooLarge(let limit): "larger than \(limit)"
        case .notText: "not UTF-8 text"
        case .malformedLine: "not of the form letter=value"
        case .missingVersion: "the first line is not v=0"
        case .malformedOrigin: "o= does not have its six fields"
        case .malformedConnection: "c= is not of the form IN IP4|IP6 address"
        case .malformedMedia: "m= is not of the form media port protocol formats"
        case .malformedAttribute: "the attribute's value is not what its RFC says"
        case .unsupportedAddress: "only unicast IPv4 and IPv6 addresses are served"
        case .missingConnection: "no c= for the audio line"
        case .noAudio: "no audio line over RTP/AVP with a port"
        case .noCommonCodec: "neither PCMU nor PCMA is offered"
        case .answerDoesNotMatchOffer: "the answer's media lines are not those of the offer"
        case .audioRefused: "the other side refused the audio line"
        }
    }
}
