// One call of this phone, from its first INVITE until nobody needs it any more.

final class Call {
    enum Ending: Hashable {
        case bySelf, byRemote, cancelledBySelf, cancelledByRemote, timedOut
        /// With the status that refused it, whoever did.
        case refused(Int)

        var description: String {
            switch self {
            case .bySelf: "by us"
            case .byRemote: "by the other end"
            case .cancelledBySelf: "cancelled by us"
            case .cancelledByRemote: "cancelled by the other end"
            case .timedOut: "no answer to our request"
            case .refused(let status): "refused with \(status)"
            }
        }
    }

    enum State: Hashable {
        /// We sent INVITE; the last provisional status, 0 before any.
        case calling(Int)
        /// We got INVITE and have not answered; whether 180 has been sent.
        case invited(alerting: Bool)
        case established
        case ended(Ending)
    }

    var state: State {
        didSet {
            if case .ended(let ending) = state, state != oldValue { Report.line("ended", ["how": .text(ending.description)]) }
        }
    }
    var dialog: Dialog
    /// The INVITE that we sent or got first.
    var invite: SIPMessage
    /// Kept for 200s that come again.
    var acknowledgement: SIPMessage?
    /// Hung up before any provisional response: CANCEL goes out with the first one (RFC 3261 section 9.1).
    var cancelIsWanted = false
    /// What became of our last REFER: nothing yet, or the status of its refusal or last NOTIFY.
    var referral: Int?
    /// Which direction our side offered or answered last.
    var direction = SessionDescription.Direction.sendrecv
    let descriptionID = UInt32.random(in: 1...0x7FFF_FFFF)
    var descriptionVersion = 0

    init(state: State, dialog: Dialog, invite: SIPMessage) {
        self.state = state
        self.dialog = dialog
        self.invite = invite
    }

    var isLive: Bool { if case .ended = state { false } else { true } }
}
