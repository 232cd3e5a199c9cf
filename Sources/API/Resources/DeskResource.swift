// `/v1/desk`: the WebSocket of the agents' pages, for those who ask for it as for a page.

internal import HTTP
internal import HTTPTypes

enum DeskResource {
    static let path = "/v1/desk"

    static let routes = [
        Route(
            method: .get, path: path, access: .agentSession, summary: "The desk of an agent, as a WebSocket",
            notes: notes,
            parameters: [
                .query("tab", .name, "A random id of the tab, the same after a reload. Needed."),
                .query("after", .cursor, "The `seq` of the last frame seen: only what came after it is sent."),
            ],
            answer: AnswerForm(
                status: .switchingProtocols, description: "Frames, each a JSON object in a text message.", contentType: nil,
                schema: .null, definitions: DeskFrame.definitions),
            problems: [.upgradeRequired]
        ) { _, _ in throw upgradeRequired }
    ]

    static let upgradeRequired = Problem(
        .upgradeRequired, code: "upgrade_required",
        detail: "The desk speaks WebSocket (RFC 6455) to pages of this server only.", field: "upgrade",
        mend: "Open a WebSocket, with the Origin of this server and the cookie of the agent's session.",
        headers: [.upgrade: "websocket"])

    private static var notes: String {
        let frames = DeskClientFrame.forms.map { "`\($0.type)` {\($0.fields)}" }.joined(separator: ", ")
        return """
            Frames of the server are the schemas `Frame…`. Those of the client are {id, type, …}: \(frames); each is answered \
            by `done` or `refused` with its `id`. A page sends `alive` every 5 s: after 12 s without a frame it counts as \
            frozen. Closed with 4001 if another tab has taken the desk, with 4002 if the session is over.
            """
    }
}
