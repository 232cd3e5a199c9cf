// What a leg remembers of the browser that carries it.

internal import WebRTC

/// The part of a browser's leg that the packet path never looks at.
struct BrowserLeg {
    /// `nil`: the browser is lost, and the leg waits for it or for another one.
    private(set) var session: BrowserSession?
    /// Voice flows; before, the leg only rings.
    var isAnswered = false
    /// The session's figures when they were noted last; of a lost one they stay.
    private var quality: BrowserQuality?
    /// Lost on this leg, over all sessions.
    private var lost: UInt64 = 0

    init(_ session: BrowserSession) { begin(session) }

    mutating func begin(_ session: BrowserSession) {
        guard self.session !== session else { return }
        note()
        self.session = session
        // What was lost before is another leg's.
        quality = session.quality
    }

    mutating func end() {
        note()
        session = nil
    }

    /// At least once a second, and before the session ends: a reloaded page counts from zero.
    mutating func note() {
        guard let session else { return }
        let now = session.quality, before = quality?.packetsLost ?? 0
        lost += now.packetsLost >= before ? now.packetsLost - before : now.packetsLost
        quality = now
    }

    /// The session sees what the leg doesn't: losses that were made up for, and the other side's reports.
    func correct(_ figures: inout LegFigures) {
        guard let quality else { return }
        figures.packetsLost = lost
        figures.jitterMilliseconds = quality.jitterMilliseconds
        figures.roundTripMilliseconds = quality.roundTripMilliseconds
        figures.remoteLoss = quality.remoteLossPercent.map { $0 / 100 }
    }
}
