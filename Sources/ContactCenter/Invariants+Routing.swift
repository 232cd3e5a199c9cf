// Who may ring for whom: said again from the definitions, and not by the index that routing uses.

import ACD
import Basics
import IVR

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
            let skills = center.index.agents.look(at: member.agent, { $0.skills }) ?? AgentSkills()
            if !requirement.isMet(by: member.agent, with: skills) { return false }
        }
        guard !entry.offers.isEmpty else { return true }
        if entry.offers.contains(where: { center.offers[$0]?.agent == member.agent }) { return false }
        switch rules.ring {
        case .one: return false
        case .all:
            let ringing = entry.offers.compactMap { center.offers[$0]?.agent }
            let levels = rules.members.filter { ringing.contains($0.agent) }.map(\.level)
            return levels.max().map { member.level <= $0 } ?? false
        case .progressively: return entry.nextOfferAt == nil
        }
    }

    /// What agents have done for their queues, and when it begins anew.
    static func violationsOfCounts(in center: Center) -> [String] {
        var found: [String] = []
        func expect(_ condition: Bool, _ text: String) { if !condition { found.append(text) } }
        let second = center.configuration.countsResetSecond
        expect((center.countsReset != nil) == (second != nil), "the counts of the agents are reset never, or too often")
        expect(center.countsReset.map { !center.hasOutlived($0.at) } ?? true, "the reset of the counts has been missed")
        for agent in center.agents.map(\.value) {
            let records = agent.records
            expect(
                zip(records, records.dropFirst()).allSatisfy { $0.queue < $1.queue },
                "the records of agent \(agent.id) are in disorder")
            expect(
                records.allSatisfy { $0.answered >= 0 && ($0.lastEndedAt ?? .epoch) <= center.now }
                    && records.reduce(0) { $0 + $1.answered } <= agent.answered,
                "agent \(agent.id) has answered more for its queues than in all")
        }
        return found
    }

    /// Trials go from stage to stage, and those that are broken off no further.
    static func violationsOfTrials(in center: Center) -> [String] {
        var found: [String] = []
        for (key, trial) in center.trials.map({ ($0.key, $0.value) }) {
            let isRight =
                trial.stage <= trial.split.stages.count && trial.endedInStage >= 0
                && (trial.stageSince ?? .epoch) <= center.now && (trial.stage == 0 || trial.stageSince != nil)
                && trial.trial.ended <= trial.trial.begun && trial.usual.ended <= trial.usual.begun
            if !isRight { found.append("the trial at \(key.node) of flow \(key.flow) does not add up") }
            if let since = trial.stageSince, let end = trial.brokenOffAt, since > end {
                found.append("the trial at \(key.node) of flow \(key.flow) went on after it was broken off")
            }
        }
        return found
    }
}
