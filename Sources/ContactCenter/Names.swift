// The words under which history, the API and the page speak of the rules' states and happenings (definitions.md 3.8).

import ACD

extension Contact {
    /// The state in one word.
    public var stateName: String {
        switch state {
        case .announcing, .inFlow: "menu"
        case .waiting(let entry): callbackStateName ?? (entry.offer == nil ? "queued" : "offered")
        case .dialling: "dialling"
        case .talking where isBeingReached: "dialling"
        case .talking(let conversation):
            if conversation.isLost {
                "lost"
            } else if isDigital {
                "active"
            } else {
                conversation.heldBy == nil ? "talking" : "held"
            }
        case .voicemailPrompt, .voicemail: "voicemail"
        case .leaving: "leaving"
        case .ended: "ended"
        }
    }

    private var callbackStateName: String? {
        switch callbackPhase {
        case .resting, .ready: entry?.offer == nil ? "parked" : nil
        case .dialling, .proving: "dialling"
        case nil, .confirming, .holding, .reaching, .provingBeside, .greeting, .ended: nil
        }
    }

    /// Every `stateName` there is.
    public static var stateNames: [String] {
        [
            "menu", "queued", "offered", "parked", "dialling", "talking", "held", "active", "lost", "voicemail", "leaving",
            "ended",
        ]
    }
}

extension Happening {
    /// What kind of line it is on the timeline.
    public var kind: String {
        switch self {
        case .arrived, .workArrived: "contact.created"
        case .visited: "flow.visited"
        case .chose: "flow.chose"
        case .noted: "contact.noted"
        case .enqueued: "contact.enqueued"
        case .announced: "contact.announced"
        case .diverted: "contact.diverted"
        case .relaxed: "contact.relaxed"
        case .roomKept: "contact.room-kept"
        case .prioritised: "contact.prioritised"
        case .offered: "contact.offered"
        case .offerEnded(_, _, let end): "offer." + end.rawValue
        case .answered: "contact.answered"
        case .held: "contact.held"
        case .resumed: "contact.resumed"
        case .dialled: "contact.dialled"
        case .connected: "contact.connected"
        case .notConnected: "contact.not-connected"
        case .recordingStarted: "recording.started"
        case .recordingStopped: "recording.stopped"
        case .recordingPaused: "recording.paused"
        case .recordingResumed: "recording.resumed"
        case .secureBegan: "secure.began"
        case .secureEnded(_, let end): "secure." + end.rawValue
        case .agentLeft: "agent.left"
        case .lost: "agent.lost"
        case .returned: "agent.returned"
        case .transferred: "contact.transferred"
        case .consulted: "contact.consulted"
        case .conferred: "contact.conferred"
        case .participantLeft: "participant.left"
        case .handedOver: "contact.handed-over"
        case .supervised(_, let mode): "supervision." + (mode?.rawValue ?? "ended")
        case .disposed: "contact.disposed"
        case .callbackRequested: "callback.requested"
        case .callbackDialled: "callback.dialled"
        case .callbackAnswered: "callback.answered"
        case .callbackEnded(let end): "callback." + end.rawValue
        case .ended(let outcome, _): outcome == .abandoned ? "contact.abandoned" : "contact.ended"
        }
    }
}
