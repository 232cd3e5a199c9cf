// The configuration of the center in which a workload is simulated.

public import ACD
internal import Basics
internal import ContactCenter
internal import IVR

/// A simulated agent and when it is there.
struct SimulatedAgent: Hashable, Sendable {
    let id: AgentID
    var device: DeviceID
    var skills = AgentSkills()
    var limits: AgentLimits?
    /// Places in `Workload.queues`.
    var queues: [Int]
    /// Whether it is there, one value for each interval as in `Workload`.
    let isThere: [Bool]
    /// Of the configuration, and of no team.
    var isMember = false
    /// It comes and goes by the shifts of a day that was.
    var hasShifts = false

    var rules: AgentRules {
        var rules = AgentRules(id: id, devices: [device], skills: skills)
        rules.limits = limits
        return rules
    }
}

extension Workload {
    /// - Parameters:
    ///   - rules: whose queues' rules apply; nil: those of a queue that says nothing, with no wrap-up.
    ///   - trace: a day that was, by whose shifts the members of the configured queues work, beside the teams; nil: they work
    ///     all day, if there are no teams.
    /// - Throws: `WorkloadError`.
    func center(
        rules: CenterConfiguration?, trace: DayTrace? = nil
    ) throws(WorkloadError) -> (configuration: CenterConfiguration, agents: [SimulatedAgent]) {
        try check()
        let hasShifts = trace != nil
        let withMembers = hasShifts || teams.isEmpty
        let kinds = try kinds(of: rules?.kinds)
        var agents = teams.isEmpty ? [] : teamAgents
        var compiled: [QueueRules] = []
        for (index, queue) in queues.enumerated() {
            var queueRules = QueueRules(id: queue.id, members: [], wrapUpSeconds: 0)
            if !queue.work.isEmpty { queueRules.kinds = [.call] + queue.work.map(\.kind) }
            if let rules {
                guard let found = rules.queues.first(where: { $0.id == queue.id }) else { throw .unknownQueue(queue.id) }
                queueRules = found
                if withMembers { add(found.members, of: index, from: rules, to: &agents) }
            }
            queueRules.members = (withMembers ? queueRules.members : []) + members(of: queue.id)
            try apply(queue, to: &queueRules, isConfigured: rules != nil, isDescribed: !hasShifts)
            let own = agents.filter { $0.queues.contains(index) }
            if hours(of: queue.callsPerHour) > 0 || queue.work.contains(where: { hours(of: $0.perHour) > 0 }) {
                guard !own.isEmpty else { throw .noAgents(queue.id) }
                // Of a day that was, who could not be served then is a part of it.
                if !hasShifts { try checkSkills(of: queue, queueRules, own) }
                if queueRules.waitSecondsMax == nil, !hasShifts {
                    let hours = own.reduce(0) { $0 + agentHours(of: $1.isThere.map { $0 ? 1 : 0 }) }
                    try checkLoad(of: queue, agentHours: hours, kinds: kinds)
                }
            }
            compiled.append(queueRules)
        }
        for index in agents.indices where hasShifts && agents[index].isMember { agents[index].hasShifts = true }
        if hasShifts { try checkAdded(agents, compiled) }
        // Whoever does work that is no call needs a desk, and with the desk calls are answered, too.
        if compiled.contains(where: { $0.kinds != [.call] }) {
            for index in agents.indices { agents[index].device = agents[index].id.browser }
        }
        let (flows, numbers) = flowsAndNumbers(rules: rules)
        var configuration = CenterConfiguration(
            version: "simulated", queues: compiled, agents: agents.map(\.rules), flows: flows, numbers: numbers,
            hours: hasShifts ? rules?.hours ?? [] : rules?.hours.map { OpeningHours(id: $0.id, week: Self.alwaysOpen) } ?? [])
        configuration.priorities = rules?.priorities ?? []
        configuration.kinds = kinds
        return (configuration, agents)
    }

    /// The day that is described is the one on which somebody is there.
    private static let alwaysOpen = [[OpeningHours.Span]](repeating: [OpeningHours.Span(start: 0, end: 86_400)], count: 7)

    private func apply(
        _ queue: Queue, to rules: inout QueueRules, isConfigured: Bool, isDescribed: Bool
    ) throws(WorkloadError) {
        for work in queue.work where !rules.kinds.contains(work.kind) {
            // A day that was had it, whatever the rules say now: it goes where they send it.
            if isDescribed { throw .kindNotTaken(queue.id, work.kind) }
        }
        if !queue.require.isEmpty { rules.require = queue.require }
        if let strategy = queue.strategy { rules.use(strategy) }
        // What callers hear while they wait, and what agents write afterwards, changes nothing of who gets whom.
        rules.announceEverySeconds = nil
        rules.isDispositionRequired = false
        if let threshold = queue.thresholdSeconds { rules.serviceLevelSeconds = threshold }
        if let callbacks = queue.callbacks, callbacks.share > 0, isDescribed {
            if !isConfigured { rules.callback = CallbackRules(trunk: "simulated", key: "1") }
            guard rules.callback?.key != nil else { throw .noCallbacks(queue.id) }
        }
    }

    /// Agents who are added to a day that was shall change something.
    private func checkAdded(_ agents: [SimulatedAgent], _ rules: [QueueRules]) throws(WorkloadError) {
        for agent in agents where !agent.hasShifts {
            for queue in agent.queues where !rules[queue].require.isEmpty {
                let isOfUse = rules[queue].require.contains { step in
                    ([Kind(name: "", share: 0)] + queues[queue].kinds).contains { kind in
                        let requirement = step.requirement.resolved { name in kind.attributes.last { $0.name == name }?.value }
                        return requirement.isMet(by: agent.id, with: agent.skills)
                    }
                }
                if !isOfUse { throw .ofNoUse(queues[queue].id) }
            }
        }
    }

    private var teamAgents: [SimulatedAgent] {
        teams.flatMap { team in
            (0..<(team.agents.max() ?? 0)).map { number in
                let id = agentID(team, number)
                return SimulatedAgent(
                    id: id, device: DeviceID(id.rawValue), skills: team.skills,
                    queues: queues.indices.filter { team.queues.contains(queues[$0].id) },
                    isThere: team.agents.map { number < $0 })
            }
        }
    }

    private func members(of queue: QueueID) -> [QueueRules.Member] {
        teams.filter { $0.queues.contains(queue) }.flatMap { team in
            (0..<(team.agents.max() ?? 0)).map { QueueRules.Member(agent: agentID(team, $0), level: team.level) }
        }
    }

    private func agentID(_ team: Team, _ number: Int) -> AgentID { AgentID("\(team.name)-\(number + 1)") }

    /// Configured agents are there all day, each with the first of its devices.
    private func add(
        _ members: [QueueRules.Member], of queue: Int, from rules: CenterConfiguration, to agents: inout [SimulatedAgent]
    ) {
        for member in members {
            if let index = agents.firstIndex(where: { $0.id == member.agent }) {
                agents[index].queues.append(queue)
            } else if let known = rules.agents.first(where: { $0.id == member.agent }), let device = known.devices.first {
                agents.append(
                    SimulatedAgent(
                        id: member.agent, device: device, skills: known.skills, limits: known.limits, queues: [queue],
                        isThere: [true], isMember: true))
            }
        }
    }
}

extension QueueRules {
    /// Chooses agents, and lets them ring, as the strategy says.
    public mutating func use(_ strategy: Strategy) {
        keys = strategy.keys
        switch strategy {
        case .ringAll: ring = .all
        case .ringProgressively: ring = .progressively(everySeconds: 10)
        case .linear, .roundRobin, .lastOffered, .longestIdle, .leastRecent, .fewestCalls, .fewestCallsOfQueue,
            .leastTalkTime, .random, .weightedRandom, .bestSkills:
            ring = .one
        }
    }
}
