// A queue as the API shows it.

internal import ACD
internal import Basics
internal import ContactCenter
internal import KPI

/// A queue with everything about it that others than itself decide, worked out from a copy of the center.
struct QueueView: Sendable {
    let queue: WaitingQueue
    let membersSignedIn: Int
    let membersReady: Int
    let offered: Int
    /// In the queue without anybody on the line.
    let parked: Int
    let longestWaitSeconds: Double
    /// What the service levels are reckoned from, those who wait too long already among them.
    let counts: QueueCounts
    let expectedWait: WaitEstimate?
    let channels: [ChannelView]
    /// In order of service; at most as many as were asked for.
    let waiting: [WaitingView]

    init(_ queue: WaitingQueue, in center: Center, at now: Instant, waitingMax: Int = 0) {
        self.queue = queue
        var signedIn = 0, ready = 0
        for member in queue.rules.members {
            guard let agent = center.agents[member.agent], agent.presence.isSignedIn else { continue }
            signedIn += 1
            if agent.refusal == nil { ready += 1 }
        }
        membersSignedIn = signedIn
        membersReady = ready
        let contacts = queue.waiting.compactMap { center.contacts[$0.contact] }
        let entries = contacts.filter { !$0.isParked }.compactMap(\.entry)
        parked = contacts.count { $0.isParked }
        offered = entries.count { $0.offer != nil }
        let threshold = Double(queue.rules.serviceLevelSeconds)
        counts = QueueCounts(
            queue.figures,
            waitingBeyondThreshold: entries.count { WaitingView.seconds(from: $0.enqueuedAt, to: now) > threshold })
        longestWaitSeconds = entries.map { WaitingView.seconds(from: $0.enqueuedAt, to: now) }.max() ?? 0
        expectedWait = queue.rules.kinds.first.flatMap { center.waitEstimate(ofNewcomer: $0, in: queue.id) }
        channels = ChannelView.all(of: queue, contacts, in: center, at: now)
        waiting = contacts.prefix(waitingMax).enumerated().compactMap { index, contact in
            contact.entry.map { entry in
                let estimate = center.waitEstimate(of: contact)
                return WaitingView(
                    contact: contact, position: estimate?.position ?? index + 1, entry: entry, now: now, expectedWait: estimate)
            }
        }
    }

    static func all(of center: Center, at now: Instant) -> [QueueView] {
        center.queues.map { QueueView($0.value, in: center, at: now) }
    }
}
