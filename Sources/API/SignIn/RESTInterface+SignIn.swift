// Who asks, and whether they may: the one place where roles are checked.

internal import Basics
internal import HTTP
internal import HTTPTypes
internal import Hummingbird
internal import SiteConfiguration
internal import Streams

extension RESTInterface {
    nonisolated static let cookieName = "switchboard-session"
    /// Another one than the wallboard's: a supervisor may have both open in one browser.
    nonisolated static let agentCookieName = "switchboard-agent"

    /// What can be said of a request without waiting.
    enum SignIn: Sendable {
        case done(Principal)
        case verify(token: String)
    }

    /// Throws 401, 403 or 429 (too many failures, too many requests) unless the request may use the route; nil where nobody has
    /// to sign in.
    nonisolated func admit(_ request: Request, to route: Route, from source: SourceAddress) async throws -> Principal? {
        let role: Role
        switch route.access {
        case .everybody: return nil
        case .agentSession:
            guard let principal = onLoop({ agentPrincipal(of: request) }) else { throw Problem.agentSessionMissing }
            try onLoop { try take(principal) }
            if route.method != .get { try Self.refuseForgery(request) }
            return principal
        case .role(let needed): role = needed
        }
        let principal: Principal
        switch try onLoop({ try signIn(request, from: source) }) {
        case .done(let known): principal = known
        case .verify(let token): principal = try await verify(token, from: source)
        }
        try onLoop { try take(principal) }
        guard principal.role >= role else { throw Problem.roleTooLow(needed: role) }
        if principal.session != nil, route.method != .get { try Self.refuseForgery(request) }
        return principal
    }

    private func signIn(_ request: Request, from source: SourceAddress) throws -> SignIn {
        let now = backend.now
        if let field = request.headers[.authorization] {
            let parts = field.split(separator: " ", maxSplits: 1)
            guard parts.count == 2, parts[0].lowercased() == "bearer", parts[1].utf8.count <= Self.tokenBytesMax else {
                throw Problem.tokenWrong
            }
            let token = String(parts[1])
            switch verifier.lookUp(token, in: backend.credentials) {
            // A token that is known passes even while its source is slowed down: a script with a wrong token must not lock
            // the others of its machine out.
            case .known(let principal): return .done(principal)
            case .unknown:
                try refuseGuesser(source)
                return .verify(token: token)
            case .malformed:
                try refuseGuesser(source)
                failures.noteFailure(source, at: now)
                throw Problem.tokenWrong
            }
        }
        let cookie = Self.cookie(Self.cookieName, in: request.headers)
        if let principal = cookie.flatMap({ sessions.principal(of: $0, at: now) }) ?? agentPrincipal(of: request) {
            return .done(principal)
        }
        // Not counted as a guess: a page with the cookie of an earlier start asks every second.
        throw cookie == nil ? Problem.tokenMissing : Problem.sessionOver
    }

    /// The agent whose cookie the request has.
    private func agentPrincipal(of request: Request) -> Principal? {
        guard let cookie = Self.cookie(Self.agentCookieName, in: request.headers) else { return nil }
        let session = SecretDigest(cookie)
        guard let agent = agentSessions.agent(of: session, in: backend.credentials, at: backend.now) else { return nil }
        return Principal(name: agent.rawValue, role: .agent, session: session)
    }

    /// Whose desk a request for a WebSocket may open; a browser sends the cookie along from any page, but its own Origin too.
    func deskSession(of request: HotRequest) -> (agent: AgentID, session: SecretDigest)? {
        guard desks != nil, let origin = request.headers[.origin], Self.isOwn(origin, authority: request.authority),
            let cookie = Self.cookie(Self.agentCookieName, in: request.headers)
        else { return nil }
        let session = SecretDigest(cookie)
        return agentSessions.agent(of: session, in: backend.credentials, at: backend.now).map { ($0, session) }
    }

    func openDesk(_ socket: WebSocket) {
        guard let desks, let (agent, session) = deskSession(of: socket.request) else {
            return socket.close(DeskConnection.sessionOver)
        }
        desks.open(socket, agent: agent, session: session)
    }

    private func verify(_ token: String, from source: SourceAddress) async throws -> Principal {
        let verdict = await verifier.verify(
            token, in: { backend.credentials }, mayGoOn: { failures.secondsToWait(source, at: backend.now) == nil })
        switch verdict {
        case .right(let principal): return principal
        case .wrong:
            failures.noteFailure(source, at: backend.now)
            throw Problem.tokenWrong
        case .tooBusy:
            try refuseGuesser(source)
            throw Problem.signInBusy
        }
    }

    func refuseGuesser(_ source: SourceAddress) throws {
        if let seconds = failures.secondsToWait(source, at: backend.now) { throw Problem.tooManyFailures(seconds: seconds) }
    }

    nonisolated static func cookie(_ name: String, in headers: HTTPFields) -> String? {
        for field in headers[values: .cookie] {
            for pair in field.split(separator: ";") {
                let parts = pair.split(separator: "=", maxSplits: 1)
                guard parts.count == 2, parts[0].drop(while: { $0 == " " }) == name else { continue }
                return String(parts[1].prefix(tokenBytesMax))
            }
        }
        return nil
    }

    /// The field that sets a cookie which no script can read and no other site can have sent; 0 seconds take it away.
    nonisolated static func setCookie(_ name: String, _ value: String, secondsMax: Int, isSecure: Bool) -> String {
        let fields = "\(name)=\(value); Path=/; HttpOnly; SameSite=Strict; Max-Age=\(secondsMax)"
        return isSecure ? fields + "; Secure" : fields
    }

    /// Another site can make a browser send our cookie, but neither this field nor our own Origin.
    nonisolated static func refuseForgery(_ request: Request) throws {
        guard let mark = HTTPField.Name("x-requested-with"), request.headers[mark] != nil else {
            throw Problem.forgerySuspected
        }
        guard let origin = request.headers[.origin] else { return }
        guard isOwn(origin, authority: request.head.authority ?? "") else { throw Problem.forgerySuspected }
    }

    private nonisolated static func isOwn(_ origin: String, authority: String) -> Bool {
        !authority.isEmpty && (origin == "http://" + authority || origin == "https://" + authority)
    }
}
