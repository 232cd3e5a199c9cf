// A session description as a value (RFC 8866); what we don't need is left out when it is read.

/// One session description: the lines that matter for offer and answer.
public struct SessionDescription: Hashable, Sendable {
    /// The largest text that is looked at.
    public static let bytesMax = 16 * 1024
    public static let linesMax = 256
    public static let mediaMax = 16
    public static let formatsMax = 64

    public struct Origin: Hashable, Sendable {
        public var userName = "-"
        /// Digits; some senders exceed 64 bits, so it stays text.
        public var sessionID: String
        public var version: String
        public var address: Connection
    }

    public struct Connection: Hashable, Sendable {
        public enum Family: String, Hashable, Sendable {
            case ipv4 = "IP4"
            case ipv6 = "IP6"
        }
        public var family: Family
        /// An address literal, never a name.
        public var address: String

        public init(family: Family, address: String) {
            self.family = family
            self.address = address
        }
    }

    public struct Attribute: Hashable, Sendable {
        public var name: String
        public var value: String?
        /// The line on which it stood, from 1; 0 if it was not read.
        public var line = 0

        public init(_ name: String, _ value: String? = nil, line: Int = 0) {
            self.name = name
            self.value = value
            self.line = line
        }
    }

    public struct Media: Hashable, Sendable {
        /// `audio`, `video`, ...
        public var kind: String
        /// 0: refused or disabled.
        public var port: UInt16
        /// `RTP/AVP`, ...
        public var transport: String
        public var formats: [String]
        public var connection: Connection?
        public var attributes: [Attribute] = []
        /// The line on which it stood, from 1.
        public var line = 0
    }

    public var origin: Origin?
    public var connection: Connection?
    public var attributes: [Attribute] = []
    public var media: [Media] = []

    public init() {}
}
