// Everything that bounds what a client may ask of the HTTP server.

public import NIOCore
public import Streams

/// The maxima and deadlines of an `HTTPServer`.
public struct HTTPLimits: Sendable {
    /// Of the listening socket: backlog, connections, accepts in one go.
    public var listener = Listener.Limits()
    /// A larger request body is answered with 413. Bodies are collected before anybody is asked who they are.
    public var bodyBytesMax = 64 << 10
    /// Names and values of all header fields together; more is answered with 431.
    public var headerBytesMax = 16 * 1024
    /// Name and value of one header field; more is answered with 431.
    public var headerFieldBytesMax = 8 * 1024
    /// Header fields of one request, trailers included; more is answered with 431.
    public var headerFieldsMax = 100
    /// How long a connection may stay open without a request.
    public var idle = TimeAmount.seconds(30)
    /// From the beginning of a connection to the end of TLS's handshake.
    public var handshake = TimeAmount.seconds(10)
    /// From the first byte of a request to the end of its header.
    public var header = TimeAmount.seconds(10)
    /// From the end of the header to the end of the body.
    public var body = TimeAmount.seconds(30)
    /// How long a client may leave us with unsent bytes without taking any.
    public var stalledWrite = TimeAmount.seconds(30)
    /// How long a request is still worked on after its client has closed its side: it may be half closed, or gone.
    public var peerFinished = TimeAmount.seconds(5)
    /// How long a connection that we close still takes bytes, so that its client can read the last answer (RFC 9112, 9.6).
    public var linger = TimeAmount.seconds(2)

    /// A longer WebSocket message, or frame, is answered with 1009.
    public var webSocketMessageBytesMax = 64 * 1024
    /// A client that leaves more than this unread is dropped: it comes back and asks for what it missed.
    public var webSocketWaitingBytesMax = 256 * 1024
    /// A client that sends more frames of any kind within a second is closed with 1008.
    public var webSocketFramesPerSecondMax = 500
    /// How often we ask whether the other side of a WebSocket is still there; after two of these without a frame it is not.
    public var webSocketPing = TimeAmount.seconds(15)

    /// Receive buffers stay small: a buffer full of pipelined requests is parsed in one go.
    static let receiveBytesMax = 16 * 1024
    /// Pipelined requests of one buffer that are answered in one go; the rest waits for the next round.
    static let answersPerReadMax = 8
    /// A streamed body lets others have the loop after so many bytes.
    static let streamBytesPerTurnMax = 128 * 1024

    public init() {}
}
