// `/v1/agent-sessions`: agents sign in and out at their page.

internal import Basics
internal import HTTP
internal import HTTPTypes
internal import SiteConfiguration
internal import Storage
internal import Streams

enum AgentSessionResource {
    static let path = "/v1/agent-sessions"

    static let person = Shape<DeskPerson>.object(
        "AgentName", "An agent.",
        [
            Member("id", .text, "The key in agents.yaml.") { $0.id.rawValue },
            Member("name", .text, "As colleagues see it.") { $0.name },
        ])

    static let shape = Shape<DeskPerson>.object(
        "AgentSession", "Who has signed in.", [Member("agent", person, "") { $0 }])

    static let routes = [
        Route(
            method: .post, path: path, access: .everybody, summary: "Sign in as an agent",
            notes: """
                With the name under which the agent stands in agents.yaml, and `x-requested-with`. The session ends after \
                twelve hours without use, with a change of the password, or with the daemon.
                """,
            body: [
                BodyMember(name: "name", description: "The key in agents.yaml.", isRequired: true, lengthMax: 100),
                BodyMember(name: "password", description: "The password of the page.", isRequired: true, lengthMax: 512),
            ], answer: .json(shape, "The session; its cookie comes along.", status: .created),
            problems: [.unauthorized, .forbidden, .tooManyRequests, .serviceUnavailable], handle: open),
        Route(
            method: .get, path: path, access: .agentSession, summary: "Who has signed in with this cookie",
            answer: .json(shape, "The session.")
        ) { rest, call in
            .json(shape, rest.onLoop { person(AgentID(call.principal?.name ?? ""), rest) })
        },
        Route(
            method: .delete, path: path, access: .agentSession, summary: "Sign out as an agent",
            notes: "Where the page is the agent's desk, the agent is offline then.",
            answer: .empty("The session has ended."), problems: [.conflict], handle: close),
    ]

    private static func open(_ rest: RESTInterface, _ call: Call) async throws -> Reply {
        guard call.isOwn else { throw Problem.forgerySuspected }
        let name = call.member("name") ?? "", guess = GuessedName(name, from: call.client.source)
        try rest.onLoop { try rest.refuse(guess) }
        switch await rest.check(name, call.member("password") ?? "", guess) {
        case .wrong: throw Problem.passwordWrong
        case .tooBusy:
            try rest.onLoop { try rest.refuse(guess) }
            throw Problem.signInBusy
        case .right(let agent, let hash):
            let cookie = try rest.onLoop { try rest.openSession(of: agent, hash: hash) }
            await note("agent.session.created", agent, rest)
            var reply = Reply.json(shape, rest.onLoop { person(agent, rest) })
            reply.status = .created
            reply.headers[.setCookie] = RESTInterface.setCookie(
                RESTInterface.agentCookieName, cookie, secondsMax: Int(AgentSessions.idleMax.inSeconds),
                isSecure: call.client.isSecure)
            return reply
        }
    }

    private static func close(_ rest: RESTInterface, _ call: Call) async throws -> Reply {
        guard let principal = call.principal, let session = principal.session else { throw Problem.agentSessionMissing }
        let agent = AgentID(principal.name)
        try rest.onLoop {
            guard rest.desks?.signOut(agent, session) != false else { throw Problem.onCall }
            rest.agentSessions.end(session)
        }
        await note("agent.session.ended", agent, rest)
        let cookie = RESTInterface.setCookie(
            RESTInterface.agentCookieName, "", secondsMax: 0, isSecure: call.client.isSecure)
        return .empty([.setCookie: cookie])
    }

    @MainActor private static func person(_ agent: AgentID, _ rest: RESTInterface) -> DeskPerson {
        DeskPerson(id: agent, name: rest.desks?.settings.names[agent] ?? agent.rawValue)
    }

    /// While the disk cannot be written the line may be lost: agents are needed then as ever.
    private static func note(_ action: String, _ agent: AgentID, _ rest: RESTInterface) async {
        _ = await rest.backend.record(
            AuditEntry(
                actor: agent.rawValue, role: Role.agent.rawValue, action: action, object: "agent/\(agent)"))
    }
}

extension RESTInterface {
    fileprivate func check(
        _ name: String, _ password: String, _ guess: GuessedName
    ) async -> PasswordVerifier.Verdict {
        let verdict = await passwords.verify(
            name, password, in: { backend.credentials }, mayGoOn: { secondsToWait(guess) == nil })
        if case .wrong = verdict {
            wrongPasswords.noteFailure(guess, at: backend.now)
            wrongPasswordsOfSource.noteFailure(guess.source, at: backend.now)
        }
        return verdict
    }

    fileprivate func refuse(_ guess: GuessedName) throws {
        if let seconds = secondsToWait(guess) { throw Problem.tooManyFailures(seconds: seconds) }
    }

    private func secondsToWait(_ guess: GuessedName) -> Int? {
        let now = backend.now
        return wrongPasswords.secondsToWait(guess, at: now) ?? wrongPasswordsOfSource.secondsToWait(guess.source, at: now)
    }

    fileprivate func openSession(of agent: AgentID, hash: String) throws -> String {
        let (cookie, ended) = try agentSessions.open(agent, hash: hash, at: backend.now)
        for session in ended { desks?.end(session) }
        return cookie
    }
}
