// The frames of one WebSocket connection.

internal import MainLoop
internal import NIOCore
internal import NIOWebSocket

/// Puts messages together, answers pings, sends its own, and closes what breaks the protocol, floods, stalls or vanishes.
final class WebSocketHandler: ChannelInboundHandler {
    typealias InboundIn = WebSocketFrame
    typealias OutboundOut = WebSocketFrame

    /// `open` -> `closing` (our close frame is out) -> `ended`.
    private enum State: Equatable {
        case open
        case closing(WebSocket.End)
        case ended
    }

    private static let pingsUnansweredMax = 2

    private let limits: HTTPLimits
    /// For the counters of the server.
    private let noteEnd: @Sendable (WebSocket.End) -> Void
    private var state = State.open
    /// The message that comes in pieces.
    private var message: ByteBuffer?
    private var context: ChannelHandlerContext?
    private var pingTimer: Scheduled<Void>?
    private var pingsUnanswered = 0
    /// Frames of the second that runs.
    private var frames = 0
    private var framesSecond: UInt64 = 0
    /// Set before the first frame can come; nil after the end, so that the circle of the two is broken.
    var socket: WebSocket?

    init(limits: HTTPLimits, noteEnd: @escaping @Sendable (WebSocket.End) -> Void) {
        self.limits = limits
        self.noteEnd = noteEnd
    }

    func handlerAdded(context: ChannelHandlerContext) {
        self.context = context
        armPing(context)
    }

    func handlerRemoved(context: ChannelHandlerContext) {
        end(.gone)
        self.context = nil
    }

    func channelInactive(context: ChannelHandlerContext) {
        end(.gone)
        context.fireChannelInactive()
    }

    /// A client that has closed its side without a close frame is gone: its process ended (RFC 6455, 7.1.1).
    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        if event as? ChannelEvent == .inputClosed {
            end(.gone)
            context.close(promise: nil)
        }
        context.fireUserInboundEventTriggered(event)
    }

    // MARK: In

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        let frame = unwrapInboundIn(data)
        pingsUnanswered = 0
        guard state != .ended else { return }
        guard mayComeNow() else { return close(1008, reason: "Too many frames.", end: .refused) }
        // A client must mask (RFC 6455, 5.1), and nobody has agreed on an extension (5.2).
        guard frame.maskKey != nil, !frame.rsv1, !frame.rsv2, !frame.rsv3 else {
            return close(1002, reason: "", end: .refused)
        }
        switch frame.opcode {
        case .text:
            guard message == nil else { return close(1002, reason: "", end: .refused) }
            take(frame.unmaskedData, isLast: frame.fin)
        case .continuation:
            guard message != nil else { return close(1002, reason: "", end: .refused) }
            take(frame.unmaskedData, isLast: frame.fin)
        case .binary: close(1003, reason: "Send text.", end: .refused)
        case .ping: answer(frame.unmaskedData, context)
        case .pong: break
        case .connectionClose: closed(frame.unmaskedData, context)
        default: close(1002, reason: "", end: .refused)
        }
    }

    /// Of any kind: pings and empty pieces cost us as much as messages.
    private func mayComeNow() -> Bool {
        let second = MonotonicClock.now / 1_000_000_000
        if second != framesSecond {
            framesSecond = second
            frames = 0
        }
        frames += 1
        return frames <= limits.webSocketFramesPerSecondMax
    }

    private func answer(_ ping: ByteBuffer, _ context: ChannelHandlerContext) {
        guard state == .open, hasRoom(for: ping.readableBytes, context) else { return }
        write(WebSocketFrame(fin: true, opcode: .pong, data: ping))
    }

    private func take(_ part: ByteBuffer, isLast: Bool) {
        guard state == .open else { return }
        var whole = message ?? ByteBuffer()
        message = nil
        guard whole.readableBytes + part.readableBytes <= limits.webSocketMessageBytesMax else {
            return close(1009, reason: "At most \(limits.webSocketMessageBytesMax) bytes.", end: .refused)
        }
        whole.writeImmutableBuffer(part)
        guard isLast else {
            message = whole
            return
        }
        guard let text = String(validating: whole.readableBytesView, as: UTF8.self) else {
            return close(1007, reason: "", end: .refused)
        }
        let socket = socket
        MainActor.assumeIsolated { socket?.onText(text) }
    }

    private func closed(_ data: ByteBuffer, _ context: ChannelHandlerContext) {
        if case .closing = state {
            context.close(promise: nil)
            return
        }
        var data = data
        let isEmpty = data.readableBytes == 0
        let code = data.readInteger(as: UInt16.self)
        guard isEmpty || code.map(Self.mayBeSent) == true else { return close(1002, reason: "", end: .refused) }
        guard String(validating: data.readableBytesView, as: UTF8.self) != nil else {
            return close(1007, reason: "", end: .refused)
        }
        var answer = context.channel.allocator.buffer(capacity: 2)
        if let code { answer.writeInteger(code) }
        write(WebSocketFrame(fin: true, opcode: .connectionClose, data: answer))
        end(.closed(code: code.map(Int.init)))
        context.close(promise: nil)
    }

    /// Codes that stand in a close frame (RFC 6455, 7.4): others say what never went over the wire, or nothing that is agreed.
    private static func mayBeSent(_ code: UInt16) -> Bool {
        switch code {
        case 1000...1003, 1007...1014, 3000...4999: true
        default: false
        }
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        switch error as? NIOWebSocketError {
        case .invalidFrameLength?: close(1009, reason: "At most \(limits.webSocketMessageBytesMax) bytes.", end: .refused)
        case .fragmentedControlFrame?, .multiByteControlFrameLength?: close(1002, reason: "", end: .refused)
        case nil:
            end(.gone)
            context.channel.cut()
        }
    }

    // MARK: Out

    func send(_ text: ByteBuffer) {
        guard state == .open, let context else { return }
        guard hasRoom(for: text.readableBytes, context) else { return }
        write(WebSocketFrame(fin: true, opcode: .text, data: text))
    }

    /// Whoever does not read is dropped.
    private func hasRoom(for bytes: Int, _ context: ChannelHandlerContext) -> Bool {
        if context.unsentBytes + bytes <= limits.webSocketWaitingBytesMax { return true }
        end(.slow)
        context.channel.cut()
        return false
    }

    private func write(_ frame: WebSocketFrame) {
        context?.writeAndFlush(wrapOutboundOut(frame), promise: nil)
    }

    /// Sends the close frame and gives the client a moment to answer it.
    func close(_ code: Int, reason: String, end: WebSocket.End) {
        guard state == .open, let context else { return }
        message = nil
        var data = context.channel.allocator.buffer(capacity: 2 + reason.utf8.count)
        data.write(webSocketErrorCode: WebSocketErrorCode(codeNumber: code))
        var room = 123
        for scalar in reason.unicodeScalars {
            room -= UTF8.width(scalar)
            if room < 0 { break }
            data.writeString(String(scalar))
        }
        write(WebSocketFrame(fin: true, opcode: .connectionClose, data: data))
        state = .closing(end)
        pingTimer?.cancel()
        tell(end)
        pingTimer = context.eventLoop.assumeIsolated().scheduleTask(in: limits.linger) { context.channel.cut() }
    }

    // MARK: Life

    private func armPing(_ context: ChannelHandlerContext) {
        pingTimer = context.eventLoop.assumeIsolated().scheduleTask(in: limits.webSocketPing) { [self] in
            guard state == .open else { return }
            if pingsUnanswered == Self.pingsUnansweredMax {
                end(.gone)
                context.channel.cut()
            } else {
                pingsUnanswered += 1
                write(WebSocketFrame(fin: true, opcode: .ping, data: ByteBuffer()))
                armPing(context)
            }
        }
    }

    private func end(_ end: WebSocket.End) {
        pingTimer?.cancel()
        pingTimer = nil
        let before = state
        state = .ended
        // Whoever was closed by us has been told already.
        if before == .open { tell(end) }
    }

    private func tell(_ end: WebSocket.End) {
        noteEnd(end)
        let ended = socket
        socket = nil
        MainActor.assumeIsolated { ended?.onEnd(end) }
    }
}
