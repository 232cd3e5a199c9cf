// Scripts/bench routing: how long the rules take for one decision, explain record included, and what a waiting contact costs.

import ACD
import Basics
import ContactCenter
import Foundation
import Glibc
import IVR

/// With `--cpu` the processor's time of this thread: for a look on a machine that does other things, too.
let clock = CommandLine.arguments.contains("--cpu") ? CLOCK_THREAD_CPUTIME_ID : CLOCK_MONOTONIC

func microseconds() -> Double {
    var time = timespec()
    clock_gettime(clock, &time)
    return Double(time.tv_sec) * 1e6 + Double(time.tv_nsec) / 1e3
}

/// A center under a clock of its own.
struct Bench {
    private(set) var center = Center()
    private(set) var now = Instant(seconds: 1_790_000_000)
    private(set) var commands: [Command] = []
    private var lastLeg: UInt64 = 1

    /// Performs the event and says how long that took, in microseconds.
    @discardableResult
    mutating func measure(_ event: Event) -> Double {
        now += .milliseconds(1)
        commands.removeAll(keepingCapacity: true)
        let began = microseconds()
        center.handle(event, at: now, into: &commands)
        return microseconds() - began
    }

    mutating func call(_ number: String) -> (leg: LegID, microseconds: Double) {
        lastLeg += 2
        let leg = LegID(rawValue: lastLeg)
        let arrival = Arrival(leg: leg, number: number, caller: "caller", trunk: "carrier", channel: 1)
        return (leg, measure(.callArrived(arrival)))
    }

    mutating func signIn(_ agent: AgentID) {
        measure(.deviceRegistered(DeviceID(agent.rawValue + "-desk")))
        measure(.presenceRequested(agent, .available))
    }

    mutating func beginPreparation() -> Center { center.beginPreparation() }

    mutating func keep(_ prepared: PreparedConfiguration) -> Double {
        let began = microseconds()
        center.keep(prepared)
        return microseconds() - began
    }

    mutating func letGo() { _ = center.takeReplaced() }

    /// The leg that the last event has let ring.
    var rung: LegID? {
        for case .ring(let ring) in commands { return ring.leg }
        return nil
    }
}

/// What the center is made of.
struct Workload {
    var queues: Int
    var agents: Int
    var queuesPerAgent: Int

    func queue(_ number: Int) -> QueueID { QueueID("queue-\(number)") }
    func agent(_ number: Int) -> AgentID { AgentID("agent-\(number)") }

    /// Two skills are required; every second agent has both, and after an hour everybody will do.
    func configuration(version: String = "bench") -> CenterConfiguration {
        let require = [
            RequirementStep(.all([.skill("french", .atLeast, 50), .skill("billing", .atLeast, 20)])),
            RequirementStep(.anybody, afterSeconds: 3600),
        ]
        var members = [[QueueRules.Member]](repeating: [], count: queues)
        for number in 0..<agents {
            for place in 0..<queuesPerAgent { members[(number + place) % queues].append(.init(agent: agent(number))) }
        }
        let rules = members.enumerated().map { number, members in
            var rules = QueueRules(
                id: queue(number), members: members, keys: Strategy.bestSkills.keys, wrapUpSeconds: 0,
                announceEverySeconds: nil)
            rules.require = require
            return rules
        }
        return CenterConfiguration(
            version: version, queues: rules,
            agents: (0..<agents).map { number in
                let grades = [
                    AgentSkills.Grade(skill: "french", grade: number % 2 == 0 ? 60 + number % 40 : 10),
                    AgentSkills.Grade(skill: "billing", grade: 20 + number % 70),
                ]
                return AgentRules(
                    id: agent(number), devices: [DeviceID(agent(number).rawValue + "-desk")],
                    skills: AgentSkills(grades: grades))
            },
            flows: (0..<queues).map { number in
                Flow(
                    id: FlowID("flow-\(number)"), start: "queue",
                    nodes: [Node(id: "queue", action: .queue(EnterQueue(queue: queue(number))))])
            },
            numbers: (0..<queues).map { NumberRules(number: "\($0)", flow: FlowID("flow-\($0)")) })
    }
}

struct Times {
    var values: [Double] = []

    func quantile(_ share: Double) -> Double {
        let sorted = values.sorted()
        guard !sorted.isEmpty else { return .nan }
        return sorted[min(sorted.count - 1, Int(Double(sorted.count) * share))]
    }
}

/// Memory of this process that is in use now.
func residentBytes() -> Int {
    guard let file = fopen("/proc/self/statm", "r") else { return 0 }
    defer { fclose(file) }
    var line = [CChar](repeating: 0, count: 200)
    guard fgets(&line, Int32(line.count), file) != nil else { return 0 }
    let numbers = line.prefix { $0 != 0 }.split(separator: 32).map {
        Int(String(decoding: $0.map(UInt8.init), as: UTF8.self)) ?? 0
    }
    return numbers.count > 1 ? numbers[1] * sysconf(Int32(_SC_PAGESIZE)) : 0
}

func row(_ name: String, _ value: Double) {
    let tenths = Int((value * 10).rounded())
    print("\(name): \(tenths / 10).\(tenths % 10)")
    fflush(nil)
}

/// An agent of ten queues hangs up and is offered the next of `waiting` contacts in a hundred queues.
func freed(waiting: Int, samples: Int) -> (times: Times, bytesPerContact: Double) {
    let workload = Workload(queues: 100, agents: 200, queuesPerAgent: 10)
    var bench = Bench()
    bench.measure(.configurationApplied(workload.configuration()))
    bench.signIn(workload.agent(0))
    _ = bench.call("0")
    guard var phone = bench.rung else { fatalError("nobody was rung") }
    let before = residentBytes()
    for number in 0..<waiting { _ = bench.call("\(number % workload.queues)") }
    let bytes = Double(residentBytes() - before) / Double(waiting)
    var times = Times()
    for _ in 0..<samples {
        bench.measure(.legAnswered(phone))
        times.values.append(bench.measure(.legEnded(phone)))
        guard let next = bench.rung else { fatalError("nobody was rung") }
        phone = next
        _ = bench.call("\(times.values.count % workload.queuesPerAgent)")
    }
    return (times, bytes)
}

/// A contact that needs two skills arrives while `agents` are idle, each of them in ten queues.
func arrival(agents: Int, samples: Int) -> Times {
    let workload = Workload(queues: 10, agents: agents, queuesPerAgent: 10)
    var bench = Bench()
    bench.measure(.configurationApplied(workload.configuration()))
    for number in 0..<agents { bench.signIn(workload.agent(number)) }
    var times = Times()
    for sample in 0..<samples {
        let (leg, microseconds) = bench.call("\(sample % workload.queues)")
        guard bench.rung != nil else { fatalError("nobody was rung") }
        times.values.append(microseconds)
        bench.measure(.legEnded(leg))
    }
    return times
}

/// A configuration of 5,000 agents in ten queues each takes the place of another, in which every queue and every agent is
/// different, while 10,000 contacts wait.
func reload(samples: Int) -> (whole: Times, turn: Times) {
    let workload = Workload(queues: 100, agents: 5000, queuesPerAgent: 10)
    var bench = Bench()
    bench.measure(.configurationApplied(workload.configuration()))
    for number in 0..<5000 { bench.signIn(workload.agent(number)) }
    for number in 0..<15_000 { _ = bench.call("\(number % workload.queues)") }
    var whole = Times(), turns = Times()
    for sample in 0..<samples {
        var configuration = workload.configuration(version: "bench-\(sample)")
        for index in configuration.queues.indices {
            configuration.queues[index].wrapUpSeconds = sample + 1
            configuration.queues[index].members.reverse()
        }
        for index in configuration.agents.indices {
            let grades = configuration.agents[index].skills.grades.map { grade in
                AgentSkills.Grade(skill: grade.skill, grade: min(100, grade.grade + 1 + sample % 2))
            }
            configuration.agents[index].skills = AgentSkills(grades: grades)
        }
        let began = microseconds()
        let copy = bench.beginPreparation()
        var longest = microseconds() - began
        let prepared = copy.prepare(configuration)
        longest = max(longest, bench.keep(prepared))
        longest = max(longest, bench.measure(.configurationApplied(configuration)))
        longest = max(longest, bench.measure(.deadlinesPassed))
        turns.values.append(longest)
        bench.letGo()
        whole.values.append(microseconds() - began)
    }
    return (whole, turns)
}

/// What a snapshot of `waiting` contacts costs: its encoding, which is a worker's, and the turns after its copy was taken,
/// in which the loop copies each page that it touches.
func snapshot(waiting: Int, samples: Int) throws -> (encoding: Times, restoring: Times, turns: Times, bytes: Int) {
    let workload = Workload(queues: 100, agents: 200, queuesPerAgent: 10)
    var bench = Bench()
    bench.measure(.configurationApplied(workload.configuration()))
    bench.signIn(workload.agent(0))
    _ = bench.call("0")
    guard var phone = bench.rung else { fatalError("nobody was rung") }
    for number in 0..<waiting { _ = bench.call("\(number % workload.queues)") }
    var encoding = Times(), restoring = Times(), turns = Times(), bytes = 0
    for _ in 0..<samples {
        let copy = bench.center
        for _ in 0..<50 {
            turns.values.append(bench.measure(.legAnswered(phone)))
            turns.values.append(bench.measure(.legEnded(phone)))
            guard let next = bench.rung else { fatalError("nobody was rung") }
            phone = next
            turns.values.append(bench.call("\(turns.values.count % workload.queuesPerAgent)").microseconds)
        }
        let began = microseconds()
        let packed = try copy.packed()
        encoding.values.append(microseconds() - began)
        bytes = packed.count
        let restarted = microseconds()
        guard try Center(packed: packed).contacts.count == copy.contacts.count else { fatalError("contacts are missing") }
        restoring.values.append(microseconds() - restarted)
    }
    return (encoding, restoring, turns, bytes)
}

@main
struct RoutingBench {
    /// With `--only NAME` that one alone.
    private static func isWanted(_ name: String) -> Bool {
        let arguments = CommandLine.arguments
        guard let option = arguments.firstIndex(of: "--only"), option + 1 < arguments.count else { return true }
        return arguments[option + 1] == name
    }

    static func main() throws {
        let isQuick = CommandLine.arguments.contains("--quick")
        if isWanted("decisions") { decisions(samples: isQuick ? 2000 : 20_000) }
        if isWanted("reload") {
            let reloads = reload(samples: isQuick ? 3 : 10)
            row("reload_ms@5000_agents", reloads.whole.quantile(0.5) / 1000)
            row("reload_longest_turn_ms", (reloads.turn.values.max() ?? .nan) / 1000)
        }
        if isWanted("snapshot") { try snapshots(samples: isQuick ? 2 : 10) }
    }

    private static func decisions(samples: Int) {
        let small = freed(waiting: 10_000, samples: samples)
        row("freed_decision_us_p50", small.times.quantile(0.5))
        row("freed_decision_us_p99", small.times.quantile(0.99))
        let arrivals = arrival(agents: 10_000, samples: samples)
        row("arrival_decision_us_p50", arrivals.quantile(0.5))
        row("arrival_decision_us_p99", arrivals.quantile(0.99))
        let large = freed(waiting: 100_000, samples: samples)
        row("freed_decision_us_p50@100000_waiting", large.times.quantile(0.5))
        row("growth_10k_to_100k_waiting", large.times.quantile(0.5) / small.times.quantile(0.5))
        row("bytes_per_waiting_contact", large.bytesPerContact)
    }

    private static func snapshots(samples: Int) throws {
        let snapshots = try snapshot(waiting: 10_000, samples: samples)
        row("snapshot_ms@10000_contacts", snapshots.encoding.quantile(0.5) / 1000)
        row("snapshot_first_ms@10000_contacts", snapshots.encoding.values[0] / 1000)
        row("snapshot_bytes@10000_contacts", Double(snapshots.bytes))
        row("snapshot_restore_ms@10000_contacts", snapshots.restoring.quantile(0.5) / 1000)
        row("loop_pause_after_snapshot_us_max@10000_contacts", snapshots.turns.quantile(1))
        row("loop_pause_after_snapshot_us_p50@10000_contacts", snapshots.turns.quantile(0.5))
    }
}
