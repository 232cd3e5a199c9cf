// The description of the API for programs, written from the route table.

internal import HTTPTypes
internal import SiteConfiguration

/// OpenAPI 3.1.
enum OpenAPIDocument {
    static func bytes(of routes: [Route]) -> [UInt8] {
        var writer = JSONWriter(capacity: 64 * 1024)
        document(routes).write(to: &writer)
        return writer.bytes
    }

    static func document(_ routes: [Route]) -> JSON {
        var paths: [(String, JSON)] = [("/healthz", health)]
        for route in routes {
            let method = route.method.rawValue.lowercased()
            let index = paths.firstIndex { $0.0 == route.path } ?? paths.count
            if index == paths.count { paths.append((route.path, [:])) }
            paths[index].1 = paths[index].1.setting(method, to: operation(route))
        }
        var schemas: [String: JSON] = ["Problem": problem]
        for route in routes { schemas.merge(route.answer.definitions) { first, _ in first } }
        return [
            "openapi": "3.1.0",
            "info": ["title": "Switchboard", "version": "1", "description": .text(introduction)],
            "paths": .ordered(paths),
            "components": [
                "schemas": .ordered(schemas.sorted { $0.key < $1.key }.map { ($0.key, $0.value) }),
                "securitySchemes": [
                    "token": ["type": "http", "scheme": "bearer", "description": "`NAME.SECRET`, a token of api.yaml."],
                    "session": ["type": "apiKey", "in": "cookie", "name": .text(RESTInterface.cookieName)],
                    "agentSession": ["type": "apiKey", "in": "cookie", "name": .text(RESTInterface.agentCookieName)],
                ],
            ],
        ]
    }

    private static let introduction = """
        Times are ISO 8601 in UTC with milliseconds, durations seconds, member names camelCase. Errors are \
        application/problem+json (RFC 9457) and name the field at fault and how to mend it. Lists are paged by `cursor`. \
        Requests that change something with the session cookie need the header field `x-requested-with`.
        """

    private static let health: JSON = [
        "get": [
            "summary": "Whether the daemon answers", "operationId": "getHealthz", "security": [],
            "responses": ["200": ["description": "`ok`", "content": ["text/plain": ["schema": ["type": "string"]]]]],
        ]
    ]

    private static func operation(_ route: Route) -> JSON {
        var members: [(String, JSON)] = [
            ("summary", .text(route.summary)), ("operationId", .text(operationID(route))),
            ("description", .text(description(route))), ("security", security(route)),
        ]
        if case .role(let role) = route.access { members.append(("x-role", .text(role.rawValue))) }
        if !route.parameters.isEmpty { members.append(("parameters", .list(route.parameters.map(parameter)))) }
        if !route.body.isEmpty { members.append(("requestBody", body(route.body))) }
        members.append(("responses", responses(route)))
        return .ordered(members)
    }

    /// `/v1/agents/{id}/state` by POST is `postAgentsIdState`.
    private static func operationID(_ route: Route) -> String {
        let words = route.path.split { "/{}._-".contains($0) }.filter { $0 != "v1" }
        return route.method.rawValue.lowercased() + words.map { $0.prefix(1).uppercased() + $0.dropFirst() }.joined()
    }

    private static func description(_ route: Route) -> String {
        let access =
            switch route.access {
            case .everybody: "Without sign-in."
            case .role(let role): "Needs the role \(role.rawValue) or higher."
            case .agentSession: "Needs the cookie of an agent who has signed in."
            }
        return route.notes.isEmpty ? access : "\(access) \(route.notes)"
    }

    private static func security(_ route: Route) -> JSON {
        switch route.access {
        case .everybody: []
        case .role: [["token": []], ["session": []]]
        case .agentSession: [["agentSession": []]]
        }
    }

    private static func parameter(_ parameter: Parameter) -> JSON {
        [
            "name": .text(parameter.name), "in": .text(parameter.place.rawValue),
            "required": .boolean(parameter.place == .path), "description": .text(parameter.description),
            "schema": parameter.schema,
        ]
    }

    private static func body(_ members: [BodyMember]) -> JSON {
        [
            "required": true,
            "content": [
                "application/json": [
                    "schema": [
                        "type": "object", "additionalProperties": false,
                        "properties": .ordered(members.map { ($0.name, $0.schema) }),
                        "required": .list(members.filter(\.isRequired).map { .text($0.name) }),
                    ]
                ]
            ],
        ]
    }

    private static func responses(_ route: Route) -> JSON {
        var statuses = route.problems
        if case .role = route.access { statuses += [.unauthorized, .forbidden, .tooManyRequests, .serviceUnavailable] }
        if case .agentSession = route.access { statuses += [.unauthorized, .forbidden, .tooManyRequests] }
        if !route.parameters.isEmpty || !route.body.isEmpty { statuses.append(.badRequest) }
        if !route.body.isEmpty { statuses += [.contentTooLarge, .unsupportedMediaType, .unprocessableContent] }
        var problems: [(String, JSON)] = []
        for status in statuses.sorted(by: { $0.code < $1.code }) where problems.last?.0 != String(status.code) {
            problems.append((String(status.code), problemAnswer(status)))
        }
        return .ordered([(String(route.answer.status.code), answer(route.answer))] + problems)
    }

    private static func answer(_ form: AnswerForm) -> JSON {
        guard let type = form.contentType else { return ["description": .text(form.description)] }
        let name = String(type.prefix { $0 != ";" })
        return ["description": .text(form.description), "content": content(name, form.schema)]
    }

    private static func content(_ type: String, _ schema: JSON) -> JSON {
        let media: JSON = ["schema": schema]
        return .ordered([(type, media)])
    }

    private static func problemAnswer(_ status: HTTPResponse.Status) -> JSON {
        [
            "description": .text(status.reasonPhrase),
            "content": ["application/problem+json": ["schema": ["$ref": "#/components/schemas/Problem"]]],
        ]
    }

    private static let problem: JSON = [
        "type": "object", "description": "What went wrong, and how to mend it (RFC 9457).",
        "properties": [
            "type": ["type": "string", "description": "A URN that stays the same for the same kind of problem."],
            "title": ["type": "string"], "status": ["type": "integer"], "detail": ["type": "string"],
            "field": ["type": "string", "description": "A JSON pointer, a parameter or a header field."],
            "mend": ["type": "string", "description": "What to do about it."],
        ], "required": ["type", "title", "status", "detail"],
    ]
}
