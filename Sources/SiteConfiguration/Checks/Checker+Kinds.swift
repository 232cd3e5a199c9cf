// Checks what work there is, and that somebody has room for it.

internal import ACD
internal import Basics

extension Checker {
    /// Calls are there in any case.
    private func kind(_ id: WorkKindID) -> WorkKind? {
        configuration.routing.kinds.first { $0.rules.id == id }?.compiled ?? (id == .call ? .call : nil)
    }

    mutating func checkKinds() {
        let capacityMax = configuration.agents.map(\.limits.capacity).max() ?? AgentLimits.capacityUsual
        for kind in configuration.routing.kinds {
            let path = Path("routing.yaml", "kinds", kind.name)
            checkChannel(of: kind, at: path)
            for (index, other) in kind.rules.interruptedBy.enumerated() {
                checkReference(other.rawValue, among: kinds, at: path / "interrupted_by" / index)
                guard other == kind.rules.id else { continue }
                reading.error(
                    "kind `\(kind.name)` would come on top of itself without end", at: path / "interrupted_by" / index,
                    mend: "remove `\(kind.name)` from the list, or write a smaller `weight`")
            }
            if let weight = kind.rules.weight, weight > capacityMax {
                reading.error(
                    "a piece of `\(kind.name)` takes \(weight) units, and no agent has more than \(capacityMax)",
                    at: path / "weight", mend: "write at most \(capacityMax), or give an agent more `capacity` in agents.yaml")
            }
            if let concurrency = kind.rules.concurrency { check(concurrency, of: kind, at: path / "concurrency") }
        }
        for agent in configuration.agents { checkLimits(of: agent) }
        for queue in configuration.queues { checkKinds(of: queue) }
    }

    private mutating func checkChannel(of kind: KindSettings, at path: Path) {
        if kind.rules.id == .call {
            guard let channel = kind.channel, channel != .voice else { return }
            reading.error(
                "calls come over voice, and not over \(channel.rawValue)", at: path / "channel",
                mend: "remove the line, or give the kind another name")
        } else if kind.channel == nil {
            reading.error(
                "kind `\(kind.name)` has no channel", at: path,
                mend: "add `channel:` with one of chat, message, email, ticket")
        } else if kind.channel == .voice {
            reading.error(
                "only `\(WorkKindID.call)` comes over voice", at: path / "channel",
                mend: "write one of chat, message, email, ticket")
        }
    }

    private mutating func check(_ concurrency: WorkKind.Concurrency, of kind: KindSettings, at path: Path) {
        if concurrency.least > concurrency.most {
            reading.error(
                "the least number of `\(kind.name)` is \(concurrency.least) and the most \(concurrency.most)",
                at: path / "least", mend: "write at most \(concurrency.most)")
        }
        if concurrency.lowerAtWaiting > concurrency.raiseAtWaiting {
            reading.error(
                "`\(kind.name)` would be raised and lowered at once, and go up and down for ever",
                at: path / "lower_at_waiting",
                mend: "write at most \(concurrency.raiseAtWaiting); the further apart the two, the calmer")
        }
    }

    private mutating func checkLimits(of agent: AgentSettings) {
        let path = Path("agents.yaml", "agents", agent.id.rawValue)
        for (index, kind) in (agent.limits.kinds ?? []).enumerated() {
            checkReference(kind.rawValue, among: kinds, at: path / "kinds" / index)
            guard let weight = self.kind(kind)?.weight, weight > agent.limits.capacity else { continue }
            reading.error(
                "agent `\(agent.id)` has \(agent.limits.capacity) units, and a piece of `\(kind)` takes \(weight)",
                at: path / "kinds" / index, mend: "give the agent more `capacity`, or remove `\(kind)`")
        }
        for most in agent.limits.most {
            checkReference(most.kind.rawValue, among: kinds, at: path / "most" / most.kind.rawValue)
        }
    }

    private mutating func checkKinds(of queue: QueueSettings) {
        let path = Path("queues.yaml", "queues", queue.id.rawValue)
        if queue.rules.kinds.isEmpty {
            reading.error(
                "queue `\(queue.id)` takes no kind of work", at: path / "kinds", mend: "name one, or remove `kinds:` for calls")
        }
        if queue.rules.callback != nil, !queue.rules.kinds.contains(.call) {
            reading.error(
                "queue `\(queue.id)` calls back and takes no calls", at: path / "callback",
                mend: "add `call` to its `kinds`, or remove `callback:`")
        }
        for (index, id) in queue.rules.kinds.enumerated() {
            let place = path / "kinds" / index
            checkReference(id.rawValue, among: kinds, at: place)
            guard let kind = kind(id), !queue.rules.members.isEmpty else { continue }
            if !queue.rules.members.contains(where: { (limitsOfAgents[$0.agent] ?? AgentLimits()).allows(kind) }) {
                reading.error(
                    "nobody in queue `\(queue.id)` does work of the kind `\(id)`", at: place,
                    mend: "give a member `kinds` and `capacity` for it in agents.yaml")
            }
        }
    }

    /// A flow leads calls, and nothing else, into a queue.
    mutating func checkTakesCalls(_ queue: QueueID, at path: Path) {
        guard let settings = configuration.queues.first(where: { $0.id == queue }),
            !settings.rules.kinds.contains(.call)
        else { return }
        reading.error(
            "queue `\(queue)` takes no calls", at: path, mend: "add `call` to its `kinds`, or lead the call elsewhere")
    }
}
