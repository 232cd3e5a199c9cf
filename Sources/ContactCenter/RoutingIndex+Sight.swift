// What routing sees of an agent, and compares.

import ACD
import Basics

extension RoutingIndex {
    /// What routing sees of an agent.
    struct Sight: Hashable, Sendable {
        /// For calls, of which every center has some.
        private var call = Standing.absent
        /// For the other kinds.
        private var others: [Standing] = []
        /// A bit for the place of each kind that the agent never does, or whose channel is closed, whatever else keeps the
        /// agent from it now.
        private var closed: UInt64 = 0
        var isFree = false
        var isSignedIn = false
        var isAvailable = false
        /// Takes calls at all, and has not closed their channel.
        private var takesCalls = false
        private var isVoiceOpen = false
        // What the keys of free agents are made of; of others they do not matter.
        var idleSince = Instant.epoch
        var answered = 0
        var talked = Duration.zero
        var workload = 0

        init() {}

        /// - Parameters:
        ///   - calls: as they are now.
        ///   - others: of the kinds behind calls, in their order.
        ///   - closed: a bit for the place of each kind that nobody waits for this agent with.
        init(of agent: Agent, calls: WorkKind, call: Standing, others: [Standing], closed: UInt64) {
            self.call = call
            self.others = others
            self.closed = closed
            isFree = call == .free || others.contains(.free)
            isSignedIn = agent.presence.isSignedIn
            isAvailable = agent.presence == .available && agent.loss == nil
            takesCalls = agent.limits?.allows(calls) ?? true
            isVoiceOpen = !agent.isClosed(.voice)
            guard isFree else { return }
            workload = agent.workload
            idleSince = agent.idleSince
            answered = agent.answered
            talked = agent.talked
        }

        /// Signed in, and ever takes calls if the queue does.
        func isStaff(where takesCallsThere: Bool) -> Bool { isSignedIn && (takesCalls || !takesCallsThere) }

        /// Works, and could have the queue's calls if it takes some.
        func isAvailable(where takesCallsThere: Bool) -> Bool {
            isAvailable && (takesCalls && isVoiceOpen || !takesCallsThere)
        }

        /// Nobody waits for this agent with work of the kind at that place.
        func isClosed(_ kind: Int) -> Bool { closed & (1 << UInt64(kind)) != 0 }

        /// Works, and does work of the kind at that place.
        func isAvailable(forKind kind: Int) -> Bool { isAvailable && !isClosed(kind) && standing(kind) != .absent }

        /// What the queues count is the same.
        func counts(as other: Sight) -> Bool {
            isSignedIn == other.isSignedIn && isAvailable == other.isAvailable && takesCalls == other.takesCalls
                && isVoiceOpen == other.isVoiceOpen
        }

        /// What there is to compare of a free agent in any case.
        func candidate(_ id: AgentID, level: Int, order: Int) -> Candidate {
            var candidate = Candidate(agent: id, level: level, idleSince: idleSince, answered: answered, order: order)
            if workload > 0 { candidate.workload = workload }
            return candidate
        }

        /// For the kind at that place.
        func standing(_ kind: Int) -> Standing {
            if kind == 0 { return call }
            return others.indices.contains(kind - 1) ? others[kind - 1] : .absent
        }
    }
}
