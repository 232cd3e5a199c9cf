// Opens and closes legs, and agrees on what they speak.

public import Basics
internal import CLoop
internal import Glibc
internal import RTP
public import SDP
internal import WebRTC

extension MediaPlane {
    /// Opens `leg` on an offer and returns the SDP answer. On an error the leg is not open.
    public func accept(_ leg: LegID, offer text: String) throws(MediaError) -> String {
        let offer = try parse(text)
        let audio = offer.media.first { $0.kind == "audio" && $0.port != 0 }
        let family = (audio?.connection ?? offer.connection)?.family ?? .ipv4
        let slot = try open(leg, family: family)
        do throws(MediaError) {
            return try answer(offer, slot: slot)
        } catch {
            close(leg)
            throw error
        }
    }

    /// Answers a later offer on an open leg (re-INVITE, UPDATE): hold, another address, another codec. On an error the
    /// leg stays as it was.
    public func change(_ leg: LegID, offer text: String) throws(MediaError) -> String {
        guard let slot = slotOf[leg] else { throw .unknownLeg(leg) }
        return try answer(try parse(text), slot: slot)
    }

    /// Our offer, for an INVITE of ours; opens `leg` if it isn't open. Later calls offer anew. `like`: another leg whose
    /// codec is offered first, so that a bridge needs no transcoding.
    public func offer(_ leg: LegID, like other: LegID? = nil) throws(MediaError) -> String {
        let slot: Int32
        if let known = slotOf[leg] { slot = known } else { slot = try open(leg, family: .ipv4) }
        guard var session = sessions[Int(slot)] else { throw .unknownLeg(leg) }
        var codecs = settings.codecs
        if let other, let known = slotOf[other], let codec = sessions[Int(known)]?.agreement?.codec,
            let place = codecs.firstIndex(of: codec)
        {
            codecs.insert(codecs.remove(at: place), at: 0)
        }
        session.local.codecs = codecs
        session.local.direction = .sendReceive
        let offer = numbered(&session) { AudioNegotiation.makeOffer(local: $0) }
        session.offer = offer
        sessions[Int(slot)] = session
        return offer.text
    }

    /// The answer to our offer. A later one (the 200 after a 183) replaces the first.
    public func complete(_ leg: LegID, answer text: String) throws(MediaError) {
        guard let slot = slotOf[leg], let offer = sessions[Int(slot)]?.offer else {
            throw slotOf[leg] == nil ? .unknownLeg(leg) : .noOffer(leg)
        }
        let answer = try parse(text)
        let agreement: AudioAgreement
        do {
            agreement = try AudioNegotiation.complete(offer: offer, answer: answer)
        } catch {
            throw .sdp(error)
        }
        try apply(agreement, slot: slot)
    }

    /// The leg has been answered: the time without RTP begins now, whatever there was of early media. From here on a
    /// browser's voice flows.
    public func expectMedia(_ leg: LegID) {
        guard let slot = slotOf[leg] else { return }
        if browsers[slot] != nil { answerBrowser(slot) }
        legs[Int(slot)].lastReceived = cloop_now()
        legs[Int(slot)].reportedNoRTP = false
    }

    /// Reports `silence` once nothing has been heard for so long from now on, to the second; 0: never. The end of a
    /// recording of which `leg` is the caller ends it too.
    public func watchSilence(_ leg: LegID, seconds: Int) {
        guard let slot = slotOf[leg] else { return }
        let place = legs + Int(slot)
        place.pointee.silenceSeconds = Int32(clamping: seconds)
        place.pointee.silenceSince = cloop_now()
        place.pointee.silentSamples = 0
        place.pointee.reportedSilence = false
    }

    /// What was agreed; `nil` before.
    public func agreement(_ leg: LegID) -> AudioAgreement? { slotOf[leg].flatMap { sessions[Int($0)]?.agreement } }

    public func figures(_ leg: LegID) -> LegFigures? { slotOf[leg].map { figures(at: $0) } }

    private func figures(at slot: Int32) -> LegFigures {
        var figures = legs[Int(slot)].figures
        if var browser = browsers[slot] {
            browser.note()
            browser.correct(&figures)
        }
        if let seat = legs[Int(slot)].seat?.takeUnretainedValue() {
            figures.jitterBufferMilliseconds = Double(seat.delay) / 8
            figures.concealedMilliseconds = (seat.figures.lost + seat.figures.starved) / 8
            figures.latePackets = seat.figures.late
        }
        return figures
    }

    /// While muted, what comes in on `leg` is silence to whoever it is bridged with and to a recording: the stream goes on
    /// without a gap, and keys are passed on.
    public func mute(_ leg: LegID, _ isMuted: Bool) {
        if let slot = slotOf[leg] { legs[Int(slot)].isMuted = isMuted }
    }

    /// Ends everything that goes on on `leg` and frees its ports. Closing a leg that isn't open does nothing.
    @discardableResult
    public func close(_ leg: LegID) -> LegFigures {
        guard let slot = slotOf[leg] else { return LegFigures() }
        let place = legs + Int(slot)
        if place.pointee.isAgreed { report(place, isBye: true, at: cloop_now()) }
        stopPlaying(slot)
        unbridge(leg)
        leaveConference(slot)
        stopFeeding(slot)
        collections[slot]?.wipe()
        collections[slot] = nil
        detectors[slot] = nil
        speech[slot] = nil
        codecs[slot] = nil
        let figures = figures(at: slot)
        counted.packetsLost += figures.packetsLost
        if browsers[slot] == nil { closeSockets(place) } else { closeBrowser(slot) }
        // A descriptor's number may come back at once: events of the old one still in the batch are told by generation.
        let generation = place.pointee.generation &+ 1
        place.pointee = LegSlot()
        place.pointee.generation = generation
        sessions[Int(slot)] = nil
        slotOf[leg] = nil
        freeSlots.append(slot)
        return figures
    }

    // MARK: Steps

    private func parse(_ text: String) throws(MediaError) -> SessionDescription {
        do {
            return try SessionDescription.parse(text)
        } catch {
            throw .sdp(error)
        }
    }

    private func open(_ leg: LegID, family: SessionDescription.Connection.Family) throws(MediaError) -> Int32 {
        let literal = family == .ipv4 ? settings.address : settings.addressV6
        guard let literal else { throw .addressFamily }
        let slot = try takeSlot(for: leg)
        let place = legs + Int(slot)
        do throws(MediaError) {
            let bound = family == .ipv4 ? settings.bindAddress ?? literal : literal
            guard let address = TransportAddress(literal: bound, port: 0) else { throw MediaError.addressFamily }
            try openSockets(place, slot: slot, on: address)
        } catch {
            freeSlots.append(slot)
            throw error
        }
        enter(leg, at: slot)
        sessions[Int(slot)] = LegSession(
            local: LocalAudio(
                connection: .init(family: family, address: literal), port: place.pointee.port,
                // Below 2^62, because some parsers read the number with a sign.
                sessionID: random.next() >> 2, version: 0, codecs: settings.codecs))
        return slot
    }

    /// A free slot, which is `leg`'s once `enter` was called.
    func takeSlot(for leg: LegID) throws(MediaError) -> Int32 {
        guard slotOf[leg] == nil else { throw .legExists(leg) }
        guard let slot = freeSlots.popLast() else { throw .tooManyLegs(max: settings.legsMax) }
        return slot
    }

    func enter(_ leg: LegID, at slot: Int32) {
        let place = legs + Int(slot)
        place.pointee.id = leg.rawValue
        place.pointee.isOpen = true
        place.pointee.out = OutgoingStream(
            source: random.next(), sequence: random.next() & 0x7FFF, timestamp: random.next())
        place.pointee.reportName = random.next()
        place.pointee.lastReceived = cloop_now()
        slotsUsed = max(slotsUsed, slot + 1)
        slotOf[leg] = slot
        startBeating()
    }

    private func answer(_ offer: SessionDescription, slot: Int32) throws(MediaError) -> String {
        guard var session = sessions[Int(slot)] else { throw .unknownLeg(LegID(rawValue: legs[Int(slot)].id)) }
        session.local.codecs = settings.codecs
        session.local.direction = .sendReceive
        let agreement: AudioAgreement
        do {
            agreement = try AudioNegotiation.answer(offer: offer, local: session.local).agreement
        } catch {
            throw .sdp(error)
        }
        let answer = numbered(&session) { local in
            (try? AudioNegotiation.answer(offer: offer, local: local).answer) ?? SessionDescription()
        }
        try apply(agreement, slot: slot)
        session.agreement = agreement
        session.offer = nil
        sessions[Int(slot)] = session
        return answer.text
    }

    /// Makes a description under the present version, or under the next one if it differs from the last (RFC 3264,
    /// section 8).
    private func numbered(
        _ session: inout LegSession, _ make: (LocalAudio) -> SessionDescription
    ) -> SessionDescription {
        var description = make(session.local)
        if description != session.sent {
            session.local.version += 1
            description = make(session.local)
        }
        session.sent = description
        return description
    }

    private func apply(_ agreement: AudioAgreement, slot: Int32) throws(MediaError) {
        let place = legs + Int(slot)
        guard let remote = TransportAddress(agreement.remote, port: agreement.remotePort),
            let remoteRTCP = TransportAddress(agreement.remoteRTCP, port: agreement.remoteRTCPPort),
            let local = sessions[Int(slot)]?.local, agreement.remote.family == local.connection.family
        else { throw .addressFamily }
        let now = cloop_now()
        let isBack = place.pointee.isOnHold && !agreement.isOnHold
        if isBack { place.pointee.lastReceived = now }
        // Hold by 0.0.0.0 names no new source, the old one stays for the return; and a phone behind NAT announces the same
        // useless address again.
        let latch = place.pointee.latch
        if !place.pointee.isAgreed || (remote != latch.announced && !remote.isUnspecified) {
            startLatch(place, latch.moved(to: remote, at: now), at: now)
            place.pointee.remote = remote
            place.pointee.remoteRTCP = remoteRTCP
        } else if !place.pointee.isConnected || (isBack && latch.locked != latch.announced) {
            // A source that isn't locked yet may be learnt anew, and a NAT forgets a phone that is silent on hold.
            if !place.pointee.isConnected, !remoteRTCP.isUnspecified { place.pointee.remoteRTCP = remoteRTCP }
            startLatch(place, latch.reopened(at: now), at: now)
        }
        place.pointee.apply(agreement)
        listenForDigits(slot, !agreement.hasTelephoneEvents)
        prepareG722(slot, agreement)
        if remote.isUnspecified { place.pointee.maySend = false }
        if place.pointee.nextReport == 0 { place.pointee.nextReport = now + UInt64(settings.reportSeconds) * 1_000_000_000 }
        sessions[Int(slot)]?.agreement = agreement
    }

    private func startLatch(_ leg: UnsafeMutablePointer<LegSlot>, _ latch: SourceLatch, at now: UInt64) {
        disconnect(leg)
        leg.pointee.latch = latch
        leg.pointee.lastReceived = now
    }
}
