// A SIP message as the tests read it: lines, nothing clever.

nonisolated struct SIPMessage: Sendable, CustomStringConvertible {
    let startLine: String
    let headers: [(name: String, value: String)]
    let body: String

    init?(_ text: String) {
        guard let split = text.firstRange(of: "\r\n\r\n") else { return nil }
        var lines = text[..<split.lowerBound].split(separator: "\r\n", omittingEmptySubsequences: false).map(String.init)[...]
        guard let first = lines.popFirst(), !first.isEmpty else { return nil }
        startLine = first
        headers = lines.compactMap { line in
            guard let colon = line.firstIndex(of: ":") else { return nil }
            return (line[..<colon].trimmingSpaces.lowercased(), String(line[line.index(after: colon)...].trimmingSpaces))
        }
        body = String(text[split.upperBound...])
    }

    subscript(name: String) -> String { headers.first { $0.name == name.lowercased() }?.value ?? "" }
    func all(_ name: String) -> [String] { headers.filter { $0.name == name.lowercased() }.map(\.value) }

    /// 0 for a request.
    var status: Int {
        startLine.hasPrefix("SIP/2.0 ") ? Int(startLine.dropFirst(8).prefix(3)) ?? 0 : 0
    }
    var method: String { status > 0 ? "" : String(startLine.prefix { $0 != " " }) }
    var uri: String { startLine.split(separator: " ").dropFirst().first.map(String.init) ?? "" }
    var sequenceMethod: String { self["CSeq"].split(separator: " ").last.map(String.init) ?? "" }
    var description: String { startLine }
}

extension Substring {
    nonisolated var trimmingSpaces: Substring {
        var text = self
        while text.first == " " { text.removeFirst() }
        while text.last == " " { text.removeLast() }
        return text
    }
}
