// How far callers come by themselves, and how often they are sent the wrong way.

/// Sessions of the voice menu or a bot.
public struct SelfServiceCounts: Hashable, Sendable, Codable {
    public var sessions: Int
    /// Ended without an agent: the flow came to its end.
    public var completed: Int
    /// Of `completed`, those whose customer came back within the window, usually 24 h.
    public var completedAndBack: Int
    /// The customer hung up in the middle, which proves nothing.
    public var hungUp: Int

    /// - Throws: `KPIError`.
    public init(sessions: Int, completed: Int, completedAndBack: Int, hungUp: Int) throws(KPIError) {
        self.sessions = try sessions.checked("sessions")
        self.completed = try completed.checked("completed", partOf: sessions, "sessions")
        self.completedAndBack = try completedAndBack.checked("completed and back", partOf: completed, "completed")
        self.hungUp = try hungUp.checked("hung up", partOf: sessions - completed, "sessions not completed")
    }

    public var containment: Figure {
        Figure(
            "containment", ratio(completed - completedAndBack, sessions), .share,
            formula: "sessions ended without an agent and without another contact within 24 h / sessions")
    }

    /// Shown beside the strict one, because it is the one that is usually advertised.
    public var naiveContainment: Figure {
        Figure(
            "containment, naive", ratio(completed + hungUp, sessions), .share,
            formula: "sessions ended without an agent, hang-ups counted / sessions")
    }
}

/// Shares that are nothing but a part of a whole.
public enum Share {
    /// - Parameter misrouted: transferred to another queue within the limit, or with the disposition "wrong department".
    /// - Throws: `KPIError`.
    public static func misroute(misrouted: Int, routed: Int) throws(KPIError) -> Figure {
        try share(
            "misroute", misrouted, "misrouted", of: routed, "routed",
            formula: "transferred to another queue or skill within X s, or disposed as wrong department / routed")
    }

    /// - Throws: `KPIError`.
    public static func intentSuccess(reachedGoal: Int, sessions: Int) throws(KPIError) -> Figure {
        try share(
            "intent success", reachedGoal, "sessions that reached the goal", of: sessions, "sessions with the intent",
            formula: "sessions whose intent's goal was reached / sessions with that intent")
    }

    /// - Parameter playable: and of the length of the contact within one second.
    /// - Throws: `KPIError`.
    public static func recordingSuccess(playable: Int, toBeRecorded: Int) throws(KPIError) -> Figure {
        try share(
            "recording success", playable, "playable recordings", of: toBeRecorded, "contacts to be recorded",
            formula: "recordings playable and of length ±1 s / contacts to be recorded")
    }

    /// - Throws: `KPIError`.
    public static func caseCreation(created: Int, inbound: Int) throws(KPIError) -> Figure {
        try share(
            "case creation", created, "contacts with a case", of: inbound, "inbound contacts",
            formula: "inbound contacts with a case / inbound contacts")
    }

    private static func share(
        _ name: String, _ part: Int, _ partName: String, of whole: Int, _ wholeName: String, formula: String
    ) throws(KPIError) -> Figure {
        let whole = try whole.checked(wholeName)
        return Figure(name, ratio(try part.checked(partName, partOf: whole, wholeName), whole), .share, formula: formula)
    }
}
