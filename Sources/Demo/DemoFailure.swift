// Why a demo cannot go on.

/// Told to whoever started the demo, with what to do about it.
public nonisolated struct DemoFailure: Error, CustomStringConvertible {
    public let description: String

    init(_ description: String) { self.description = description }
}
