// What Hummingbird carries along with a request of ours.

internal import HTTPTypes
public import Hummingbird
internal import NIOCore
internal import Streams

/// The context of the API's routes: Hummingbird's own, and where the request came from.
public struct RequestOrigin: RequestContext {
    public var coreContext: CoreRequestContextStorage
    private let peer: String?
    private let isEncrypted: Bool

    public init(source: ApplicationRequestContextSource) {
        coreContext = CoreRequestContextStorage(source: source)
        peer = source.channel.remoteAddress?.ipAddress
        isEncrypted = (source.channel as? StreamChannel)?.isEncrypted ?? false
    }

    /// Who sent the request, and how. A trusted proxy is believed about both (RFC 7239 tells the story of these fields).
    func client(of request: Request, trusting proxies: Set<String>) -> Client {
        guard let peer, proxies.contains(peer) else { return Client(source: SourceAddress(peer), isSecure: isEncrypted) }
        // The last hop is what the proxy itself has seen; those before it are what the client claims.
        let hop = Self.last("x-forwarded-for", of: request).flatMap(Self.address) ?? peer
        let scheme = Self.last("x-forwarded-proto", of: request)?.lowercased()
        return Client(source: SourceAddress(hop), isSecure: scheme.map { $0 == "https" } ?? isEncrypted)
    }

    struct Client: Sendable {
        /// What failed sign-ins are counted for.
        let source: SourceAddress
        /// Whether it came by HTTPS, to us or to the proxy.
        let isSecure: Bool
    }

    private static func last(_ name: String, of request: Request) -> String? {
        guard let name = HTTPField.Name(name), let field = request.headers[values: name].last else { return nil }
        return field.split(separator: ",").last.map { String($0.filter { $0 != " " && $0 != "\t" }) }
    }

    /// Some proxies write a port behind the address: `192.0.2.1:4711`, `[2001:db8::1]:4711`.
    private static func address(_ hop: String) -> String? {
        if let address = SourceAddress.canonical(hop) { return address }
        if hop.hasPrefix("[") { return SourceAddress.canonical(String(hop.dropFirst().prefix { $0 != "]" })) }
        return SourceAddress.canonical(String(hop.prefix { $0 != ":" }))
    }
}
