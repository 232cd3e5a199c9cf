// How an answer goes out: head, body with back-pressure, end.

internal import HTTPTypes
internal import Hummingbird
internal import NIOCore
internal import NIOHTTP1
internal import NIOHTTPTypesHTTP1

extension RouterHandler {
    /// The answer that is under way.
    struct Outgoing {
        /// Of the request on this connection: a route that is late must not write into the next one's answer.
        let number: UInt64
        let version: HTTPVersion
        var keepAlive: Bool
        let isHead: Bool
        /// As promised in content-length; nil: chunked, or until the connection closes.
        var declared: Int?
        var written = 0
        var writtenThisTurn = 0
    }

    enum BodyError: Error {
        case longerThanDeclared
        /// The client is gone, or the answer has ended already.
        case nobodyListens
    }

    /// What the writer of a body does before it goes on.
    enum WriteOutcome: Sendable {
        case goOn
        /// Others have their turn first.
        case yield
        /// The client is behind: until these bytes are sent.
        case wait(EventLoopFuture<Void>)
    }

    func send(_ answer: HotResponse) {
        guard let number = outgoing?.number else { return }
        let length = answer.body.readableBytes
        let withBody = begin(answer.status, answer.headers, length: length)
        if withBody, length > 0 {
            outgoing?.written = length
            context?.write(wrapOutboundOut(.body(.byteBuffer(answer.body))), promise: nil)
        }
        end(nil, number)
    }

    static func send(_ response: Response, number: UInt64, by handler: NIOLoopBound<RouterHandler>) async {
        guard handler.value.begin(response, number) else { return }
        try? await response.body.write(BodyWriter(handler, number))
        // Has no effect on an answer that has ended. A body that threw, or did not say that it is finished, is not whole.
        handler.value.breakOff(number)
    }

    /// False if there is no body to be sent.
    private func begin(_ response: Response, _ number: UInt64) -> Bool {
        // The client may be gone.
        guard outgoing?.number == number else { return false }
        let length = response.body.contentLength
        let withBody = begin(response.status, response.headers, length: length)
        if !withBody {
            end(nil, number)
            return false
        }
        // An event stream may keep its first event for long.
        if length == nil { context?.flush() }
        return true
    }

    /// Writes the head; false if no body may follow it.
    private func begin(_ status: HTTPResponse.Status, _ fields: HTTPFields, length: Int?) -> Bool {
        guard var outgoing, let context else { return false }
        let bodiless = status.code == 204 || status.code == 304 || status.kind == .informational
        let withBody = !bodiless && !outgoing.isHead
        var headers = HTTPHeaders(fields)
        // The framing is ours alone (RFC 9112, 6); a length that the route promised for a streamed body is kept to.
        let length = length ?? headers.first(name: "content-length").flatMap { Int($0) }
        headers.remove(name: "transfer-encoding")
        headers.remove(name: "content-length")
        if leaving || inputEnded { outgoing.keepAlive = false }
        if !bodiless, let length {
            headers.add(name: "content-length", value: String(length))
        } else if withBody, outgoing.version == .http1_0 {
            // The end of the connection is the end of the body.
            outgoing.keepAlive = false
        } else if withBody {
            headers.add(name: "transfer-encoding", value: "chunked")
        }
        if !outgoing.keepAlive {
            headers.replaceOrAdd(name: "connection", value: "close")
        } else if outgoing.version == .http1_0 {
            headers.replaceOrAdd(name: "connection", value: "keep-alive")
        }
        let code = status.code
        let common = MainActor.assumeIsolated { [server] in server.noteResponse(code) }
        for (name, value) in common where !headers.contains(name: name) { headers.add(name: name, value: value) }
        outgoing.declared = withBody ? length : nil
        self.outgoing = outgoing
        let answer = HTTPResponseStatus(statusCode: code, reasonPhrase: status.reasonPhrase)
        let head = HTTPResponseHead(version: outgoing.version, status: answer, headers: headers)
        context.write(wrapOutboundOut(.head(head)), promise: nil)
        return withBody
    }

    func writeBody(_ part: ByteBuffer, _ number: UInt64) throws -> WriteOutcome {
        guard var outgoing, outgoing.number == number, let context, context.channel.isActive else {
            throw BodyError.nobodyListens
        }
        let count = part.readableBytes
        guard count > 0 else { return .goOn }
        outgoing.written += count
        outgoing.writtenThisTurn += count
        if let declared = outgoing.declared, outgoing.written > declared { throw BodyError.longerThanDeclared }
        let turnIsOver = outgoing.writtenThisTurn >= HTTPLimits.streamBytesPerTurnMax
        if turnIsOver { outgoing.writtenThisTurn = 0 }
        self.outgoing = outgoing
        let data = wrapOutboundOut(.body(.byteBuffer(part)))
        // The last piece goes out together with the end.
        if outgoing.written == outgoing.declared {
            context.write(data, promise: nil)
            return .goOn
        }
        context.write(data, promise: nil)
        if context.channel.isWritable {
            context.flush()
            return turnIsOver ? .yield : .goOn
        }
        let sent = context.eventLoop.makePromise(of: Void.self)
        context.writeAndFlush(wrapOutboundOut(.body(.byteBuffer(ByteBuffer()))), promise: sent)
        return turnIsOver && context.channel.isWritable ? .yield : .wait(sent.futureResult)
    }

    func end(_ trailers: HTTPFields?, _ number: UInt64) {
        guard let outgoing, outgoing.number == number, let context else { return }
        if let declared = outgoing.declared, outgoing.written != declared {
            breakOff(number)
            return
        }
        self.outgoing = nil
        task = nil
        forgetWatch()
        let keepAlive = outgoing.keepAlive && !leaving && !inputEnded
        state = keepAlive ? .idle : .closing
        if keepAlive { deadlines.enter(.idle) }
        endingAnswer = true
        context.writeAndFlush(wrapOutboundOut(.end(trailers.map { HTTPHeaders($0) })), promise: nil)
        endingAnswer = false
        if !keepAlive { closeOutput() }
    }

    /// The answer cannot be completed, and its head is out: the client must see that it broke off.
    func breakOff(_ number: UInt64) {
        guard outgoing?.number == number else { return }
        outgoing = nil
        context?.channel.cut()
    }
}
