// Writes a session description.

extension SessionDescription {
    /// The description as text with CRLF line ends, in the order that RFC 8866, section 5 demands.
    public var text: String {
        var lines = ["v=0"]
        if let origin {
            lines.append(
                "o=\(origin.userName) \(origin.sessionID) \(origin.version) IN "
                    + "\(origin.address.family.rawValue) \(origin.address.address)")
        }
        lines.append("s=-")
        if let connection { lines.append("c=IN \(connection.family.rawValue) \(connection.address)") }
        lines.append("t=0 0")
        lines += attributes.map(\.text)
        for media in media {
            lines.append("m=\(media.kind) \(media.port) \(media.transport) \(media.formats.joined(separator: " "))")
            if let connection = media.connection { lines.append("c=IN \(connection.family.rawValue) \(connection.address)") }
            lines += media.attributes.map(\.text)
        }
        return lines.joined(separator: "\r\n") + "\r\n"
    }
}

extension SessionDescription.Attribute {
    var text: String { value.map { "a=\(name):\($0)" } ?? "a=\(name)" }
}
