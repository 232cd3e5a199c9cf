// Why a page's frame is not carried out.

internal import ACD
internal import ContactCenter

/// A code for the program and a sentence for people.
enum DeskRefusal: String, Error, Sendable, CaseIterable {
    case malformed
    case unknownType = "unknown_type"
    case noMedia = "no_media"
    case badOffer = "bad_offer"
    case noOffer = "no_offer"
    case noCall = "no_call"
    case lost
    case notAllowed = "not_allowed"
    case busy
    case unknownTarget = "unknown_target"
    case unknownReason = "unknown_reason"
    case unknownDisposition = "unknown_disposition"
    case dispositionRequired = "disposition_required"
    case tooLate = "too_late"
    case overloaded
    case outsideNotAllowed = "outside_not_allowed"
    case outsideFull = "outside_full"
    case numberMalformed = "number_malformed"
    case numberNotAllowed = "number_not_allowed"
    case numberOwn = "number_own"
    case numberDenied = "number_denied"

    static var codes: [String] { allCases.map(\.rawValue) }

    /// What the rules say of an agent's button.
    init(_ refusal: ControlRefusal) {
        switch refusal {
        case .noCall: self = .noCall
        case .notAllowed: self = .notAllowed
        case .busy: self = .busy
        case .unknownTarget: self = .unknownTarget
        case .dispositionRequired: self = .dispositionRequired
        case .unknownDisposition: self = .unknownDisposition
        case .tooLate: self = .tooLate
        case .outsideNotAllowed: self = .outsideNotAllowed
        case .outsideFull: self = .outsideFull
        }
    }

    init(_ fault: CallTarget.Fault) {
        guard case .outside(let refusal) = fault else {
            self = .malformed
            return
        }
        switch refusal.reason {
        case .notConfigured: self = .outsideNotAllowed
        case .malformed: self = .numberMalformed
        case .notAllowed: self = .numberNotAllowed
        case .own: self = .numberOwn
        case .denied: self = .numberDenied
        }
    }

    var code: String { rawValue }

    var detail: String {
        switch self {
        case .malformed: "This is not a frame of the desk, or one of its fields is missing or out of range."
        case .unknownType: "The desk does not know frames of this type."
        case .noMedia: "The voice connection does not stand."
        case .badOffer: "The session description cannot be used."
        case .noOffer: "This offer does not ring any more."
        case .noCall: "There is no call."
        case .lost: "The voice connection of the call is being made again."
        case .notAllowed: "This cannot be done here and now."
        case .busy: "Too many wait there already."
        case .unknownTarget: "There is no such queue or agent."
        case .unknownReason: "There is no such reason."
        case .unknownDisposition: "There is no such disposition code."
        case .dispositionRequired: "A disposition code has to be chosen first."
        case .tooLate: "There is no wrap-up any more."
        case .outsideNotAllowed: "No trunk is there for agents' calls (`outside:` in trunks.yaml)."
        case .outsideFull: "As many calls outside go on as there may be (`max_calls`)."
        case .numberMalformed: "This is no whole number: it needs its country or area code."
        case .numberNotAllowed: "Numbers that begin so are not allowed (`outside: allow:` in trunks.yaml)."
        case .numberOwn: "This number is one of the house."
        case .numberDenied: "Numbers that begin so are forbidden (`outside: deny:` in trunks.yaml)."
        case .overloaded: "More waits to be done than can be taken on. Try again in a moment."
        }
    }
}
