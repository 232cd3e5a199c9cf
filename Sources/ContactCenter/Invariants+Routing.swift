// Who may ring for whom: said again from the definitions, and not by the index that routing uses.

import ACD
import Basics

extension Invariants {
    /// Said again from the definitions, and not by the index that routing uses.
    static func mayRing(
        _ member: QueueRules.Member, for contact: Contact, _ entry: QueueEntry, _ rules: QueueRules, in center: Center
    ) -> Bool {
        if entry.exclusions.contains(where: { $0.agent == member.agent && $0.until > center.now }) { return false }
        if let preferred = entry.preferred {
            return entry.offers.isEmpty && preferred.agents.contains { $0.agent == member.agent }
        }
        if let levelMax = entry.levelMax, member.level > levelMax { return false }
        if rules.require.indices.contains(entry.step) {
            let requirement = rules.require[entry.step].requirement.resolved { contact.attribute($0) }
            let skills = center.index.agents.look(at: member.agent, \.skills) ?? AgentSkills()
            if !requirement.isMet(by: member.agent, with: skills) { return false }
        }
        guard !entry.offers.isEmpty else { return true }
        switch rules.ring {
        case .one: return false
        case .all:
            let ringing = entry.offers.compactMap { center.offers[$0]?.agent }
            let levels = rules.members.filter { ringing.contains($0.agent) }.map(\.level)
            return levels.max().map { member.level <= $0 } ?? false
        case .progressively: return entry.nextOfferAt == nil
        }
    }
}
