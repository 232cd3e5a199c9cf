// What of a queue is of one channel, as the API shows it.

internal import ACD
internal import Basics
internal import ContactCenter

/// Calls, chats, messages, e-mails or tickets of a queue.
struct ChannelView: Sendable {
    let figures: ChannelFigures
    let waiting: Int
    let longestWaitSeconds: Double
    let expectedWait: WaitEstimate?

    static let shape = Shape<ChannelView>.object(
        "QueueChannel", "What comes to a queue over one channel. Over all channels the counters add up to those of the queue.",
        [
            Member("channel", .word(Channel.allCases.map(\.rawValue)), "") { $0.figures.channel.rawValue },
            Member("waiting", .count, "Contacts in the queue, those that ring at an agent included, and without `parked`.") {
                $0.waiting
            },
            Member("longestWaitSeconds", .seconds, "0 if nobody waits.") { $0.longestWaitSeconds },
            Member("expectedWaitSeconds", Shape<Double>.seconds.orNull, "For somebody who came now; null without data.") {
                $0.expectedWait?.seconds
            },
            Member("expectedWaitP90Seconds", Shape<Double>.seconds.orNull, "Nine of ten would not wait longer.") {
                $0.expectedWait?.p90Seconds
            },
            Member("offered", .count, "") { $0.figures.entries },
            Member("answered", .count, "") { $0.figures.answered },
            Member("answeredInTime", .count, "Of these within the threshold.") { $0.figures.answeredInTime },
            Member("abandoned", .count, "") { $0.figures.abandoned },
            Member("diverted", .count, "") { $0.figures.diverted },
            Member("endedBySystem", .count, "") { $0.figures.endedBySystem },
            Member("averageSpeedOfAnswerSeconds", Shape<Double>.seconds.orNull, "Mean wait of the answered.") {
                $0.figures.averageSpeedOfAnswer
            },
            Member("meanHandleSeconds", Shape<Double>.seconds.orNull, "The newest weighing most.") {
                $0.figures.meanHandleSeconds
            },
        ])

    /// Those of the queue's kinds, and those of which somebody waits all the same.
    static func all(of queue: WaitingQueue, _ contacts: [Contact], in center: Center, at now: Instant) -> [ChannelView] {
        let kinds = center.kinds.map(\.rules).filter { queue.rules.kinds.contains($0.id) }
        var waiting: [Channel: (count: Int, longest: Double)] = [:]
        for contact in contacts where !contact.isParked {
            guard let entry = contact.entry else { continue }
            let (count, longest) = waiting[contact.medium] ?? (0, 0)
            waiting[contact.medium] = (count + 1, max(longest, WaitingView.seconds(from: entry.enqueuedAt, to: now)))
        }
        return Channel.allCases.compactMap { channel in
            let kind = kinds.first { $0.channel == channel }, there = waiting[channel]
            guard kind != nil || there != nil else { return nil }
            return ChannelView(
                figures: queue.figures.figures(of: channel), waiting: there?.count ?? 0,
                longestWaitSeconds: there?.longest ?? 0,
                expectedWait: kind.flatMap { center.waitEstimate(ofNewcomer: $0.id, in: queue.id) })
        }
    }
}
