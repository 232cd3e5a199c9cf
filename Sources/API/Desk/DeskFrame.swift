// The frames from the house to the page.

internal import Basics
internal import ContactCenter

/// A kind of frame: its name, its members, and the JSON Schema of both.
struct DeskFrameForm<Object: Sendable>: Sendable {
    let shape: Shape<Object>

    /// `isKept`: it has a number, and a page that comes back gets it.
    init(_ type: String, isKept: Bool, _ description: String, _ members: [Member<Object>]) {
        let words = type.split(separator: ".").map { $0.prefix(1).uppercased() + $0.dropFirst() }.joined()
        let number = isKept ? "Has `seq`, counted without gaps." : "Has no `seq`: it is of this connection only."
        shape = .object(
            "Frame\(words)", "\(description) \(number)", [Member("type", .word([type]), "") { _ in type }] + members)
    }

    func bytes(_ object: Object) -> [UInt8] { shape.bytes(of: object) }
}

/// Every frame that the house sends.
enum DeskFrame {
    struct OfferEnd: Sendable {
        var offer: OfferID
        var reason: String
    }

    struct CallEnd: Sendable {
        var contact: ContactID
        var by: String
    }

    struct WorkEnd: Sendable {
        var id: String
        var contact: ContactID
        var reason: String
    }

    struct Refused: Sendable {
        /// nil: the frame was not understood so far.
        var id: Int?
        var refusal: DeskRefusal
    }

    struct MediaAnswer: Sendable {
        var id: Int
        var description: String
    }

    static let state = DeskFrameForm<DeskState>("state", isKept: true, "The state changed.", DeskShapes.stateMembers)
    static let figures = DeskFrameForm<DeskFigures>("figures", isKept: true, "Figures.", DeskShapes.figuresMembers)
    static let offer = DeskFrameForm<DeskOffer>("offer", isKept: true, "A call rings.", DeskShapes.offerMembers)
    static let offerEnded = DeskFrameForm<OfferEnd>(
        "offer.ended", isKept: true, "It rings no more, and was not answered here.",
        [
            Member("offer", .identifier, "") { $0.offer.rawValue },
            Member("reason", .word(DeskView.offerEnds), "") { $0.reason },
        ])
    static let call = DeskFrameForm<DeskCall>(
        "call", isKept: true, "The conversation began or changed.", DeskShapes.callMembers)
    static let callEnded = DeskFrameForm<CallEnd>(
        "call.ended", isKept: true, "The conversation is over.",
        [
            Member("contact", .identifier, "") { $0.contact.rawValue },
            Member("by", .word(["caller", "agent", "system", "transfer"]), "") { $0.by },
        ])
    static let wrapUp = DeskFrameForm<DeskShapes.WrittenWrapUp>(
        "wrapUp", isKept: true, "Wrap-up began or was extended.", DeskShapes.wrapUpMembers)
    static let wrapUpEnded = DeskFrameForm<ContactID>(
        "wrapUp.ended", isKept: true, "Wrap-up is over.", [Member("contact", .identifier, "") { $0.rawValue }])
    static let work = DeskFrameForm<DeskShapes.WrittenPiece>(
        "work", isKept: true, "A piece of work that is no call is new or has changed.", DeskShapes.pieceMembers)
    static let workEnded = DeskFrameForm<WorkEnd>(
        "work.ended", isKept: true, "The piece of that id is over, or goes on as another one of the same contact.",
        [
            Member("id", .text, "") { $0.id }, Member("contact", .identifier, "") { $0.contact.rawValue },
            Member("reason", .word(DeskView.workEnds), "") { $0.reason },
        ])
    static let capacity = DeskFrameForm<DeskCapacity>(
        "capacity", isKept: true, "How much the agent has.", DeskShapes.capacityMembers)
    static let audio = DeskFrameForm<Bool>(
        "audio", isKept: true, "Whether voice can flow.", [Member("connected", .flag, "") { $0 }])

    static let done = DeskFrameForm<Int>("done", isKept: false, "A frame was carried out.", [Member("id", integer, "") { $0 }])
    static let refused = DeskFrameForm<Refused>(
        "refused", isKept: false, "A frame was not carried out.",
        [
            Member("id", integer.orNull, "Null: the frame had none.") { $0.id },
            Member("code", .word(DeskRefusal.codes), "") { $0.refusal.code },
            Member("detail", .text, "") { $0.refusal.detail },
        ])
    static let mustAsk = DeskFrameForm<Instant>(
        "mustAsk", isKept: false, "Another tab holds the desk; nothing but `takeOver` is taken.",
        [Member("holder", Shape<Instant>.object("DeskHolder", "", [Member("since", .time, "") { $0 }]), "") { $0 }])
    static let takenOver = DeskFrameForm<Bool>("takenOver", isKept: false, "Another tab has the desk now.", [])
    static let mediaAnswer = DeskFrameForm<MediaAnswer>(
        "media.answer", isKept: false, "The answer to the `media.offer` of this id.",
        [Member("id", integer, "") { $0.id }, Member("sdp", .text, "") { $0.description }])
    static let quality = DeskFrameForm<DeskQuality>(
        "quality", isKept: false, "How the voice does, every second while talking.", DeskShapes.qualityMembers)
    static let transferTargets = DeskFrameForm<DeskTargets>(
        "transferTargets", isKept: false, "Whom the agent may transfer to.", DeskTargets.members)
    static let snapshot = DeskFrameForm<DeskSnapshot>(
        "snapshot", isKept: true, "Everything, as of its number.", DeskSnapshot.members)

    private static let integer = Shape<Int>(schema: ["type": "integer"]) { $1.integer($0) }

    /// The schemas of all of them, for the description of the API.
    static let definitions: [String: JSON] = {
        let all = [
            state.shape.definitions, figures.shape.definitions, offer.shape.definitions, offerEnded.shape.definitions,
            call.shape.definitions, callEnded.shape.definitions, wrapUp.shape.definitions, wrapUpEnded.shape.definitions,
            audio.shape.definitions, done.shape.definitions, refused.shape.definitions, mustAsk.shape.definitions,
            takenOver.shape.definitions, mediaAnswer.shape.definitions, quality.shape.definitions,
            transferTargets.shape.definitions, snapshot.shape.definitions,
            work.shape.definitions, workEnded.shape.definitions, capacity.shape.definitions,
        ]
        return all.reduce(into: [:]) { known, more in known.merge(more) { first, _ in first } }
    }()

    /// A frame as it is sent, with its number in front.
    static func numbered(_ frame: [UInt8], _ number: UInt64) -> [UInt8] {
        Array("{\"seq\":\(number),".utf8) + frame.dropFirst()
    }
}
