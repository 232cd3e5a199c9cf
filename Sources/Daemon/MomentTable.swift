// The state of the house at one moment, and one step of its journal, for people to read.

import Basics
import Foundation
import Switchboard

struct MomentTable {
    /// Contacts shown of one moment; the rest are counted.
    private static let contactsMax = 50
    private let moment: Moment

    init(_ moment: Moment) { self.moment = moment }

    static func time(_ instant: Instant) -> String {
        Date(timeIntervalSince1970: Double(instant.microseconds) / 1_000_000).formatted(
            Date.ISO8601FormatStyle(includingFractionalSeconds: true))
    }

    func print() {
        Swift.print("\(Self.time(moment.at)), behind event \(moment.sequence), configuration \(moment.configuration)")
        if moment.missing > 0 {
            Swift.print("\(moment.missing) lines of the journal before it are missing: the state may have been another one")
        }
        Self.print(
            [
                "queue", "waiting", "ringing", "longest", "expected", "free", "signed in", "answered", "abandoned", "diverted",
                "callbacks", "SL",
            ],
            moment.queues.map(Self.row))
        Self.print(["agent", "state", "for", "reason", "contacts", "load", "then", "not offered"], moment.agents.map(Self.row))
        Self.print(
            ["contact", "kind", "state", "queue", "place", "waits", "agents", "class", "step", "callback"],
            moment.contacts.prefix(Self.contactsMax).map(Self.row))
        if moment.contacts.count > Self.contactsMax {
            Swift.print("and \(moment.contacts.count - Self.contactsMax) contacts more; --json has them all")
        }
    }

    private static func row(_ queue: Moment.Queue) -> [String] {
        var row = [queue.id, String(queue.waiting), String(queue.ringing), seconds(queue.longestWaitSeconds)]
        row += [seconds(queue.expectedWaitSeconds), String(queue.free), "\(queue.signedIn) of \(queue.members)"]
        row += [queue.answered, queue.abandoned, queue.diverted, queue.callbacks].map { String($0) }
        row.append(queue.serviceLevel.map { String(format: "%.1f %%", $0 * 100) } ?? "-")
        return row
    }

    private static func row(_ agent: Moment.Agent) -> [String] {
        var row = [agent.id, agent.state, seconds(agent.seconds), agent.reason ?? "-"]
        row.append(agent.contacts.isEmpty ? "-" : agent.contacts.map { String($0) }.joined(separator: ", "))
        row.append("\(agent.load) of \(agent.capacity)")
        row += [agent.pending ?? "-", agent.refusal ?? "-"]
        return row
    }

    private static func row(_ contact: Moment.Contact) -> [String] {
        var row = [String(contact.id), contact.kind, contact.state, contact.queue ?? "-"]
        row.append(contact.position.map { String($0) } ?? "-")
        row += [seconds(contact.waitSeconds), contact.agents.isEmpty ? "-" : contact.agents.joined(separator: ", ")]
        row.append(contact.priorityClass.map { String($0) } ?? "-")
        row.append(contact.step.map { String($0 + 1) } ?? "-")
        row.append(
            contact.callback.map { "\($0.phase), \($0.attempts) tried" + ($0.until.map { ", until \($0)" } ?? "") } ?? "-")
        return row
    }

    static func print(_ step: ReplayStep) {
        Swift.print("\(step.sequence) \(time(step.at)) \(step.event)")
        for decision in step.decisions { Swift.print("   contact \(decision.contact) \(decision.text)") }
        for command in step.commands { Swift.print("        -> \(command)") }
        for change in step.changes { Swift.print("        \(change)") }
    }

    private static func seconds(_ seconds: Double?) -> String { seconds.map { String(format: "%.1f s", $0) } ?? "-" }

    private static func print(_ columns: [String], _ rows: [[String]]) {
        guard !rows.isEmpty else { return }
        let table = [columns] + rows
        let widths = columns.indices.map { column in table.map { $0[column].count }.max() ?? 0 }
        Swift.print("")
        for row in table {
            let cells = zip(row, widths).map { $0 + String(repeating: " ", count: $1 - $0.count) }
            Swift.print(cells.joined(separator: "  ").trimmingCharacters(in: .whitespaces))
        }
    }
}
