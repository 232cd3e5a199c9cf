// A reload of a house with 5,000 agents, from the files to the rules.

import ACD
import Basics
import ContactCenter
import Foundation
import MainLoop
import SiteConfiguration

struct ReloadBench {
    static let agents = 5000
    static let queues = 100
    static let queuesPerAgent = 10

    let folder: String

    func run() throws {
        try write(wrapUpSeconds: 10)
        let (atFirst, first) = try compiled()
        var center = Center(), commands: [Command] = []
        var now = Instant(seconds: 1_790_000_000)
        center.handle(.configurationApplied(first), at: now, into: &commands)
        for agent in first.agents {
            for device in agent.devices { center.handle(.deviceRegistered(device), at: now, into: &commands) }
            center.handle(.presenceRequested(agent.id, .available), at: now, into: &commands)
        }
        var running = atFirst
        var wholes: [Double] = [], preparations: [Double] = [], differences: [Double] = [], longest = 0.0
        for sample in 0..<(isQuick ? 2 : 5) {
            try write(wrapUpSeconds: 20 + sample)
            now += .seconds(1)
            let began = MonotonicClock.now
            // A worker's: reading, compiling, preparing.
            let (configuration, new) = try compiled()
            let copied = MonotonicClock.now
            let prepared = center.beginPreparation().prepare(new)
            preparations.append(seconds(since: copied) * 1000)
            // The loop's.
            let turn = MonotonicClock.now
            center.keep(prepared)
            commands.removeAll(keepingCapacity: true)
            center.handle(.configurationApplied(new), at: now, into: &commands)
            longest = max(longest, seconds(since: turn) * 1000)
            wholes.append(seconds(since: began) * 1000)
            _ = center.takeReplaced()
            // For the log, behind it.
            let compared = MonotonicClock.now
            guard SiteConfiguration.difference(from: running, to: configuration).count == Self.queues else {
                throw Failure.findings(["not every queue has changed"])
            }
            differences.append(seconds(since: compared) * 1000)
            running = configuration
        }
        row("reload_from_files_ms@5000_agents", wholes.sorted()[wholes.count / 2])
        row("reload_from_files_preparation_ms@5000_agents", preparations.sorted()[preparations.count / 2])
        row("reload_from_files_turn_ms@5000_agents", longest)
        row("reload_difference_ms@5000_agents", differences.sorted()[differences.count / 2])
    }

    private enum Failure: Error { case findings([String]) }

    private func compiled() throws -> (SiteConfiguration, CenterConfiguration) {
        let loaded = SiteConfiguration.load(folder: folder, missing: .willBeMade)
        let errors = loaded.findings.filter { $0.severity == .error }
        guard errors.isEmpty else { throw Failure.findings(errors.map(\.description)) }
        return (loaded.configuration, loaded.configuration.compile(now: Instant(seconds: 1_790_000_000)))
    }

    private func write(wrapUpSeconds: Int) throws {
        let flows = URL(fileURLWithPath: folder + "/flows")
        try FileManager.default.createDirectory(at: flows, withIntermediateDirectories: true)
        var agents = "agents:\n", members = [[Int]](repeating: [], count: Self.queues)
        for agent in 0..<Self.agents {
            agents += "  agent-\(agent):\n    skills: {french: \(10 + agent % 90), billing: \(20 + agent % 70)}\n"
            agents += "    devices: {agent-\(agent)-desk: {ha1: file:secrets/agent-\(agent)}}\n"
            for place in 0..<Self.queuesPerAgent { members[(agent + place) % Self.queues].append(agent) }
        }
        var queues = "queues:\n"
        for (number, members) in members.enumerated() {
            queues += "  queue-\(number):\n    wrap_up_seconds: \(wrapUpSeconds)\n    strategy: best-skills\n"
            queues +=
                "    require: [\"skill(french) >= 50 and skill(billing) >= 20\", {expression: any, after_seconds: 3600}]\n"
            queues += "    members: [\(members.map { "agent-\($0)" }.joined(separator: ", "))]\n"
        }
        let files = [
            "site.yaml": "time_zone: Europe/Berlin\n",
            "trunks.yaml": "trunks:\n  carrier:\n    peer: 192.0.2.1:5060\n",
            "numbers.yaml": "numbers:\n  \"100\": {flow: main}\n",
            "hours.yaml": "hours:\n  office:\n    monday: [\"09:00-17:00\"]\n",
            "skills.yaml": "skills: {french: French, billing: Billing}\n", "agents.yaml": agents, "queues.yaml": queues,
            "flows/main.yaml": "start: queue\nnodes:\n  queue: {do: queue, queue: queue-0}\n",
        ]
        for (name, text) in files { try text.write(toFile: folder + "/" + name, atomically: true, encoding: .utf8) }
    }
}
