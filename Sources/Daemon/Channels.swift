// `switchboard channels`: how many channels the trunks need.

import ArgumentParser
import Workforce

struct Channels: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Works out how many trunk channels the busiest hour needs.")

    @Option(help: "Calls in the busiest hour.")
    var callsPerHour: Double

    @Option(help: "How long a call takes on average, in seconds.")
    var aht: Double

    @Option(help: "Room for peaks, as a factor on the calls that are up at once.")
    var headroom = TrunkChannels.headroomUsual

    @Option(help: "The share of calls that may find every channel taken; adds the channels by Erlang B.")
    var blocking: Double?

    @OptionGroup var answer: AnswerOptions

    func run() throws {
        let plan = try checked { () throws(WorkforceError) in
            try TrunkChannels(
                traffic: try Traffic(callsPerHour: callsPerHour, handleSeconds: aht), headroom: headroom,
                blockingMax: blocking)
        }
        var rows: [(name: String, value: Double?)] = [
            ("concurrent", plan.concurrent), ("channels", Double(plan.channels)), ("blocking", plan.blocking),
        ]
        if let channels = plan.channelsForBlocking { rows.append(("channels_by_blocking", Double(channels))) }
        try answer.show(rows, formulas: [TrunkChannels.formula])
    }
}
