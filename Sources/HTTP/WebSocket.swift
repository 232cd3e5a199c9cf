// One WebSocket connection as its owner sees it (RFC 6455).

public import NIOCore
internal import NIOWebSocket

/// Text messages both ways. Owners keep it as long as they want to send; it does not keep itself open.
@MainActor public final class WebSocket {
    /// How it came to its end.
    public enum End: Sendable, Equatable {
        /// The client closed it, with the code that it gave (RFC 6455, 7.4).
        case closed(code: Int?)
        /// We closed it.
        case closedHere
        /// The connection broke, or nothing came for two pings.
        case gone
        /// The client did not read: more than `HTTPLimits.webSocketWaitingBytesMax` waited for it.
        case slow
        /// The client broke the protocol or a limit.
        case refused
    }

    /// Codes with which we close (RFC 6455, 7.4; 4000 and above are the application's).
    public struct Code: Sendable, Equatable {
        public let number: Int
        public init(_ number: Int) { self.number = number }
        public static let normal = Code(1000)
        public static let goingAway = Code(1001)
        public static let policyViolation = Code(1008)
        public static let tryAgainLater = Code(1013)
    }

    /// The request that asked for it.
    public let request: HotRequest
    /// Each whole text message, in order.
    public var onText: (String) -> Void = { _ in }
    /// Once, whatever the reason; nothing comes after it.
    public var onEnd: (End) -> Void = { _ in }
    private let handler: NIOLoopBound<WebSocketHandler>

    init(request: HotRequest, handler: NIOLoopBound<WebSocketHandler>) {
        self.request = request
        self.handler = handler
    }

    /// Sends one text message. The same buffer may be sent to many: it is not copied.
    public func send(_ text: ByteBuffer) { handler.value.send(text) }

    public func send(_ text: String) { send(ByteBuffer(string: text)) }

    /// Says why and closes; `reason` is cut after 123 bytes (RFC 6455, 5.5).
    public func close(_ code: Code, reason: String = "") { handler.value.close(code.number, reason: reason, end: .closedHere) }
}
