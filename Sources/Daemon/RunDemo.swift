// `switchboard demo`: a house with simulated callers and agents, to be watched.

import ArgumentParser
import Demo

struct RunDemo: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "demo", abstract: "Runs a house with simulated callers and agents that call over real SIP and RTP.")

    @Option(help: "The demo's folder; what an earlier demo left in it is removed.")
    var state = ".state/demo"

    @Option(help: "Where the demo's house speaks SIP, on this machine only.")
    var sipPort = 5060

    @Option(help: "Where the demo's house answers HTTP, on this machine only.")
    var httpPort = 8080

    @Option(help: "The first of its 2,000 ports for RTP, even; behind them one for browsers.")
    var rtpPort = 20_000

    @Option(help: "The same seed gives the same callers.")
    var seed: UInt64 = 1

    @Option(help: "The mean time between two calls, in seconds.")
    var every = 6.5

    @Option(help: "How long to run, in seconds; default: until Ctrl-C.")
    var seconds: Int?

    func validate() throws {
        guard every >= 0.5, every <= 3600 else { throw ValidationError("--every takes 0.5 to 3600 seconds") }
        guard seconds.map({ (1...86_400).contains($0) }) ?? true else { throw ValidationError("--seconds takes 1 to 86400") }
    }

    func run() throws {
        let options = DemoOptions(
            folder: state, sipPort: sipPort, httpPort: httpPort, rtpPort: rtpPort, seed: seed, secondsBetweenCalls: every,
            seconds: seconds)
        let status = MainActor.assumeIsolated { Demo(options).run() }
        if status != 0 { throw ExitCode(status) }
    }
}
