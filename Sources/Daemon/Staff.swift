// `switchboard staff`: how many agents a service level takes.

import ArgumentParser
import Workforce

struct Staff: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Works out how many agents are needed, by Erlang C, or by Erlang A where callers lose patience.",
        discussion: """
            Prints agents, pw (share of callers that wait), sl (share of calls answered in time), asa_s (mean wait of all \
            callers), asa_answered_s (of those answered), occupancy, abandon and positions (with shrinkage).
            """)

    @Option(help: "Calls that come in an hour.")
    var callsPerHour: Double

    @Option(help: "Average handling time in seconds: talk, hold and wrap-up.")
    var aht: Double

    @Option(help: "The share of calls to be answered in time.")
    var target = 0.8

    @Option(help: "In time is within so many seconds.")
    var within = 20.0

    @Option(help: "What so many agents give; default: the fewest that reach the target.")
    var agents: Int?

    @Option(help: "The mean patience of callers in seconds; default: nobody hangs up (Erlang C).")
    var patience: Double?

    @Option(help: "The share of paid time in which an agent takes no calls.")
    var shrinkage = 0.0

    @OptionGroup var answer: AnswerOptions

    func run() throws {
        let plan = try checked { () throws(WorkforceError) in
            try Staffing(
                traffic: try Traffic(callsPerHour: callsPerHour, handleSeconds: aht), target: target, within: within,
                agents: agents, patienceSeconds: patience, shrinkage: shrinkage)
        }
        try answer.show(
            [
                ("agents", Double(plan.agents)), ("pw", plan.waitProbability), ("sl", plan.serviceLevel),
                ("asa_s", plan.meanWaitSeconds), ("asa_answered_s", plan.meanWaitOfAnsweredSeconds),
                ("occupancy", plan.occupancy), ("abandon", plan.abandonProbability), ("positions", Double(plan.positions)),
            ], formulas: ["\(plan.model.rawValue): \(plan.model.formula)", Staffing.shrinkageFormula])
    }
}
