// `switchboard roi`: what self-service saves, and when it has paid for itself.

import ArgumentParser
import Workforce

struct Roi: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Works out what self-service saves in the first year, and when it is paid back.")

    @Option(help: "Contacts in a year.")
    var contacts: Double

    @Option(help: "The share of them that needs no agent any more.")
    var share: Double

    @Option(help: "What a contact costs with an agent.")
    var agentCost: Double

    @Option(help: "What a contact costs by self-service.")
    var selfServiceCost: Double

    @Option(help: "What is paid once.")
    var oneTime: Double

    @Option(help: "What is paid each month.")
    var monthly = 0.0

    @OptionGroup var answer: AnswerOptions

    func run() throws {
        let plan = try checked { () throws(WorkforceError) in
            try ReturnOnInvestment(
                contactsPerYear: contacts, share: share, costWithAgent: agentCost, costOfSelfService: selfServiceCost,
                oneTimeCost: oneTime, monthlyCost: monthly)
        }
        try answer.show(
            [
                ("savings_per_year", plan.savingsPerYear), ("first_year_cost", plan.firstYearCost), ("net", plan.net),
                ("return", plan.returnRate), ("payback_months", plan.paybackMonths),
                ("payback_months_with_running_cost", plan.paybackMonthsWithRunningCost),
            ], formulas: [ReturnOnInvestment.formula])
    }
}
