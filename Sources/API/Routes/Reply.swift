// What a route answers.

internal import HTTPTypes
internal import Hummingbird
internal import NIOCore

/// A whole answer, ready to be sent.
struct Reply: Sendable {
    var status = HTTPResponse.Status.ok
    var headers: HTTPFields = [:]
    var contentType: String?
    var body = ByteBuffer()

    /// Encoded here and now: for answers of a few lines. Long ones go through `RESTInterface.later`.
    static func json<Value>(_ shape: Shape<Value>, _ value: Value) -> Reply {
        Reply(contentType: "application/json", body: ByteBuffer(bytes: shape.bytes(of: value)))
    }

    static func text(_ contentType: String, _ text: String) -> Reply {
        Reply(contentType: contentType, body: ByteBuffer(string: text))
    }

    static func empty(_ headers: HTTPFields = [:]) -> Reply { Reply(status: .noContent, headers: headers) }

    var response: Response {
        var headers = headers
        // States change and are for one pair of eyes: nobody between us may keep them.
        headers[.cacheControl] = "no-store"
        if let contentType { headers[.contentType] = contentType }
        return Response(status: status, headers: headers, body: .init(byteBuffer: body))
    }
}
