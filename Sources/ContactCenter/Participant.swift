// Who is on a call beside the caller and the agent it is with.

public import Basics

/// Somebody whom an agent consults or brings into the call, or a supervisor.
public struct Participant: Codable, Hashable, Sendable {
    public enum Who: Codable, Hashable, Sendable {
        case agent(AgentID)
        case outside(TrunkID)
    }

    public enum Part: Codable, Hashable, Sendable {
        /// Is asked by the agent before the caller is handed on or brought in.
        case consulted
        /// Talks with all.
        case conferring
        case supervising(Supervision.Mode)
    }

    /// Ringing has a deadline, everything else a live leg.
    public enum Line: Codable, Hashable, Sendable {
        /// The deadline is the offer's.
        case ringing(OfferID)
        /// Somebody outside; `isHeard`: a carrier's announcement or a far ringing tone can be heard already.
        case dialling(LegID, until: Instant, isHeard: Bool)
        case live(LegID, DeviceID?, isHolding: Bool)
    }

    public let who: Who
    public internal(set) var part: Part
    public internal(set) var line: Line
    public let since: Instant
    /// The caller was on hold before, and is again if nobody comes; nil: no.
    var restoresHold: Bool?
    /// A transfer: whoever answers has the caller at once. nil: no.
    var handsOver: Bool?

    /// The leg, once it is answered.
    public var leg: LegID? { if case .live(let leg, _, _) = line { leg } else { nil } }

    /// The leg of somebody outside, answered or not, or of an agent who has answered.
    var anyLeg: LegID? {
        switch line {
        case .ringing: nil
        case .dialling(let leg, _, _), .live(let leg, _, _): leg
        }
    }

    public var device: DeviceID? { if case .live(_, let device, _) = line { device } else { nil } }

    /// The agent's phone has put the call on hold.
    var isHolding: Bool { if case .live(_, _, true) = line { true } else { false } }

    public var agent: AgentID? { if case .agent(let agent) = who { agent } else { nil } }

    public var mode: Supervision.Mode? { if case .supervising(let mode) = part { mode } else { nil } }
}

/// Everybody on a call beside the caller and the agent it is with; there is none with nobody in it.
public struct Company: Codable, Hashable, Sendable {
    /// Beside the caller and the agent.
    public static let participantsMax = 10

    public internal(set) var participants: [Participant] = []
    /// The agent who consults talks with the caller for now, and who is consulted hears music. nil: no.
    var turnedToCaller: Bool?

    init() {}
}

extension Contact {
    public internal(set) var participants: [Participant] {
        get { company?.participants ?? [] }
        set {
            var company = company ?? Company()
            company.participants = newValue
            if !newValue.contains(where: { $0.part == .consulted }) { company.turnedToCaller = nil }
            self.company = newValue.isEmpty ? nil : company
        }
    }

    /// Whom the agent asks; at most one at a time.
    public var consulted: Participant? { company?.participants.first { $0.part == .consulted } }

    /// Whoever consults talks with the caller for now.
    public internal(set) var isTurnedToCaller: Bool {
        get { company?.turnedToCaller == true }
        set {
            let isTurned = newValue && consulted != nil
            company?.turnedToCaller = isTurned ? true : nil
        }
    }

    /// Those who talk with all, beside the caller and the agent.
    public var conferring: [Participant] { company?.participants.filter { $0.part == .conferring } ?? [] }

    public var supervisors: [Participant] { company?.participants.filter { $0.mode != nil } ?? [] }

    func participant(on leg: LegID) -> Participant? { company?.participants.first { $0.anyLeg == leg } }

    func participant(_ agent: AgentID) -> Participant? { company?.participants.first { $0.who == .agent(agent) } }

    mutating func change(_ participant: Participant, _ change: (inout Participant) -> Void) {
        guard let index = participants.firstIndex(of: participant) else { return }
        var all = participants
        change(&all[index])
        participants = all
    }
}
