// `/v1/audit`: who did what to which. Nobody can change it, the daemon included.

internal import Basics
internal import HTTP
internal import HTTPTypes
internal import SiteConfiguration
internal import Storage

enum AuditResource {
    static let entry = Shape<AuditRow>.object(
        "AuditEntry", "An act over the API, or of the daemon.",
        [
            Member("id", .identifier, "") { UInt64(clamping: $0.id) },
            Member("at", .time, "") { $0.at },
            Member("actor", .text, "The name of the token.") { $0.actor },
            Member("role", .text, "") { $0.role },
            Member("action", .text, "`agent.state.set` ...") { $0.action },
            Member("object", .text, "What it was done to: its kind and its id.") { $0.object },
            Member("detail", Shape<String>.text.orNull, "JSON.") { $0.detail.map { String(decoding: $0, as: UTF8.self) } },
        ])

    static let list = Shape<Page<AuditRow>>.object("AuditList", "A page of acts, newest first.", Page.members(entry))

    static let routes = [
        Route(
            method: .get, path: "/v1/audit", access: .role(.admin), summary: "Acts over the API, newest first",
            parameters: Parameter.page(200), answer: .json(list, "A page."), problems: [.serviceUnavailable]
        ) { rest, call in
            let reader = rest.onLoop { rest.backend.reader }
            let limit = call.limit
            let found: [AuditRow]
            do {
                found = try await reader.audit(before: call.cursor.map { Int64(clamping: $0) }, limit: limit + 1)
            } catch {
                throw Problem.historyUnreadable
            }
            return try await rest.later(list) { Page(found, limit: limit) { String($0.id) } }
        }
    ]
}
