// What a page wants, checked against the rules before they hear of it.

internal import ACD
internal import Basics
internal import ContactCenter
internal import HTTP
internal import SiteConfiguration

extension DeskSessions {
    func take(_ text: String, from connection: DeskConnection) {
        guard connection.isOpen, let desk = desks[connection.agent] else { return }
        guard connection.mayTakeFrame() else {
            count { $0.floods += 1 }
            return drop(connection, of: desk, .policyViolation, reason: "Too many frames.")
        }
        guard mayGoOn(connection, at: desk) else { return drop(connection, of: desk, DeskConnection.sessionOver) }
        let frame: DeskClientFrame
        do {
            frame = try DeskClientFrame(text)
        } catch {
            count { $0.malformed += 1 }
            connection.malformedFrames += 1
            refuse(error.id, .malformed, connection)
            guard connection.malformedFrames <= limits.malformedFramesMax else {
                return drop(connection, of: desk, .policyViolation, reason: "These are no frames of the desk.")
            }
            return
        }
        let isHolder = desk.holder === connection
        if isHolder { heard(desk) }
        if frame.type == "takeOver" {
            connection.send(DeskFrame.done.bytes(frame.id))
            return isHolder ? sendSnapshot(desk) : takeOver(desk, by: connection)
        }
        do throws(DeskRefusal) {
            guard isHolder || frame.type == "alive" || frame.type == "ping" else { throw .notAllowed }
            try perform(frame, desk, connection)
            connection.send(DeskFrame.done.bytes(frame.id))
        } catch {
            refuse(frame.id, error, connection)
        }
    }

    private func refuse(_ id: Int?, _ refusal: DeskRefusal, _ connection: DeskConnection) {
        count { $0.refused += 1 }
        connection.send(DeskFrame.refused.bytes(.init(id: id, refusal: refusal)))
    }

    /// Closes the connection, which from the desk's side is the same as its end.
    private func drop(_ connection: DeskConnection, of desk: Desk, _ code: WebSocket.Code, reason: String = "") {
        let socket = connection.socket
        let ended = socket.onEnd
        connection.close(code, reason: reason)
        ended(.closedHere)
    }

    private func perform(_ frame: DeskClientFrame, _ desk: Desk, _ connection: DeskConnection) throws(DeskRefusal) {
        switch frame.type {
        case "alive", "ping": return
        case "media.offer": try answer(frame, desk, connection)
        case "presence": try setPresence(frame, desk)
        case "channel": try setChannel(frame, desk)
        case "accept":
            let (offer, isCall) = try ringing(frame, desk)
            guard !isCall || audio.isConnected(desk.agent) else { throw .noMedia }
            guard audio.accept(offer, by: desk.agent) else { throw .noOffer }
        case "decline":
            let (offer, _) = try ringing(frame, desk)
            guard audio.decline(offer, by: desk.agent) else { throw .noOffer }
        case "hold":
            _ = try talking(desk)
            try hand(.holdRequested(desk.agent, try frame.on.orMalformed()))
        case "mute":
            _ = try talking(desk)
            try hand(.muteRequested(desk.agent, try frame.on.orMalformed()))
        case "digit":
            _ = try talking(desk)
            let digit = try frame.digit.orMalformed()
            guard let key = digit.first, digit.count == 1, "0123456789*#ABCD".contains(key) else { throw .malformed }
            guard audio.digit(key, from: desk.agent) else { throw .noCall }
        case "transfer": try transfer(frame, desk)
        case "consult":
            _ = try talking(desk)
            let target = try target(agent: frame.agent, number: frame.number)
            try hand(.consultRequested(desk.agent, .begin(try target.ofConsult.orMalformed())), target.way)
        case "swap", "complete", "backOut", "merge", "leave":
            guard let step = DeskCall.Act(rawValue: frame.type)?.step else { throw .unknownType }
            let call = try talking(desk)
            try hand(.consultRequested(desk.agent, step))
            if step == .complete || step == .leave && call.part == .agent { desk.transferred.insert(call.contact.id) }
        case "recording":
            _ = try talking(desk)
            try hand(.recordingPauseRequested(desk.agent, try frame.paused.orMalformed()))
        case "hangUp":
            _ = try talking(desk)
            try hand(.hangUpRequested(desk.agent))
        case "wrapUp.note": _ = try write(frame, desk)
        case "wrapUp.complete": try complete(frame, desk)
        case "wrapUp.ask", "wrapUp.skip":
            let contact = if let work = frame.work(at: desk) { work } else { try talking(desk).contact.id }
            try hand(.wrapUpRequested(desk.agent, contact, frame.type == "wrapUp.ask"))
        case "wrapUp.extend":
            if let contact = frame.work(at: desk) {
                try hand(.workWrapUpExtended(desk.agent, contact))
            } else {
                try hand(.wrapUpExtended(desk.agent))
            }
        case "work.complete":
            try hand(.workCompleted(desk.agent, ContactID(rawValue: try frame.contact.orMalformed())))
        default: throw .unknownType
        }
    }

    /// The rules are asked first, so that the page hears at once.
    private func hand(_ event: Event, _ way: OutsideWay? = nil) throws(DeskRefusal) {
        if let refusal = backend.center.refusal(of: event) { throw DeskRefusal(refusal) }
        if let way { backend.keep(way) }
        guard submit(event) else {
            if let way { backend.forget(way) }
            throw .overloaded
        }
    }

    private func target(
        queue: String? = nil, agent: String?, flow: String? = nil, number: String?
    ) throws(DeskRefusal) -> CallTarget {
        do {
            return try CallTarget(queue: queue, agent: agent, flow: flow, number: number, in: backend)
        } catch {
            throw DeskRefusal(error)
        }
    }

    // MARK: One by one

    private func answer(_ frame: DeskClientFrame, _ desk: Desk, _ connection: DeskConnection) throws(DeskRefusal) {
        let offer = try frame.sdp.orMalformed()
        guard offer.utf8.count <= DeskLimits.descriptionBytesMax else { throw .malformed }
        do {
            let description = try audio.answer(offer: offer, of: desk.agent)
            // Only now: what stood before was perhaps another page's.
            desk.hasVoice = true
            settle(desk)
            mark(desk.agent)
            connection.send(DeskFrame.mediaAnswer.bytes(.init(id: frame.id, description: description)))
        } catch DeskAudioError.badOffer {
            throw .badOffer
        } catch {
            throw .noMedia
        }
    }

    private func setPresence(_ frame: DeskClientFrame, _ desk: Desk) throws(DeskRefusal) {
        let wanted: AgentPresence
        switch frame.presence {
        case "available":
            let devices = backend.center.agents[desk.agent]?.registeredDevices ?? []
            guard !devices.isEmpty || (desk.stands && audio.isConnected(desk.agent)) else { throw .noMedia }
            wanted = .available
        case "pause":
            guard let reason = frame.reason, backend.center.configuration.pauseReasons.contains(reason) else {
                throw .unknownReason
            }
            wanted = .aux(reason: reason)
        case "offline": wanted = .offline
        default: throw .malformed
        }
        try hand(.presenceRequested(desk.agent, wanted))
    }

    private func setChannel(_ frame: DeskClientFrame, _ desk: Desk) throws(DeskRefusal) {
        guard let channel = Channel(rawValue: try frame.channel.orMalformed()) else { throw .malformed }
        guard backend.center.channels(of: desk.agent).contains(channel) else { throw .notAllowed }
        let isOpen = try frame.on.orMalformed()
        try hand(.channelsRequested(desk.agent, opened: isOpen ? [channel] : [], closed: isOpen ? [] : [channel]))
    }

    private func ringing(_ frame: DeskClientFrame, _ desk: Desk) throws(DeskRefusal) -> (OfferID, isCall: Bool) {
        let offer = OfferID(rawValue: try frame.offer.orMalformed())
        for piece in backend.center.agents[desk.agent]?.pieces ?? [] {
            if case .offered(offer, _, _) = piece.work { return (offer, piece.load.channel == .voice) }
        }
        throw .noOffer
    }

    /// Asked of the rules: the page may be one round behind.
    private func talking(_ desk: Desk) throws(DeskRefusal) -> DeskCall {
        guard let call = view(of: desk.agent)?.call else { throw .noCall }
        guard !call.isLost else { throw .lost }
        return call
    }

    private func transfer(_ frame: DeskClientFrame, _ desk: Desk) throws(DeskRefusal) {
        let work = frame.work(at: desk)
        let contact = if let work { work } else { try talking(desk).contact.id }
        let target = try target(queue: frame.queue, agent: frame.agent, flow: frame.flow, number: frame.number)
        if let work {
            try hand(.workTransferRequested(desk.agent, work, target.ofTransfer))
        } else {
            try hand(.transferRequested(desk.agent, target.ofTransfer), target.way)
        }
        // To a number the call goes only when somebody answers there.
        if target.way == nil { desk.transferred.insert(contact) }
    }

    /// What has been written so far.
    ///
    /// - Returns: where it belongs.
    private func write(_ frame: DeskClientFrame, _ desk: Desk) throws(DeskRefusal) -> DeskView.NotePlace {
        let place = try notePlace(of: frame, desk)
        let notes = frame.notes ?? desk.notes[place.key]?.notes ?? ""
        guard notes.utf16.count <= DeskLimits.notesCharactersMax else { throw .malformed }
        if let code = frame.disposition, !settings.dispositions.codes.contains(where: { $0.code == code }) {
            throw .unknownDisposition
        }
        desk.notes[place.key] = DeskNote(
            contact: place.contact, since: place.since, disposition: frame.disposition, notes: notes)
        return place
    }

    /// The piece that is named; without a name the contact's wrap-up, and before that the work on it.
    private func notePlace(of frame: DeskClientFrame, _ desk: Desk) throws(DeskRefusal) -> DeskView.NotePlace {
        let places = desk.view.notePlaces
        let place: DeskView.NotePlace?
        if let work = frame.work(at: desk) {
            let own = places.filter { $0.contact == work }
            if let piece = frame.piece {
                place = own.first { $0.key == piece }
            } else {
                let wrapUps = desk.view.wrapUps.map(\.noteKey)
                place = own.first { wrapUps.contains($0.key) } ?? own.first
            }
        } else {
            place = desk.view.wrapUp.flatMap { wrapUp in places.first { $0.key == wrapUp.noteKey } }
        }
        guard let place else { throw .tooLate }
        return place
    }

    private func complete(_ frame: DeskClientFrame, _ desk: Desk) throws(DeskRefusal) {
        guard try desk.view.wrapUps.map(\.noteKey).contains(notePlace(of: frame, desk).key) else { throw .tooLate }
        let place = try write(frame, desk)
        if let work = frame.work(at: desk) {
            try hand(.workWrapUpCompleted(desk.agent, work, disposition: frame.disposition))
        } else {
            try hand(.wrapUpCompleted(desk.agent, disposition: frame.disposition))
        }
        keepNote(of: desk, place.key)
    }
}

extension DeskClientFrame {
    /// The piece of work that is meant; nil: the call.
    @MainActor fileprivate func work(at desk: Desk) -> ContactID? {
        let id = contact.map { ContactID(rawValue: $0) }
        return id == desk.view.call?.contact.id || id == desk.view.wrapUp?.contact.id ? nil : id
    }
}

extension Optional {
    /// The field, or the refusal of a frame that does not have it.
    fileprivate func orMalformed() throws(DeskRefusal) -> Wrapped {
        guard let self else { throw .malformed }
        return self
    }
}
