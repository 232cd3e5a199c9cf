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
    /// A body too long to be held at once; `body` does not count then.
    var pieces: Pieces?

    /// Bytes that are read while they are sent, as fast as the client takes them.
    struct Pieces: Sendable {
        let range: Range<Int>
        let bytesMax: Int
        /// Never gives nothing; throws if they cannot be read, and then the answer is broken off.
        let read: @Sendable (Range<Int>) async throws -> [UInt8]

        struct Missing: Error {}

        var body: ResponseBody {
            ResponseBody(contentLength: range.count) { writer in
                var at = range.lowerBound
                while at < range.upperBound {
                    let bytes = try await read(at..<min(at + bytesMax, range.upperBound))
                    guard !bytes.isEmpty else { throw Missing() }
                    at += bytes.count
                    try await writer.write(ByteBuffer(bytes: bytes))
                }
                try await writer.finish(nil)
            }
        }
    }

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
        return Response(status: status, headers: headers, body: pieces?.body ?? .init(byteBuffer: body))
    }
}
