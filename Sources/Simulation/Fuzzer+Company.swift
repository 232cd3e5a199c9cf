// Several on one call: what the fuzzer's people do there, and who must hear whom then.

import ACD
import Basics
import ContactCenter

extension Fuzzer {
    /// Something that is done with a third on the call, whether it applies or not.
    mutating func shared(by agent: AgentID) -> Event {
        let talking = floor.center.contacts.filter { $0.value.conversation != nil && !$0.value.isDigital }.map(\.value)
        let consulting = talking.filter { $0.consulted != nil || !$0.conferring.isEmpty }
        var agent = agent
        // Mostly one who has begun something goes on with it.
        if !consulting.isEmpty, random.below(3) > 0,
            case .agent(let other, _)? = consulting[random.below(consulting.count)].conversation?.other
        {
            agent = other
        }
        switch random.below(14) {
        case 0..<4: return .consultRequested(agent, .begin(.agent(anybody())))
        case 4: return .consultRequested(agent, .begin(.outside("carrier", "callee")))
        case 5: return .consultRequested(agent, .swap)
        case 6: return .consultRequested(agent, .complete)
        case 7: return .consultRequested(agent, .backOut)
        case 8: return .consultRequested(agent, .merge)
        case 9: return .consultRequested(agent, .leave)
        case 10..<13:
            guard !talking.isEmpty else { return .supervisionEnded(anybody()) }
            let supervised = talking.flatMap { contact in
                contact.supervisors.compactMap { $0.agent }.map { (contact.id, $0) }
            }
            let modes = Supervision.Mode.allCases
            let mode = modes[random.below(modes.count)]
            if !supervised.isEmpty, random.below(2) == 0 {
                let (contact, supervisor) = supervised[random.below(supervised.count)]
                return .supervisionRequested(Supervision(supervisor: supervisor, contact: contact, mode: mode))
            }
            let contact = talking[random.below(talking.count)].id
            return .supervisionRequested(Supervision(supervisor: anybody(), contact: contact, mode: mode))
        default:
            let supervisors = talking.flatMap(\.supervisors).compactMap(\.agent)
            return .supervisionEnded(supervisors.isEmpty ? anybody() : supervisors[random.below(supervisors.count)])
        }
    }

    /// Where nobody of the house takes the caller on.
    mutating func farTarget() -> TransferTarget {
        switch random.below(5) {
        case 0: .flow("main")
        case 1: .flow("direct")
        case 2: .flow("none")
        case 3: .outside("nowhere", "callee")
        default: .outside("carrier", "callee")
        }
    }

    private mutating func anybody() -> AgentID {
        let agents = configurations[0].agents.map(\.id)
        let free = agents.filter { floor.center.refusal(of: $0, for: .call) == nil && floor.center.agents[$0] != nil }
        if !free.isEmpty, random.below(4) > 0 { return free[random.below(free.count)] }
        return agents[random.below(agents.count)]
    }

    /// One who is on the line: where it talks, and whether its own phone or browser keeps it out.
    private struct Voice {
        var leg: LegID
        /// 1: with the caller, 2: apart with whom the agent asks; nil: nowhere.
        var room: Int?
        var isOut = false
    }

    /// Said from the definitions (3.9), for every two who are on the line.
    func violationsOfSharedSound(_ contact: Contact, _ conversation: Conversation) -> [String] {
        let agent = conversation.leg
        let isConsulting = contact.consulted != nil
        let isCallerOut = conversation.heldBy == .caller && !conversation.isLost
        let isAgentOut = conversation.isLost || (conversation.heldBy != nil && conversation.heldBy != .caller)
        let agentsRoom = isAgentOut ? nil : isConsulting && !contact.isTurnedToCaller ? 2 : 1
        var voices = [
            Voice(leg: contact.leg, room: isCallerOut ? nil : 1, isOut: isCallerOut),
            Voice(leg: agent, room: agentsRoom, isOut: isAgentOut),
        ]
        var ears: [(leg: LegID, mode: Supervision.Mode)] = []
        for participant in contact.participants {
            switch (participant.part, participant.line) {
            case (.supervising(let mode), .live(let leg, _, false)): ears.append((leg, mode))
            case (.conferring, .live(let leg, _, let isHolding)):
                voices.append(Voice(leg: leg, room: isHolding ? nil : 1, isOut: isHolding))
            case (.consulted, .live(let leg, _, let isHolding)):
                let isAside = !isHolding && !contact.isTurnedToCaller
                voices.append(Voice(leg: leg, room: isAside ? 2 : nil, isOut: isHolding))
            case (.consulted, .dialling(let leg, _, isHeard: true)): voices.append(Voice(leg: leg, room: 2, isOut: true))
            default: continue
            }
        }
        var found: [String] = []
        func expect(_ condition: Bool, _ text: String) {
            if !condition { found.append("contact \(contact.id): \(text)") }
        }
        for ear in voices {
            let others = voices.filter { $0.leg != ear.leg }
            for mouth in others {
                let shall = ear.room != nil && ear.room == mouth.room
                expect(
                    floor.hears(ear.leg, mouth.leg) == shall, "\(ear.leg) \(shall ? "should" : "must not") hear \(mouth.leg)")
            }
            let isAlone = !others.contains { $0.room == ear.room && ear.room != nil }
            if isAlone, !ear.isOut { expect(floor.hearsLoop(ear.leg), "\(ear.leg) is in silence") }
        }
        let together = voices.filter { $0.room == agentsRoom && agentsRoom != nil && $0.leg != agent }
        let isAdvised = !conversation.isLost && conversation.heldBy == .agent
        for (ear, mode) in ears {
            for voice in voices {
                let isBeside = !together.isEmpty && voice.room == agentsRoom || isAdvised && voice.leg == agent
                let hears = isBeside && !contact.isMasked && (mode != .privateWhisper || voice.leg == agent)
                expect(floor.hears(ear, voice.leg) == hears, "supervisor \(ear) hears \(voice.leg) wrongly in \(mode)")
                let isHeard = isBeside && (mode == .barge || mode != .monitor && voice.leg == agent)
                expect(floor.hears(voice.leg, ear) == isHeard, "\(voice.leg) hears supervisor \(ear) wrongly in \(mode)")
            }
            if together.isEmpty, !isAdvised { expect(floor.hearsLoop(ear), "supervisor \(ear) is in silence") }
        }
        expect(floor.muted.contains(agent) == conversation.isMuted, "muted wrongly")
        let isPaused = contact.recording.map { floor.pausedRecordings.contains($0) } ?? false
        expect(isPaused == (contact.isMasked && contact.recording != nil), "paused wrongly")
        expect(contact.secure == nil || floor.collecting.contains(contact.leg), "keys something in that nobody takes")
        if let recording = contact.recording {
            let heard = (voices.map(\.leg) + ears.map(\.leg)).filter { floor.hears(contact.leg, $0) }
            expect(
                Set(floor.recorded[recording] ?? []) == Set(heard), "its recording has others than those whom the caller hears")
        }
        return found
    }
}
