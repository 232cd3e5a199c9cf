// The HTTP/1.1 server: listeners, connections, what is answered at once.

public import HTTPTypes
public import Hummingbird
public import Logging
public import NIOCore
internal import NIOHTTP1
internal import NIOSSL
public import Streams
public import TLS

/// Serves hot paths, static files and a Hummingbird router on a stream loop.
///
/// Routes run as tasks on the loop; what needs the main actor enters it by `MainActor.assumeIsolated`, without a hop. A task
/// is cancelled when its client goes. HEAD is answered as GET without the body, by all three.
@MainActor public final class HTTPServer {
    public let limits: HTTPLimits
    public let files: StaticFiles?
    let logger: Logger
    let loop: StreamLoop
    private let responder: RouteResponder
    /// The first one is the date.
    private var commonFields: [(String, String)]
    private var hotHandlers: [String: HotHandler] = [:]
    private var listeners: [Listener] = []
    /// What the encrypted listeners show; nil: there are none.
    public private(set) var certificate: ServerCertificate?
    private var connections: [ObjectIdentifier: Connection] = [:]
    var counted = HTTPFigures()
    private var date = HTTPDate()
    private(set) var leaving = false
    var upgrades: [String: WebSocketUpgrade] = [:]
    var webSockets: [ObjectIdentifier: WebSocket] = [:]
    private var requestID: UInt64 = 0

    private struct Connection {
        let channel: any Channel
        let handler: NIOLoopBound<RouterHandler>
    }

    /// `router` is built here: routes added later are not seen. `responseHeaders` go with every answer that does not
    /// set them itself.
    public init<Context: RequestContext>(
        on loop: StreamLoop, router: Router<Context>, files: StaticFiles? = nil, limits: HTTPLimits = HTTPLimits(),
        responseHeaders: HTTPFields = [.xContentTypeOptions: "nosniff"], logger: Logger
    ) where Context.Source == ApplicationRequestContextSource {
        self.loop = loop
        self.files = files
        self.limits = limits
        self.logger = logger
        responder = RouteResponder(router)
        commonFields = [("date", "")] + responseHeaders.map { ($0.name.canonicalName, $0.value) }
    }

    /// Answers exactly this path on the spot, before files and routes.
    public func answer(_ path: String, _ handler: @escaping HotHandler) { hotHandlers[path] = handler }

    /// Listens on a numeric address, IPv4 or IPv6; may be called for several. Returns where, with the port that the kernel
    /// chose if `port` is 0. Without TLS: that is a proxy's.
    ///
    /// Throws `SocketAddressError` or `IOError`.
    @discardableResult
    public func listen(host: String, port: Int) throws -> SocketAddress {
        let refusal = Array("HTTP/1.1 503 Service Unavailable\r\nconnection: close\r\ncontent-length: 0\r\n\r\n".utf8)
        return try listen(host: host, port: port, refusal: refusal) { [weak self] in try self?.configure($0) }
    }

    /// The same with TLS 1.2 or newer; all encrypted listeners show the same certificate.
    @discardableResult
    public func listen(host: String, port: Int, certificate: ServerCertificate) throws -> SocketAddress {
        // Whom the limits keep out is just cut off: it reads nothing before a handshake.
        let address = try listen(host: host, port: port, refusal: []) { [weak self] in try self?.configureEncrypted($0) }
        self.certificate = certificate
        return address
    }

    /// What new connections are shown from now on; those that are open keep what they have. To be called only if there
    /// are encrypted listeners.
    public func renew(_ certificate: ServerCertificate) {
        precondition(self.certificate != nil, "a plain listener does not become an encrypted one")
        self.certificate = certificate
    }

    private func listen(
        host: String, port: Int, refusal: [UInt8], configure: @escaping (StreamChannel) throws -> Void
    ) throws -> SocketAddress {
        let listener = try Listener(
            on: loop, host: host, port: port, limits: limits.listener, refusal: refusal, configure: configure)
        listeners.append(listener)
        return listener.address
    }

    public var figures: HTTPFigures {
        var figures = counted
        for listener in listeners {
            figures.accepted += listener.figures.accepted
            figures.refused += listener.figures.refused
            figures.exhausted += listener.figures.exhausted
        }
        figures.openConnections = connections.count
        figures.unsentBytes = connections.values.reduce(0) { $0 + $1.channel.unsentBytes }
        figures.openWebSockets = webSockets.count
        return figures
    }

    /// Stops listening, closes idle connections, lets the answers under way finish, and after `grace` closes what is left.
    public func shutDown(grace: TimeAmount = .seconds(5)) async {
        leaving = true
        for listener in listeners { listener.close() }
        let open = connections.values.map { $0 }
        for connection in open { connection.handler.value.leave() }
        for webSocket in webSockets.values.map({ $0 }) { webSocket.close(.goingAway, reason: "The server goes down.") }
        let channels = open.map(\.channel)
        let deadline = loop.scheduleTask(in: grace) {
            for channel in channels { channel.cut() }
        }
        for channel in channels { try? await channel.closeFuture.get() }
        deadline.cancel()
    }

    // MARK: Connections

    private func configureEncrypted(_ channel: StreamChannel) throws {
        guard let certificate else { throw ChannelError.operationUnsupported }
        channel.isEncrypted = true
        try channel.pipeline.syncOperations.addHandler(NIOSSLServerHandler(context: certificate.context))
        try configure(channel)
    }

    private func configure(_ channel: any Channel) throws {
        let options = channel.syncOptions
        try options?.setOption(.allowRemoteHalfClosure, value: true)
        try options?.setOption(.maxMessagesPerRead, value: 1)
        try options?.setOption(
            .recvAllocator,
            value: AdaptiveRecvByteBufferAllocator(minimum: 512, initial: 2048, maximum: HTTPLimits.receiveBytesMax))
        let deadlines = RequestDeadlines(limits: limits) { [weak self] status in
            MainActor.assumeIsolated { self?.noteCutOff(status) }
        }
        let handler = RouterHandler(server: self, deadlines: deadlines, responder: responder, executor: loop)
        var decoder = NIOHTTPDecoderLimitConfiguration()
        decoder.maxHeaderFieldSize = limits.headerFieldBytesMax
        decoder.maxHeaderListSize = limits.headerBytesMax
        decoder.maxHeaderFieldCount = limits.headerFieldsMax
        let pipeline = channel.pipeline.syncOperations
        try pipeline.addHandler(deadlines)
        // We frame ourselves: NIO would end a HEAD's answer with a last chunk.
        var encoder = HTTPResponseEncoder.Configuration()
        encoder.automaticallySetFramingHeaders = false
        // Field values come from HTTPFields, which cannot hold a line break: no second validation. The untyped upgrader: the
        // typed one closes connections whose upgrade is refused (facts/loop.md, traps 2 and 3).
        try pipeline.configureHTTPServerPipeline(
            withServerUpgrade: (upgraders: [webSocketUpgrader(handler, deadlines)], completionHandler: { _ in }),
            withErrorHandling: false, withOutboundHeaderValidation: false, withEncoderConfiguration: encoder,
            withDecoderLimitConfiguration: decoder)
        try pipeline.addHandler(handler)
        if leaving { handler.leaving = true }
        let id = ObjectIdentifier(channel)
        connections[id] = Connection(channel: channel, handler: NIOLoopBound(handler, eventLoop: loop))
        channel.closeFuture.assumeIsolated().whenComplete { [weak self] _ in
            MainActor.assumeIsolated { self?.connections[id] = nil }
        }
    }

    // MARK: For the connections

    func noteRequest() { counted.requests += 1 }
    func noteFailedHandshake() { counted.failedHandshakes += 1 }

    private func noteCutOff(_ status: Int?) {
        counted.cutOff += 1
        if let status { counted.noteResponse(status) }
    }

    /// Counts an answer and returns the fields that go with each.
    func noteResponse(_ status: Int) -> [(String, String)] {
        counted.noteResponse(status)
        if let text = date.textIfNew() { commonFields[0].1 = text }
        return commonFields
    }

    /// The answer of a hot path or a file; nil: a matter for the router.
    func readyAnswer(_ request: HotRequest) -> HotResponse? {
        if let handler = hotHandlers[request.path] {
            guard request.method == .get || request.method == .head else {
                return Problem.methodNotAllowed(["GET", "HEAD"]).answer
            }
            return handler(request)
        }
        return files?.answer(request)
    }

    func requestLogger() -> Logger {
        requestID &+= 1
        var logger = logger
        logger[metadataKey: "hb.request.id"] = .stringConvertible(requestID)
        return logger
    }
}
