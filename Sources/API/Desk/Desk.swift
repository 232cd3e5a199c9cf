// The desk of one agent: what its page has been told, and who holds it.

internal import Basics
internal import ContactCenter
internal import MainLoop

/// State only; `DeskSessions` moves it.
@MainActor final class Desk {
    let agent: AgentID
    var ring: DeskRing
    /// What the page knows, or will know from the frames in the ring.
    var view: DeskView
    /// The page that works at the desk.
    var holder: DeskConnection?
    /// The tab that held it last: it may come back without asking.
    var tab: String?
    var holderSince: Instant
    /// Pages that have to ask first.
    var asking: [DeskConnection] = []
    /// The session of the page that held it last.
    var session: SecretDigest?
    /// Whether this page has begun to speak of its voice, or has come back with it.
    var hasVoice = false
    /// What the voice has been told: a page holds the desk, runs, and has a voice.
    var stands = false
    var isFrozen = false
    /// Monotonic nanoseconds of the page's last frame.
    var heardAt = MonotonicClock.now
    /// When the last page went; `.max`: one is there.
    var emptySince = UInt64.max
    /// The contact that the agent had to do with last.
    var contact: DeskContact?
    var transferred: Set<ContactID> = []
    /// Of each place in which something has been written, by its key.
    var notes: [String: DeskNote] = [:]
    var recent: [DeskRecent] = []
    /// Whether the heap has a deadline for it.
    var hasQualityDeadline = false
    var hasAliveDeadline = false

    init(_ agent: AgentID, _ view: DeskView, ring: DeskRing, at now: Instant) {
        self.agent = agent
        self.view = view
        self.ring = ring
        holderSince = now
        contact = view.contact
    }

    func remember(_ call: DeskRecent) {
        recent.insert(call, at: 0)
        if recent.count > DeskLimits.recentMax { recent.removeLast() }
    }

    /// Keeps the frame, and sends it if a page is there.
    func tell(_ frame: [UInt8]) {
        let number = ring.append(frame)
        holder?.send(DeskFrame.numbered(frame, number))
    }
}
