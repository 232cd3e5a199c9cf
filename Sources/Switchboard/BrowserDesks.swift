// Agents' browsers as telephones: where the desk's signalling, the browser's voice and the rules meet.

internal import ACD
internal import API
internal import Basics
internal import ContactCenter
internal import Logging
internal import Media
internal import Storage
internal import WebRTC

/// Knows of each agent's browser whether its desk and its voice stand, and tells the rules: both stand, the device is
/// registered; one falls, it is lost, and a leg of it waits without a voice. Decides nothing else.
final class BrowserDesks: DeskAudio {
    /// What the rules know of an agent's browser.
    enum Standing { case unregistered, registered, lost }

    private struct Desk {
        /// From the first offer to the sign-out, over reloads of the page.
        var session: BrowserSession?
        /// The desk's socket stands, and its page is awake.
        var isSignedIn = false
        /// As `onChange` told last.
        var isConnected = false
        var standing = Standing.unregistered
        /// Rings or talks; one at a time.
        var leg: LegID?
    }

    var onChange: ((AgentID, DeskAudioChange) -> Void)?
    /// Opened once an agent works in a browser.
    var port: BrowserPort?
    private static let refusalsToldEach = Duration.seconds(10)

    /// Since the last line in the audit.
    private struct Refusals {
        let at: Instant
        var count = 0
    }

    /// Of known agents only, so there are no more of them than agents.
    private var refusals: [AgentID: Refusals] = [:]
    /// Work that is shown at a desk and makes no sound.
    private struct Shown {
        let leg: LegID
        let agent: AgentID
    }

    private var shown: [OfferID: Shown] = [:]
    private var shownLegs: [LegID: OfferID] = [:]
    private unowned let edges: Edges
    private var desks: [AgentID: Desk] = [:]

    init(_ edges: Edges) { self.edges = edges }

    private func works(_ agent: AgentID) -> Bool {
        guard let known = edges.turn.center.agents[agent] else { return false }
        // A call that is begun is finished, whatever a reload has taken away.
        return desks[agent]?.leg != nil || known.devices.contains(agent.browser) && !known.isRemoved
    }

    // MARK: The desk

    func answer(offer sdp: String, of agent: AgentID) throws -> String {
        guard works(agent) else { throw DeskAudioError.unknownAgent }
        guard let port else { throw DeskAudioError.unavailable }
        let session: BrowserSession
        let answer: String
        do throws(WebRTCError) {
            session = try self.session(of: agent, on: port)
            answer = try session.answer(sdp)
        } catch {
            guard case .offer(let reason) = error else {
                edges.logger.warning("no voice for a browser", metadata: ["reason": "\(error)"])
                throw DeskAudioError.unavailable
            }
            throw DeskAudioError.badOffer(reason: "\(reason)")
        }
        settle(agent)
        // What goes on may speak another law from now on.
        if let desk = desks[agent], desk.standing == .registered, let leg = desk.leg { attach(session, to: leg) }
        return answer
    }

    private func session(of agent: AgentID, on port: BrowserPort) throws(WebRTCError) -> BrowserSession {
        if let known = desks[agent]?.session { return known }
        let session = try port.open()
        session.onEvent = { [unowned self] in take($0, of: agent) }
        desks[agent, default: Desk()].session = session
        return session
    }

    func signedIn(_ agent: AgentID) {
        desks[agent, default: Desk()].isSignedIn = true
        settle(agent)
    }

    func gone(_ agent: AgentID, signedOut: Bool) {
        guard signedOut else {
            guard desks[agent] != nil else { return }
            desks[agent]?.isSignedIn = false
            settle(agent)
            return tidy(agent)
        }
        // Who signs out hangs up, and cannot be rung.
        if let id = desks[agent]?.leg, let leg = edges.legs[id] {
            edges.drop(id)
            edges.turn.submit(leg.isAnswered ? .legEnded(id) : .legFailed(id, .declined))
        }
        // It may be tidied away already, and the rules still wait for it.
        let desk = desks.removeValue(forKey: agent)
        desk?.session?.close()
        if desk?.isConnected == true { onChange?(agent, .connected(false)) }
        edges.turn.submit(.deviceUnregistered(agent.browser))
    }

    /// Behind a reload: of an agent who was out of the configuration for a while the rules have forgotten the browser.
    func tellAgain() {
        for agent in desks.keys.sorted() where desks[agent]?.standing == .registered {
            edges.turn.submit(.deviceRegistered(agent.browser))
        }
    }

    func isConnected(_ agent: AgentID) -> Bool { desks[agent]?.isConnected ?? false }

    func quality(of agent: AgentID) -> DeskQuality? {
        guard let session = desks[agent]?.session, session.isConnected else { return nil }
        let quality = session.quality
        return DeskQuality(
            lossPercent: max(quality.lossPercent, quality.remoteLossPercent ?? 0),
            jitterMilliseconds: max(quality.jitterMilliseconds, quality.remoteJitterMilliseconds ?? 0),
            roundTripMilliseconds: quality.roundTripMilliseconds, meanOpinionScore: quality.meanOpinionScore)
    }

    // MARK: Calls

    /// The browser's leg rings: it is known to Media, and the desk shows the offer. `false`: the browser cannot be rung.
    func ring(_ ring: Ring) throws(MediaError) -> Bool {
        guard let desk = desks[ring.agent], desk.standing == .registered, let session = desk.session else { return false }
        try edges.media.openBrowser(ring.leg, on: session)
        desks[ring.agent]?.leg = ring.leg
        edges.legs.update(ring.leg) { $0.browser = Leg.Browser(agent: ring.agent, offer: ring.offer) }
        return true
    }

    /// Offers work that is no call. `false`: there is no desk that could show it.
    func show(_ ring: Ring) -> Bool {
        guard desks[ring.agent]?.standing == .registered else { return false }
        shown[ring.offer] = Shown(leg: ring.leg, agent: ring.agent)
        shownLegs[ring.leg] = ring.offer
        return true
    }

    /// The offer behind that leg is over.
    func hide(_ leg: LegID) {
        if let offer = shownLegs.removeValue(forKey: leg) { shown[offer] = nil }
    }

    private func take(_ offer: OfferID, from agent: AgentID) -> LegID? {
        guard let one = shown[offer], one.agent == agent else { return nil }
        hide(one.leg)
        return one.leg
    }

    func accept(_ offer: OfferID, by agent: AgentID) -> Bool {
        if desks[agent]?.standing == .registered, let leg = take(offer, from: agent) {
            edges.turn.submit(.legAnswered(leg))
            return true
        }
        guard let id = ringing(offer, agent), desks[agent]?.standing == .registered else { return false }
        edges.legs.update(id) { $0.isAnswered = true }
        edges.media.expectMedia(id)
        edges.turn.submit(.legAnswered(id))
        return true
    }

    func decline(_ offer: OfferID, by agent: AgentID) -> Bool {
        if let leg = take(offer, from: agent) {
            edges.turn.submit(.legFailed(leg, .declined))
            return true
        }
        guard let id = ringing(offer, agent) else { return false }
        edges.drop(id)
        edges.turn.submit(.legFailed(id, .declined))
        return true
    }

    func digit(_ key: Character, from agent: AgentID) -> Bool {
        guard let leg = desks[agent]?.leg else { return false }
        return edges.media.sendKey(key, from: leg)
    }

    private func ringing(_ offer: OfferID, _ agent: AgentID) -> LegID? {
        guard let id = desks[agent]?.leg, let leg = edges.legs[id], !leg.isAnswered, leg.browser?.offer == offer else {
            return nil
        }
        return id
    }

    /// The leg is over.
    func forget(_ leg: LegID, of agent: AgentID) {
        guard desks[agent]?.leg == leg else { return }
        desks[agent]?.leg = nil
        tidy(agent)
    }

    // MARK: The voice

    private func take(_ event: BrowserEvent, of agent: AgentID) {
        settle(agent)
        guard case .gone(let reason) = event else { return }
        if reason == .wrongFingerprint {
            audit(reason, of: agent)
        }
        edges.logger.notice("browser gone", metadata: ["reason": "\(reason.rawValue)"])
        tidy(agent)
    }

    /// At once and in a turn of its own, because the rules hear nothing of it; a page that goes on trying gets one line in a
    /// while.
    private func audit(_ reason: BrowserGone, of agent: AgentID) {
        let now = edges.clock.now, before = refusals[agent]
        let count = (before?.count ?? 0) + 1
        if let before, now - before.at < Self.refusalsToldEach {
            refusals[agent]?.count = count
            return
        }
        refusals[agent] = Refusals(at: now)
        edges.keepAlone(
            .audit(
                AuditEntry(
                    actor: agent.rawValue, role: "agent", action: "agent.browser.refused", object: "agent/\(agent)",
                    detail: ["reason": reason.rawValue, "count": String(count)])))
    }

    /// Tells the desk and the rules what has changed for them.
    private func settle(_ agent: AgentID) {
        guard var desk = desks[agent] else { return }
        let isConnected = desk.session?.isConnected ?? false, wasConnected = desk.isConnected
        let isThere = desk.isSignedIn && isConnected
        desk.isConnected = isConnected
        switch (desk.standing, isThere) {
        case (.registered, true), (.unregistered, false), (.lost, false):
            desks[agent] = desk
        case (.unregistered, true), (.lost, true):
            desk.standing = .registered
            desks[agent] = desk
            // Before the rules hear of it and bridge again.
            if let leg = desk.leg, let session = desk.session { attach(session, to: leg) }
            edges.turn.submit(.deviceRegistered(agent.browser))
        case (.registered, false):
            desk.standing = .lost
            desks[agent] = desk
            if let leg = desk.leg { edges.media.loseBrowser(leg) }
            edges.turn.submit(.deviceLost(agent.browser))
        }
        if isConnected != wasConnected { onChange?(agent, .connected(isConnected)) }
    }

    private func attach(_ session: BrowserSession, to leg: LegID) {
        do throws(MediaError) {
            try edges.media.returnBrowser(leg, on: session)
        } catch {
            edges.logger.warning("browser has no voice", metadata: ["leg": "\(leg)", "reason": "\(error)"])
        }
    }

    /// Nothing is left of a browser that neither signals nor speaks and has no leg that waits for it. If it comes back,
    /// it does so with a new session.
    private func tidy(_ agent: AgentID) {
        guard let desk = desks[agent], !desk.isSignedIn, !desk.isConnected, desk.leg == nil else { return }
        desk.session?.close()
        desks[agent] = nil
    }
}
