// A request that is answered on the spot: health, metrics, files.

public import HTTPTypes
internal import NIOHTTP1
internal import NIOHTTPTypesHTTP1

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

extension HotRequest {
    /// A request for WebSocket; nil if its head is none that HTTP allows.
    init?(webSocket head: HTTPRequestHead) {
        guard let request = try? HTTPRequest(head, secure: false, splitCookie: false) else { return nil }
        let parts = (request.path ?? "").split(separator: "?", maxSplits: 1, omittingEmptySubsequences: false)
        self.init(
            method: request.method, path: parts.first.map(String.init) ?? "", query: parts.count > 1 ? String(parts[1]) : "",
            headers: request.headerFields)
    }
}
