// Makes every error of a route a problem.

public import Hummingbird

/// Turns Hummingbird's own errors (a body that cannot be decoded, a missing parameter) into `Problem`s.
///
/// To be added to a router before its routes.
public struct ProblemMiddleware<Context: RequestContext>: RouterMiddleware {
    public init() {}

    @concurrent public func handle(
        _ request: Request, context: Context, next: @concurrent (Request, Context) async throws -> Response
    ) async throws -> Response {
        do {
            return try await next(request, context)
        } catch let error as HTTPError {
            throw Problem(error)
        }
    }
}
