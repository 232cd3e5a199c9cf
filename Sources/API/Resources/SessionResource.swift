// `/v1/sessions`: the page signs in and out.

internal import Basics
internal import HTTP
internal import HTTPTypes
internal import SiteConfiguration

enum SessionResource {
    static let shape = Shape<Principal>.object(
        "Session", "A session of the page.",
        [
            Member("name", .text, "How the audit log calls it.") { $0.name },
            Member("role", .word(Role.allCases.map(\.rawValue)), "") { $0.role.rawValue },
        ])

    static let routes = [
        Route(
            method: .post, path: "/v1/sessions", access: .everybody, summary: "Exchange a one-time code for a session cookie",
            notes:
                "A code is valid once, for ten minutes. The session ends after twelve hours without use, or with the daemon.",
            body: [BodyMember(name: "code", description: "The one-time code.", isRequired: true, lengthMax: 128)],
            answer: .json(shape, "The session; its cookie comes along."), problems: [.unauthorized, .tooManyRequests]
        ) { rest, call in try rest.onLoop { try open(rest, call) } },
        Route(
            method: .delete, path: "/v1/sessions", access: .role(.reader), summary: "End the session of the cookie",
            answer: .empty("The session has ended.")
        ) { rest, call in
            rest.onLoop { if let session = call.principal?.session { rest.sessions.end(session) } }
            return .empty([.setCookie: cookie("", secondsMax: 0, isSecure: call.isSecure)])
        },
    ]

    @MainActor private static func open(_ rest: RESTInterface, _ call: Call) throws -> Reply {
        try rest.refuseGuesser(call.source)
        let now = rest.backend.now
        guard let session = try rest.sessions.exchange(call.member("code") ?? "", at: now) else {
            rest.failures.noteFailure(call.source, at: now)
            throw Problem.codeWrong
        }
        var reply = Reply.json(shape, session.principal)
        let seconds = Int(Sessions.idleMax.inSeconds)
        reply.headers[.setCookie] = cookie(session.cookie, secondsMax: seconds, isSecure: call.isSecure)
        return reply
    }

    private static func cookie(_ value: String, secondsMax: Int, isSecure: Bool) -> String {
        let name = RESTInterface.cookieName
        let fields = "\(name)=\(value); Path=/; HttpOnly; SameSite=Strict; Max-Age=\(secondsMax)"
        return isSecure ? fields + "; Secure" : fields
    }
}
