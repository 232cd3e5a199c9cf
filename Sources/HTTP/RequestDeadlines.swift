// Cuts off clients that are too slow, and drops what comes after the last answer.

internal import NIOCore
internal import NIOTLS

/// Stands nearest to the socket (but for TLS) and sees bytes; `RouterHandler` tells it where in a request the connection is.
///
/// One timer for the connection, moved only when a deadline is earlier than it: requests cost no timer of their own.
final class RequestDeadlines: ChannelInboundHandler, RemovableChannelHandler {
    typealias InboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer

    enum Phase {
        /// TLS agrees on its keys; nothing that we could read has come.
        case handshake
        case idle, header, body, answering
        /// Idle, but for the end of an answer that the client has not taken yet.
        case sending
        case lingering, finished
    }

    private static let tooSlow =
        "HTTP/1.1 408 Request Timeout\r\nconnection: close\r\ncontent-length: 0\r\n\r\n"

    private let limits: HTTPLimits
    private let cutOff: @Sendable (_ status: Int?) -> Void
    private var phase = Phase.idle
    private var since = NIODeadline.now()
    private var timer: Scheduled<Void>?
    private var timerDue = NIODeadline.distantFuture
    private var waitingBytes = 0
    private var context: ChannelHandlerContext?

    /// `cutOff` is called for each connection that is closed because its client was too slow, with the status of the answer
    /// if there is one.
    init(limits: HTTPLimits, cutOff: @escaping @Sendable (_ status: Int?) -> Void) {
        self.limits = limits
        self.cutOff = cutOff
    }

    /// The connection takes no further request.
    var isOver: Bool { phase == .lingering || phase == .finished }

    /// Set by whoever sees whole requests.
    func enter(_ new: Phase) {
        guard phase != .finished, phase != .lingering || new == .finished else { return }
        phase = new
        since = .now()
        waitingBytes = 0
        arm()
    }

    func handlerAdded(context: ChannelHandlerContext) {
        self.context = context
        if context.channel.isEncrypted { phase = .handshake }
        arm()
    }

    func handlerRemoved(context: ChannelHandlerContext) {
        phase = .finished
        timer?.cancel()
        timer = nil
        self.context = nil
    }

    func channelInactive(context: ChannelHandlerContext) {
        enter(.finished)
        timer?.cancel()
        timer = nil
        context.fireChannelInactive()
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        if phase == .handshake, case .handshakeCompleted? = event as? TLSUserEvent { enter(.idle) }
        context.fireUserInboundEventTriggered(event)
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        switch phase {
        case .handshake, .idle, .sending: enter(.header)
        case .lingering, .finished: return
        case .header, .body, .answering: break
        }
        context.fireChannelRead(data)
    }

    func channelWritabilityChanged(context: ChannelHandlerContext) {
        // Bytes have gone out, or come in behind those that wait.
        if phase == .answering || phase == .sending { waitingBytes = 0 }
        context.fireChannelWritabilityChanged()
    }

    private var allowance: TimeAmount? {
        switch phase {
        case .handshake: limits.handshake
        case .idle: limits.idle
        case .header: limits.header
        case .body: limits.body
        case .answering, .sending: limits.stalledWrite
        case .lingering: limits.linger
        case .finished: nil
        }
    }

    /// Calls `act` once everything that was written is in the kernel's hands, or the channel is closed.
    func whenSent(_ act: @escaping () -> Void) {
        guard let context else { return act() }
        let sent = context.eventLoop.makePromise(of: Void.self)
        sent.futureResult.assumeIsolated().whenComplete { _ in act() }
        context.writeAndFlush(wrapOutboundOut(ByteBuffer()), promise: sent)
    }

    private func arm() {
        guard let context, let allowance else { return }
        let due = since + allowance
        guard timer == nil || due < timerDue else { return }
        timer?.cancel()
        timerDue = due
        timer = context.eventLoop.assumeIsolated().scheduleTask(deadline: due) { [self] in
            timer = nil
            expired()
        }
    }

    private func expired() {
        guard let context, let allowance else { return }
        guard since + allowance <= .now() else {
            arm()
            return
        }
        switch phase {
        case .handshake:
            cutOff(nil)
            context.channel.cut()
        case .idle:
            if context.unsentBytes > 0 { enter(.sending) } else { closeIdle(context) }
        case .sending:
            if context.unsentBytes > 0 { checkWrites(context) } else { enter(.idle) }
        case .lingering: context.channel.cut()
        case .header, .body:
            cutOff(408)
            enter(.lingering)
            context.writeAndFlush(wrapOutboundOut(ByteBuffer(string: Self.tooSlow)), promise: nil)
            context.close(mode: .output, promise: nil)
        case .answering: checkWrites(context)
        case .finished: break
        }
    }

    /// A client that speaks TLS is told that this is the end, and not an attacker who cuts the line (RFC 8446, 6.1).
    private func closeIdle(_ context: ChannelHandlerContext) {
        guard context.channel.isEncrypted else { return context.channel.cut() }
        enter(.lingering)
        context.close(mode: .output, promise: nil)
    }

    private func checkWrites(_ context: ChannelHandlerContext) {
        let waiting = context.unsentBytes
        if waiting > 0, waiting == waitingBytes {
            cutOff(nil)
            context.channel.cut()
            return
        }
        waitingBytes = waiting
        since = .now()
        arm()
    }
}
