// Reads a session description: strict about what it uses, deaf to what it doesn't.

internal import Glibc

extension SessionDescription {
    /// Reads `text`. Line ends may be CRLF, LF or CR; lines of unknown type are passed over (RFC 8866, section 5).
    public static func parse(_ text: String) throws(SDPError) -> SessionDescription {
        guard text.utf8.count <= bytesMax else { throw SDPError(.tooLarge(limit: "\(bytesMax) bytes")) }
        var description = SessionDescription()
        var number = 0
        var seenVersion = false
        var rest = Substring(text).utf8[...]
        while !rest.isEmpty {
            let end = rest.firstIndex { $0 == 13 || $0 == 10 } ?? rest.endIndex
            let line = Substring(rest[..<end])
            var next = end
            if next < rest.endIndex {
                let wasReturn = rest[next] == 13
                next = rest.index(after: next)
                if wasReturn, next < rest.endIndex, rest[next] == 10 { next = rest.index(after: next) }
            }
            rest = rest[next...]
            number += 1
            guard number <= linesMax else { throw SDPError(.tooLarge(limit: "\(linesMax) lines"), line: number) }
            if line.isEmpty { continue }
            if !seenVersion {
                guard line == "v=0" else { throw SDPError(.missingVersion, line: number) }
                seenVersion = true
                continue
            }
            try description.take(line, number: number)
        }
        guard seenVersion else { throw SDPError(.missingVersion, line: 1) }
        return description
    }

    private mutating func take(_ line: Substring, number: Int) throws(SDPError) {
        let bytes = line.utf8
        let second = bytes.index(after: bytes.startIndex)
        guard let letter = bytes.first, (97...122).contains(letter), second < bytes.endIndex, bytes[second] == 61 else {
            throw SDPError(.malformedLine, line: number)
        }
        guard !bytes.contains(0) else { throw SDPError(.notText, line: number) }
        let value = Substring(bytes[bytes.index(after: second)...])
        switch letter {
        case UInt8(ascii: "o"): origin = try Self.origin(value, number: number)
        case UInt8(ascii: "c"):
            let connection = try Self.connection(value, number: number)
            if media.isEmpty { self.connection = connection } else { media[media.count - 1].connection = connection }
        case UInt8(ascii: "m"):
            guard media.count < Self.mediaMax else {
                throw SDPError(.tooLarge(limit: "\(Self.mediaMax) media"), line: number)
            }
            media.append(try Self.media(value, number: number))
        case UInt8(ascii: "a"):
            let attribute = Self.attribute(value, number: number)
            if media.isEmpty { attributes.append(attribute) } else { media[media.count - 1].attributes.append(attribute) }
        default: break
        }
    }

    private static func origin(_ value: Substring, number: Int) throws(SDPError) -> Origin {
        let fields = value.split(separator: " ")
        guard fields.count == 6, fields[3] == "IN", let family = Connection.Family(rawValue: String(fields[4])) else {
            throw SDPError(.malformedOrigin, line: number)
        }
        // The origin's address names the session and is never sent to, so a host name is fine here.
        return Origin(
            userName: String(fields[0]), sessionID: String(fields[1]), version: String(fields[2]),
            address: Connection(family: family, address: String(fields[5])))
    }

    private static func connection(_ value: Substring, number: Int) throws(SDPError) -> Connection {
        let fields = value.split(separator: " ")
        guard fields.count == 3, fields[0] == "IN" else { throw SDPError(.malformedConnection, line: number) }
        return try connection(family: fields[1], address: fields[2], number: number)
    }

    static func connection(family: Substring, address: Substring, number: Int) throws(SDPError) -> Connection {
        guard let family = Connection.Family(rawValue: String(family)) else {
            throw SDPError(.unsupportedAddress, line: number)
        }
        let connection = Connection(family: family, address: String(address))
        guard connection.isUnicastLiteral else { throw SDPError(.unsupportedAddress, line: number) }
        return connection
    }

    private static func media(_ value: Substring, number: Int) throws(SDPError) -> Media {
        let fields = value.split(separator: " ", maxSplits: formatsMax + 3)
        guard fields.count >= 4 else { throw SDPError(.malformedMedia, line: number) }
        guard fields.count <= formatsMax + 3 else { throw SDPError(.tooLarge(limit: "\(formatsMax) formats"), line: number) }
        // "49170/2" asks for several port pairs; the first is what we use.
        guard let first = fields[1].split(separator: "/").first, let port = UInt16(first) else {
            throw SDPError(.malformedMedia, line: number)
        }
        return Media(
            kind: String(fields[0]), port: port, transport: String(fields[2]), formats: fields[3...].map { String($0) },
            line: number)
    }

    private static func attribute(_ value: Substring, number: Int) -> Attribute {
        guard let colon = value.utf8.firstIndex(of: UInt8(ascii: ":")) else {
            return Attribute(String(value), line: number)
        }
        return Attribute(String(value[..<colon]), String(value[value.index(after: colon)...]), line: number)
    }
}

extension SessionDescription.Connection {
    /// `0.0.0.0` or `::`, the older way to put a call on hold (RFC 3264, section 8.4).
    public var isUnspecified: Bool {
        // By value: `0:0::0` is the same address.
        var bytes = [UInt8](repeating: 1, count: 16)
        switch family {
        case .ipv4: return inet_pton(AF_INET, address, &bytes) == 1 && bytes.prefix(4).allSatisfy { $0 == 0 }
        case .ipv6: return inet_pton(AF_INET6, address, &bytes) == 1 && bytes.allSatisfy { $0 == 0 }
        }
    }

    /// An address literal of its family that names one host (or, for hold, none).
    var isUnicastLiteral: Bool {
        switch family {
        case .ipv4:
            var binary = in_addr()
            guard inet_pton(AF_INET, address, &binary) == 1 else { return false }
            return UInt32(bigEndian: binary.s_addr) >> 28 != 0xE && binary.s_addr != .max
        case .ipv6:
            var binary = in6_addr()
            guard inet_pton(AF_INET6, address, &binary) == 1 else { return false }
            return withUnsafeBytes(of: &binary) { $0.first } != 0xFF
        }
    }
}
