// The end of a connection: the client's, ours, or that of a client that is gone.

internal import NIOCore
internal import NIOHTTP1
internal import NIOSSL
internal import NIOWebSocket
internal import Streams

extension RouterHandler {
    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        if event as? StreamEvent == .peerFinished {
            peerFinished = true
            switch state {
            case .deferred, .answering: watchForGone(context)
            case .idle, .receiving, .closing: break
            }
        } else if event as? ChannelEvent == .inputClosed {
            inputEnded = true
            peerFinished = true
            switch state {
            case .idle, .receiving: closeOutput()
            case .deferred, .answering: watchForGone(context)
            case .closing: break
            }
        }
        context.fireUserInboundEventTriggered(event)
    }

    /// A client that has closed its side may still read, or be gone; TCP does not tell until we write.
    func watchForGone(_ context: ChannelHandlerContext) {
        guard goneTimer == nil else { return }
        seen = progress
        goneTimer = context.eventLoop.assumeIsolated().scheduleTask(in: limits.peerFinished) { [self] in
            goneTimer = nil
            // As long as bytes go out, it is not gone: it would have answered them with a reset. And bytes that wait have a
            // deadline of their own.
            if seen == progress, context.unsentBytes == 0 {
                context.channel.cut()
            } else {
                watchForGone(context)
            }
        }
    }

    /// How much of the answers has been made.
    struct Progress: Equatable {
        let number: UInt64
        let written: Int
    }

    private var progress: Progress { Progress(number: requestNumber, written: outgoing?.written ?? 0) }

    func forgetWatch() {
        goneTimer?.cancel()
        goneTimer = nil
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        // The request follows, as an ordinary one.
        if error is NIOWebSocketUpgradeError { return }
        guard let error = error as? HTTPParserError else {
            if case .closing = state { return }
            // TLS reports a broken handshake once more when the socket is closed for it.
            state = .closing
            if case .handshakeFailed? = error as? NIOSSLError {
                MainActor.assumeIsolated { [server] in server.noteFailedHandshake() }
            }
            context.channel.cut()
            return
        }
        switch state {
        case .idle, .receiving:
            // The end of a request that was cut off is no request either.
            if deadlines.isOver { return }
            refuse(error == .headerOverflow ? .headerTooLarge : .malformed, nil)
        case .deferred, .answering: context.channel.cut()
        case .closing: break
        }
    }

    /// Closes now if nothing is under way, otherwise after the answer that is.
    func leave() {
        leaving = true
        guard case .idle = state, let context else { return }
        if context.channel.isEncrypted || context.unsentBytes > 0 { closeOutput() } else { context.channel.cut() }
    }

    /// Says that there will be no more, and lets the client read it before the connection is closed.
    func closeOutput() {
        state = .closing
        guard let context else { return }
        // Once its client has closed its side, TLS closes the whole at once, with everything that still waits to be sent.
        if inputEnded, context.channel.isEncrypted, context.unsentBytes > 0 {
            deadlines.whenSent { [self] in finishOutput() }
        } else {
            finishOutput()
        }
    }

    private func finishOutput() {
        guard let context else { return }
        let closed = context.eventLoop.makePromise(of: Void.self)
        closed.futureResult.assumeIsolated().whenComplete { [self] result in
            switch result {
            case .success: deadlines.enter(.lingering)
            case .failure: context.channel.cut()
            }
        }
        context.close(mode: .output, promise: closed)
    }
}
