// Where an agent's time went, and the shares that are made of it.

/// One agent's, or one team's, seconds in an interval, clipped at its borders. No second is in two of them.
public struct AgentTime: Hashable, Sendable, Codable {
    public var talk: Double
    public var hold: Double
    public var wrapUp: Double
    /// Dialling out for a contact.
    public var dialling: Double
    /// A contact rings and has not been answered.
    public var ringing: Double
    /// Available with nothing to do.
    public var idle: Double
    /// Signed in and not to be offered anything: breaks, meetings, training.
    public var aux: Double
    /// Paid for, whether signed in or not.
    public var paid: Double

    /// Not a second.
    public static let none = AgentTime()

    private init() { (talk, hold, wrapUp, dialling, ringing, idle, aux, paid) = (0, 0, 0, 0, 0, 0, 0, 0) }

    /// - Throws: `KPIError` for a negative or not finite value.
    public init(
        talk: Double = 0, hold: Double = 0, wrapUp: Double = 0, dialling: Double = 0, ringing: Double = 0, idle: Double = 0,
        aux: Double = 0, paid: Double = 0
    ) throws(KPIError) {
        self.talk = try talk.checked("talk")
        self.hold = try hold.checked("hold")
        self.wrapUp = try wrapUp.checked("wrap-up")
        self.dialling = try dialling.checked("dialling")
        self.ringing = try ringing.checked("ringing")
        self.idle = try idle.checked("idle")
        self.aux = try aux.checked("aux")
        self.paid = try paid.checked("paid")
    }

    /// Whether the time in which a contact rings is work.
    public enum Ringing: String, Hashable, Sendable, Codable, CaseIterable {
        /// Switchboard: the agent cannot do anything else meanwhile.
        case isBusy = "busy"
        /// Amazon: neither busy nor idle.
        case isLeftOut = "left-out"
        case isIdle = "idle"
    }

    /// Talk, hold, wrap-up and dialling out.
    public var onContacts: Double { talk + hold + wrapUp + dialling }

    public func occupancy(ringing rule: Ringing = .isBusy) -> Figure {
        let busy = onContacts + (rule == .isBusy ? ringing : 0)
        let free = idle + (rule == .isIdle ? ringing : 0)
        let text =
            switch rule {
            case .isBusy: "(talk + hold + wrap-up + dialling + ringing) / (that + idle)"
            case .isLeftOut: "(talk + hold + wrap-up + dialling) / (that + idle without ringing)"
            case .isIdle: "(talk + hold + wrap-up + dialling) / (that + idle + ringing)"
            }
        return Figure("occupancy", ratio(busy, busy + free), .share, formula: text)
    }

    /// ICMI uses the two words the other way round in places, hence always with its formula.
    public var utilisation: Figure {
        Figure(
            "utilisation", ratio(onContacts + ringing + idle, paid), .share, formula: "(handling + available) / paid")
    }

    public var shrinkage: Figure {
        Figure(
            "shrinkage", ratio(onContacts + ringing + idle, paid).map { 1 - $0 }, .share,
            formula: "1 − (handling + available) / paid")
    }
}

/// Offers as the agent had them.
public struct OfferCounts: Hashable, Sendable, Codable {
    public var offered: Int
    public var answered: Int
    public var missed: Int

    /// - Throws: `KPIError`.
    public init(offered: Int, answered: Int, missed: Int) throws(KPIError) {
        self.offered = try offered.checked("offered")
        self.answered = try answered.checked("answered", partOf: offered, "offered")
        self.missed = try missed.checked("missed", partOf: offered, "offered")
    }

    public var answerRate: Figure {
        Figure("agent answer rate", ratio(answered, offered), .share, formula: "answered / offered to the agent")
    }
    public var missRate: Figure {
        Figure("agent missed", ratio(missed, offered), .share, formula: "missed / offered to the agent")
    }
}
