// The phone's SIP side: its socket, what it knows of itself, and what it does with each datagram.

import Glibc

/// A user agent with one line: one call at a time, a second caller hears that it is busy.
final class UserAgent {
    struct Options {
        var local: SocketAddress
        var user: String
        var authenticationUser: String
        var password: String?
        /// Where REGISTER and dialled numbers without a host go.
        var registrar: SocketAddress?
        /// The host part of our address of record, where it is not the registrar's address.
        var domain: String?
        var codecs: [G711]
        var algorithms: Set<DigestChallenge.Algorithm>
        /// Added to each INVITE: `Name: value`.
        var inviteHeaders: [SIPMessage.Header]
        /// Prints all SIP messages on standard error.
        var traces: Bool
    }

    static let telephoneEvent: UInt8 = 101

    let options: Options
    let socket: UDPSocket
    let media: MediaSession
    var call: Call?
    var registration = Registration()
    var clientTransactions: [String: ClientTransaction] = [:]
    var serverTransactions: [String: ServerTransaction] = [:]
    /// By transaction: the ACK of a refused INVITE, for when the refusal comes again.
    var refusalAcknowledgements: [String: (SIPMessage, SocketAddress)] = [:]
    /// The challenge answered last, and how often: sent ahead with later requests, as phones do.
    var challenge: DigestChallenge?
    var nonceCount = 0

    init(_ options: Options, media: MediaSession) throws {
        self.options = options
        self.media = media
        socket = try UDPSocket(bindingTo: options.local)
    }

    var contact: String { "<sip:\(options.user)@\(socket.local)>" }

    /// Name-addr of ourselves.
    var addressOfRecord: String {
        "<sip:\(options.user)@\(options.domain ?? (options.registrar ?? socket.local).description)>"
    }

    /// Our own description for an offer, or for an answer to `offer`.
    func description(for call: Call, answering offer: SessionDescription?) -> String {
        call.descriptionVersion += 1
        var own = SessionDescription(
            address: media.socket.local, codecs: options.codecs, telephoneEvent: Self.telephoneEvent, direction: call.direction)
        if let offer {
            let shared = offer.codecs.filter { options.codecs.contains($0) }
            own.codecs = shared.isEmpty ? [options.codecs[0]] : [shared[0]]
            own.telephoneEvent = offer.telephoneEvent
            own.direction = offer.direction.answer
        }
        return own.text(sessionID: call.descriptionID, version: call.descriptionVersion)
    }

    func receive(at now: Moment) {
        while let (bytes, source) = socket.receive() {
            guard let message = SIPMessage(parsing: bytes) else { continue }
            trace("<- \(source)", message)
            switch message.start {
            case .request(let method, _): handleRequest(method, message, from: source, at: now)
            case .response(let status, _): handleResponse(status, message, at: now)
            }
        }
    }

    func transmit(_ message: SIPMessage, to destination: SocketAddress) {
        trace("-> \(destination)", message)
        socket.send(message.bytes, to: destination)
    }

    private func trace(_ direction: String, _ message: SIPMessage) {
        guard options.traces else { return }
        let text = String(decoding: message.bytes, as: UTF8.self)
        Report.show("\(Moment.now.milliseconds) \(direction)\n\(text)\n", on: STDERR_FILENO)
    }
}
