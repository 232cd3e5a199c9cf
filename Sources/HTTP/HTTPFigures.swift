// What the HTTP server counts.

/// Totals since the start, and how many connections are open now.
public struct HTTPFigures: Sendable, Equatable {
    /// Request heads that could be parsed.
    public internal(set) var requests: UInt64 = 0
    /// Answers by the first digit of their status, at the index of that digit (1...5).
    public internal(set) var responsesByClass = [UInt64](repeating: 0, count: 6)
    /// Connections closed at once because too many were open.
    public internal(set) var refused: UInt64 = 0
    public internal(set) var accepted: UInt64 = 0
    public internal(set) var openConnections = 0
    /// Bytes of answers that wait in memory because their clients are slow.
    public internal(set) var unsentBytes = 0
    /// Times at which the process had no descriptor left for a connection.
    public internal(set) var exhausted: UInt64 = 0
    /// Connections closed because their client was too slow: header, body, or taking an answer.
    public internal(set) var cutOff: UInt64 = 0
    /// Connections that TLS could not agree on: another protocol, too old a version, a certificate that the client refuses.
    public internal(set) var failedHandshakes: UInt64 = 0
    public internal(set) var openWebSockets = 0
    /// WebSockets closed because their client did not read.
    public internal(set) var slowWebSockets: UInt64 = 0
    /// WebSockets closed because their client broke the protocol or a limit.
    public internal(set) var refusedWebSockets: UInt64 = 0

    public init() {}

    mutating func noteResponse(_ status: Int) {
        let first = status / 100
        if responsesByClass.indices.contains(first) { responsesByClass[first] += 1 }
    }
}
