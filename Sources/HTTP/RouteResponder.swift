// Hummingbird's router, whatever its context, as one function that always has an answer.

internal import HTTPTypes
internal import Hummingbird
internal import Logging
internal import NIOCore

/// Answers requests by a router; unknown paths and methods by 404 and 405, errors by 500.
struct RouteResponder: Sendable {
    private let answer: @Sendable (Request, any Channel, Logger) async throws -> Response

    init<Context: RequestContext>(_ router: Router<Context>) where Context.Source == ApplicationRequestContextSource {
        let responder = router.buildResponder()
        let methods = AllowedMethods(router.routes.map { ($0.path, $0.method) })
        answer = { request, channel, logger in
            let context = Context(source: ApplicationRequestContextSource(channel: channel, logger: logger))
            let response: Response
            do {
                response = try await responder.respond(to: request, context: context)
            } catch let error as any HTTPResponseError {
                response = try error.response(from: request, context: context)
            }
            // The router does not say why it found no route. That it found none shows in this path: routes begin with "/".
            let path = context.coreContext.endpointPath.value ?? "NotFound"
            guard response.status == .notFound, path == "NotFound" else { return response }
            let allowed = methods.of(request.uri.path)
            let problem = allowed.isEmpty ? Problem.notFound : Problem.methodNotAllowed(allowed)
            return try problem.response(from: request, context: context)
        }
    }

    func respond(to request: Request, channel: any Channel, logger: Logger) async -> Response {
        do {
            return try await answer(request, channel, logger)
        } catch {
            if !(error is CancellationError) {
                // The type only: the text of an error may quote what a client sent.
                logger.error("A request failed", metadata: ["error": "\(type(of: error))"])
            }
            let answer = Problem.internalError.answer
            return Response(status: answer.status, headers: answer.headers, body: .init(byteBuffer: answer.body))
        }
    }
}
