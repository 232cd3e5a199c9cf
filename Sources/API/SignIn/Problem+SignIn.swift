// What somebody hears who may not.

internal import HTTP
internal import HTTPTypes
internal import SiteConfiguration

extension Problem {
    private static let bearer = "Bearer realm=\"switchboard\""
    private static let newCode =
        "POST /v1/sessions/codes with a token of the role supervisor or higher answers with a one-time code."

    static let tokenMissing = Problem(
        .unauthorized, code: "token_missing", detail: "This path needs a token.", field: "authorization",
        mend: "Send `Authorization: Bearer NAME.SECRET` with a token of api.yaml.", headers: [.wwwAuthenticate: bearer])

    /// The same for a wrong secret and for a name that does not exist.
    static let tokenWrong = Problem(
        .unauthorized, code: "token_wrong", detail: "This token is not valid.", field: "authorization",
        mend: "Check the token; `switchboard password NAME` makes a new one.",
        headers: [.wwwAuthenticate: bearer + ", error=\"invalid_token\""])

    static let sessionOver = Problem(
        .unauthorized, code: "session_over", detail: "The session has ended.", field: "cookie",
        mend: "Sign in again: \(newCode)", headers: [.wwwAuthenticate: bearer])

    static let codeWrong = Problem(
        .unauthorized, code: "code_wrong", detail: "This code is not valid: used already, too old, or mistyped.",
        field: "/code", mend: "Get a new one: \(newCode)", headers: [.wwwAuthenticate: bearer])

    static let agentSessionMissing = Problem(
        .unauthorized, code: "not_signed_in", detail: "No agent has signed in, or the session has ended.", field: "cookie",
        mend: "Sign in by POST /v1/agent-sessions with name and password.", headers: [.wwwAuthenticate: bearer])

    /// The same for a wrong password and for a name that does not exist.
    static let passwordWrong = Problem(
        .unauthorized, code: "wrong_credentials", detail: "Name and password do not fit.", field: "/password",
        mend: "Check both; the name is the one under which the agent stands in agents.yaml.",
        headers: [.wwwAuthenticate: bearer])

    static let onCall = Problem(
        .conflict, code: "on_call", detail: "The agent is in a call.", mend: "End the call or transfer it, then sign out.")

    static func roleTooLow(needed: Role) -> Problem {
        Problem(
            .forbidden, code: "role_too_low", detail: "This needs the role \(needed.rawValue).", field: "authorization",
            mend: "Use a token whose role in api.yaml is \(needed.rawValue) or higher.")
    }

    static let notYours = Problem(
        .forbidden, code: "not_yours", detail: "The role agent covers the own state and the own contacts only.",
        field: "authorization", mend: "Use the token that bears the agent's name, or one with the role supervisor.")

    /// Whoever has got hold of a cookie must not be able to make it last.
    static let codeNeedsToken = Problem(
        .forbidden, code: "token_needed", detail: "A session of the page cannot make codes.", field: "authorization",
        mend: "Send `Authorization: Bearer NAME.SECRET` with a token of the role supervisor or higher.")

    static let forgerySuspected = Problem(
        .forbidden, code: "forgery_suspected", detail: "This request may come from another site.", field: "x-requested-with",
        mend: "Send the header field `x-requested-with: switchboard`, from a page of this server.")

    static func tooManyFailures(seconds: Int) -> Problem {
        Problem(
            .tooManyRequests, code: "too_many_failures", detail: "Too many wrong tokens or codes came from this address.",
            mend: "Wait \(seconds) s, then use the right one.", headers: [.retryAfter: String(seconds)])
    }

    static func tooManyRequests(seconds: Int) -> Problem {
        Problem(
            .tooManyRequests, code: "too_many_requests", detail: "Too many requests came with this token or session.",
            mend: "Wait \(seconds) s, then send them more slowly; listeners.yaml has the limits below `http:`.",
            headers: [.retryAfter: String(seconds)])
    }

    static let signInBusy = Problem(
        .serviceUnavailable, code: "sign_in_busy", detail: "Too many tokens are being checked.", mend: "Try again in a second.",
        headers: [.retryAfter: "1"])
}
