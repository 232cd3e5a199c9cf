// How a queue calls back those who do not want to wait on the line (definitions.md 3.7).

public import Basics

/// The terms of a queue's callbacks. Each callback keeps those under which it was promised.
public struct CallbackRules: Codable, Hashable, Sendable {
    /// Who is called first when the turn of a parked contact comes.
    public enum Mode: String, Codable, Hashable, Sendable, CaseIterable {
        /// The customer is called shortly before the turn, and an agent is offered only a customer who has answered.
        case customerFirst = "customer-first"
        /// An agent is offered the parked contact, and once that agent has accepted the customer is called.
        case agentFirst = "agent-first"
    }

    /// What a caller who waits presses for it; nil: only a flow or the API asks for callbacks.
    public var key: String?
    /// It is offered after so many seconds of waiting; nil: only by the expected wait, or at once if that is nil, too.
    public var offerAfterSeconds: Int?
    /// It is offered as soon as more than so many seconds of waiting are expected.
    public var offerWhenExpectedWaitOver: Int?
    public var mode: Mode
    /// L: a customer is called when so many seconds from now an agent can be expected to be free.
    public var leadSeconds: Int
    /// Calls that the customer does not answer before the callback is given up.
    public var attemptsMax: Int
    /// Between two calls.
    public var spacingSeconds: Int
    /// How long the customer's phone rings.
    public var ringSeconds: Int
    /// Outside these hours nobody is called; nil: always open.
    public var hours: HoursID?
    /// A callback that has not come about so long after it was due is given up.
    public var giveUpSeconds: Int
    public var trunk: TrunkID
    /// The number that the customer sees; nil: the trunk's.
    public var callerID: String?
    /// What whoever answers has to press before an agent is asked for, which no machine does; nil: whoever answers is taken for
    /// the customer.
    public var confirmKey: String?
    /// What the numbers that may be called begin with; nil: none may.
    private var numbers: [String]?
    public var allowedPrefixes: [String] {
        get { numbers ?? [] }
        set { numbers = newValue.isEmpty ? nil : newValue }
    }

    /// A time may be wished for at most so far ahead.
    public static let scheduleDaysMax = 30

    public init(
        trunk: TrunkID, key: String? = nil, offerAfterSeconds: Int? = nil, offerWhenExpectedWaitOver: Int? = nil,
        mode: Mode = .customerFirst, leadSeconds: Int = 30, attemptsMax: Int = 3, spacingSeconds: Int = 600,
        ringSeconds: Int = 30, hours: HoursID? = nil, giveUpSeconds: Int = 86_400, callerID: String? = nil,
        allowedPrefixes: [String] = [], confirmKey: String? = nil
    ) {
        self.trunk = trunk
        self.key = key
        self.offerAfterSeconds = offerAfterSeconds
        self.offerWhenExpectedWaitOver = offerWhenExpectedWaitOver
        self.mode = mode
        self.leadSeconds = leadSeconds
        self.attemptsMax = attemptsMax
        self.spacingSeconds = spacingSeconds
        self.ringSeconds = ringSeconds
        self.hours = hours
        self.giveUpSeconds = giveUpSeconds
        self.callerID = callerID
        self.confirmKey = confirmKey
        numbers = allowedPrefixes.isEmpty ? nil : allowedPrefixes
    }

    /// Whether a caller who has waited so long, and is expected to wait so many seconds more, is offered a callback.
    public func isOffered(after waited: Duration, expectedSeconds: Double?) -> Bool {
        if offerAfterSeconds == nil, offerWhenExpectedWaitOver == nil { return true }
        if let seconds = offerAfterSeconds, waited >= .seconds(seconds) { return true }
        guard let seconds = offerWhenExpectedWaitOver, let expectedSeconds else { return false }
        return expectedSeconds > Double(seconds)
    }
}
