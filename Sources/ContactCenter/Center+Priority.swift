// Who is served before whom: by class, by head start, by what is known of the caller (definitions.md 3.2).

import ACD
import Basics
import IVR

extension Center {
    /// The place of a contact that enters a queue: the highest class and all head starts of its flow, number and attributes.
    func orderKey(of contact: Contact, _ enter: EnterQueue) -> OrderKey {
        let (classOfNumber, boostOfNumber) =
            numbers.look(at: contact.number) { ($0.priorityClass, $0.boostSeconds) } ?? (nil, 0)
        var priorityClass = max(enter.priorityClass, classOfNumber ?? .min)
        var boost = OrderKey.clamped(enter.boostSeconds) + OrderKey.clamped(boostOfNumber)
        for rule in configuration.priorities where contact.attribute(rule.attribute) == rule.value {
            priorityClass = max(priorityClass, rule.priorityClass ?? .min)
            boost += OrderKey.clamped(rule.boostSeconds)
        }
        return OrderKey(
            priorityClass: priorityClass, enqueuedAt: contact.firstEnqueuedAt ?? now, boostSeconds: boost, contact: contact.id)
    }

    /// Another place at once, whoever rings for it meanwhile (asterisk#202).
    mutating func prioritise(_ id: ContactID, priorityClass: Int, boostSeconds: Int) {
        guard var contact = contacts[id], let since = contact.firstEnqueuedAt else {
            figures.lateEvents += 1
            return
        }
        contact.isPrioritised = true
        let key = OrderKey(
            priorityClass: priorityClass, enqueuedAt: since, boostSeconds: OrderKey.clamped(boostSeconds), contact: id)
        move(&contact, to: key)
        store(contact)
    }

    private mutating func move(_ contact: inout Contact, to key: OrderKey) {
        contact.orderKey = key
        guard var entry = contact.entry else { return }
        queues.update(entry.queue) { queue in
            queue.remove(entry.key)
            queue.insert(key)
        }
        entry.key = key
        let position = position(of: standing(of: contact, entry))
        orderChanged(in: entry.queue)
        index.mayCall(entry.queue)
        contact.state = .waiting(entry)
        contact.note(.prioritised(priorityClass: key.priorityClass, position: position), at: now)
        out.append(.queueChanged(entry.queue))
    }

    // MARK: Other priorities

    /// Who waits already gets the place that the new priorities give, some in each turn.
    struct Reordering: Codable, Hashable, Sendable {
        var after: ContactID?
        var at: Instant
    }

    /// Contacts in one turn.
    static let reorderedInTurnMax = 50

    mutating func beginReordering() {
        guard !contacts.isEmpty else { return }
        goOnReordering(after: nil)
    }

    private mutating func goOnReordering(after: ContactID?) {
        let at = now + .microseconds(1)
        reordering = Reordering(after: after, at: at)
        deadlines.set(.reordering, at: at)
    }

    mutating func goOnReordering() {
        guard var last = reordering?.after ?? contacts.first.map({ ContactID(rawValue: $0.key.rawValue - 1) }) else { return }
        reordering = nil
        for _ in 0..<Self.reorderedInTurnMax {
            guard let next = contacts.first(after: last)?.value else { return }
            last = next.id
            reorder(next)
        }
        if contacts.first(after: last) != nil { goOnReordering(after: last) }
    }

    private mutating func reorder(_ found: Contact) {
        var contact = found
        // Whom somebody has given a place keeps that, and so does who was promised one.
        guard let old = contact.orderKey, contact.isPrioritised != true, contact.callback == nil,
            let enter = queueNode(of: contact)
        else { return }
        let key = orderKey(of: contact, enter)
        guard key != old else { return }
        move(&contact, to: key)
        store(contact)
    }

    /// The step of the flow by which it came to its queue.
    private func queueNode(of contact: Contact) -> EnterQueue? {
        guard let node = contact.interpreter.node,
            let flow = flows.first(where: { $0.number == contact.flowVersion })?.flow,
            case .queue(let enter)? = flow.nodes.first(where: { $0.id == node })?.action
        else { return nil }
        return enter
    }

    /// The contact leaves its queue because somebody wants it so.
    mutating func withdraw(_ id: ContactID) {
        guard var contact = contacts[id], contact.entry != nil else {
            figures.lateEvents += 1
            return
        }
        // Whose customer has gone is not wanted in the next queue either.
        if contact.isDigital { contact.digital?.overflow = [] }
        divert(&contact, .withdrawn)
        store(contact)
    }
}

extension CenterConfiguration {
    /// Whether a contact gets the same place by both.
    func orders(asIn other: CenterConfiguration) -> Bool {
        guard priorities == other.priorities else { return false }
        let line = { (number: NumberRules) in (number.number, number.priorityClass, number.boostSeconds) }
        return numbers.count == other.numbers.count && zip(numbers.map(line), other.numbers.map(line)).allSatisfy { $0 == $1 }
    }
}
