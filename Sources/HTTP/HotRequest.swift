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
    /// Whom the request was sent to: the Host field (RFC 9110, 7.2); empty if it has none.
    public let authority: String
    public let headers: HTTPFields
}

/// Called on the loop for each request of its path; must answer at once.
public typealias HotHandler = @MainActor @Sendable (HotRequest) -> HotResponse

extension HotRequest {
    /// `method`: HEAD, where the request was turned into a GET.
    init(_ request: HTTPRequest, method: HTTPRequest.Method? = nil) {
        // Not from the target as sent: that may be a whole URL (RFC 9112, 3.2.2).
        let parts = (request.path ?? "").split(separator: "?", maxSplits: 1, omittingEmptySubsequences: false)
        self.init(
            method: method ?? request.method, path: parts.first.map(String.init) ?? "",
            query: parts.count > 1 ? String(parts[1]) : "", authority: request.authority ?? "", headers: request.headerFields)
    }

    /// nil: a head that HTTP does not allow.
    init?(_ head: HTTPRequestHead) {
        guard let request = try? HTTPRequest(head, secure: false, splitCookie: false) else { return nil }
        self.init(request)
    }
}
