// What a contact center costs each month, and each contact of it.

/// S0-70: everything that is paid, brought to one month.
public struct CostOfOwnership: Hashable, Sendable {
    public static let formula =
        "per month = agents × per agent + minutes × per minute + contacts × per contact + fixed + one-time / months; "
        + "per contact = per month / contacts"

    public static let monthsMax = 600

    /// What is paid for, each line in money.
    public struct Prices: Hashable, Sendable {
        public var perAgent: Double
        public var perMinute: Double
        public var perContact: Double
        /// Each month, whatever happens.
        public var fixed: Double
        /// Paid once, spread over `months`.
        public var oneTime: Double
        public var months: Int

        public init(
            perAgent: Double = 0, perMinute: Double = 0, perContact: Double = 0, fixed: Double = 0, oneTime: Double = 0,
            months: Int = 36
        ) {
            self.perAgent = perAgent
            self.perMinute = perMinute
            self.perContact = perContact
            self.fixed = fixed
            self.oneTime = oneTime
            self.months = months
        }
    }

    public let perMonth: Double
    public let perContact: Double
    public let perAgent: Double
    /// The parts of `perMonth`, in the order of the formula.
    public let forAgents: Double
    public let forMinutes: Double
    public let forContacts: Double
    public let fixed: Double
    public let oneTimeSpread: Double

    /// - Parameters:
    ///   - contactsPerMonth: at least 1.
    ///   - minutesPerMonth: of telephony.
    /// - Throws: `notFinite`, `outOfRange`.
    public init(
        agents: Int, contactsPerMonth: Double, minutesPerMonth: Double = 0, prices: Prices
    ) throws(WorkforceError) {
        let agents = Double(try agents.checked(.agents, 1, Traffic.serversMax))
        let contacts = try contactsPerMonth.checked(.contacts, 1, 1e12)
        let minutes = try minutesPerMonth.checked(.minutes, 0, 1e12)
        forAgents = agents * (try prices.perAgent.checked(.money, 0, 1e9))
        forMinutes = minutes * (try prices.perMinute.checked(.money, 0, 1e9))
        forContacts = contacts * (try prices.perContact.checked(.money, 0, 1e9))
        fixed = try prices.fixed.checked(.money, 0, ReturnOnInvestment.moneyMax)
        let months = try prices.months.checked(.months, 1, Self.monthsMax)
        oneTimeSpread = try prices.oneTime.checked(.money, 0, ReturnOnInvestment.moneyMax) / Double(months)
        perMonth = forAgents + forMinutes + forContacts + fixed + oneTimeSpread
        perContact = perMonth / contacts
        perAgent = perMonth / agents
    }
}
