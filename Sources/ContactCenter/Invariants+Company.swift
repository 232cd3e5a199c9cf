// What must be true of those who are on a call beside the caller and its agent.

import ACD
import Basics

extension Invariants {
    static func violationsOfCompany(of contact: Contact, in center: Center) -> [String] {
        guard let company = contact.company else { return [] }
        var found: [String] = []
        func expect(_ condition: Bool, _ text: String) {
            if !condition { found.append("contact \(contact.id) \(text)") }
        }
        let all = company.participants
        expect(!all.isEmpty, "has a company of nobody")
        expect(all.count <= Company.participantsMax, "has too many on the line")
        expect(!contact.isDigital && !contact.isParked, "is no call, and somebody is on it")
        expect(all.count { $0.part == .consulted } <= 1, "consults two at once")
        expect(!contact.isTurnedToCaller || contact.consulted?.leg != nil, "is turned away from nobody")
        let agents = all.compactMap(\.agent).sorted()
        expect(!zip(agents, agents.dropFirst()).contains { $0 == $1 }, "has somebody twice on the line")
        for participant in all {
            if participant.mode == nil {
                expect(contact.conversation != nil && !contact.isBeingReached, "has company and no conversation")
            }
            if participant.part == .consulted {
                if case .agent? = contact.conversation?.other {} else { expect(false, "consults without an agent") }
            }
            if case .agent(let agent, _)? = contact.conversation?.other {
                expect(participant.agent != agent, "has its agent beside itself")
            }
            if case .outside(let trunk) = participant.who, let leg = participant.anyLeg {
                expect(center.outsideCalls[leg]?.trunk == trunk, "has somebody outside whose call has no limit")
            }
            expect(
                participant.handsOver != true || participant.part == .consulted && participant.leg == nil,
                "has not been handed over to whom it was transferred")
            switch participant.line {
            case .ringing(let offer):
                expect(
                    center.offers[offer]?.contact == contact.id && center.offers[offer]?.joins == true,
                    "waits for somebody who is not rung")
                expect(participant.part != .conferring, "confers with somebody who rings")
            case .dialling(let leg, let until, _):
                expect(center.legs[leg] == .beside(contact.id), "dials somebody on a dead leg")
                expect(!center.hasOutlived(until), "has dialled for too long")
                expect(participant.part == .consulted, "confers with somebody who is dialled")
            case .live(let leg, _, _):
                expect(center.legs[leg] == .beside(contact.id), "has somebody on a dead leg")
                expect(participant.mode != .takeOver, "was taken over by somebody who is not its agent")
                guard let agent = participant.agent else { continue }
                let isKnown = center.agents[agent]?.work.contains {
                    if case .active(contact.id, _, _) = $0 { true } else { false }
                }
                expect(isKnown == true, "is shared with agent \(agent), who does not know it")
            }
        }
        return found
    }

    static func violationsOfOutsideCalls(in center: Center) -> [String] {
        center.outsideCalls.compactMap { entry in
            guard center.legs[entry.key] != nil, center.hasOutlived(entry.value.until) else { return nil }
            return "leg \(entry.key), which goes outside, has outlived its limit"
        }
    }
}
