// `switchboard cost`: what the center costs each month, and each contact of it.

import ArgumentParser
import Workforce

struct Cost: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Works out the total cost of ownership for a month, an agent and a contact.")

    @Option(help: "Agents that are paid for.")
    var agents: Int

    @Option(help: "Contacts in a month.")
    var contacts: Double

    @Option(help: "Minutes of telephony in a month.")
    var minutes = 0.0

    @Option(help: "What is paid for each agent and month.")
    var perAgent = 0.0

    @Option(help: "What is paid for each minute.")
    var perMinute = 0.0

    @Option(help: "What is paid for each contact.")
    var perContact = 0.0

    @Option(help: "What is paid each month, whatever happens.")
    var fixed = 0.0

    @Option(help: "What is paid once, spread over --months.")
    var oneTime = 0.0

    @Option(help: "The months over which --one-time is spread.")
    var months = 36

    @OptionGroup var answer: AnswerOptions

    func run() throws {
        let plan = try checked { () throws(WorkforceError) in
            try CostOfOwnership(
                agents: agents, contactsPerMonth: contacts, minutesPerMonth: minutes,
                prices: CostOfOwnership.Prices(
                    perAgent: perAgent, perMinute: perMinute, perContact: perContact, fixed: fixed, oneTime: oneTime,
                    months: months))
        }
        try answer.show(
            [
                ("per_month", plan.perMonth), ("per_contact", plan.perContact), ("per_agent", plan.perAgent),
                ("for_agents", plan.forAgents), ("for_minutes", plan.forMinutes), ("for_contacts", plan.forContacts),
                ("fixed", plan.fixed), ("one_time_per_month", plan.oneTimeSpread),
            ], formulas: [CostOfOwnership.formula])
    }
}
