// The parameters of a digest header, as they came.

/// The parameters of a challenge or of credentials (RFC 7616 §3.3, §3.4). Absent ones are empty.
nonisolated struct DigestParameters {
    var username = "", realm = "", nonce = "", uri = "", response = "", cnonce = "", nc = "", opaque = ""
    /// Nil: MD5, by absence. Not nil but unknown: `algorithmName` says which.
    var algorithmName: String?
    var qop: String?

    var algorithm: DigestAlgorithm? {
        guard let algorithmName else { return .md5 }
        return DigestAlgorithm(rawValue: algorithmName.uppercased())
    }

    /// Whether `auth` is among the qualities of protection.
    var offersAuth: Bool { qop?.split(separator: ",").contains { $0.trimmed.lowercased() == "auth" } ?? false }

    /// `fields`: "name=value" each, the value a token or a quoted-string. Unknown names are passed over.
    init(_ fields: some Sequence<String>) {
        for field in fields {
            guard let sign = field.firstIndex(of: "=") else { continue }
            let value = Header.unquoted(field[field.index(after: sign)...].trimmed)
            switch field[..<sign].trimmed.lowercased() {
            case "username": username = value
            case "realm": realm = value
            case "nonce": nonce = value
            case "uri": uri = value
            case "response": response = value.lowercased()
            case "cnonce": cnonce = value
            case "nc": nc = value
            case "opaque": opaque = value
            case "algorithm": algorithmName = value
            case "qop": qop = value
            default: break
            }
        }
    }

    /// A NULL-terminated list of the shim.
    init(_ list: UnsafePointer<UnsafePointer<CChar>?>) {
        var fields: [String] = []
        var next = list
        while let field = next.pointee, fields.count < 32 {
            fields.append(String(cString: field))
            next += 1
        }
        self.init(fields)
    }
}

extension Substring {
    /// Without spaces and tabs at both ends.
    nonisolated var trimmed: Substring {
        var text = self
        while let first = text.first, first == " " || first == "\t" { text.removeFirst() }
        while let last = text.last, last == " " || last == "\t" { text.removeLast() }
        return text
    }
}
