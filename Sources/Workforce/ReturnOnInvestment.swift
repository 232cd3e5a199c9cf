// What self-service saves, and when it has paid for itself.

/// S0-28: contacts that a person need not handle, against what that costs in the first year.
public struct ReturnOnInvestment: Hashable, Sendable {
    public static let formula =
        "savings per year = contacts × share × (cost with an agent − cost of self-service); "
        + "first-year cost = one-time + 12 × monthly; net = savings − first-year cost; return = net / first-year cost; "
        + "payback in months = one-time / (savings/12), and with the running cost = one-time / (savings/12 − monthly); "
        + "never, shown as -, where what is divided by is not above 0"

    static let moneyMax = 1e15

    /// Below 0: self-service costs more than an agent.
    public let savingsPerYear: Double
    public let firstYearCost: Double
    /// Of the first year; below 0: a loss.
    public let net: Double
    /// Net for each unit of money spent; nil: nothing is spent.
    public let returnRate: Double?
    /// As usually told: what runs each month is not looked at. nil: never.
    public let paybackMonths: Double?
    /// With what runs each month taken off the savings. nil: never.
    public let paybackMonthsWithRunningCost: Double?

    /// - Parameters:
    ///   - share: of the contacts that need no agent any more, 0 to 1.
    /// - Throws: `notFinite`, `outOfRange`. A loss is an answer and no error.
    public init(
        contactsPerYear: Double, share: Double, costWithAgent: Double, costOfSelfService: Double, oneTimeCost: Double,
        monthlyCost: Double
    ) throws(WorkforceError) {
        let contacts = try contactsPerYear.checked(.contacts, 1, 1e12)
        let share = try share.checked(.share, 0, 1)
        let withAgent = try costWithAgent.checked(.money, 0, 1e9)
        let selfService = try costOfSelfService.checked(.money, 0, 1e9)
        let oneTime = try oneTimeCost.checked(.money, 0, Self.moneyMax)
        let monthly = try monthlyCost.checked(.money, 0, Self.moneyMax)
        savingsPerYear = contacts * share * (withAgent - selfService)
        firstYearCost = oneTime + 12 * monthly
        net = savingsPerYear - firstYearCost
        returnRate = firstYearCost > 0 ? net / firstYearCost : nil
        let savings = savingsPerYear / 12
        paybackMonths = savings > 0 ? oneTime / savings : nil
        paybackMonthsWithRunningCost = savings > monthly ? oneTime / (savings - monthly) : nil
    }
}
