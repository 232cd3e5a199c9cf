// A request that is answered on the spot: health, metrics, files.

public import HTTPTypes

/// What a hot path may look at before it answers.
public struct HotRequest: Sendable {
    public let method: HTTPRequest.Method
    /// Without the query.
    public let path: String
    /// Behind the question mark, not decoded; empty if there is none.
    public let query: String
    public let headers: HTTPFields
}

/// Called on the loop for each request of its path; must answer at once.
public typealias HotHandler = @MainActor @Sendable (HotRequest) -> HotResponse
