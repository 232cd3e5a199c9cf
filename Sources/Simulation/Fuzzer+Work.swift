// What is no call in the fuzzer's center: chats, mails, messages, tickets, and agents who close channels.

import ACD
import Basics
import ContactCenter

extension Fuzzer {
    /// Each variant weighs them otherwise, and the second has none but calls and chats: a reload takes them from under the rest.
    static func kinds(variant: Int) -> [WorkKind] {
        let chat = WorkKind(
            id: "chat", channel: .chat, weight: 20 + 7 * variant, interruptedBy: variant == 1 ? [.call] : [],
            concurrency: .init(
                least: 2, most: 4, raiseAtWaiting: 3, lowerAtWaiting: 1, satisfactionBelow: variant == 2 ? nil : 70,
                stepSeconds: 10))
        // Times for which room is kept end under the events, and with a reload.
        var call = WorkKind(id: .call, channel: .voice, weight: variant == 1 ? 80 : nil)
        call.roomSecondsMax = [12, 30, 0, 600][variant]
        guard variant != 1 else { return [call, chat] }
        return [
            call, chat, WorkKind(id: "dispute", channel: .chat, weight: 50, perAgentMax: 2, priorityClass: 1),
            WorkKind(
                id: "mail", channel: .email, weight: 60, interruptedBy: [.call, "chat"], priorityClass: -1,
                keptSecondsMax: 600, handleSecondsMax: variant == 2 ? 40 : 600),
            WorkKind(id: "message", channel: .message, weight: 10, keptSecondsMax: 300),
            WorkKind(id: "ticket", channel: .ticket, keptSecondsMax: 400),
        ]
    }

    /// What each queue takes; calls everywhere.
    static func kinds(of queue: QueueID, variant: Int) -> [WorkKindID] {
        let digital: [WorkKindID] =
            switch queue {
            case "sales": ["chat", "dispute"]
            case "support": ["chat", "mail", "message"]
            default: ["ticket"]
            }
        return [.call] + digital.filter { id in kinds(variant: variant).contains { $0.id == id } }
    }

    static func limits(of agent: AgentID, variant: Int) -> AgentLimits? {
        switch agent {
        case "carol": AgentLimits(capacity: variant == 0 ? 100 : 200, most: [.init(kind: "chat", count: 3)])
        case "erin": variant == 0 ? AgentLimits(kinds: ["chat", "mail", "message"]) : nil
        default: nil
        }
    }

    mutating func work() -> String {
        switch random.below(12) {
        case 0..<5: return arrival()
        case 5..<7: return completion()
        case 7: return handOn()
        case 8: return wrapUp()
        case 9, 10: return channels()
        default:
            let queues: [QueueID?] = [nil, "sales", "support", "none"]
            let percent = [30, 60, 72, 90][random.below(4)]
            floor.submit(
                .satisfactionReported(["chat", "mail", "none"][random.below(3)], queues[random.below(4)], percent: percent))
            return "satisfaction"
        }
    }

    private mutating func arrival() -> String {
        let kinds: [WorkKindID] = ["chat", "chat", "chat", "dispute", "mail", "mail", "message", "ticket", "fax"]
        let kind = kinds[random.below(kinds.count)]
        let queues: [QueueID] = ["sales", "support", "support", "vip", "none"]
        let queue = queues[random.below(queues.count)]
        let overflow = (0..<random.below(3)).map { _ in queues[random.below(queues.count)] }
        let customer = CallerKey("caller-\(random.below(40))")
        if kind == "chat" || kind == "dispute" {
            floor.chat(kind, in: queue, overflow: overflow, from: customer)
        } else {
            floor.arrive(
                WorkArrival(
                    kind: kind, queue: queue, overflow: overflow, customer: customer,
                    attributes: [Attribute(name: "team", value: random.below(2) == 0 ? "gold" : "none")],
                    boostSeconds: random.below(2) * 60,
                    receivedAt: random.below(3) == 0 ? floor.now - .seconds(random.below(4000)) : nil))
        }
        return "arrival of \(kind) in \(queue)"
    }

    /// An agent and something of its own, now and then of somebody else.
    private mutating func piece() -> (AgentID, ContactID)? {
        let agent = anyAgent()
        let work = floor.center.agents[agent]?.work ?? []
        let digital = floor.center.contacts.filter { $0.value.isDigital }.map(\.key)
        if random.below(8) == 0, !digital.isEmpty { return (agent, digital[random.below(digital.count)]) }
        return work.isEmpty ? nil : (agent, work[random.below(work.count)].contact)
    }

    private mutating func press(_ event: Event) -> String {
        let isRefused = floor.center.refusal(of: event) != nil
        floor.submit(event)
        if isRefused != floor.commands.isEmpty {
            refusalsNotKept.append("\(event) was \(isRefused ? "refused and done" : "allowed and not done")")
        }
        return "\(event)"
    }

    private mutating func completion() -> String {
        guard let (agent, contact) = piece() else { return "complete nothing" }
        return press(.workCompleted(agent, contact))
    }

    private mutating func handOn() -> String {
        guard let (agent, contact) = piece() else { return "hand on nothing" }
        let queues: [QueueID] = ["sales", "support", "vip", "none"]
        let target: TransferTarget = random.below(2) == 0 ? .queue(queues[random.below(4)]) : .agent(anyAgent())
        return press(.workTransferRequested(agent, contact, target))
    }

    private mutating func wrapUp() -> String {
        guard let (agent, contact) = piece() else { return "wrap up nothing" }
        if random.below(3) == 0 { return press(.workWrapUpExtended(agent, contact)) }
        return press(.workWrapUpCompleted(agent, contact, disposition: [nil, "sold", "sold", "not-a-code"][random.below(4)]))
    }

    private mutating func channels() -> String {
        let agent = anyAgent()
        let closed = Channel.allCases.filter { $0 == .voice ? random.below(8) == 0 : random.below(4) == 0 }
        floor.submit(.channelsRequested(agent, opened: Channel.allCases.filter { _ in random.below(2) == 0 }, closed: closed))
        return "channels of \(agent)"
    }
}
