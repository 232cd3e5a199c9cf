// All routes. Registration, role check, validation and the OpenAPI document come from this table and nothing else.

internal import HTTPTypes
internal import NIOCore
internal import SiteConfiguration

/// The routes in the order in which the documentation shows them.
struct RouteTable: Sendable {
    let routes: [Route]

    init() {
        let routes =
            StatusResource.routes + QueueResource.routes + SplitResource.routes + AgentResource.routes
            + AgentTimelineResource.routes + ContactResource.routes + ContactResource.orderRoutes
            + CallControlResource.routes + CallControlResource.secureRoutes + CallActResource.routes + WorkResource.routes
            + KindResource.routes
            + CallbackResource.routes
            + RecordingResource.routes + AuditResource.routes + FloorResource.routes + SessionResource.routes
            + AgentSessionResource.routes + DeskResource.routes
        let document = OpenAPIDocument.bytes(of: routes + [Self.documentRoute { _, _ in .empty() }])
        self.routes =
            routes + [Self.documentRoute { _, _ in Reply(contentType: "application/json", body: .init(bytes: document)) }]
    }

    private static func documentRoute(
        _ handle: @escaping @Sendable (RESTInterface, Call) async throws -> Reply
    ) -> Route {
        Route(
            method: .get, path: "/v1/openapi.json", access: .role(.reader), summary: "This description, as OpenAPI 3.1",
            answer: AnswerForm(
                status: .ok, description: "The description.", contentType: "application/json", schema: ["type": "object"],
                definitions: [:]), handle: handle)
    }
}
