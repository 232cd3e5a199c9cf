// Events and commands in words, for people who read a replay.

internal import ACD
internal import Basics
internal import ContactCenter
internal import IVR

extension Event {
    nonisolated var told: String {
        switch self {
        case .configurationApplied(let configuration): "configuration \(configuration.version) applied"
        case .restarted: "the process took over from one that was gone"
        case .callArrived(let arrival):
            "call to \(arrival.number) on leg \(arrival.leg), trunk \(arrival.trunk), channel \(arrival.channel)"
        case .deviceCalled(let call): "device \(call.device) dialled \(call.dialled) on leg \(call.leg)"
        case .legRinging(let leg): "leg \(leg) rings"
        case .legEarlyMedia(let leg): "leg \(leg) can be heard before its answer"
        case .legAnswered(let leg): "leg \(leg) answered"
        case .legFailed(let leg, let failure): "leg \(leg) failed: \(failure.rawValue)"
        case .legEnded(let leg): "leg \(leg) ended"
        case .legSilent(let leg): "leg \(leg) has been silent for too long"
        case .legQuiet(let leg): "nothing is heard on leg \(leg) any more"
        case .legHeld(let leg, let isHeld): "leg \(leg) \(isHeld ? "put the call on hold" : "took the call back")"
        case .digit(let leg, let key): "key \(key) on leg \(leg)"
        case .playbackEnded(let leg, _): "prompt on leg \(leg) ended"
        case .collected(let leg, _, let length, let valid):
            "\(length) digits collected on leg \(leg), \(valid ? "valid" : "not valid")"
        case .deviceRegistered(let device): "device \(device) registered"
        case .deviceUnregistered(let device): "device \(device) unregistered"
        case .deviceLost(let device): "device \(device) is lost"
        case .presenceRequested(let agent, let presence): "agent \(agent) wants to be \(presence.told)"
        case .holdRequested(let agent, let isOn): "agent \(agent) \(isOn ? "puts the call on hold" : "takes the call back")"
        case .muteRequested(let agent, let isOn): "agent \(agent) \(isOn ? "mutes" : "unmutes")"
        case .hangUpRequested(let agent): "agent \(agent) hangs up"
        case .transferRequested(let agent, .queue(let queue)): "agent \(agent) transfers to queue \(queue)"
        case .transferRequested(let agent, .agent(let other)): "agent \(agent) transfers to agent \(other)"
        case .transferRequested(let agent, .flow(let flow)): "agent \(agent) transfers to flow \(flow)"
        case .transferRequested(let agent, .outside(let trunk, _)):
            "agent \(agent) transfers to somebody over trunk \(trunk)"
        case .consultRequested(let agent, let step): "agent \(agent) \(step.told)"
        case .supervisionRequested(let wanted):
            "supervisor \(wanted.supervisor) wants to \(wanted.mode.rawValue) contact \(wanted.contact)"
        case .supervisionEnded(let agent): "supervisor \(agent) leaves"
        case .secureStepRequested(let agent, let form):
            form.map { "\(agent) has the caller key in \($0)" } ?? "\(agent) does not want any digits any more"
        case .recordingPauseRequested(let agent, let isOn): "agent \(agent) \(isOn ? "pauses" : "resumes") the recording"
        case .wrapUpCompleted(let agent, let disposition):
            "agent \(agent) ends the wrap-up" + (disposition.map { ": \($0)" } ?? "")
        case .wrapUpRequested(let agent, let contact, let isOn):
            "agent \(agent) wants \(isOn ? "a" : "no") wrap-up after contact \(contact)"
        case .wrapUpExtended(let agent): "agent \(agent) extends the wrap-up"
        case .workArrived(let arrival): "\(arrival.kind) for queue \(arrival.queue)"
        case .channelsRequested(let agent, let opened, let closed):
            "agent \(agent) "
                + [("opens", opened), ("closes", closed)].filter { !$0.1.isEmpty }
                .map { $0.0 + " " + $0.1.map(\.rawValue).joined(separator: ", ") }.joined(separator: ", ")
        case .satisfactionReported(let kind, let queue, let percent):
            "customers of \(kind)" + (queue.map { " in queue \($0)" } ?? "") + " are satisfied to \(percent) %"
        case .workCompleted(let agent, let contact): "agent \(agent) is done with contact \(contact)"
        case .workTransferRequested(let agent, let contact, .queue(let queue)):
            "agent \(agent) transfers contact \(contact) to queue \(queue)"
        case .workTransferRequested(let agent, let contact, .agent(let other)):
            "agent \(agent) transfers contact \(contact) to agent \(other)"
        case .workTransferRequested(let agent, let contact, .flow), .workTransferRequested(let agent, let contact, .outside):
            "agent \(agent) transfers contact \(contact) to where only calls go"
        case .workWrapUpCompleted(let agent, let contact, let disposition):
            "agent \(agent) ends the wrap-up of contact \(contact)" + (disposition.map { ": \($0)" } ?? "")
        case .workWrapUpExtended(let agent, let contact): "agent \(agent) extends the wrap-up of contact \(contact)"
        case .priorityChanged(let contact, let priorityClass, let seconds):
            "contact \(contact) has priority \(priorityClass) and a head start of \(seconds) s"
        case .withdrawRequested(let contact): "contact \(contact) is taken out of its queue"
        case .callbackScheduled(let request):
            "a callback from queue \(request.queue) is asked for"
                + (request.wishedAt.map { " at \($0.microseconds / 1_000_000) s" } ?? "")
        case .callbackCancelled(let contact): "the callback of contact \(contact) is cancelled"
        case .recordingSaved(let recording, let seconds): "recording \(recording) saved, \(seconds) s"
        case .recordingFailed(let recording, let reason): "recording \(recording) failed: \(reason)"
        case .admissionChanged(let fallback): fallback ? "new calls take their fallback" : "new calls are taken again"
        case .deadlinesPassed: "a deadline came"
        }
    }
}

extension ConsultStep {
    nonisolated fileprivate var told: String {
        switch self {
        case .begin(.agent(let agent)): "asks agent \(agent)"
        case .begin(.outside(let trunk, _)): "asks somebody over trunk \(trunk)"
        case .swap: "talks with the other one of the two"
        case .complete: "hands the caller to whom it has asked"
        case .backOut: "comes back to the caller"
        case .merge: "brings both together"
        case .leave: "leaves the others alone"
        }
    }
}

extension AgentPresence {
    nonisolated var told: String {
        switch self {
        case .offline: "offline"
        case .available: "available"
        case .aux(let reason): "on a pause (\(reason))"
        }
    }
}

extension Command {
    /// nil: nothing that a reader wants to know.
    nonisolated var told: String? {
        switch self {
        case .answer(let leg): "answer leg \(leg)"
        case .reject(let leg, let cause): "reject leg \(leg): \(cause.rawValue)"
        case .hangUp(let leg, let cause): "hang up leg \(leg): \(cause.rawValue)"
        case .play(let leg, _, let announcements, _, _): "play \(announcements.count) announcements on leg \(leg)"
        case .stopPlayback(let leg): "stop what is played on leg \(leg)"
        case .collect(let leg, let collect): "collect \(collect.attribute) on leg \(leg)"
        case .collectSecurely(let leg, let form): "collect \(form) unheard on leg \(leg)"
        case .cancelCollection(let leg): "collect nothing on leg \(leg) any more"
        case .bridge(let a, let b): "bridge legs \(a) and \(b)"
        case .unbridge(let a, let b): "part legs \(a) and \(b)"
        case .confer(let contact, let members, let isMasked):
            members.isEmpty
                ? "end the conference of contact \(contact)"
                : "confer legs \(members.map { "\($0.leg)" }.joined(separator: ", ")) of contact \(contact)"
                    + (isMasked ? ", supervisors masked" : "")
        case .ring(let ring):
            "offer \(ring.offer): ring \(ring.device) of \(ring.agent) on leg \(ring.leg) for contact \(ring.contact)"
        case .dial(let dial): "dial over \(dial.trunk) on leg \(dial.leg) for contact \(dial.contact)"
        case .callBack(let call): "call contact \(call.contact) back over \(call.trunk) on leg \(call.leg)"
        case .keepNumber(_, let leg): "keep the number behind leg \(leg)"
        case .forgetNumber: "forget the number of a callback"
        case .startRecording(let start): "record contact \(start.contact) as recording \(start.recording)"
        case .record(let recording, let legs):
            "recording \(recording) has "
                + (legs.isEmpty ? "the caller alone" : "legs \(legs.map { "\($0)" }.joined(separator: ", "))")
        case .stopRecording(let recording): "stop recording \(recording)"
        case .pauseRecording(let recording, let isOn): "\(isOn ? "pause" : "resume") recording \(recording)"
        case .mute(let leg, let isOn): "\(isOn ? "mute" : "unmute") leg \(leg)"
        case .append(let contact, let entry): "contact \(contact), which is over: \(entry.what)"
        case .close(let contact): "contact \(contact.id) is over: \(contact.timeline.last.map { "\($0.what)" } ?? "")"
        case .trialBrokenOff(let key): "the split at \(key.node) of flow \(key.flow) goes the usual way from now on"
        case .trialStageBegan(let key): "the split at \(key.node) of flow \(key.flow) goes on to its next share"
        case .agentChanged, .queueChanged, .contactChanged: nil
        }
    }
}
