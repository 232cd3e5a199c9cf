// One connection's requests, one at a time, from the parser to whoever answers them.

internal import HTTPTypes
internal import Hummingbird
internal import Logging
internal import NIOCore
internal import NIOHTTP1
internal import NIOHTTPTypesHTTP1
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
        /// Complete, and waits for the next round of the loop, or until the client has taken earlier answers.
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

    var state = State.idle
    var outgoing: Outgoing?
    var task: Task<Void, Never>?
    var context: ChannelHandlerContext?
    /// Nobody will send further requests on this connection, or we don't want them.
    var inputEnded = false, leaving = false
    /// The client has closed its side, whether or not we have read that far.
    var peerFinished = false
    /// While the end of an answer is written, the pipelining handler delivers the next request from inside.
    var endingAnswer = false
    var answersInThisRead = 0
    var goneTimer: Scheduled<Void>?
    /// How far we were when we last looked whether the client is gone.
    var seen = Progress(number: 0, written: 0)
    private(set) var requestNumber: UInt64 = 0

    init(server: HTTPServer, deadlines: RequestDeadlines, responder: RouteResponder, executor: any TaskExecutor) {
        self.server = server
        limits = server.limits
        self.deadlines = deadlines
        self.responder = responder
        self.executor = executor
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
        forgetWatch()
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
            refuse(.hostMissing, head)
            return
        }
        if let length = head.headers.first(name: "content-length").flatMap({ Int($0) }), length > limits.bodyBytesMax {
            refuse(.bodyTooLarge(bytesMax: limits.bodyBytesMax), head)
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
            refuse(.bodyTooLarge(bytesMax: limits.bodyBytesMax), incoming.head)
            return
        }
        state = .idle  // So that the buffer has one owner while it grows.
        if incoming.body.readableBytes == 0 { incoming.body = part } else { incoming.body.writeImmutableBuffer(part) }
        state = .receiving(incoming)
    }

    private func receiveEnd(_ context: ChannelHandlerContext) {
        guard case .receiving(let incoming) = state else { return }
        deadlines.enter(.answering)
        // Whoever has closed its side does not say so again for the requests that it sent before.
        if peerFinished { watchForGone(context) }
        answersInThisRead += 1
        // Answers pile up in memory unless a client that sends requests without reading waits for itself.
        guard context.channel.isWritable else {
            state = .deferred(incoming)
            return
        }
        guard endingAnswer || answersInThisRead > HTTPLimits.answersPerReadMax else {
            answer(incoming, context)
            return
        }
        // A buffer full of pipelined requests would otherwise be answered in one go, each one deeper on the stack.
        state = .deferred(incoming)
        answerLater(context)
    }

    private func answerLater(_ context: ChannelHandlerContext) {
        context.eventLoop.assumeIsolated().execute { [self] in
            guard case .deferred(let incoming) = state, context.channel.isWritable else { return }
            answer(incoming, context)
        }
    }

    func channelWritabilityChanged(context: ChannelHandlerContext) {
        if case .deferred = state, context.channel.isWritable { answerLater(context) }
        context.fireChannelWritabilityChanged()
    }

    /// Answers at once and takes no further request. `head` is nil if it could not be understood.
    func refuse(_ problem: Problem, _ head: HTTPRequestHead?) {
        leaving = true
        requestNumber += 1
        outgoing = Outgoing(
            number: requestNumber, version: head?.version ?? .http1_1, keepAlive: false, isHead: head?.method == .HEAD)
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
        let request: HTTPRequest
        do {
            var head = head
            // The answer to HEAD is that to GET without its body (RFC 9110, 9.3.2).
            if isHead { head.method = .GET }
            request = try HTTPRequest(head, secure: context.channel.isEncrypted, splitCookie: false)
        } catch {
            refuse(.malformed, head)
            return
        }
        let hot = HotRequest(request, method: isHead ? .head : nil)
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
}
