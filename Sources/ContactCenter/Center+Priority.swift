// Who is served before whom: by class, by head start, by what is known of the caller (definitions.md 3.2).

import ACD
import Basics
import IVR

extension Center {
    /// The place of a contact that enters a queue: the highest class and all head starts of its flow, number and attributes.
    func orderKey(of contact: Contact, _ enter: EnterQueue) -> OrderKey {
        let number = configuration.numbers.first { $0.number == contact.number }
        var priorityClass = max(enter.priorityClass, number?.priorityClass ?? .min)
        var boost = OrderKey.clamped(enter.boostSeconds) + OrderKey.clamped(number?.boostSeconds ?? 0)
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
        let key = OrderKey(
            priorityClass: priorityClass, enqueuedAt: since, boostSeconds: OrderKey.clamped(boostSeconds), contact: id)
        contact.orderKey = key
        if var entry = contact.entry {
            let position = queues.update(entry.queue) { queue in
                queue.remove(entry.key)
                queue.insert(key)
                return queue.position(of: key) ?? 1
            }
            entry.key = key
            orderChanged(in: entry.queue)
            contact.state = .waiting(entry)
            contact.note(.prioritised(priorityClass: priorityClass, position: position ?? 1), at: now)
            out.append(.queueChanged(entry.queue))
        }
        store(contact)
    }

    /// The contact leaves its queue because somebody wants it so.
    mutating func withdraw(_ id: ContactID) {
        guard var contact = contacts[id], contact.entry != nil else {
            figures.lateEvents += 1
            return
        }
        divert(&contact, .withdrawn)
        store(contact)
    }
}
