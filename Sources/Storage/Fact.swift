// What a turn makes known beyond its events: rows that people and the API read.

public import Basics

public nonisolated enum Fact: Sendable {
    /// The whole contact as it now stands; replaces what was stored of it.
    case contact(ContactRecord)
    case timeline(TimelineEntry)
    /// The whole recording as it now stands; replaces what was stored of it.
    case recording(RecordingRecord)
    /// The contact has to be stored with the same turn, or before.
    case leg(LegRecord)
    /// As `leg`. Replaces what was stored of the same wrap-up.
    case note(NoteRecord)
    /// Replaces what was stored of the same caller.
    case callbackNumber(CallbackNumberRecord)
    case callbackNumberForgotten(CallerKey)
    /// As `leg`.
    case work(WorkRecord)
    /// Of several states of an agent that begin at one moment the last one is kept.
    case agentState(AgentStateRecord)
    case audit(AuditEntry)
}
