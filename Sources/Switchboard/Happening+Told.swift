// What happened to a contact in words, the reason of an offer with it.

internal import ACD
internal import Basics
internal import ContactCenter
internal import Foundation

nonisolated extension Happening {
    var told: String {
        switch self {
        case .arrived(let number, let trunk, let channel): "came over trunk \(trunk), channel \(channel), for \(number)"
        case .workArrived(let kind): "came in as \(kind)"
        case .visited(let flow, let node): "is at \(node) of flow \(flow)"
        case .chose(let node, let key): "pressed \(key) at \(node)"
        case .noted(let attribute, let value): "\(attribute) is \(value)"
        case .enqueued(let queue, let position): "waits in \(queue) at place \(position)"
        case .announced(let position, let seconds):
            "was told place \(position)" + (seconds.map { " and a wait of \(Self.seconds($0))" } ?? "")
        case .diverted(let queue, let cause): "leaves \(queue) without an agent: \(cause.rawValue)"
        case .relaxed(let queue, let step, let levelMax):
            "\(queue) asks less: step \(step + 1)" + (levelMax.map { ", levels up to \($0)" } ?? "")
        case .roomKept(let queue, let agent, let seconds):
            "comes first for \(agent) in \(queue), who keeps room for \(Self.seconds(seconds))"
        case .prioritised(let priorityClass, let position): "has class \(priorityClass), and place \(position)"
        case .offered(let offer, let agent, let queue, let why): "offer \(offer) of \(queue) to \(agent) \(why.told)"
        case .offerEnded(let offer, let agent, let end): "offer \(offer) to \(agent) ended: \(end.rawValue)"
        case .answered(let agent, let queue, let seconds): "answered by \(agent) of \(queue) after \(Self.seconds(seconds))"
        case .held: "is on hold"
        case .resumed: "is off hold"
        case .dialled(let trunk): "is called over trunk \(trunk)"
        case .connected: "is connected"
        case .notConnected(let failure): "could not be connected: \(failure.rawValue)"
        case .recordingStarted(let recording): "recording \(recording) begins"
        case .recordingStopped(let recording): "recording \(recording) ends"
        case .recordingPaused(let recording): "recording \(recording) pauses"
        case .recordingResumed(let recording): "recording \(recording) goes on"
        case .secureBegan(let form, let agent): "keys in \(form) unheard, as \(agent) wants"
        case .secureEnded(let form, let end): "\(form): \(end.rawValue)"
        case .agentLeft(let agent): "\(agent) has left"
        case .lost(let agent): "the browser of \(agent) is lost"
        case .returned(let agent): "\(agent) is back"
        case .transferred(let agent, .queue(let queue)): "\(agent) transfers it to queue \(queue)"
        case .transferred(let agent, .agent(let other)): "\(agent) transfers it to agent \(other)"
        case .transferred(let agent, .flow(let flow)): "\(agent) transfers it to flow \(flow)"
        case .transferred(let agent, .outside(let trunk, _)): "\(agent) transfers it to somebody over trunk \(trunk)"
        case .consulted(let who, let agent): "\(agent) asks \(who.told)"
        case .conferred(let who): "\(who.told) talks with all"
        case .participantLeft(let who, let end): "\(who.told) is gone" + (end.map { ": \($0.rawValue)" } ?? "")
        case .handedOver(let agent, let who): "\(agent.map { "\($0)" } ?? "somebody outside") leaves it to \(who.told)"
        case .supervised(let agent, let mode): "supervisor \(agent): \(mode?.rawValue ?? "ended")"
        case .disposed(let agent, let code): "\(agent) says: \(code ?? "nothing, though it was required")"
        case .callbackRequested(let queue, let seconds):
            "will be called back by \(queue)" + (seconds.map { ", in \(Self.seconds($0)) it was told" } ?? "")
        case .callbackDialled(let trunk, let attempt): "is called back over trunk \(trunk), attempt \(attempt)"
        case .callbackAnswered: "has answered the callback"
        case .callbackEnded(let end): "the callback ended: \(end.rawValue)"
        case .ended(let outcome, let party): "ended by the \(party.rawValue): \(outcome.rawValue)"
        }
    }

    fileprivate static func seconds(_ seconds: Double) -> String { String(format: "%.1f s", seconds) }
}

nonisolated extension Participant.Who {
    fileprivate var told: String {
        switch self {
        case .agent(let agent): "agent \(agent)"
        case .outside(let trunk): "somebody over trunk \(trunk)"
        }
    }
}

nonisolated extension Explanation {
    /// Who won by which keys, who came next, and why the others did not count.
    var told: String {
        let how = keys.isEmpty ? "in person" : "by " + keys.map(\.rawValue).joined(separator: ", ")
        let next = others.isEmpty ? "" : "; then " + others.map(told).joined(separator: ", ")
        let not =
            refused.isEmpty
            ? "" : "; not " + refused.map { "\($0.count) \($0.refusal.rawValue)" }.joined(separator: ", ")
        return "\(how): \(told(winner))\(next)\(not)"
    }

    /// What the keys compare.
    private func told(_ candidate: Candidate) -> String {
        var facts = ["level \(candidate.level)"]
        for key in keys {
            switch key {
            case .level: break
            case .longestIdle: facts.append("idle since \(Replay.time(candidate.idleSince))")
            case .leastRecent:
                facts.append(candidate.lastOfQueue.map { "last of the queue until \(Replay.time($0))" } ?? "none of the queue")
            case .fewestCallsOfQueue: facts.append("\(candidate.answeredOfQueue ?? 0) answered of the queue")
            case .fewestCalls: facts.append("\(candidate.answered) answered")
            case .bestSkills: candidate.skillFit.map { facts.append("skills \($0)") }
            case .leastTalkTime: candidate.talked.map { facts.append("talked \(Happening.seconds($0.inSeconds))") }
            case .lastOffered: facts.append(candidate.lastOffer.map { "last offer \($0)" } ?? "never offered")
            case .order, .roundRobin, .random: facts.append("member \(candidate.order + 1)")
            case .weightedRandom: candidate.weight.map { facts.append("weight \($0)") }
            }
        }
        return "\(candidate.agent) (\(facts.joined(separator: ", ")))"
    }
}
