// Where the digits of a secure form go: out of the house, to whoever gives a token for them.

internal import Basics
internal import Foundation
internal import MainLoop
internal import Media
internal import SiteConfiguration

/// Takes digits and gives a token that says nothing of them.
nonisolated protocol SecureSink: Sendable {
    func token(for digits: SecretDigits, of contact: ContactID) async throws(SecureSinkFailure) -> String
}

/// Why there is no token. Never holds anything of the digits, nor of an answer.
nonisolated enum SecureSinkFailure: Error, Hashable, CustomStringConvertible {
    case address
    case connection(String)
    /// Whoever answers is not who we want, or we do not speak the same TLS.
    case agreement(String)
    case status(Int)
    case answer

    var description: String {
        switch self {
        case .address: "its address is not known"
        case .connection(let reason): "no connection: \(reason)"
        case .agreement(let reason): "no agreement on TLS: \(reason)"
        case .status(let status): "answered \(status)"
        case .answer: "answered without a token that can be used"
        }
    }
}

/// `POST` over TLS with a bearer token, one connection for each.
nonisolated struct HTTPSSink: SecureSink {
    private static let tokenBytesMax = 128
    private static let echoDigitsMin = 8

    let form: String
    let address: SecureAddress
    let bearer: String?
    /// nil: those of the system.
    let certificates: String?

    private struct Answer: Decodable { var token: String }

    func token(for digits: SecretDigits, of contact: ContactID) async throws(SecureSinkFailure) -> String {
        // A thread of its own, of which there are few: it waits for somebody else's machine, and nobody here is to wait for it.
        let result = await withCheckedContinuation {
            (continuation: CheckedContinuation<Result<String, SecureSinkFailure>, Never>) in
            Thread.detachNewThread {
                continuation.resume(returning: Result { () throws(SecureSinkFailure) in try exchange(digits, contact) })
            }
        }
        return try result.get()
    }

    private func exchange(_ digits: SecretDigits, _ contact: ContactID) throws(SecureSinkFailure) -> String {
        // Names of forms and digits need no escapes in JSON.
        let start = "{\"form\":\"\(form)\",\"contact\":\(contact),\"digits\":\"", end = "\"}"
        let head =
            "POST \(address.path) HTTP/1.1\r\nHost: \(address.host):\(address.port)\r\nConnection: close\r\n"
            + (bearer.map { "Authorization: Bearer \($0)\r\n" } ?? "")
            + "Content-Type: application/json\r\nContent-Length: \(start.utf8.count + digits.count + end.utf8.count)\r\n\r\n"
        // As long as it gets from the beginning: growing would leave a copy behind.
        let request = UnsafeMutableRawBufferPointer.allocate(
            byteCount: head.utf8.count + start.utf8.count + digits.count + end.utf8.count, alignment: 1)
        defer {
            if let place = request.baseAddress { explicit_bzero(place, request.count) }
            request.deallocate()
        }
        var at = 0
        func put(_ bytes: some Collection<UInt8>) {
            for byte in bytes {
                request[at] = byte
                at += 1
            }
        }
        put(head.utf8)
        put(start.utf8)
        digits.withBytes { put($0) }
        put(end.utf8)
        let connection = try TLSConnection(
            to: address, trusting: certificates, within: .seconds(SecureFormSettings.answerSecondsMax))
        let answer = try connection.exchange(UnsafeRawBufferPointer(request))
        let token = try Self.token(in: answer)
        // Whoever gives the digits back as their token has not understood; a few of them stand in any token by chance.
        let isEcho = digits.withBytes { digits in
            digits.count >= Self.echoDigitsMin ? token.utf8.holds(digits) : token.utf8.elementsEqual(digits)
        }
        guard !isEcho else { throw .answer }
        return token
    }

    private static func token(in answer: [UInt8]) throws(SecureSinkFailure) -> String {
        let end = Array("\r\n\r\n".utf8)
        guard answer.starts(with: "HTTP/1.".utf8), answer.count > 12,
            let status = Int(String(decoding: answer[9..<12], as: UTF8.self))
        else { throw .answer }
        guard status == 200 || status == 201 else { throw .status(status) }
        guard let head = answer.indices.first(where: { answer[$0...].starts(with: end) }) else { throw .answer }
        let body = answer[(head + end.count)...]
        // Between the first and the last brace: in one chunk (RFC 9112, 7.1) there are numbers around it.
        guard let first = body.firstIndex(of: UInt8(ascii: "{")), let last = body.lastIndex(of: UInt8(ascii: "}")),
            first < last,
            let token = (try? JSONDecoder().decode(Answer.self, from: Data(body[first...last])))?.token,
            (1...tokenBytesMax).contains(token.utf8.count), token.utf8.allSatisfy({ (0x21...0x7E).contains($0) })
        else { throw .answer }
        return token
    }
}

extension Sequence<UInt8> {
    /// Whether `part` stands in it, in one piece.
    fileprivate nonisolated func holds(_ part: UnsafeRawBufferPointer) -> Bool {
        let all = Array(self)
        guard !part.isEmpty else { return false }
        return all.indices.contains { all[$0...].starts(with: part) }
    }
}
