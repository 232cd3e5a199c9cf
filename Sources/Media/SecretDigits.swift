// Digits that nobody is to see by accident.

/// What a caller keyed in at a collect step: a card number, a PIN. Printing, logging and dumping it show nothing.
public nonisolated struct SecretDigits: Hashable, Sendable, CustomStringConvertible, CustomDebugStringConvertible,
    CustomReflectable
{
    private let digits: String

    public init(_ digits: String) { self.digits = digits }

    public var count: Int { digits.count }
    /// The digits themselves, for the one who must use them.
    public func reveal() -> String { digits }

    public var description: String { "<\(count) digits>" }
    public var debugDescription: String { description }
    public var customMirror: Mirror { Mirror(self, children: []) }
}
