// Errors as our clients see them.

internal import FoundationEssentials
public import HTTPTypes
public import Hummingbird
internal import NIOCore

/// An error answer in `application/problem+json` (RFC 9457) that names the field at fault and how to mend it.
///
/// Routes throw it. It must not carry personal data beyond what the client itself has sent.
public struct Problem: HTTPResponseError, Sendable, Equatable {
    public var status: HTTPResponse.Status
    /// Stays the same for the same kind of problem, for programs: `body_too_large`.
    public var code: String
    /// One sentence for people.
    public var detail: String
    /// Where in the request: a JSON pointer, a query parameter, a header field.
    public var field: String?
    /// What to do about it.
    public var mend: String?
    /// Further header fields: `Allow`, `Retry-After`, `WWW-Authenticate`.
    public var headers: HTTPFields

    public init(
        _ status: HTTPResponse.Status, code: String, detail: String, field: String? = nil, mend: String? = nil,
        headers: HTTPFields = [:]
    ) {
        self.status = status
        self.code = code
        self.detail = detail
        self.field = field
        self.mend = mend
        self.headers = headers
    }

    public func response(from request: Request, context: some RequestContext) throws -> Response {
        let answer = answer
        return Response(status: answer.status, headers: answer.headers, body: .init(byteBuffer: answer.body))
    }

    /// The same, ready to be sent from a hot path.
    public var answer: HotResponse {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        let data = try? encoder.encode(self)
        var answer = HotResponse(
            status: status, contentType: "application/problem+json", body: ByteBuffer(bytes: data ?? Data("{}".utf8)))
        answer.headers.append(contentsOf: headers)
        return answer
    }
}

extension Problem: Encodable {
    private enum Member: String, CodingKey { case type, title, status, detail, field, mend }

    public func encode(to encoder: any Encoder) throws {
        var members = encoder.container(keyedBy: Member.self)
        try members.encode("urn:switchboard:problem:" + code, forKey: .type)
        try members.encode(status.reasonPhrase, forKey: .title)
        try members.encode(status.code, forKey: .status)
        try members.encode(detail, forKey: .detail)
        try members.encodeIfPresent(field, forKey: .field)
        try members.encodeIfPresent(mend, forKey: .mend)
    }
}

extension Problem {
    static let internalError = Problem(
        .internalServerError, code: "internal", detail: "The request could not be answered because of an error on our side.",
        mend: "Try again; if it stays, tell the administrator the time of the request.")

    static let notFound = Problem(
        .notFound, code: "not_found", detail: "There is nothing at this path.", mend: "Check the path.")

    static func methodNotAllowed(_ allowed: [String]) -> Problem {
        let list = allowed.joined(separator: ", ")
        return Problem(
            .methodNotAllowed, code: "method_not_allowed", detail: "This path does not know this method.", field: "method",
            mend: "Use one of: \(list).", headers: [.allow: list])
    }

    static func bodyTooLarge(bytesMax: Int) -> Problem {
        Problem(
            .contentTooLarge, code: "body_too_large", detail: "The body of the request is larger than \(bytesMax) bytes.",
            field: "body", mend: "Send less in one request.")
    }

    static let headerTooLarge = Problem(
        .requestHeaderFieldsTooLarge, code: "header_too_large", detail: "The header fields of the request are too large.",
        field: "header", mend: "Send fewer or shorter header fields.")

    static let malformed = Problem(
        .badRequest, code: "malformed", detail: "This is not a request of HTTP/1.1.", mend: "See RFC 9112.")

    static let hostMissing = Problem(
        .badRequest, code: "host_missing", detail: "The request has no Host field, or more than one.", field: "host",
        mend: "Send exactly one Host field (RFC 9112, 3.2).")

    /// An error of Hummingbird's own, in our form.
    init(_ error: HTTPError) {
        self.init(
            error.status, code: "http_\(error.status.code)", detail: error.body ?? error.status.reasonPhrase,
            headers: error.headers)
    }
}
