// One connection's requests, one at a time, from the parser to whoever answers them.

internal import HTTPTypes
internal import Hummingbird
internal import Logging
internal import NIOCore
internal import NIOHTTP1
internal import NIOHTTPTypesHTTP1
internal import NIOWebSocket
internal import Streams

/// Collects a request, has it answered (hot path, file, router) and sends the answer, all on the loop.
///
/// NIO's pipelining handler before it holds the next request back until this one is answered.
final class RouterHandler: ChannelInboundHandler, RemovableChannelHandler {
    typealias InboundIn = HTTPServerRequestPart
    typealias OutboundOut = HTTPServerResponsePart

    struct Incoming {
        let head: HTTPRequestHead
        var body = ByteBuffer()
    }

    /// `idle` -> `receiving` -> (`deferred` ->) `answering` -> `idle` or `closing`.
    enum State {
        case idle
        case receiving(Incoming)
        /// Complete, and waits for the next round of the loop.
        case deferred(Incoming)
        case answering
        /// The last answer is on its way; what still comes in is dropped.
        case closing
    }

    let server: HTTPServer
    let limits: HTTPLimits
    let deadlines: RequestDeadlines
    let responder: RouteResponder
    let executor: any TaskExecutor
    let secure: Bool

    var state = State.idle
    var outgoing: Outgoing?
    var task: Task<Void, Never>?
    var context: ChannelHandlerContext?
    /// Nobody will send further requests on this connection, or we don't want them.
    var inputEnded = false, leaving = false
    /// While the end of an answer is written, the pipelining handler delivers the next request from inside.
    var endingAnswer = false
    var answersInThisRead = 0
    private var goneTimer: Scheduled<Void>?
    /// How far we were when we last looked whether the client is gone.
    private var seen = (number: UInt64(0), written: 0)
    private var requestNumber: UInt64 = 0

    init(server: HTTPServer, deadlines: RequestDeadlines, responder: RouteResponder, executor: any TaskExecutor, secure: Bool) {
        self.server = server
        limits = server.limits
        self.deadlines = deadlines
        self.responder = responder
        self.executor = executor
        self.secure = secure
    }

    func handlerAdded(context: ChannelHandlerContext) { self.context = context }

    func handlerRemoved(context: ChannelHandlerContext) {
        abandon()
        self.context = nil
    }

    func channelInactive(context: ChannelHandlerContext) {
        abandon()
        context.fireChannelInactive()
    }

    /// The client is gone: whoever works for it need not go on.
    private func abandon() {
        state = .closing
        outgoing = nil
        task?.cancel()
        task = nil
        goneTimer?.cancel()
        goneTimer = nil
    }

    // MARK: Requests

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        switch unwrapInboundIn(data) {
        case .head(let head): receive(head, context)
        case .body(let part): receive(part)
        case .end: receiveEnd(context)
        }
    }

    func channelReadComplete(context: ChannelHandlerContext) {
        answersInThisRead = 0
        context.fireChannelReadComplete()
    }

    private func receive(_ head: HTTPRequestHead, _ context: ChannelHandlerContext) {
        guard case .idle = state else { return }
        MainActor.assumeIsolated { [server] in server.noteRequest() }
        deadlines.enter(.body)
        state = .receiving(Incoming(head: head))
        if head.version != .http1_0, head.headers["host"].count != 1 {
            refuse(.hostMissing, version: head.version)
            return
        }
        if let length = head.headers.first(name: "content-length").flatMap({ Int($0) }), length > limits.bodyBytesMax {
            refuse(.bodyTooLarge(bytesMax: limits.bodyBytesMax), version: head.version)
            return
        }
        if head.version != .http1_0, head.headers.first(name: "expect")?.lowercased() == "100-continue" {
            let goOn = HTTPResponseHead(version: .http1_1, status: .continue)
            context.writeAndFlush(wrapOutboundOut(.head(goOn)), promise: nil)
        }
    }

    private func receive(_ part: ByteBuffer) {
        guard case .receiving(var incoming) = state else { return }
        guard incoming.body.readableBytes + part.readableBytes <= limits.bodyBytesMax else {
            refuse(.bodyTooLarge(bytesMax: limits.bodyBytesMax), version: incoming.head.version)
            return
        }
        state = .idle  // So that the buffer has one owner while it grows.
        if incoming.body.readableBytes == 0 { incoming.body = part } else { incoming.body.writeImmutableBuffer(part) }
        state = .receiving(incoming)
    }

    private func receiveEnd(_ context: ChannelHandlerContext) {
        guard case .receiving(let incoming) = state else { return }
        deadlines.enter(.answering)
        answersInThisRead += 1
        guard endingAnswer || answersInThisRead > HTTPLimits.answersPerReadMax else {
            answer(incoming, context)
            return
        }
        // A buffer full of pipelined requests would otherwise be answered in one go, each one deeper on the stack.
        state = .deferred(incoming)
        context.eventLoop.assumeIsolated().execute { [self] in
            guard case .deferred(let incoming) = state else { return }
            answer(incoming, context)
        }
    }

    /// Answers at once and takes no further request.
    private func refuse(_ problem: Problem, version: HTTPVersion) {
        leaving = true
        requestNumber += 1
        outgoing = Outgoing(number: requestNumber, version: version, keepAlive: false, isHead: false)
        state = .answering
        deadlines.enter(.answering)
        send(problem.answer)
    }

    private func answer(_ incoming: Incoming, _ context: ChannelHandlerContext) {
        let head = incoming.head
        let isHead = head.method == .HEAD
        // NIO's parser reads no further behind a request for another protocol, whoever refuses it.
        if head.headers.contains(name: "upgrade") || head.method == .CONNECT { leaving = true }
        requestNumber += 1
        outgoing = Outgoing(
            number: requestNumber, version: head.version, keepAlive: head.isKeepAlive && !leaving, isHead: isHead)
        state = .answering
        let parts = head.uri.split(separator: "?", maxSplits: 1, omittingEmptySubsequences: false)
        let path = parts.first.map(String.init) ?? ""
        let request: HTTPRequest
        do {
            var head = head
            // The answer to HEAD is that to GET without its body (RFC 9110, 9.3.2).
            if isHead { head.method = .GET }
            request = try HTTPRequest(head, secure: secure, splitCookie: false)
        } catch {
            refuse(.malformed, version: head.version)
            return
        }
        let hot = HotRequest(
            method: isHead ? .head : request.method, path: path, query: parts.count > 1 ? String(parts[1]) : "",
            headers: request.headerFields)
        if let ready = MainActor.assumeIsolated({ [server] in server.readyAnswer(hot) }) {
            send(ready)
        } else {
            route(Request(head: request, body: .init(buffer: incoming.body)), context)
        }
    }

    private func route(_ request: Request, _ context: ChannelHandlerContext) {
        let number = requestNumber
        let handler = NIOLoopBound(self, eventLoop: context.eventLoop)
        let channel = context.channel
        let logger = MainActor.assumeIsolated { [server] in server.requestLogger() }
        let work: @Sendable @concurrent () async -> Void = { [responder] in
            let response = await responder.respond(to: request, channel: channel, logger: logger)
            await RouterHandler.send(response, number: number, by: handler)
        }
        let started = Task.immediate(executorPreference: executor, operation: work)
        // Many are done before they are stored here, and the next one may even have begun.
        if outgoing?.number == number { task = started }
    }

    // MARK: The end of a connection

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        if event as? StreamEvent == .peerFinished {
            switch state {
            case .deferred, .answering: watchForGone(context)
            case .idle, .receiving, .closing: break
            }
        } else if event as? ChannelEvent == .inputClosed {
            inputEnded = true
            switch state {
            case .idle, .receiving: closeOutput()
            case .deferred, .answering: watchForGone(context)
            case .closing: break
            }
        }
        context.fireUserInboundEventTriggered(event)
    }

    /// A client that has closed its side may still read, or be gone; TCP does not tell until we write.
    private func watchForGone(_ context: ChannelHandlerContext) {
        guard goneTimer == nil else { return }
        seen = (requestNumber, outgoing?.written ?? 0)
        goneTimer = context.eventLoop.assumeIsolated().scheduleTask(in: limits.peerFinished) { [self] in
            goneTimer = nil
            // As long as bytes go out, it is not gone: it would have answered them with a reset.
            if seen == (requestNumber, outgoing?.written ?? 0) {
                context.close(promise: nil)
            } else {
                watchForGone(context)
            }
        }
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        // The request follows, as an ordinary one.
        if error is NIOWebSocketUpgradeError { return }
        guard let error = error as? HTTPParserError else {
            if case .closing = state { return }
            context.close(promise: nil)
            return
        }
        switch state {
        case .idle, .receiving:
            // The end of a request that was cut off is no request either.
            if deadlines.isOver { return }
            refuse(error == .headerOverflow ? .headerTooLarge : .malformed, version: .http1_1)
        case .deferred, .answering: context.close(promise: nil)
        case .closing: break
        }
    }

    /// Closes now if nothing is under way, otherwise after the answer that is.
    func leave() {
        leaving = true
        if case .idle = state { context?.close(promise: nil) }
    }

    /// Says that there will be no more, and lets the client read it before the connection is closed.
    func closeOutput() {
        state = .closing
        guard let context else { return }
        let closed = context.eventLoop.makePromise(of: Void.self)
        closed.futureResult.assumeIsolated().whenComplete { [self] result in
            switch result {
            case .success: deadlines.enter(.lingering)
            case .failure: context.close(promise: nil)
            }
        }
        context.close(mode: .output, promise: closed)
    }
}
