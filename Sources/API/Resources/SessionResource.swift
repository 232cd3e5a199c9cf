// `/v1/sessions`: the page signs in and out.

internal import Basics
internal import HTTP
internal import HTTPTypes
internal import SiteConfiguration
internal import Storage

enum SessionResource {
    static let shape = Shape<Principal>.object(
        "Session", "A session of the page.",
        [
            Member("name", .text, "How the audit log calls it.") { $0.name },
            Member("role", .word(Role.allCases.map(\.rawValue)), "") { $0.role.rawValue },
        ])

    struct Code: Sendable {
        let text: String
        let expires: Instant
    }

    static let codeShape = Shape<Code>.object(
        "SessionCode", "With it a page signs in, once.",
        [
            Member("code", .text, "To be typed into the page, or put behind its address as `#code=`.") { $0.text },
            Member("expiresAt", .time, "") { $0.expires },
        ])

    static let routes = [
        Route(
            method: .post, path: "/v1/sessions/codes", access: .role(.supervisor), summary: "Make a one-time code for the page",
            notes: "With a token only, not with a session. The code is for one person: ten minutes, one use.",
            answer: .json(codeShape, "The code."), handle: makeCode),
        Route(
            method: .post, path: "/v1/sessions", access: .everybody, summary: "Exchange a one-time code for a session cookie",
            notes:
                "A code is valid once, for ten minutes. The session ends after twelve hours without use, or with the daemon.",
            body: [BodyMember(name: "code", description: "The one-time code.", isRequired: true, lengthMax: 128)],
            answer: .json(shape, "The session; its cookie comes along."), problems: [.unauthorized, .tooManyRequests],
            handle: open),
        Route(
            method: .delete, path: "/v1/sessions", access: .role(.reader), summary: "End the session of the cookie",
            answer: .empty("The session has ended.")
        ) { rest, call in
            if let principal = call.principal, let session = principal.session {
                rest.onLoop { rest.sessions.end(session) }
                await note("session.ended", principal, rest)
            }
            let cookie = RESTInterface.setCookie(
                RESTInterface.cookieName, "", secondsMax: 0, isSecure: call.client.isSecure)
            return .empty([.setCookie: cookie])
        },
    ]

    private static func makeCode(_ rest: RESTInterface, _ call: Call) async throws -> Reply {
        guard let principal = call.principal, principal.session == nil else { throw Problem.codeNeedsToken }
        let code = try rest.onLoop { try rest.sessions.makeCode(by: principal.name, at: rest.backend.now) }
        await note("session.code.made", principal, rest)
        return .json(codeShape, Code(text: code.text, expires: code.expires))
    }

    private static func open(_ rest: RESTInterface, _ call: Call) async throws -> Reply {
        let session = try rest.onLoop { try exchange(rest, call) }
        await note("session.created", session.principal, rest, detail: ["codeBy": session.codeMaker])
        var reply = Reply.json(shape, session.principal)
        let seconds = Int(Sessions.idleMax.inSeconds)
        reply.headers[.setCookie] = RESTInterface.setCookie(
            RESTInterface.cookieName, session.cookie, secondsMax: seconds, isSecure: call.client.isSecure)
        return reply
    }

    @MainActor private static func exchange(_ rest: RESTInterface, _ call: Call) throws -> Sessions.Opened {
        try rest.refuseGuesser(call.client.source)
        let now = rest.backend.now
        guard let session = try rest.sessions.exchange(call.member("code") ?? "", at: now) else {
            rest.failures.noteFailure(call.client.source, at: now)
            throw Problem.codeWrong
        }
        return session
    }

    /// While the disk cannot be written the line may be lost: the page is needed most just then.
    private static func note(
        _ action: String, _ principal: Principal, _ rest: RESTInterface, detail: [String: String] = [:]
    ) async {
        _ = await rest.backend.record(
            AuditEntry(
                actor: principal.name, role: principal.role.rawValue, action: action, object: "session", detail: detail))
    }
}
