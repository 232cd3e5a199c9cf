// The center of the stories about several channels: one queue for each medium, and one for all.

import ACD
import Basics
import ContactCenter
import Simulation
import Testing

enum WorkCenter {
    /// Chats take a fifth of an agent, disputes a half, mails 40 of 100 and let calls and chats come on top.
    static let kinds = [
        WorkKind(id: "chat", channel: .chat, weight: 20), WorkKind(id: "dispute", channel: .chat, weight: 50),
        WorkKind(
            id: "mail", channel: .email, weight: 40, interruptedBy: [.call], priorityClass: -1, keptSecondsMax: 86_400,
            handleSecondsMax: 3600), WorkKind(id: "ticket", channel: .ticket, weight: 100, keptSecondsMax: 600),
    ]

    static func configuration(
        kinds: [WorkKind] = kinds, change: (inout CenterConfiguration) -> Void = { _ in },
        sales: (inout QueueRules) -> Void = { _ in }
    ) -> CenterConfiguration {
        SmallCenter.desks { configuration in
            configuration.kinds = kinds
            for index in configuration.queues.indices {
                configuration.queues[index].kinds = [.call, "chat", "dispute", "mail", "ticket"]
                if configuration.queues[index].id == "sales" { sales(&configuration.queues[index]) }
            }
            change(&configuration)
        }
    }

    static func floor(_ configuration: CenterConfiguration = configuration(), signedIn: [AgentID] = ["alice"]) -> VirtualFloor {
        SmallCenter.floor(configuration, signedIn: signedIn)
    }

    static func mail(_ queue: QueueID = "sales", kind: WorkKindID = "mail", overflow: [QueueID] = []) -> WorkArrival {
        WorkArrival(kind: kind, queue: queue, overflow: overflow, customer: "customer")
    }
}

extension VirtualFloor {
    /// Contacts that ring at the agent, in the order in which they were offered.
    func offered(to agent: AgentID) -> [ContactID] {
        self.agent(agent).work.compactMap { if case .offered(_, let contact, _) = $0 { contact } else { nil } }
    }

    func active(at agent: AgentID) -> [ContactID] { self.agent(agent).activeContacts }

    func wrappedUp(at agent: AgentID) -> [ContactID] {
        self.agent(agent).work.compactMap { if case .wrapUp(let contact, _, _) = $0 { contact } else { nil } }
    }

    mutating func taken(_ arrival: WorkArrival) throws -> ContactID {
        let contact = arrive(arrival)
        return try #require(contact)
    }

    mutating func accepted(at agent: AgentID) throws -> LegID {
        let leg = answer(at: agent)
        return try #require(leg)
    }

    /// Answers everything that rings at the agent.
    mutating func answerAll(at agent: AgentID) { for leg in ringing(at: agent) { answer(leg) } }

    func id(of leg: LegID) -> ContactID? { center.contact(of: leg) }

    func stateName(_ contact: ContactID?) -> String? { contact.flatMap { center.contacts[$0]?.stateName } }
}
