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
        Self.print(
            [
                "queue", "waiting", "ringing", "longest", "expected", "free", "signed in", "answered", "abandoned", "diverted",
                "SL",
            ],
            moment.queues.map { queue in
                [
                    queue.id, "\(queue.waiting)", "\(queue.ringing)", Self.seconds(queue.longestWaitSeconds),
                    Self.seconds(queue.expectedWaitSeconds), "\(queue.free)", "\(queue.signedIn) of \(queue.members)",
                    "\(queue.answered)", "\(queue.abandoned)", "\(queue.diverted)",
                    queue.serviceLevel.map { String(format: "%.1f %%", $0 * 100) } ?? "-",
                ]
            })
        Self.print(
            ["agent", "state", "for", "reason", "contact", "then", "not offered"],
            moment.agents.map { agent in
                [
                    agent.id, agent.state, Self.seconds(agent.seconds), agent.reason ?? "-",
                    agent.contact.map { "\($0)" } ?? "-", agent.pending ?? "-", agent.refusal ?? "-",
                ]
            })
        Self.print(
            ["contact", "state", "queue", "place", "waits", "agents", "class", "step"],
            moment.contacts.prefix(Self.contactsMax).map { contact in
                [
                    "\(contact.id)", contact.state, contact.queue ?? "-", contact.position.map { "\($0)" } ?? "-",
                    Self.seconds(contact.waitSeconds), contact.agents.isEmpty ? "-" : contact.agents.joined(separator: ", "),
                    contact.priorityClass.map { "\($0)" } ?? "-", contact.step.map { "\($0 + 1)" } ?? "-",
                ]
            })
        if moment.contacts.count > Self.contactsMax {
            Swift.print("and \(moment.contacts.count - Self.contactsMax) contacts more; --json has them all")
        }
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
