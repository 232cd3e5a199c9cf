// The day by which the speed of the simulation is measured.

internal import Basics

extension Workload {
    /// 20,000 contacts in ten hours for 100 agents, each of whom serves three of ten queues.
    public static var reference: Workload {
        let queues = (0..<10).map { QueueID("queue-\($0)") }
        return Workload(
            queues: queues.map {
                Queue(
                    id: $0, callsPerHour: [200], handle: .logNormal(mean: 160, variation: 0.8),
                    patience: .exponential(mean: 180))
            },
            teams: queues.indices.map { index in
                Team(
                    name: "team-\(index)", agents: [10],
                    queues: [queues[index], queues[(index + 1) % 10], queues[(index + 2) % 10]])
            }, intervals: 20, answer: .exponential(mean: 2))
    }
}
