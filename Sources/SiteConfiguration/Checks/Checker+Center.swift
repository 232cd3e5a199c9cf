// Checks numbers, agents, queues and trunks against each other.

internal import ACD
internal import Basics
internal import ContactCenter
internal import IVR

extension Checker {
    mutating func checkNumbers() {
        for number in configuration.numbers {
            let path = Path("numbers.yaml", "numbers", number.number)
            checkReference(number.flow.rawValue, among: flows, at: path / "flow")
            if let fallback = number.fallback {
                checkReference(fallback.trunk.rawValue, among: trunks, at: path / "fallback" / "trunk")
            } else if number.fallbackNow {
                reading.error(
                    "number `\(number.number)` is to take a fallback and has none", at: path / "fallback_now",
                    mend: "add `fallback:` with a trunk and a number")
            }
            checkRecording(
                number.record, announcement: number.recordAnnouncement, what: "number `\(number.number)`", at: path)
        }
        let used = configuration.numbers.map(\.flow)
        for flow in configuration.flows where !used.contains(flow.id) && !reading.unreadable.contains("numbers.yaml") {
            reading.warning(
                "no number leads to flow `\(flow.id)`", at: Path("\(SiteConfiguration.flowsFolder)/\(flow.id).yaml"),
                mend: "write `flow: \(flow.id)` at a number in numbers.yaml, or remove the file")
        }
    }

    mutating func checkAgents() {
        var owners: [DeviceID: AgentID] = [:]
        // The pages are devices as well, by names that the house makes up.
        for agent in configuration.agents { if let browser = agent.browser { owners[browser] = agent.id } }
        for agent in configuration.agents {
            let path = Path("agents.yaml", "agents", agent.id.rawValue)
            if agent.devices.isEmpty, agent.password == nil {
                reading.error(
                    "agent `\(agent.id)` has no device", at: path,
                    mend: "add `devices:` with the user name of a telephone, or `password:` for the page")
            }
            for device in agent.devices {
                if let owner = owners[device.id] {
                    reading.error(
                        "device `\(device.id)` is `\(owner)`'s already", at: path / "devices" / device.id.rawValue,
                        mend: "give each device a user name of its own, such as `\(agent.id)-\(device.id)`")
                }
                owners[device.id] = agent.id
            }
        }
    }

    /// Such a token may act for one agent only, and would be refused everything without a word.
    mutating func checkTokens() {
        for token in configuration.tokens where token.role == .agent && !agents.contains(token.name) {
            guard !reading.unreadable.contains("agents.yaml") else { return }
            reading.warning(
                "token `\(token.name)` acts for the agent of that name, and there is none",
                at: Path("api.yaml", "tokens", token.name),
                mend: Nearest.mend(for: token.name, among: agents.names, what: "agent"))
        }
    }

    mutating func checkQueues() {
        for queue in configuration.queues {
            let path = Path("queues.yaml", "queues", queue.id.rawValue)
            if queue.rules.members.isEmpty {
                reading.error(
                    "queue `\(queue.id)` has no agents", at: path, mend: "add `members:` with the names of agents")
            }
            var seen: Set<AgentID> = []
            for (index, member) in queue.rules.members.enumerated() {
                checkReference(member.agent.rawValue, among: agents, at: path / "members" / index)
                if !seen.insert(member.agent).inserted, !member.agent.rawValue.isEmpty {
                    reading.error(
                        "agent `\(member.agent)` is twice in queue `\(queue.id)`", at: path / "members" / index,
                        mend: "keep one of them")
                }
            }
            if let music = queue.rules.music { checkFile(music, at: path / "music") }
            checkRecording(queue.record, announcement: queue.recordAnnouncement, what: "queue `\(queue.id)`", at: path)
        }
    }
}
