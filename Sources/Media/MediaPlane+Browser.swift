// Legs that an agent's browser carries.

internal import Audio
public import Basics
internal import CLoop
internal import RTP
public import WebRTC

extension MediaPlane {
    /// Opens `leg` on a browser's session. It rings: nothing is heard on either side until `expectMedia`. From then on it
    /// is played to, bridged, recorded and held like any other leg.
    ///
    /// The session was there before the leg and stays after it; it carries one leg at a time. While it carries one, its
    /// `onPacket` is the media plane's.
    public func openBrowser(_ leg: LegID, on session: BrowserSession) throws(MediaError) {
        if let other = self.leg(on: session) { throw .browserInUse(other) }
        let slot = try takeSlot(for: leg)
        enter(leg, at: slot)
        let place = legs + Int(slot)
        place.pointee.isAgreed = true
        place.pointee.muType = BrowserSession.muType
        place.pointee.aType = BrowserSession.aType
        place.pointee.eventSent = BrowserSession.eventType
        place.pointee.eventReceived = BrowserSession.eventType
        browsers[slot] = BrowserLeg(session)
        attach(session, slot)
    }

    /// The browser is gone without saying so: the leg keeps everything but its voice, and waits for `returnBrowser`. What
    /// it is bridged with hears nothing of it, until something is played there.
    public func loseBrowser(_ leg: LegID) {
        guard let slot = slotOf[leg], let session = browsers[slot]?.session else { return }
        browsers[slot]?.end()
        detach(session, slot)
    }

    /// The browser is there again, on its old session or on a new one. Also to be called when the session has answered
    /// another offer: it may speak another law since.
    public func returnBrowser(_ leg: LegID, on session: BrowserSession) throws(MediaError) {
        guard let slot = slotOf[leg], let browser = browsers[slot] else { throw .unknownLeg(leg) }
        if let other = self.leg(on: session), other != leg { throw .browserInUse(other) }
        if let former = browser.session, former !== session { detach(former, slot) }
        browsers[slot]?.begin(session)
        attach(session, slot)
    }

    private func leg(on session: BrowserSession) -> LegID? {
        browsers.first { $0.value.session === session }.map { LegID(rawValue: legs[Int($0.key)].id) }
    }

    func answerBrowser(_ slot: Int32) {
        browsers[slot]?.isAnswered = true
        if let session = browsers[slot]?.session { attach(session, slot) }
    }

    func closeBrowser(_ slot: Int32) {
        if let session = browsers.removeValue(forKey: slot)?.session { detach(session, slot) }
    }

    func noteBrowsers() {
        for slot in browsers.keys { browsers[slot]?.note() }
    }

    private func attach(_ session: BrowserSession, _ slot: Int32) {
        let place = legs + Int(slot), isAnswered = browsers[slot]?.isAnswered ?? false
        let law = session.law ?? .a
        place.pointee.browser = .passUnretained(session)
        place.pointee.sendLaw = law
        place.pointee.sendType = law == .mu ? BrowserSession.muType : BrowserSession.aType
        place.pointee.maySend = isAnswered
        place.pointee.mayReceive = isAnswered
        place.pointee.lastReceived = cloop_now()
        place.pointee.reportedNoRTP = false
        place.pointee.out.interrupt()
        guard isAnswered else { return }
        // Held strongly, because a weak reference costs each packet two counts; `detach` lets go.
        session.onPacket = { header, payload in self.takeBrowser(header, payload, slot) }
        session.isTalking = true
    }

    private func detach(_ session: BrowserSession, _ slot: Int32) {
        let place = legs + Int(slot)
        session.isTalking = false
        session.onPacket = { _, _ in }
        place.pointee.browser = nil
        place.pointee.maySend = false
        place.pointee.mayReceive = false
        place.pointee.events.reset()
    }

    /// The session has checked whose packet it is, and that it is no flood.
    private func takeBrowser(_ header: RTPHeader, _ payload: UnsafeMutableRawPointer, _ slot: Int32) {
        let leg = legs + Int(slot), now = cloop_now()
        noteLife(leg, at: now)
        takeVoice(leg, slot, header, payload, at: now)
    }

    /// The session numbers packets anew for its browser. `false`: the browser isn't there; its port counts what the kernel
    /// didn't take.
    func send(to browser: Unmanaged<BrowserSession>, _ bytes: UnsafeRawPointer, count: Int) -> Bool {
        guard let header = RTPHeader(UnsafeRawBufferPointer(start: bytes, count: count)) else { return false }
        return browser.takeUnretainedValue().send(header, bytes + header.payloadOffset)
    }
}
