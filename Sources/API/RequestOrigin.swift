// What Hummingbird carries along with a request of ours.

public import Hummingbird
internal import NIOCore

/// The context of the API's routes: Hummingbird's own, and where the request came from.
public struct RequestOrigin: RequestContext {
    public var coreContext: CoreRequestContextStorage
    /// The address that failed sign-ins are counted for.
    let source: String

    public init(source: ApplicationRequestContextSource) {
        coreContext = CoreRequestContextStorage(source: source)
        self.source = FailureLimiter.source(of: source.channel.remoteAddress?.ipAddress)
    }
}
