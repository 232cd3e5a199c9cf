// The REST interface: the route table put on Hummingbird's router, with sign-in and checks in front of every route.

internal import Basics
public import ContactCenter
public import HTTP
internal import HTTPTypes
public import Hummingbird
public import MainLoop
public import SiteConfiguration
internal import Streams

/// Everything under `/v1`, `/metrics` and `/healthz`.
///
/// State lives on the loop; routes look at it through `onLoop` and have long answers encoded beside it.
@MainActor public final class RESTInterface {
    /// A token or cookie longer than this is nobody's.
    nonisolated static let tokenBytesMax = 512
    /// An office full of agents has one address: so many times the failures of one name are taken from it.
    nonisolated static let namesOfSourceMax = 10
    /// Rows of an answer that is made on the loop: some 0.1 ms.
    nonisolated static let rowsOnLoopMax = 100

    let backend: any Backend
    let verifier: TokenVerifier
    let passwords: PasswordVerifier
    var sessions = Sessions()
    var agentSessions = AgentSessions()
    /// The agents' pages; nil: the house has none.
    var desks: DeskSessions?
    private var requests: RequestLimiter
    /// Requests that were answered 429, because their sender had sent too many; since the start.
    public private(set) var throttled: UInt64 = 0
    var failures: FailureLimiter<SourceAddress>
    /// Wrong passwords: a colleague's typing errors behind the same address lock nobody out.
    var wrongPasswords: FailureLimiter<GuessedName>
    var wrongPasswordsOfSource: FailureLimiter<SourceAddress>
    nonisolated let table: RouteTable
    private nonisolated let trustedProxies: Set<String>
    private nonisolated let worker = WorkerQueue(label: "api.answers")

    /// `failuresPerMinuteMax`: wrong tokens and codes of one source address in a minute before it hears 429.
    /// `requestsPerSecondMax`, `requestsBurstMax`: requests of one token or session, in the long run and at once.
    /// `trustedProxies`: numeric addresses whose word on the client's address and scheme is taken.
    public init(
        backend: any Backend, failuresPerMinuteMax: Int = 20, requestsPerSecondMax: Int = 100, requestsBurstMax: Int = 200,
        trustedProxies: [String] = []
    ) {
        self.backend = backend
        let turns = VerificationTurns()
        verifier = TokenVerifier(turns: turns)
        passwords = PasswordVerifier(turns: turns)
        failures = FailureLimiter(failuresPerMinuteMax: failuresPerMinuteMax)
        requests = RequestLimiter(perSecondMax: requestsPerSecondMax, burstMax: requestsBurstMax)
        wrongPasswords = FailureLimiter(failuresPerMinuteMax: failuresPerMinuteMax)
        wrongPasswordsOfSource = FailureLimiter(failuresPerMinuteMax: failuresPerMinuteMax * Self.namesOfSourceMax)
        self.trustedProxies = Set(trustedProxies.compactMap(SourceAddress.canonical))
        table = RouteTable()
    }

    /// The routes of the table. To be handed to an `HTTPServer`, which builds it once.
    public func makeRouter() -> Router<RequestOrigin> {
        let router = Router(context: RequestOrigin.self)
        router.add(middleware: ProblemMiddleware())
        for route in table.routes {
            router.on(RouterPath(route.path), method: route.method) { [self] request, context in
                try await answer(request, context, by: route).response
            }
        }
        return router
    }

    /// Opens the desks of the agents' pages. To be called before `registerHotPaths`.
    ///
    /// `submit` hands an event to the rules; false: it was not taken.
    public func openDesks(
        audio: any DeskAudio, settings: DeskSettings, limits: DeskLimits = DeskLimits(), on loop: MainLoop,
        submit: @escaping (Event) -> Bool
    ) -> DeskSessions {
        let desks = DeskSessions(
            backend: backend, audio: audio, settings: settings, limits: limits, on: loop, submit: submit)
        desks.standing = { [weak self] session in
            guard let self else { return .over }
            return agentSessions.standing(of: session, in: backend.credentials, at: backend.now)
        }
        self.desks = desks
        return desks
    }

    /// To be called after a reload: a page whose password has changed is signed out at once.
    public func credentialsChanged() { desks?.revalidate() }

    /// `/healthz`, which is answered on the spot and to everybody, and the WebSocket of the desks.
    public func registerHotPaths(on server: HTTPServer) {
        server.upgrade(
            DeskResource.path, admit: { [weak self] request in self?.deskSession(of: request) != nil },
            open: { [weak self] socket in self?.openDesk(socket) })
        server.answer("/healthz") { _ in HotResponse(contentType: "text/plain; charset=utf-8", body: "ok\n") }
    }

    /// A code with which a page can sign in once, within ten minutes, as supervisor. 130 random bits.
    ///
    /// Throws if OpenSSL has no random bytes.
    public func makeOneTimeCode() throws(PasswordHash.Failure) -> String {
        try sessions.makeCode(by: "daemon", at: backend.now).text
    }

    // MARK: For the routes

    private nonisolated func answer(_ request: Request, _ context: RequestOrigin, by route: Route) async throws -> Reply {
        let client = context.client(of: request, trusting: trustedProxies)
        let principal = try await admit(request, to: route, from: client.source)
        let call = try await Call(
            request, parameters: context.parameters, route: route, principal: principal, client: client)
        return try await route.handle(self, call)
    }

    /// Counts a request of somebody who has proved who they are; throws 429 if there were too many.
    func take(_ principal: Principal) throws {
        guard let wait = requests.take(principal, at: backend.now) else { return }
        throttled += 1
        throw Problem.tooManyRequests(seconds: max(1, Int((wait.microseconds + 999_999) / 1_000_000)))
    }

    /// Looks at the state without a hop: a request's task already runs on the loop (facts/loop.md, trap 5).
    nonisolated func onLoop<Value: Sendable>(_ look: @MainActor () throws -> Value) rethrows -> Value {
        try MainActor.assumeIsolated(look)
    }

    /// Makes and encodes a long answer beside the loop, from values that the closure has copied; a short one, of `rows` that
    /// have to be looked at, on the spot: to wake a worker costs more.
    nonisolated func later<Value: Sendable>(
        _ shape: Shape<Value>, rows: Int = .max, _ make: @escaping @Sendable () throws -> Value
    ) async throws -> Reply {
        if rows <= Self.rowsOnLoopMax { return Reply.json(shape, try make()) }
        return try await worker.run { Reply.json(shape, try make()) }
    }
}
