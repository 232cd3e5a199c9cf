// What the fuzzer's agents do: phones and browsers come and go, buttons are pressed whether they apply or not.

import ACD
import Basics
import ContactCenter

extension Fuzzer {
    mutating func presence() -> String {
        let agents = configurations[0].agents.map(\.id)
        let agent = agents[random.below(agents.count)]
        let wanted: [AgentPresence] = [.available, .available, .available, .aux(reason: "break"), .offline]
        let presence = wanted[random.below(wanted.count)]
        if random.below(4) == 0, let device = floor.center.agents[agent]?.devices.first {
            floor.dial(["*10", "*11", "*12", "*99"][random.below(4)], from: device)
        } else {
            floor.set(presence, for: agent)
        }
        return "presence of \(agent)"
    }

    mutating func registration() -> String {
        let devices = configurations[0].agents.flatMap(\.devices)
        let device = devices[random.below(devices.count)]
        floor.submit(random.below(4) == 0 ? .deviceUnregistered(device) : .deviceRegistered(device))
        return "registration of \(device)"
    }

    mutating func hold() -> String {
        guard let leg = leg(where: { if case .live = $0 { true } else { false } }) else { return "hold nothing" }
        floor.submit(.legHeld(leg, random.below(2) == 0))
        return "hold \(leg)"
    }

    // MARK: Browsers

    /// A reload is gone and back within moments, a crash is not; now and then it is a phone of which nobody expects it.
    mutating func loss() -> String {
        let lost = floor.center.agents.compactMap(\.value.loss?.device)
        if !lost.isEmpty, random.below(2) == 0 {
            let device = lost[random.below(lost.count)]
            floor.submit(random.below(6) == 0 ? .deviceUnregistered(device) : .deviceRegistered(device))
            return "return of \(device)"
        }
        let talking = floor.center.contacts.compactMap(\.value.conversation?.device)
        let all = random.below(3) > 0 && !talking.isEmpty ? talking : configurations[0].agents.flatMap(\.devices)
        let device = all[random.below(all.count)]
        floor.lose(device)
        return "loss of \(device)"
    }

    // MARK: Buttons

    mutating func button() -> String {
        let event = random.below(2) == 0 ? pressed(by: anyAgent()) : shared(by: anyAgent())
        let isRefused = floor.center.refusal(of: event) != nil
        floor.submit(event)
        // Each button that is allowed brings a command, if only that the agent has changed.
        if isRefused != floor.commands.isEmpty {
            refusalsNotKept.append("\(event) was \(isRefused ? "refused and done" : "allowed and not done")")
        }
        answerSoon(event)
        return "\(event)"
    }

    /// Half of those who are asked to join a call do so at once: few calls live long enough otherwise.
    private mutating func answerSoon(_ event: Event) {
        let asked: AgentID
        switch event {
        case .consultRequested(_, .begin(.agent(let agent))): asked = agent
        case .supervisionRequested(let wanted): asked = wanted.supervisor
        default: return
        }
        guard random.below(2) == 0, let leg = floor.ringing(at: asked).first else { return }
        floor.answer(leg)
    }

    /// Mostly one that has something to press for.
    mutating func anyAgent() -> AgentID {
        let busy = floor.center.agents.filter { !$0.value.work.isEmpty }.map(\.key)
        let agents = random.below(5) > 0 && !busy.isEmpty ? busy : configurations[0].agents.map(\.id)
        return agents[random.below(agents.count)]
    }

    private mutating func pressed(by agent: AgentID) -> Event {
        let isOn = random.below(2) == 0
        switch random.below(10) {
        case 0: return .holdRequested(agent, isOn)
        case 1: return .muteRequested(agent, isOn)
        case 2: return .hangUpRequested(agent)
        case 3: return .transferRequested(agent, .queue((["sales", "support", "vip", "none"] as [QueueID])[random.below(4)]))
        case 4: return .transferRequested(agent, .agent(anyAgent()))
        case 5: return .transferRequested(agent, farTarget())
        case 6: return .recordingPauseRequested(agent, isOn)
        case 7:
            if isOn { return .wrapUpExtended(agent) }
            let contacts = (floor.center.agents[agent]?.activeContacts ?? []).compactMap { floor.center.contacts[$0] }
            return .secureStepRequested(agent, contacts.contains { $0.secure != nil } ? nil : "card")
        case 8:
            let contacts = floor.center.agents[agent]?.activeContacts ?? []
            guard !contacts.isEmpty else { return .wrapUpExtended(agent) }
            return .wrapUpRequested(agent, contacts[random.below(contacts.count)], isOn)
        default:
            return .wrapUpCompleted(agent, disposition: [nil, "sold", "sold", "not-a-code"][random.below(4)])
        }
    }

    // MARK: What is heard

    /// The rules say who hears whom; here it is whether their commands, one after the other, have come to that.
    func violationsOfSound() -> [String] {
        var found = refusalsNotKept + floor.deadCommands
        for contact in floor.center.contacts.map(\.value) where !contact.isDigital {
            if contact.entry != nil, !floor.hearsAnything(contact.leg), floor.legs[contact.leg] != .dialling,
                !contact.isParked, !contact.isBeingProved
            {
                found.append("contact \(contact.id) waits in silence")
            }
            found += violationsOfCallback(contact)
            for supervisor in contact.conversation == nil ? contact.supervisors : [] {
                guard case .live(let leg, _, false) = supervisor.line else { continue }
                if !floor.hearsLoop(leg) { found.append("a supervisor of contact \(contact.id) waits in silence") }
            }
            guard let conversation = contact.conversation else { continue }
            let (caller, other) = (contact.leg, conversation.leg)
            if contact.company != nil {
                found += violationsOfSharedSound(contact, conversation)
                continue
            }
            if contact.stateName == "dialling" {
                if !floor.hearsLoop(other) || floor.isBridged(caller, other) {
                    found.append("agent on contact \(contact.id) should hear how the customer is called")
                }
                continue
            }
            let isBridged = floor.isBridged(caller, other)
            let isRight =
                switch conversation.sound {
                case .eachOther: isBridged && !floor.hearsLoop(caller) && !floor.hearsLoop(other)
                case .musicToCaller: !isBridged && floor.hearsLoop(caller) && !floor.hearsLoop(other)
                case .musicToOther: !isBridged && !floor.hearsLoop(caller) && floor.hearsLoop(other)
                }
            if !isRight { found.append("contact \(contact.id) should be heard as \(conversation.sound)") }
            if floor.muted.contains(other) != conversation.isMuted { found.append("contact \(contact.id) is muted wrongly") }
            let isPaused = contact.recording.map { floor.pausedRecordings.contains($0) } ?? false
            if isPaused != (contact.isMasked && contact.recording != nil) {
                found.append("contact \(contact.id) is paused wrongly")
            }
        }
        return found
    }
}
