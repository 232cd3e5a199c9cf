// A SIP message as text: RFC 3261 section 7, as much of it as a telephone needs.

/// A request or a response. Header names are kept in their long form.
struct SIPMessage {
    enum Start: Hashable {
        case request(method: String, uri: String)
        case response(status: Int, reason: String)
    }

    struct Header: Hashable {
        var name: String
        var value: String
    }

    var start: Start
    var headers: [Header] = []
    var body = ""

    /// The method of a request, or of the request that a response answers.
    var method: String {
        switch start {
        case .request(let method, _): method
        case .response: self["CSeq"]?.split(separator: " ").last.map(String.init) ?? ""
        }
    }

    var status: Int? {
        switch start {
        case .request: nil
        case .response(let status, _): status
        }
    }

    /// The first header of that name.
    subscript(name: String) -> String? { headers.first { $0.name.lowercased() == name.lowercased() }?.value }

    func all(_ name: String) -> [String] { headers.filter { $0.name.lowercased() == name.lowercased() }.map(\.value) }

    mutating func append(_ name: String, _ value: String) { headers.append(Header(name: name, value: value)) }

    mutating func replace(_ name: String, with value: String) {
        headers.removeAll { $0.name.lowercased() == name.lowercased() }
        append(name, value)
    }

    var sequence: Int { self["CSeq"]?.split(separator: " ").first.flatMap { Int($0) } ?? 0 }

    /// The branch of the topmost Via, which names the transaction (RFC 3261 section 17.1.3).
    var branch: String { self["Via"].flatMap { Self.parameter("branch", of: Self.list($0)[0]) } ?? "" }

    var bytes: [UInt8] {
        var text: String
        switch start {
        case .request(let method, let uri): text = "\(method) \(uri) SIP/2.0\r\n"
        case .response(let status, let reason): text = "SIP/2.0 \(status) \(reason)\r\n"
        }
        for header in headers { text += "\(header.name): \(header.value)\r\n" }
        if !body.isEmpty { text += "Content-Type: application/sdp\r\n" }
        text += "Content-Length: \(body.utf8.count)\r\n\r\n"
        return Array((text + body).utf8)
    }
}

extension SIPMessage {
    private static let longNames = [
        "i": "Call-ID", "m": "Contact", "f": "From", "t": "To", "v": "Via", "c": "Content-Type", "l": "Content-Length",
        "s": "Subject", "k": "Supported", "e": "Content-Encoding",
    ]

    /// nil for anything that does not begin like a SIP message.
    init?(parsing bytes: [UInt8]) {
        let text = String(decoding: bytes, as: UTF8.self).replacing("\r\n", with: "\n")
        let (head, body) =
            text.firstRange(of: "\n\n").map { (text[..<$0.lowerBound], String(text[$0.upperBound...])) } ?? (text[...], "")
        var lines = head.split(separator: "\n", omittingEmptySubsequences: true)[...]
        guard let first = lines.popFirst()?.split(separator: " ", maxSplits: 2), first.count >= 2 else { return nil }
        if first[0] == "SIP/2.0" {
            guard let status = Int(first[1]) else { return nil }
            self.init(start: .response(status: status, reason: first.count > 2 ? String(first[2]) : ""))
        } else {
            guard first.count == 3, first[2] == "SIP/2.0" else { return nil }
            self.init(start: .request(method: String(first[0]), uri: String(first[1])))
        }
        for line in lines {
            // A folded line continues the header before it (RFC 3261 section 7.3.1).
            if line.first == " " || line.first == "\t", let last = headers.indices.last {
                headers[last].value += " " + Self.trimmed(line)
                continue
            }
            guard let colon = line.firstIndex(of: ":") else { continue }
            let name = Self.trimmed(line[..<colon])
            append(Self.longNames[name.lowercased()] ?? name, Self.trimmed(line[line.index(after: colon)...]))
        }
        headers.removeAll { ["content-length", "content-type"].contains($0.name.lowercased()) }
        self.body = body.replacing("\n", with: "\r\n")
    }

    /// `tag` of `<sip:a@b>;tag=x`: parameters of the header, never those inside the angle brackets.
    static func parameter(_ name: String, of value: String) -> String? {
        let outside = value.lastIndex(of: ">").map { value[$0...] } ?? value[...]
        for part in outside.split(separator: ";").dropFirst() {
            let pair = part.split(separator: "=", maxSplits: 1)
            if let key = pair.first, trimmed(key).lowercased() == name { return pair.count > 1 ? trimmed(pair[1]) : "" }
        }
        return nil
    }

    /// The URI of a From, To, Contact or Route header.
    static func uri(of value: String) -> String {
        if let open = value.firstIndex(of: "<"), let close = value[open...].firstIndex(of: ">") {
            return String(value[value.index(after: open)..<close])
        }
        return trimmed(value.prefix { $0 != ";" })
    }

    /// The elements of a comma list; commas inside quotes and angle brackets do not count. Never empty.
    static func list(_ value: String) -> [String] {
        var elements = [""]
        var quoted = false
        var bracketed = false
        for character in value {
            switch character {
            case "\"": quoted.toggle()
            case "<": bracketed = true
            case ">": bracketed = false
            case "," where !quoted && !bracketed:
                elements.append("")
                continue
            default: break
            }
            elements[elements.count - 1].append(character)
        }
        return elements.map { trimmed($0) }
    }

    static func trimmed(_ text: some StringProtocol) -> String {
        guard let first = text.firstIndex(where: { !$0.isWhitespace }) else { return "" }
        let last = text.lastIndex { !$0.isWhitespace } ?? first
        return String(text[first...last])
    }
}
