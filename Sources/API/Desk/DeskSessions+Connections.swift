// Pages come, ask, take over, freeze and go.

internal import ACD
internal import Basics
internal import ContactCenter
internal import HTTP
internal import MainLoop

extension DeskSessions {
    /// A page of an agent who has signed in.
    func open(_ socket: WebSocket, agent: AgentID, session: SecretDigest) {
        guard let connection = DeskConnection(socket, agent: agent, session: session, limits: limits) else {
            return socket.close(.policyViolation, reason: "The query needs tab, and after if a frame was seen.")
        }
        guard let desk = desk(of: agent) else { return socket.close(DeskConnection.sessionOver) }
        socket.onText = { [weak self, weak connection] text in
            if let connection { self?.take(text, from: connection) }
        }
        socket.onEnd = { [weak self, weak connection] _ in
            if let connection { self?.ended(connection) }
        }
        for other in desk.asking where other.tab == connection.tab { other.close(DeskConnection.takenOver) }
        desk.asking.removeAll { !$0.isOpen }
        guard let holder = desk.holder, holder.tab != connection.tab else { return hold(desk, by: connection) }
        guard desk.asking.count < limits.askingMax else { return connection.close(.tryAgainLater) }
        desk.asking.append(connection)
        connection.send(DeskFrame.mustAsk.bytes(desk.holderSince))
    }

    private func desk(of agent: AgentID) -> Desk? {
        if let desk = desks[agent] { return desk }
        guard let view = view(of: agent) else { return nil }
        let start = UInt64(clamping: backend.now.microseconds / 1000)
        let ring = DeskRing(start: start, framesMax: limits.ringFramesMax, bytesMax: limits.ringBytesMax)
        let desk = Desk(agent, view, ring: ring, at: backend.now)
        desks[agent] = desk
        return desk
    }

    /// The page works at the desk from now on: it gets what it missed, or everything.
    func hold(_ desk: Desk, by connection: DeskConnection) {
        // Before it listens: these frames are in the ring, or in the snapshot.
        refresh(desk)
        guard desks[desk.agent] != nil else { return connection.close(DeskConnection.sessionOver) }
        // The same tab after a reload or on another network: nobody is to be asked, and nobody told.
        desk.holder?.close(DeskConnection.takenOver)
        let isBack = desk.tab == connection.tab
        desk.holder = connection
        desk.session = connection.session
        desk.tab = connection.tab
        desk.emptySince = .max
        if !isBack { desk.holderSince = backend.now }
        desk.isFrozen = false
        heard(desk)
        if isBack, let missed = connection.after.flatMap(desk.ring.frames(after:)) {
            for (number, frame) in missed { connection.send(DeskFrame.numbered(frame, number)) }
            sendTargets(connection)
            count { $0.resumed += 1 }
        } else {
            // A new page has no voice yet, whatever the one before it had.
            desk.hasVoice = false
            desk.view.isAudioConnected = false
            sendSnapshot(desk)
            count { $0.snapshots += 1 }
        }
        settle(desk)
        mark(desk.agent)
    }

    func takeOver(_ desk: Desk, by connection: DeskConnection) {
        desk.asking.removeAll { $0 === connection }
        if let holder = desk.holder {
            holder.send(DeskFrame.takenOver.bytes(true))
            holder.close(DeskConnection.takenOver)
            desk.holder = nil
            count { $0.takenOver += 1 }
        }
        settle(desk)
        hold(desk, by: connection)
    }

    /// The page has been heard of.
    func heard(_ desk: Desk) {
        desk.heardAt = MonotonicClock.now
        if desk.isFrozen {
            desk.isFrozen = false
            settle(desk)
        }
        guard !desk.hasAliveDeadline else { return }
        desk.hasAliveDeadline = true
        set(.alive(desk.agent), in: limits.alive)
    }

    /// Tells the voice whether the desk stands.
    func settle(_ desk: Desk) {
        let stands = desk.holder != nil && desk.hasVoice && !desk.isFrozen
        guard stands != desk.stands else { return }
        desk.stands = stands
        if stands { audio.signedIn(desk.agent) } else { audio.gone(desk.agent, signedOut: false) }
    }

    /// No offer is to be spent on a page that does not run.
    func watch(_ desk: Desk, at now: UInt64) {
        desk.hasAliveDeadline = false
        guard desk.holder != nil, !desk.isFrozen else { return }
        let due = desk.heardAt + UInt64(clamping: limits.alive.microseconds) * 1000
        guard now >= due else {
            desk.hasAliveDeadline = true
            return set(.alive(desk.agent), at: desk.heardAt, plus: limits.alive)
        }
        if now - due > Self.lateNanosecondsMax {
            // The process stood still, not the page: what it sent meanwhile has to be read first.
            desk.heardAt = now
            desk.hasAliveDeadline = true
            return set(.alive(desk.agent), in: limits.alive)
        }
        desk.isFrozen = true
        count { $0.frozen += 1 }
        settle(desk)
    }

    private func ended(_ connection: DeskConnection) {
        connection.release()
        guard let desk = desks[connection.agent] else { return }
        if desk.holder === connection { empty(desk) } else { desk.asking.removeAll { $0 === connection } }
    }

    private func empty(_ desk: Desk) {
        desk.holder = nil
        desk.emptySince = MonotonicClock.now
        settle(desk)
        set(.forget(desk.agent), in: limits.forget)
    }

    /// The ring costs memory, and nobody comes for it any more.
    func forget(_ desk: Desk, at now: UInt64) {
        guard desk.holder == nil, desk.asking.isEmpty else { return }
        let end = desk.emptySince.addingReportingOverflow(UInt64(clamping: limits.forget.microseconds) * 1000)
        guard !end.overflow, now >= end.partialValue else { return }
        keepNotes(of: desk)
        desks[desk.agent] = nil
    }

    /// Whether the connection's session still counts. Who is out of the configuration finishes what is begun.
    func mayGoOn(_ connection: DeskConnection, at desk: Desk) -> Bool {
        switch standing(connection.session) {
        case .good: true
        case .leaving: desk.view.call != nil || desk.view.wrapUp != nil || !desk.view.work.isEmpty
        case .over: false
        }
    }

    /// After a change of passwords: nobody goes on with an old one.
    func revalidate() {
        for desk in desks.values {
            for connection in desk.asking + [desk.holder].compactMap({ $0 }) where !mayGoOn(connection, at: desk) {
                end(connection.session)
            }
        }
    }

    // MARK: Sign-out

    /// The session ends in order. false: the agent is in a call, and nothing has changed.
    func signOut(_ agent: AgentID, _ session: SecretDigest) -> Bool {
        guard let desk = desks[agent], desk.session == session else {
            end(session)
            return true
        }
        refresh(desk)
        guard desk.view.call == nil else { return false }
        keepNotes(of: desk)
        desk.stands = false
        // First: whoever has signed out owes no disposition, so that offline need not wait for one.
        audio.gone(agent, signedOut: true)
        _ = submit(.presenceRequested(agent, .offline))
        close(desk)
        return true
    }

    /// The session is over for another reason; whoever was at work with it is lost, and may come back.
    func end(_ session: SecretDigest) {
        for desk in desks.values {
            for connection in desk.asking where connection.session == session { connection.close(DeskConnection.sessionOver) }
            desk.asking.removeAll { !$0.isOpen }
            guard let holder = desk.holder, holder.session == session else { continue }
            holder.close(DeskConnection.sessionOver)
            empty(desk)
        }
    }

    func close(_ desk: Desk) {
        keepNotes(of: desk)
        for connection in desk.asking { connection.close(DeskConnection.sessionOver) }
        desk.asking = []
        desk.holder?.close(DeskConnection.sessionOver)
        desk.holder = nil
        settle(desk)
        desks[desk.agent] = nil
    }
}
