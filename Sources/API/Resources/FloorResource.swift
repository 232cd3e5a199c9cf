// `/v1/floor`: everything that the page shows, in one answer.

internal import ACD
internal import Basics
internal import ContactCenter
internal import HTTPTypes
internal import SiteConfiguration

enum FloorResource {
    /// Calls on the page, the newest; more are only counted.
    static let callsMax = 100

    struct View: Sendable {
        let status: StatusResource.View
        let queues: [QueueView]
        let agents: [Agent]
        let calls: [CallView]
        let callsLeftOut: Int
    }

    /// A contact in progress.
    struct CallView: Sendable {
        let contact: Contact
        let last: TimelineLine?
    }

    static let call = Shape<CallView>.object(
        "FloorCall", "A contact in progress.",
        [
            Member("id", .identifier, "") { $0.contact.id.rawValue },
            Member("state", .word(Contact.stateNames), "") { $0.contact.stateName },
            Member("channel", .word(AgentResource.channels), "") { $0.contact.medium.rawValue },
            Member("kind", .text, "`call`, or a key of `kinds:` in routing.yaml.") { $0.contact.kind.rawValue },
            Member("dialled", .text, "Empty of what is no call.") { $0.contact.number },
            Member("queue", Shape<String>.text.orNull, "") { $0.contact.queue?.rawValue },
            Member("agent", Shape<String>.text.orNull, "") { $0.contact.agent?.rawValue },
            Member("arrivedAt", .time, "") { $0.contact.arrivedAt },
            Member("last", TimelineLine.shape.orNull, "The last thing that happened to it.") { $0.last },
        ])

    static let shape = Shape<View>.object(
        "Floor", "The whole floor at one moment.",
        [
            Member("status", StatusResource.shape, "") { $0.status },
            Member("queues", QueueResource.summary.list, "") { $0.queues },
            Member("agents", AgentResource.shape.list, "") { $0.agents },
            Member("calls", call.list, "Newest first, at most \(callsMax).") { $0.calls },
            Member("callsLeftOut", .count, "Further ones.") { $0.callsLeftOut },
        ])

    static let routes = [
        Route(
            method: .get, path: "/v1/floor", access: .role(.supervisor), summary: "Queues, agents and calls at one moment",
            notes: "Made for the page, which asks once a second.", answer: .json(shape, "The floor.")
        ) { rest, _ in
            let (center, now, status) = rest.onLoop { (rest.backend.center, rest.backend.now, rest.backend.status) }
            return try await rest.later(shape) {
                let contacts = center.contacts.map(\.value)
                return View(
                    status: StatusResource.View(
                        now: now, status: status, isFallbackOnly: center.isFallbackOnly, contacts: contacts.count),
                    queues: QueueView.all(of: center, at: now), agents: center.agents.map(\.value),
                    calls: contacts.suffix(callsMax).reversed().map {
                        CallView(contact: $0, last: $0.timeline.last.map(TimelineLine.init))
                    }, callsLeftOut: max(0, contacts.count - callsMax))
            }
        }
    ]
}
