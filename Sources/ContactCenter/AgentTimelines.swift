// The agents' timelines: what each does, from one change to the next, without a gap.

public import ACD
public import Basics

/// Follows the agents from event to event, live or in a replay.
///
/// Only beginnings are told: an activity ends where the agent's next one begins, so that no moment is in two of them or in
/// none. Several changes at one moment have the same `since`, and the last of them counts.
public struct AgentTimelines: Sendable {
    private var last = PagedMap<AgentID, ActivityChange>()

    /// - Parameter known: the last change of each agent that has been told already.
    public init(_ known: [ActivityChange] = []) {
        for change in known { last[change.agent] = change }
    }

    /// What the agent does, as it was told last; nil: nothing has been.
    public func activity(of agent: AgentID) -> Activity? { last.look(at: agent, \.activity) }

    /// One event with what came of it.
    ///
    /// - Parameters:
    ///   - center: as it is after the event.
    ///   - lastSeen: when the event before it was handled.
    /// - Returns: the changes, in order.
    public mutating func note(
        _ event: Event, _ commands: [Command], in center: borrowing Center, lastSeen: Instant
    ) -> [ActivityChange] {
        var changes: [ActivityChange] = []
        switch event {
        case .restarted:
            // What was done while there was no process is not known; who was offline stays it.
            if lastSeen < center.now {
                for entry in last where entry.value.activity.isSignedIn {
                    note(Activity(.unknown, reason: "restart"), of: entry.key, at: lastSeen, &changes)
                }
            }
            followAll(center, &changes)
        case .configurationApplied: followAll(center, &changes)
        default:
            for case .agentChanged(let agent) in commands {
                note(Self.activity(of: agent, in: center), of: agent, at: center.now, &changes)
            }
        }
        return changes
    }

    /// In one walk: to look up thousands of agents would take longer than to apply what changed them.
    private mutating func followAll(_ center: borrowing Center, _ changes: inout [ActivityChange]) {
        let now = center.now
        var found: [ActivityChange] = []
        var known = last.makeIterator()
        var next = known.next()
        for entry in center.agents {
            while let gone = next, gone.key < entry.key {
                if gone.value.activity.state != .removed {
                    found.append(ActivityChange(agent: gone.key, activity: Activity(.removed), since: now))
                }
                next = known.next()
            }
            let activity = entry.value.activity
            var isKnown = false
            if let same = next, same.key == entry.key {
                isKnown = same.value.activity == activity
                next = known.next()
            }
            if !isKnown { found.append(ActivityChange(agent: entry.key, activity: activity, since: now)) }
        }
        while let gone = next {
            if gone.value.activity.state != .removed {
                found.append(ActivityChange(agent: gone.key, activity: Activity(.removed), since: now))
            }
            next = known.next()
        }
        for change in found { last[change.agent] = change }
        changes += found
    }

    private mutating func note(_ activity: Activity, of agent: AgentID, at now: Instant, _ changes: inout [ActivityChange]) {
        guard last.look(at: agent, { $0.activity == activity }) != true else { return }
        let change = ActivityChange(agent: agent, activity: activity, since: now)
        last[agent] = change
        changes.append(change)
    }

    private static func activity(of agent: AgentID, in center: borrowing Center) -> Activity {
        center.agents.look(at: agent, { $0.activity }) ?? Activity(.removed)
    }
}
