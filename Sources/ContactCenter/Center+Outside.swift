// Numbers outside that agents want: asked, brought in, or handed the caller. Which ones they may be the edge knows, which keeps
// the numbers; how many and how long is decided here.

import ACD
import Basics

extension Center {
    private func rules(of trunk: TrunkID) -> OutsideRules? { configuration.outside.first { $0.trunk == trunk } }

    /// Calls over that trunk that were made for agents and go on.
    func outsideCallCount(over trunk: TrunkID) -> Int {
        outsideCalls.count { $0.value.trunk == trunk && legs[$0.key] != nil }
    }

    func refusalOfCall(over trunk: TrunkID, for contact: Contact) -> ControlRefusal? {
        guard let rules = rules(of: trunk) else { return .outsideNotAllowed }
        guard contact.participants.count < Company.participantsMax else { return .busy }
        return outsideCallCount(over: trunk) < rules.callsMax ? nil : .outsideFull
    }

    mutating func dial(_ callee: CallerKey, over trunk: TrunkID, for contact: inout Contact, handsOver: Bool) {
        let leg = makeLeg()
        let deadline = now + Self.participantRingMax
        legs[leg] = .beside(contact.id)
        let line = Participant.Line.dialling(leg, until: deadline, isHeard: false)
        contact.participants.append(
            Participant(
                who: .outside(trunk), part: .consulted, line: line, since: now, handsOver: handsOver ? true : nil))
        deadlines.set(.consult(contact.id), at: deadline)
        limit(leg, over: trunk)
        out.append(
            .dial(Dial(leg: leg, contact: contact.id, trunk: trunk, number: "", callerLeg: contact.leg, callee: callee)))
    }

    /// However it goes on from there, nobody pays for it longer than the rules allow.
    private mutating func limit(_ leg: LegID, over trunk: TrunkID) {
        for gone in outsideCalls.map(\.key) where legs[gone] == nil { outsideCalls[gone] = nil }
        let until = now + .seconds(60 * max(1, rules(of: trunk)?.minutesMax ?? OutsideRules.minutesMaxUsual))
        outsideCalls[leg] = OutsideCall(trunk: trunk, until: until)
        deadlines.set(.outside(leg), at: until)
    }

    mutating func outsideDue(_ leg: LegID) {
        outsideCalls[leg] = nil
        guard legs[leg] != nil else { return }
        out.append(.hangUp(leg, .timeout))
        legEnded(leg)
    }

    /// What others say to one another is none of the house's affair, once everybody of it has left them.
    mutating func endRecordingWithoutHouse(_ contact: inout Contact) {
        guard let recording = contact.recording, let conversation = contact.conversation, case .outside = conversation.other,
            outsideCalls[conversation.leg] != nil, !contact.participants.contains(where: { $0.agent != nil && $0.mode == nil })
        else { return }
        stop(recording, of: &contact)
        contact.recording = nil
    }

    /// Somebody outside who was called does not come: the agent is told why.
    mutating func noteNotReached(_ participant: Participant, _ contact: inout Contact, _ failure: LegFailure) {
        guard case .outside = participant.who, participant.leg == nil else { return }
        contact.note(.notConnected(failure), at: now)
        guard var conversation = contact.conversation else { return }
        conversation.notReached = failure
        contact.state = .talking(conversation)
    }
}
