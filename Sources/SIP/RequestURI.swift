// Whether two request URIs mean the same resource, as far as digest needs it.

nonisolated enum RequestURI {
    /// Scheme, user, host and port are equal (RFC 7616 §3.4.6); parameters and headers, which proxies change, are left out.
    static func same(_ one: String, _ other: String) -> Bool { one == other || parts(one) == parts(other) }

    private static func parts(_ uri: String) -> [String] {
        let bare = uri.prefix { $0 != "?" }
        guard let colon = bare.firstIndex(of: ":") else { return [uri] }
        let scheme = bare[..<colon].lowercased()
        let rest = bare[bare.index(after: colon)...]
        let at = rest.lastIndex(of: "@")
        let user = at.map { Header.unescaped(String(rest[..<$0].prefix { $0 != ";" })) } ?? ""
        let host = (at.map { rest[rest.index(after: $0)...] } ?? rest).prefix { $0 != ";" }.lowercased()
        return [scheme, user, host.hasSuffix(":5060") && scheme == "sip" ? String(host.dropLast(5)) : host]
    }
}
