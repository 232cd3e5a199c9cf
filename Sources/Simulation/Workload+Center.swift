// The configuration of the center in which a workload is simulated.

public import ACD
internal import Basics
internal import ContactCenter
internal import IVR

/// A simulated agent and when it is there.
struct SimulatedAgent: Hashable, Sendable {
    let id: AgentID
    let device: DeviceID
    var skills = AgentSkills()
    /// Places in `Workload.queues`.
    var queues: [Int]
    /// Whether it is there, one value for each interval as in `Workload`.
    let isThere: [Bool]
    /// Of the configuration, and of no team.
    var isMember = false
    /// It comes and goes by the shifts of a day that was.
    var hasShifts = false
}

extension Workload {
    /// - Parameters:
    ///   - rules: whose queues' rules apply; nil: those of a queue that says nothing, with no wrap-up.
    ///   - hasShifts: the members of the configured queues work by the shifts of a day that was, beside the teams; otherwise
    ///     they work all day, if there are no teams.
    /// - Throws: `WorkloadError`.
    func center(
        rules: CenterConfiguration?, hasShifts: Bool = false
    ) throws(WorkloadError) -> (configuration: CenterConfiguration, agents: [SimulatedAgent]) {
        try check()
        let withMembers = hasShifts || teams.isEmpty
        var agents = teams.isEmpty ? [] : teamAgents
        var compiled: [QueueRules] = []
        for (index, queue) in queues.enumerated() {
            var queueRules = QueueRules(id: queue.id, members: [], wrapUpSeconds: 0)
            if let rules {
                guard let found = rules.queues.first(where: { $0.id == queue.id }) else { throw .unknownQueue(queue.id) }
                queueRules = found
                if withMembers { add(found.members, of: index, from: rules, to: &agents) }
            }
            queueRules.members = (withMembers ? queueRules.members : []) + members(of: queue.id)
            if !queue.require.isEmpty { queueRules.require = queue.require }
            if let strategy = queue.strategy { queueRules.use(strategy) }
            // What callers hear while they wait, and what agents write afterwards, changes nothing of who gets whom.
            queueRules.announceEverySeconds = nil
            queueRules.isDispositionRequired = false
            if let threshold = queue.thresholdSeconds { queueRules.serviceLevelSeconds = threshold }
            let own = agents.filter { $0.queues.contains(index) }
            guard !own.isEmpty else { throw .noAgents(queue.id) }
            // Of a day that was, who could not be served then is a part of it.
            if !hasShifts { try checkSkills(of: queue, queueRules, own) }
            if queue.patience == nil, queueRules.waitSecondsMax == nil {
                try checkLoad(of: queue, agentHours: own.reduce(0) { $0 + agentHours(of: $1.isThere.map { $0 ? 1 : 0 }) })
            }
            compiled.append(queueRules)
        }
        for index in agents.indices where hasShifts && agents[index].isMember { agents[index].hasShifts = true }
        let (flows, numbers) = flowsAndNumbers()
        var configuration = CenterConfiguration(
            version: "simulated", queues: compiled,
            agents: agents.map { AgentRules(id: $0.id, devices: [$0.device], skills: $0.skills) }, flows: flows,
            numbers: numbers)
        configuration.priorities = rules?.priorities ?? []
        return (configuration, agents)
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
                        id: member.agent, device: device, skills: known.skills, queues: [queue], isThere: [true],
                        isMember: true))
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
        case .linear, .roundRobin, .lastOffered, .longestIdle, .fewestCalls, .leastTalkTime, .random, .weightedRandom,
            .bestSkills:
            ring = .one
        }
    }
}
