// What both ends of a call remember of it (RFC 3261 section 12).

struct Dialog {
    var callID: String
    var localTag: String
    var remoteTag: String?
    /// Name-addr without tag.
    var local: String
    var remote: String
    /// Where requests inside the dialog go: the other end's Contact.
    var remoteTarget: String
    var routes: [String] = []
    var sequence = 0

    /// A request inside the dialog, without Via, Contact and body.
    func request(_ method: String, sequence: Int) -> SIPMessage {
        var message = SIPMessage(start: .request(method: method, uri: remoteTarget))
        for route in routes { message.append("Route", "<\(route)>") }
        message.append("From", "\(local);tag=\(localTag)")
        message.append("To", remote + (remoteTag.map { ";tag=\($0)" } ?? ""))
        message.append("Call-ID", callID)
        message.append("CSeq", "\(sequence) \(method)")
        return message
    }

    /// The next hop: the first route, else the other end itself. Routes are taken to be loose.
    var nextHop: SocketAddress? { SocketAddress(uri: routes.first ?? remoteTarget) }

    /// Takes the other end's tag, Contact and the route set from a response that makes or confirms the dialog.
    mutating func establish(from response: SIPMessage) {
        remoteTag = response["To"].flatMap { SIPMessage.parameter("tag", of: $0) }
        if let contact = response["Contact"] { remoteTarget = SIPMessage.uri(of: contact) }
        routes = Self.routes(of: response).reversed()
    }

    static func routes(of message: SIPMessage) -> [String] {
        message.all("Record-Route").flatMap(SIPMessage.list).map(SIPMessage.uri)
    }
}
