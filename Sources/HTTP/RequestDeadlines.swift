// Cuts off clients that are too slow, and drops what comes after the last answer.

internal import NIOCore

/// Stands nearest to the socket and sees bytes; `RouterHandler` tells it where in a request the connection is.
///
/// One timer for the connection, moved only when a deadline is earlier than it: requests cost no timer of their own.
final class RequestDeadlines: ChannelInboundHandler, RemovableChannelHandler {
    typealias InboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer

    enum Phase {
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

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        switch phase {
        case .idle, .sending: enter(.header)
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
        case .idle: limits.idle
        case .header: limits.header
        case .body: limits.body
        case .answering, .sending: limits.stalledWrite
        case .lingering: limits.linger
        case .finished: nil
        }
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
        case .idle:
            if context.unsentBytes > 0 { enter(.sending) } else { context.close(promise: nil) }
        case .sending:
            if context.unsentBytes > 0 { checkWrites(context) } else { enter(.idle) }
        case .lingering: context.close(promise: nil)
        case .header, .body:
            cutOff(408)
            enter(.lingering)
            context.writeAndFlush(wrapOutboundOut(ByteBuffer(string: Self.tooSlow)), promise: nil)
            context.close(mode: .output, promise: nil)
        case .answering: checkWrites(context)
        case .finished: break
        }
    }

    private func checkWrites(_ context: ChannelHandlerContext) {
        let waiting = context.unsentBytes
        if waiting > 0, waiting == waitingBytes {
            cutOff(nil)
            context.close(promise: nil)
            return
        }
        waitingBytes = waiting
        since = .now()
        arm()
    }
}
