// What the conditions of queues are looked at by: who waits for them, and how many are staffed for each step.

import ACD
import Basics

extension RoutingIndex {
    /// Contacts of one queue for whom the same conditions hold, but for their place in the order.
    struct RelaxingGroup: Hashable, Comparable, Sendable {
        var step: Int
        /// `Int.max`: every level is open, or does not depend on who is there.
        var levelMax: Int
        /// Of the attributes that stand in the step, where it matters who meets it.
        var values: [String] = []
        /// The place of the kind, where several wait in one queue and the expected wait matters.
        var kind = 0

        static func < (a: RelaxingGroup, b: RelaxingGroup) -> Bool {
            if a.step != b.step { return a.step < b.step }
            if a.levelMax != b.levelMax { return a.levelMax < b.levelMax }
            if a.kind != b.kind { return a.kind < b.kind }
            return a.values.lexicographicallyPrecedes(b.values)
        }
    }

    struct RelaxingPlace: Hashable, Sendable {
        let queue: QueueID
        let group: RelaxingGroup
        let key: OrderKey
    }

    struct StepValues: Hashable, Comparable, Sendable {
        let step: Int
        let values: [String]

        static func < (a: StepValues, b: StepValues) -> Bool {
            a.step != b.step ? a.step < b.step : a.values.lexicographicallyPrecedes(b.values)
        }
    }

    /// Members signed in who meet a step.
    struct StepStaff: Hashable, Sendable {
        let requirement: Requirement
        var count: Int
    }

    /// Steps and values of one queue that are counted at once; beyond that it is begun anew.
    static let stepStaffsMax = 100

    // MARK: Who waits

    /// Follows a change of the contact; nil: no condition matters to it.
    mutating func followRelaxing(_ id: ContactID, _ place: RelaxingPlace?) {
        guard place != nil || !relaxing.isEmpty else { return }
        let old = relaxing[id]
        guard old != place else { return }
        if let old {
            queues.update(old.queue) { side in
                side.relaxing.update(old.group) { $0[old.key] = nil }
                if side.relaxing.look(at: old.group, \.isEmpty) == true { side.relaxing[old.group] = nil }
            }
        }
        if let place {
            queues.update(place.queue) { side in
                if side.relaxing.update(place.group, { $0[place.key] = Pool.Place() }) == nil {
                    var keys = PagedMap<OrderKey, Pool.Place>()
                    keys[place.key] = Pool.Place()
                    side.relaxing[place.group] = keys
                }
            }
        }
        relaxing[id] = place
    }

    // MARK: Who is staffed

    /// Members signed in, pauses included, who meet the step for these values of its attributes.
    func staffed(onStep step: Int, _ values: [String], of rules: QueueRules) -> Int {
        let key = StepValues(step: step, values: values)
        if let known = queues.look(at: rules.id, { $0.staffedByStep.look(at: key, \.count) }) ?? nil { return known }
        guard let requirement = rules.require.requirement(of: step)?.resolved(with: values) else { return 0 }
        return queues.look(at: rules.id) { side in
            side.members.reduce(0) { sum, member in
                sum
                    + (agents.look(at: member.key) { place in
                        let isStaff = place.sight.isStaff(where: side.takesCalls)
                        return isStaff && requirement.isMet(by: member.key, with: place.skills) ? 1 : 0
                    } ?? 0)
            }
        } ?? 0
    }

    /// From now on that count is kept.
    mutating func learnStaffed(onStep step: Int, _ values: [String], of rules: QueueRules) {
        let key = StepValues(step: step, values: values)
        guard queues.look(at: rules.id, { $0.staffedByStep.look(at: key) { _ in true } ?? false }) == false,
            let requirement = rules.require.requirement(of: step)?.resolved(with: values)
        else { return }
        let count = staffed(onStep: step, values, of: rules)
        queues.update(rules.id) { side in
            if side.staffedByStep.count >= Self.stepStaffsMax { side.staffedByStep.removeAll() }
            side.staffedByStep[key] = StepStaff(requirement: requirement, count: count)
        }
    }

    /// Counts an agent who has signed in or out.
    static func followStaff(_ side: inout QueueSide, _ change: Int, _ id: AgentID, _ skills: AgentSkills) {
        for key in side.staffedByStep.map(\.key) {
            side.staffedByStep.update(key) { if $0.requirement.isMet(by: id, with: skills) { $0.count += change } }
        }
    }
}
