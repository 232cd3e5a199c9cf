// What the fuzzer does with callbacks beside the keys that its callers press.

import ACD
import Basics
import ContactCenter

extension Fuzzer {
    /// Asks for one, for now or for later, or takes one back.
    mutating func callback() -> String {
        let open = floor.center.openCallbacks
        // Now and then the trunk leads nowhere.
        floor.customersRing = random.below(4) > 0
        if random.below(3) == 0, !open.isEmpty {
            let contact = open[random.below(open.count)]
            floor.submit(.callbackCancelled(contact))
            return "cancel callback \(contact)"
        }
        // Some are in the past, some too far ahead, some while the line is closed.
        let hours = random.below(800) - 20
        let wished = random.below(2) == 0 ? nil : floor.now + .seconds(random.below(2) == 0 ? random.below(600) : hours * 3600)
        let queues: [QueueID] = ["sales", "support", "vip", "none"]
        let request = CallbackRequest(
            caller: CallerKey("caller-\(random.below(40))"), queue: queues[random.below(queues.count)], wishedAt: wished,
            hasConsented: random.below(8) > 0)
        let isRefused = floor.center.refusal(of: request, at: floor.now) != nil
        let before = floor.center.figures.lateEvents
        floor.schedule(request)
        if isRefused != (floor.center.figures.lateEvents > before) {
            refusalsNotKept.append("\(request) was \(isRefused ? "refused and done" : "allowed and not done")")
        }
        return "callback for \(request.caller) in \(request.queue)"
    }

    /// Whoever is promised a call can be called.
    func violationsOfCallback(_ contact: Contact) -> [String] {
        guard let callback = contact.callback, callback.isOpen, !floor.keptNumbers.contains(contact.caller) else { return [] }
        return ["nobody knows the number for the callback of contact \(contact.id)"]
    }
}
