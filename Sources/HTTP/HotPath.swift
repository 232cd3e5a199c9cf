// Requests that are answered on the spot: health, metrics.

public import HTTPTypes
public import NIOCore

/// What a hot path may look at before it answers.
public struct HotRequest: Sendable {
    public let method: HTTPRequest.Method
    /// Without the query.
    public let path: String
    /// Behind the question mark, not decoded; empty if there is none.
    public let query: String
    public let headers: HTTPFields
}

/// An answer that is ready as a whole.
public struct HotResponse: Sendable {
    public var status: HTTPResponse.Status
    public var headers: HTTPFields
    public var body: ByteBuffer

    public init(status: HTTPResponse.Status = .ok, contentType: String, body: ByteBuffer) {
        self.status = status
        headers = [.contentType: contentType]
        self.body = body
    }

    public init(status: HTTPResponse.Status = .ok, contentType: String, body: String) {
        self.init(status: status, contentType: contentType, body: ByteBuffer(string: body))
    }

    /// Without a body.
    public init(status: HTTPResponse.Status, headers: HTTPFields = [:]) {
        self.status = status
        self.headers = headers
        body = ByteBuffer()
    }
}

/// Called on the loop for each request of its path; must answer at once.
public typealias HotHandler = @MainActor @Sendable (HotRequest) -> HotResponse
