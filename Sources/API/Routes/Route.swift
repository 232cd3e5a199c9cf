// One line of the route table: everything that there is to say of a route.

internal import HTTPTypes
internal import SiteConfiguration

/// Who may use a route.
enum Access: Sendable, Hashable {
    /// Without signing in.
    case everybody
    /// Who has this role, or a higher one.
    case role(Role)
    /// An agent who has signed in with name and password.
    case agentSession
}

/// What a route answers when all goes well.
struct AnswerForm: Sendable {
    let status: HTTPResponse.Status
    let description: String
    /// Nil: no body.
    let contentType: String?
    let schema: JSON
    let definitions: [String: JSON]

    static func json<Value>(
        _ shape: Shape<Value>, _ description: String, status: HTTPResponse.Status = .ok
    ) -> AnswerForm {
        AnswerForm(
            status: status, description: description, contentType: "application/json", schema: shape.schema,
            definitions: shape.definitions)
    }

    static func text(_ contentType: String, _ description: String) -> AnswerForm {
        AnswerForm(
            status: .ok, description: description, contentType: contentType, schema: ["type": "string"], definitions: [:])
    }

    static func empty(_ description: String) -> AnswerForm {
        AnswerForm(status: .noContent, description: description, contentType: nil, schema: .null, definitions: [:])
    }
}

/// Method and path, who may, what goes in, what comes out, and who does it.
struct Route: Sendable {
    let method: HTTPRequest.Method
    /// With parameters in braces, as OpenAPI writes it.
    let path: String
    let access: Access
    /// A short line for lists.
    let summary: String
    /// What the summary does not say.
    var notes = ""
    var parameters: [Parameter] = []
    /// Members of the JSON object that the request carries; empty: no body.
    var body: [BodyMember] = []
    let answer: AnswerForm
    /// What can go wrong beside what can go wrong everywhere.
    var problems: [HTTPResponse.Status] = []
    let handle: @Sendable (RESTInterface, Call) async throws -> Reply
}
