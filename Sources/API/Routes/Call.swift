// A request as a route gets it: admitted, and every value in its range.

internal import Basics
internal import Foundation
internal import HTTP
internal import HTTPTypes
internal import Hummingbird
internal import NIOCore

/// The checked values of a request. Nothing in it can be out of range.
struct Call: Sendable {
    /// A JSON object of a few short texts.
    static let bodyBytesMax = 4096

    /// Nil on routes without sign-in.
    let principal: Principal?
    let client: RequestOrigin.Client
    /// Whether it carries the marks that only our own pages can give it.
    let isOwn: Bool
    private var values: [String: String] = [:]
    private var members: [String: String] = [:]
    private var objects: [String: [String: String]] = [:]

    /// Throws 400, 413, 415 or 422, naming the field.
    init(
        _ request: Request, parameters: Parameters, route: Route, principal: Principal?, client: RequestOrigin.Client
    ) async throws {
        self.principal = principal
        self.client = client
        // Reading needs no marks; to look for them costs more than many an answer.
        isOwn = route.method != .get && (try? RESTInterface.refuseForgery(request)) != nil
        for parameter in route.parameters where parameter.place == .path {
            let text = parameters.get(parameter.name)?.removingPercentEncoding ?? ""
            try parameter.check(text)
            values[parameter.name] = text
        }
        for parameter in route.parameters where parameter.place == .header {
            guard let name = HTTPField.Name(parameter.name), let text = request.headers[name] else { continue }
            try parameter.check(text)
            values[parameter.name] = text
        }
        try readQuery(request.uri.query ?? "", route)
        if !route.body.isEmpty { try await readBody(request, route) }
    }

    func text(_ name: String) -> String? { values[name] }
    func member(_ name: String) -> String? { members[name] }
    /// A whole number of the body, in its range; 0 if it is left out.
    func integer(_ name: String) -> Int { members[name].flatMap { Int($0) } ?? 0 }
    /// The texts of an object of the body, by their names.
    func texts(_ name: String) -> [(name: String, text: String)] {
        (objects[name] ?? [:]).sorted { $0.key < $1.key }.map { ($0.key, $0.value) }
    }
    /// Zero cannot happen for a parameter that is required or has a default: it was checked.
    func number(_ name: String) -> UInt64 { values[name].flatMap { UInt64($0) } ?? 0 }
    func time(_ name: String) -> Instant? { values[name].flatMap { Instant(iso8601: $0) } }
    var limit: Int { Int(clamping: number("limit")) }
    var cursor: UInt64? { values["cursor"].flatMap { UInt64($0) } }

    private mutating func readQuery(_ query: String, _ route: Route) throws {
        let known = route.parameters.filter { $0.place == .query }
        for pair in query.split(separator: "&") {
            let parts = pair.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
            let name = parts[0].removingPercentEncoding ?? parts[0]
            guard let parameter = known.first(where: { $0.name == name }) else {
                let names = known.map(\.name).joined(separator: ", ")
                throw Problem(
                    .badRequest, code: "parameter_unknown", detail: "This path does not know one of the parameters.",
                    field: String(name.prefix(Parameter.nameLengthMax)),
                    mend: names.isEmpty ? "Leave the query out." : "Known are: \(names).")
            }
            guard values[name] == nil else {
                throw Problem(
                    .badRequest, code: "parameter_repeated", detail: "The parameter `\(name)` is given twice.", field: name,
                    mend: "Give it once.")
            }
            let raw = parts.count > 1 ? parts[1] : ""
            let text = raw.replacing("+", with: " ").removingPercentEncoding ?? raw
            try parameter.check(text)
            values[name] = text
        }
        for parameter in known where values[parameter.name] == nil { values[parameter.name] = parameter.initial }
    }

    private mutating func readBody(_ request: Request, _ route: Route) async throws {
        let type = request.headers[.contentType]?.split(separator: ";").first?.trimmingPrefix(while: { $0 == " " }) ?? ""
        guard type.lowercased() == "application/json" else {
            throw Problem(
                .unsupportedMediaType, code: "not_json", detail: "The body has to be JSON.", field: "content-type",
                mend: "Send `content-type: application/json`.")
        }
        let bytes: ByteBuffer
        do {
            bytes = try await request.body.collect(upTo: Self.bodyBytesMax)
        } catch is NIOTooManyBytesError {
            throw Problem(
                .contentTooLarge, code: "body_too_large", detail: "The body is larger than \(Self.bodyBytesMax) bytes.",
                field: "body", mend: "Send only the members that this path knows.")
        }
        guard let object = try? JSONDecoder().decode([String: BodyValue].self, from: Data(bytes.readableBytesView)) else {
            throw Problem(
                .badRequest, code: "body_malformed", detail: "The body is not a JSON object.", field: "body",
                mend: "Send one JSON object (RFC 8259).")
        }
        for (name, value) in object.sorted(by: { $0.key < $1.key }) {
            guard let member = route.body.first(where: { $0.name == name }) else {
                let names = route.body.map(\.name).joined(separator: ", ")
                throw BodyMember.refusal(String(name.prefix(Parameter.nameLengthMax)), "Known members are: \(names).")
            }
            switch value {
            case .nothing: continue
            case .other:
                throw BodyMember.refusal(name, member.wanted)
            case .texts(let texts):
                try member.check(texts)
                objects[name] = texts
            case .number(let number):
                try member.check(number)
                members[name] = String(number)
            case .text(let text):
                try member.check(text)
                members[name] = text
            }
        }
        for member in route.body where member.isRequired && members[member.name] == nil {
            throw BodyMember.refusal(member.name, "The body needs the member `\(member.name)`.")
        }
    }
}

/// A member of a request's object, of any type, so that a wrong type can be named.
private enum BodyValue: Decodable {
    case text(String)
    case number(Int)
    case texts([String: String])
    case nothing
    case other

    init(from decoder: any Decoder) throws {
        let value = try decoder.singleValueContainer()
        if value.decodeNil() {
            self = .nothing
        } else if let text = try? value.decode(String.self) {
            self = .text(text)
        } else if let number = try? value.decode(Int.self) {
            self = .number(number)
        } else if let texts = try? value.decode([String: String].self) {
            self = .texts(texts)
        } else {
            self = .other
        }
    }
}
