// Ids and instants as SQLite keeps them.

internal import Basics

nonisolated extension NumericIdentifier {
    /// SQLite's integers are signed; the bits stay the same, and the order does up to 2^63.
    var stored: Int64 { Int64(bitPattern: rawValue) }
    init(stored: Int64) { self.init(rawValue: UInt64(bitPattern: stored)) }
}

nonisolated extension NamedIdentifier {
    init?(stored: String?) {
        guard let stored else { return nil }
        self.init(rawValue: stored)
    }
}

nonisolated extension Instant {
    init?(stored: Int64?) {
        guard let stored else { return nil }
        self.init(microseconds: stored)
    }
}
