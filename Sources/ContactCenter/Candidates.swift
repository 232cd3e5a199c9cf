// What a queue's keys compare, read from the agents as they are now.

import ACD
import Basics

/// Reads what queues compare, of agents as they are now.
struct Candidates {
    let agents: WatchedMap<AgentID, Agent>
    let queues: PagedMap<QueueID, WaitingQueue>

    func candidate(_ id: AgentID, on seat: RoutingIndex.Seat) -> Candidate? {
        candidate(id, of: seat.queue, level: seat.level, order: seat.order, skillFit: seat.skillFit)
    }

    func candidate(_ id: AgentID, of queue: QueueID, level: Int, order: Int, skillFit: Int) -> Candidate? {
        agents.look(at: id) { agent in
            var candidate = Candidate(
                agent: id, level: level, idleSince: agent.idleSince, answered: agent.answered, order: order)
            let workload = agent.workload
            if workload > 0 { candidate.workload = workload }
            queues.look(at: queue) { queue in
                for key in queue.rules.keys {
                    switch key {
                    case .bestSkills: candidate.skillFit = skillFit
                    case .leastTalkTime: candidate.talked = agent.talked
                    case .lastOffered: candidate.lastOffer = queue.lastOffer(to: id)
                    case .level, .longestIdle, .fewestCalls, .order, .roundRobin, .random, .weightedRandom: break
                    }
                }
            }
            return candidate
        }
    }
}
