// Who listened to a call, from when to when: a line of the audit log, however the supervision came to its end.

internal import Basics
internal import ContactCenter
internal import Foundation
internal import Storage

/// One supervisor on one call, from joining it to leaving it.
nonisolated struct SupervisionRecord: Encodable, Hashable, Sendable {
    struct Step: Encodable, Hashable, Sendable {
        let mode: Supervision.Mode
        let since: Instant
    }

    let contact: ContactID
    let supervisor: AgentID
    /// The modes, one after the other.
    private(set) var steps: [Step]
    private(set) var until: Instant

    /// Those of a contact that is over; whoever was still on it left with its end.
    static func all(of contact: Contact) -> [SupervisionRecord] {
        var records: [SupervisionRecord] = []
        var open: [AgentID: Int] = [:]
        let end = contact.timeline.last?.at ?? .epoch
        for entry in contact.timeline {
            guard case .supervised(let agent, let mode) = entry.what else { continue }
            switch (open[agent], mode) {
            case (let index?, let mode?): records[index].steps.append(Step(mode: mode, since: entry.at))
            case (let index?, nil):
                records[index].until = entry.at
                open[agent] = nil
            case (nil, let mode?):
                open[agent] = records.count
                records.append(
                    SupervisionRecord(
                        contact: contact.id, supervisor: agent, steps: [Step(mode: mode, since: entry.at)], until: end))
            case (nil, nil): break
            }
            // From then on it is the supervisor's own call.
            if mode == .takeOver, let index = open.removeValue(forKey: agent) { records[index].until = entry.at }
        }
        return records
    }

    var audit: AuditEntry {
        AuditEntry(
            actor: supervisor.rawValue, role: "supervisor", action: "call.supervision", object: "contact/\(contact)",
            detail: self)
    }
}
