// The frames from the page to the house.

internal import Basics
internal import FoundationEssentials

/// A frame as it came: fields of the right type, nothing else checked.
struct DeskClientFrame: Decodable {
    var id: Int
    var type: String
    var sdp: String?
    var presence: String?
    var reason: String?
    var offer: UInt64?
    var contact: UInt64?
    var piece: String?
    var on: Bool?
    var channel: String?
    var digit: String?
    var queue: String?
    var agent: String?
    var flow: String?
    var number: String?
    var paused: Bool?
    var disposition: String?
    var notes: String?
    var visible: Bool?

    /// Only the number, to refuse a frame of which nothing else can be read.
    private struct Number: Decodable { var id: Int }

    /// `id`: its number, if that much could be read.
    struct Unreadable: Error { var id: Int? }

    /// Throws `Unreadable`. What the text is made of cannot hurt: its size is bounded by the WebSocket, its depth by the decoder.
    init(_ text: String) throws(Unreadable) {
        let data = Data(text.utf8)
        if let frame = try? JSONDecoder().decode(Self.self, from: data) {
            self = frame
        } else {
            throw Unreadable(id: (try? JSONDecoder().decode(Number.self, from: data))?.id)
        }
    }

    /// The fields of each type, for the description of the API; `?`: may be left out or null.
    static let forms: [(type: String, fields: String)] = [
        ("takeOver", ""), ("alive", "visible?"), ("ping", ""), ("media.offer", "sdp"), ("presence", "presence, reason?"),
        ("channel", "channel, on"),
        ("accept", "offer"), ("decline", "offer, reason?"), ("hold", "on"), ("mute", "on"), ("digit", "digit"),
        ("transfer", "queue or agent or flow or number, contact?"), ("consult", "agent or number"), ("swap", ""),
        ("complete", ""),
        ("backOut", ""), ("merge", ""), ("leave", ""), ("recording", "paused"), ("hangUp", ""), ("work.complete", "contact"),
        ("wrapUp.note", "contact?, piece?, disposition?, notes"), ("wrapUp.complete", "contact?, disposition?, notes?"),
        ("wrapUp.extend", "contact?"), ("wrapUp.ask", "contact?"), ("wrapUp.skip", "contact?"),
    ]
}
