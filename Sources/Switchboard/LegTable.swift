// The legs of this process: what the rules know by an id, the edges know by a call.

internal import Basics
internal import ContactCenter
internal import SIP

/// A leg and the call that carries it.
struct Leg {
    /// For the figures that are kept of it.
    struct Service {
        let contact: ContactID
        let party: Party
        var agent: AgentID?
        let opened: Instant
    }

    /// An agent's browser, which no call carries.
    struct Browser {
        let agent: AgentID
        /// Under which the leg rang.
        let offer: OfferID
    }

    let id: LegID
    var call: CallID?
    var browser: Browser?
    /// As the other side signals it. Stays here: neither the rules nor the log see it.
    var caller = Caller(user: "anonymous")
    /// The offer that waits for the rules' decision to answer.
    var offer: String?
    var isHeld = false
    /// From here on silence means something: what rings need not send.
    var isAnswered = false
    /// Whom the leg serves; nil until the rules have taken it on, and for a device that dials a feature code.
    var service: Service?
    /// Somebody is called back on it.
    var isCallback = false
    /// Somebody outside whom an agent wants.
    var isOutside = false
    /// The other side has said that it rings.
    var hasRung = false
    /// The playback whose clips are still being rendered.
    var awaitedPlayback: PlaybackID?
}

/// All legs, by both names.
final class LegTable {
    private var legs: [LegID: Leg] = [:]
    private var legOfCall: [CallID: LegID] = [:]
    private var lastInbound: UInt64
    /// Callers of legs that are gone, of which the rules have not heard yet: they may still promise them a call.
    private var departed: [LegID: Caller] = [:]

    /// `last`: the greatest id that an earlier process gave out.
    init(after last: UInt64) { lastInbound = last | 1 }

    subscript(id: LegID) -> Leg? { legs[id] }
    func leg(of call: CallID) -> LegID? { legOfCall[call] }

    /// Odd ids are the edge's.
    func addInbound(_ call: CallID, caller: Caller, offer: String) -> LegID {
        lastInbound += 2
        let id = LegID(rawValue: lastInbound)
        legs[id] = Leg(id: id, call: call, caller: caller, offer: offer)
        legOfCall[call] = id
        return id
    }

    func addOutbound(_ id: LegID, for service: Leg.Service) { legs[id] = Leg(id: id, service: service) }

    func set(_ call: CallID, for id: LegID) {
        legs[id]?.call = call
        legOfCall[call] = id
    }

    func update(_ id: LegID, _ change: (inout Leg) -> Void) {
        guard var leg = legs[id] else { return }
        change(&leg)
        legs[id] = leg
    }

    @discardableResult
    func remove(_ id: LegID) -> Leg? {
        guard let leg = legs.removeValue(forKey: id) else { return nil }
        if let call = leg.call { legOfCall[call] = nil }
        if leg.service?.party == .caller { departed[id] = leg.caller }
        return leg
    }

    /// Whose leg it is, or was until its end.
    func caller(of id: LegID) -> Caller? { legs[id]?.caller ?? departed[id] }

    /// The rules have heard of the leg's end, or have ended it themselves.
    func forgetDeparted(_ id: LegID) { departed[id] = nil }

    var all: [Leg] { Array(legs.values) }
}
