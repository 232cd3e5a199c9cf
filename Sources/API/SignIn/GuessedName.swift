// Whose password somebody tries, for counting.

internal import Streams

/// A source and the digest of a name, known or not: names that are tried are no business of the memory.
struct GuessedName: Hashable, Sendable {
    let source: SourceAddress
    let name: SecretDigest

    init(_ name: String, from source: SourceAddress) {
        self.source = source
        self.name = SecretDigest(name)
    }
}
