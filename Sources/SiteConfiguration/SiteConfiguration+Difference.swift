// Compares two configurations by the same tables by which they are read.

internal import ACD
internal import Basics
internal import ContactCenter
internal import IVR

extension SiteConfiguration {
    /// Everything that differs, in the order of the files, and whom it touches.
    public static func difference(from old: SiteConfiguration, to new: SiteConfiguration) -> [Change] {
        // Only where one has changed; to search all queues for each of thousands of agents would take minutes.
        lazy var queuesOfAgents = queuesByAgent(old, new)
        lazy var membersOfQueues = Dictionary(grouping: old.queues + new.queues, by: \.id)
        var changes = settings("site", SiteSettings.schema, old.site, new.site) { setting in
            (setting == "phrases" ? new.queues.map { "queue \($0.id)" } : [], setting == "state" || setting == "log")
        }.filter { !$0.isOf(setting: "limits") }
        let (limits, newLimits) = (old.site.limits, new.site.limits)
        changes += settings("limits", SiteSettings.Limits.schema, limits, newLimits) { setting in
            ([], setting == "unsaved_turns_max" || setting == "calls_max" && newLimits.callsMax > limits.callsMax)
        }
        changes += settings("sip", ListenerSettings.SIP.schema, old.listeners.sip, new.listeners.sip) { setting in
            let devices = new.agents.flatMap(\.devices).map { "device \($0.id)" }
            return (setting == "realm" ? devices : [], true)
        }
        changes += settings("rtp", ListenerSettings.RTP.schema, old.listeners.rtp, new.listeners.rtp) { _ in ([], true) }
        changes += settings("webrtc", ListenerSettings.WebRTC.schema, old.listeners.webrtc, new.listeners.webrtc) { _ in
            ([], true)
        }
        let (http, newHTTP) = (old.listeners.http, new.listeners.http)
        changes += settings("http", ListenerSettings.HTTP.schema, http, newHTTP) { setting in
            ([], setting != "tls" || (http.tls == nil) != (newHTTP.tls == nil))
        }
        changes += entries("token", TokenSettings.schema, old.tokens, new.tokens, name: \.name) { _ in [] }
        changes += entries("trunk", TrunkSettings.schema, old.trunks, new.trunks, name: \.id.rawValue) { trunk in
            old.users(of: trunk.id) + new.users(of: trunk.id)
        }
        changes += entries("number", NumberSettings.schema, old.numbers, new.numbers, name: \.number) { number in
            ["flow \(number.flow)"]
        }
        changes += entries("agent", AgentSettings.schema, old.agents, new.agents, name: \.id.rawValue) { agent in
            queuesOfAgents[agent.id] ?? []
        }
        changes += entries("queue", QueueSettings.schema, old.queues, new.queues, name: \.id.rawValue) { queue in
            let members = (membersOfQueues[queue.id] ?? []).flatMap(\.rules.members)
            return members.map { "agent \($0.agent)" } + old.flows(to: queue.id) + new.flows(to: queue.id)
        }
        changes += entries("hours", HoursSettings.schema, old.hours, new.hours, name: \.id.rawValue) { hours in
            old.flows(asking: hours.id) + new.flows(asking: hours.id)
        }
        changes += settings("dispositions", DispositionSettings.schema, old.dispositions, new.dispositions) { _ in ([], false) }
        changes += settings("skills", SkillSettings.schema, old.skills, new.skills) { _ in
            (new.queues.filter { !$0.require.isEmpty }.map { "queue \($0.id)" }, false)
        }
        changes += settings("routing", RoutingSettings.schema, old.routing, new.routing) { _ in ([], false) }
        changes += settings("recordings", RecordingSettings.schema, old.recordings, new.recordings) { _ in ([], false) }
        return changes + flows(from: old, to: new)
    }

    private static func settings<T>(
        _ subject: String, _ schema: Schema<T>, _ old: T, _ new: T, effect: (String) -> (touches: [String], needsRestart: Bool)
    ) -> [Change] {
        schema.fields.compactMap { field in
            let (before, after) = (field.write(old), field.write(new))
            guard before != after else { return nil }
            let (touches, needsRestart) = effect(field.name)
            return Change(
                subject: subject, kind: .changed(setting: field.name, from: before, to: after), touches: unique(touches),
                needsRestart: needsRestart)
        }
    }

    private static func entries<T: Equatable>(
        _ what: String, _ schema: Schema<T>, _ old: [T], _ new: [T], name: (T) -> String, touches: (T) -> [String]
    ) -> [Change] {
        let before = Dictionary(old.map { (name($0), $0) }, uniquingKeysWith: { first, _ in first })
        let after = Dictionary(new.map { (name($0), $0) }, uniquingKeysWith: { first, _ in first })
        var changes: [Change] = []
        for entry in old where after[name(entry)] == nil {
            changes.append(Change(subject: "\(what) \(name(entry))", kind: .removed, touches: unique(touches(entry))))
        }
        for entry in new {
            guard let former = before[name(entry)] else {
                changes.append(Change(subject: "\(what) \(name(entry))", kind: .added, touches: unique(touches(entry))))
                continue
            }
            guard former != entry else { continue }
            changes += settings("\(what) \(name(entry))", schema, former, entry) { _ in
                (touches(former) + touches(entry), false)
            }
        }
        return changes
    }

    private static func flows(from old: SiteConfiguration, to new: SiteConfiguration) -> [Change] {
        func numbers(_ flow: FlowID) -> [String] {
            unique((old.numbers + new.numbers).filter { $0.flow == flow }.map { "number \($0.number)" })
        }
        var changes: [Change] = []
        for flow in old.flows where !new.flows.contains(where: { $0.id == flow.id }) {
            changes.append(Change(subject: "flow \(flow.id)", kind: .removed, touches: numbers(flow.id)))
        }
        for flow in new.flows {
            guard let former = old.flows.first(where: { $0.id == flow.id }) else {
                changes.append(Change(subject: "flow \(flow.id)", kind: .added, touches: numbers(flow.id)))
                continue
            }
            if former.start != flow.start {
                let kind = Change.Kind.changed(setting: "start", from: former.start.rawValue, to: flow.start.rawValue)
                changes.append(Change(subject: "flow \(flow.id)", kind: kind, touches: numbers(flow.id)))
            }
            changes += nodes(from: former, to: flow, touches: numbers(flow.id))
        }
        return changes
    }

    private static func nodes(from old: Flow, to new: Flow, touches: [String]) -> [Change] {
        let (oldNodes, newNodes) = (writtenNodes(of: old), writtenNodes(of: new))
        var changes: [Change] = []
        for node in oldNodes where !newNodes.contains(where: { $0.id == node.id }) {
            changes.append(Change(subject: "flow \(new.id) node \(node.id)", kind: .removed, touches: touches))
        }
        for node in newNodes {
            let subject = "flow \(new.id) node \(node.id)"
            guard let former = oldNodes.first(where: { $0.id == node.id }) else {
                changes.append(Change(subject: subject, kind: .added, touches: touches))
                continue
            }
            guard former != node else { continue }
            let kind = former.action.difference(to: node.action, announced: former.announcement, node.announcement)
            changes += kind.map { Change(subject: subject, kind: $0, touches: touches) }
        }
        return changes
    }

    private struct WrittenNode: Equatable {
        var id: NodeID
        var action: Action
        /// Of a recorded transfer.
        var announcement: String?
    }

    /// The nodes as the admin wrote them: a recorded transfer and the announcement in front of it are one.
    private static func writtenNodes(of flow: Flow) -> [WrittenNode] {
        flow.nodes.filter { !$0.id.isMadeForAnnouncement }.map { node in
            guard case .play(let play) = node.action, play.next.isMadeForAnnouncement, let transfer = flow.node(play.next),
                case .text(let announcement)? = play.prompts.first
            else { return WrittenNode(id: node.id, action: node.action) }
            return WrittenNode(id: node.id, action: transfer.action, announcement: announcement)
        }
    }

    private static func queuesByAgent(_ old: SiteConfiguration, _ new: SiteConfiguration) -> [AgentID: [String]] {
        var queues: [AgentID: [String]] = [:]
        for queue in old.queues + new.queues {
            let name = "queue \(queue.id)"
            for member in queue.rules.members { queues[member.agent, default: []].append(name) }
        }
        return queues
    }

    private static func unique(_ names: [String]) -> [String] {
        var seen: Set<String> = []
        return names.filter { seen.insert($0).inserted }
    }

    private func users(of trunk: TrunkID) -> [String] {
        numbers.filter { $0.fallback?.trunk == trunk }.map { "number \($0.number)" }
            + queues.filter { $0.rules.callback?.trunk == trunk }.map { "queue \($0.id)" }
            + flows.filter { flow in
                flow.nodes.contains { if case .transfer(let transfer) = $0.action { transfer.trunk == trunk } else { false } }
            }.map { "flow \($0.id)" }
    }

    private func flows(to queue: QueueID) -> [String] {
        flows.filter { flow in
            flow.nodes.contains { if case .queue(let enter) = $0.action { enter.queue == queue } else { false } }
        }.map { "flow \($0.id)" }
    }

    private func flows(asking hours: HoursID) -> [String] {
        flows.filter { flow in
            flow.nodes.contains { if case .hours(let check) = $0.action { check.hours == hours } else { false } }
        }.map { "flow \($0.id)" }
    }
}
