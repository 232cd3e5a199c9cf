// The ids that cross the border between the rules and the edges. Never objects, never personal data.

/// An id that is a number, given out once and never again.
public protocol NumericIdentifier: Hashable, Comparable, Sendable, Codable, CustomStringConvertible {
    var rawValue: UInt64 { get }
    init(rawValue: UInt64)
}

extension NumericIdentifier {
    public init(from decoder: any Decoder) throws {
        self.init(rawValue: try decoder.singleValueContainer().decode(UInt64.self))
    }

    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(rawValue)
    }

    @inlinable public static func < (a: Self, b: Self) -> Bool { a.rawValue < b.rawValue }
    public var description: String { String(rawValue) }
}

/// An id that is a name from the configuration: it stays the same over reloads and restarts.
public protocol NamedIdentifier: Hashable, Comparable, Sendable, Codable, CustomStringConvertible,
    ExpressibleByStringLiteral
{
    var rawValue: String { get }
    init(rawValue: String)
}

extension NamedIdentifier {
    public init(_ name: String) { self.init(rawValue: name) }
    public init(stringLiteral value: String) { self.init(rawValue: value) }
    public init(from decoder: any Decoder) throws {
        self.init(rawValue: try decoder.singleValueContainer().decode(String.self))
    }

    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(rawValue)
    }

    @inlinable public static func < (a: Self, b: Self) -> Bool { a.rawValue < b.rawValue }
    public var description: String { rawValue }
}

/// One contact of a customer with the center, whatever its channel, from arrival to wrap-up.
@frozen public struct ContactID: NumericIdentifier {
    public let rawValue: UInt64
    @inlinable public init(rawValue: UInt64) { self.rawValue = rawValue }
}

/// One party's connection: a SIP dialog with its media. The rules give out even numbers, the edges odd ones,
/// so that neither has to ask the other.
@frozen public struct LegID: NumericIdentifier {
    public let rawValue: UInt64
    @inlinable public init(rawValue: UInt64) { self.rawValue = rawValue }
}

/// One offer of one contact to one agent.
@frozen public struct OfferID: NumericIdentifier {
    public let rawValue: UInt64
    @inlinable public init(rawValue: UInt64) { self.rawValue = rawValue }
}

/// One room of the media plane in which legs are mixed.
@frozen public struct ConferenceID: NumericIdentifier {
    public let rawValue: UInt64
    @inlinable public init(rawValue: UInt64) { self.rawValue = rawValue }
}

/// One thing that a leg was told to play; its end is reported under this id.
@frozen public struct PlaybackID: NumericIdentifier {
    public let rawValue: UInt64
    @inlinable public init(rawValue: UInt64) { self.rawValue = rawValue }
}

/// One recording of one contact.
@frozen public struct RecordingID: NumericIdentifier {
    public let rawValue: UInt64
    @inlinable public init(rawValue: UInt64) { self.rawValue = rawValue }
}

/// An agent, by the key under `agents:`.
@frozen public struct AgentID: NamedIdentifier {
    @usableFromInline let beginning: UInt64
    public let rawValue: String
    @inlinable public init(rawValue: String) {
        self.rawValue = rawValue
        beginning = rawValue.beginning
    }

    @inlinable public static func < (a: Self, b: Self) -> Bool {
        a.beginning != b.beginning ? a.beginning < b.beginning : a.rawValue < b.rawValue
    }
}

/// A queue, by the key under `queues:`.
@frozen public struct QueueID: NamedIdentifier {
    @usableFromInline let beginning: UInt64
    public let rawValue: String
    @inlinable public init(rawValue: String) {
        self.rawValue = rawValue
        beginning = rawValue.beginning
    }

    @inlinable public static func < (a: Self, b: Self) -> Bool {
        a.beginning != b.beginning ? a.beginning < b.beginning : a.rawValue < b.rawValue
    }
}

extension String {
    /// Its first eight bytes as a number. Names that are looked up all the time have it beside them: the smaller one is that of
    /// the name that comes first, and most names are told apart by it, which is much quicker than to compare them.
    @inlinable var beginning: UInt64 {
        var number: UInt64 = 0, left = 8
        for byte in utf8 {
            if left == 0 { break }
            left -= 1
            number = number << 8 | UInt64(byte)
        }
        return number << UInt64(8 * left)
    }
}

/// A trunk, by the key under `trunks:`.
@frozen public struct TrunkID: NamedIdentifier {
    public let rawValue: String
    @inlinable public init(rawValue: String) { self.rawValue = rawValue }
}

/// A flow, by the name of its file without the extension.
@frozen public struct FlowID: NamedIdentifier {
    public let rawValue: String
    @inlinable public init(rawValue: String) { self.rawValue = rawValue }
}

/// A node of a flow, by its key under `nodes:`.
@frozen public struct NodeID: NamedIdentifier {
    public let rawValue: String
    @inlinable public init(rawValue: String) { self.rawValue = rawValue }
}

/// Opening hours, by the key under `hours:`.
@frozen public struct HoursID: NamedIdentifier {
    public let rawValue: String
    @inlinable public init(rawValue: String) { self.rawValue = rawValue }
}

/// One of an agent's devices, by the user name with which it registers.
@frozen public struct DeviceID: NamedIdentifier {
    public let rawValue: String
    @inlinable public init(rawValue: String) { self.rawValue = rawValue }
}

/// A caller, as a keyed hash of the number made at the edge: the rules can tell callers apart and know no number.
@frozen public struct CallerKey: NamedIdentifier {
    public let rawValue: String
    @inlinable public init(rawValue: String) { self.rawValue = rawValue }

    /// Who withholds the number: no two calls with this key are from the same caller, as far as anybody knows.
    public static let unknown = CallerKey(rawValue: "")
    @inlinable public var isUnknown: Bool { rawValue.isEmpty }
}
