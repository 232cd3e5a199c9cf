// An answer that needs no waiting.

public import HTTPTypes
public import NIOCore

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
