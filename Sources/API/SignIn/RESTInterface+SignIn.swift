// Who asks, and whether they may: the one place where roles are checked.

internal import Basics
internal import HTTP
internal import HTTPTypes
internal import Hummingbird
internal import SiteConfiguration
internal import Streams

extension RESTInterface {
    nonisolated static let cookieName = "switchboard-session"

    /// What can be said of a request without waiting.
    enum SignIn: Sendable {
        case done(Principal)
        case verify(token: String)
    }

    /// Throws 401, 403 or 429 unless the request may use the route; nil where nobody has to sign in.
    nonisolated func admit(_ request: Request, to route: Route, from source: SourceAddress) async throws -> Principal? {
        guard case .role(let role) = route.access else { return nil }
        let principal: Principal
        switch try onLoop({ try signIn(request, from: source) }) {
        case .done(let known): principal = known
        case .verify(let token): principal = try await verify(token, from: source)
        }
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
        if let cookie = Self.cookie(of: request) {
            // Not counted as a guess: a page with the cookie of an earlier start asks every second.
            guard let principal = sessions.principal(of: cookie, at: now) else { throw Problem.sessionOver }
            return .done(principal)
        }
        throw Problem.tokenMissing
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

    nonisolated static func cookie(of request: Request) -> String? {
        for field in request.headers[values: .cookie] {
            for pair in field.split(separator: ";") {
                let parts = pair.split(separator: "=", maxSplits: 1)
                guard parts.count == 2, parts[0].drop(while: { $0 == " " }) == cookieName else { continue }
                return String(parts[1].prefix(tokenBytesMax))
            }
        }
        return nil
    }

    /// Another site can make a browser send our cookie, but neither this field nor our own Origin.
    private nonisolated static func refuseForgery(_ request: Request) throws {
        guard let mark = HTTPField.Name("x-requested-with"), request.headers[mark] != nil else {
            throw Problem.forgerySuspected
        }
        guard let origin = request.headers[.origin] else { return }
        let authority = request.head.authority ?? ""
        guard origin == "http://" + authority || origin == "https://" + authority else { throw Problem.forgerySuspected }
    }
}
