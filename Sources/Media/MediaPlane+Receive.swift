// The path of a packet that comes in. Nothing here allocates.

internal import Audio
internal import Basics
internal import CLoop
internal import Glibc
internal import RTP
internal import WebRTC

extension MediaPlane {
    /// Datagrams that may wait in a socket when its source is locked; they are looked at once more.
    private static let queuedMax = 256

    func take(_ tag: UInt64) {
        let slot = Int32(truncatingIfNeeded: tag >> 1 & 0xFFFF)
        let leg = legs + Int(slot)
        guard leg.pointee.isOpen, leg.pointee.generation == UInt32(truncatingIfNeeded: tag >> 32) else { return }
        if tag & 1 != 0 {
            receiveRTCP(leg)
        } else if leg.pointee.isConnected {
            let count = recv(leg.pointee.rtp, datagram, Self.datagramBytesMax, 0)
            guard count > 0 else { return noteRefusal(count) }
            takePacket(leg, slot, count)
        } else {
            receiveUnlocked(leg, slot)
        }
    }

    /// An empty datagram has count 0; a negative count is an ICMP error of an earlier send, or nothing at all.
    private func noteRefusal(_ count: Int) {
        if count < 0, errno == ECONNREFUSED { counted.refusals &+= 1 }
    }

    private func receiveUnlocked(_ leg: UnsafeMutablePointer<LegSlot>, _ slot: Int32) {
        guard let (count, from) = receiveFrom(leg.pointee.rtp) else { return noteRefusal(-1) }
        guard count > 0 else { return }
        let packet = UnsafeRawBufferPointer(start: datagram, count: count)
        guard leg.pointee.isAgreed else {
            counted.droppedUnexpected &+= 1
            return
        }
        if RTPHeader.isRTCP(packet) {
            if isHost(of: leg, from) { takeRTCP(leg, packet, at: cloop_now()) }
            return
        }
        guard let header = RTPHeader(packet) else { return noteMalformed(leg) }
        switch leg.pointee.latch.judge(header, from: from, at: cloop_now()) {
        case .accepted: takePacket(leg, slot, count)
        case .locked:
            leg.pointee.remote = from
            takePacket(leg, slot, count)
            lock(leg, slot, to: from)
        case .learning: break
        case .stranger:
            leg.pointee.strangers &+= 1
            counted.droppedStrangers &+= 1
        }
    }

    /// Connects the socket, then empties it: what strangers sent before would else look like the source's.
    private func lock(_ leg: UnsafeMutablePointer<LegSlot>, _ slot: Int32, to address: TransportAddress) {
        connect(leg, to: address)
        guard leg.pointee.isConnected else { return }
        for _ in 0..<Self.queuedMax {
            guard let (count, from) = receiveFrom(leg.pointee.rtp) else { return }
            if from == address {
                if count > 0 { takePacket(leg, slot, count) }
            } else {
                leg.pointee.strangers &+= 1
                counted.droppedStrangers &+= 1
            }
        }
    }

    /// Reads one datagram into `datagram`; `nil`: none was there.
    func receiveFrom(_ socket: Int32) -> (count: Int, from: TransportAddress)? {
        var storage = sockaddr_storage()
        var length = socklen_t(MemoryLayout<sockaddr_storage>.size)
        let count = withUnsafeMutablePointer(to: &storage) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                recvfrom(socket, datagram, Self.datagramBytesMax, 0, $0, &length)
            }
        }
        guard count >= 0, let from = TransportAddress(storage) else { return nil }
        return (count, from)
    }

    private func noteMalformed(_ leg: UnsafeMutablePointer<LegSlot>) {
        leg.pointee.malformed &+= 1
        counted.droppedMalformed &+= 1
    }

    /// A packet from the leg's own source lies in `datagram`.
    private func takePacket(_ leg: UnsafeMutablePointer<LegSlot>, _ slot: Int32, _ count: Int) {
        let packet = UnsafeRawBufferPointer(start: datagram, count: count)
        let now = cloop_now()
        if RTPHeader.isRTCP(packet) {
            takeRTCP(leg, packet, at: now)
            return
        }
        guard let header = RTPHeader(packet) else { return noteMalformed(leg) }
        let second = now / 1_000_000_000
        if leg.pointee.floodSecond != second {
            leg.pointee.floodSecond = second
            leg.pointee.floodPackets = 0
        }
        leg.pointee.floodPackets &+= 1
        guard leg.pointee.floodPackets <= Self.packetsPerSecondMax else {
            counted.droppedFlood &+= 1
            return
        }
        noteLife(leg, at: now)
        guard leg.pointee.mayReceive else {
            counted.droppedUnexpected &+= 1
            return
        }
        takeVoice(leg, slot, header, datagram + header.payloadOffset, at: now)
    }

    /// Sound or a key, with room for our header before `payload`.
    @inline(__always)
    func takeVoice(
        _ leg: UnsafeMutablePointer<LegSlot>, _ slot: Int32, _ header: RTPHeader, _ payload: UnsafeMutableRawPointer,
        at now: UInt64
    ) {
        let isEvent = header.payloadType == leg.pointee.eventReceived
        let law = leg.pointee.law(of: header.payloadType)
        guard isEvent || law != nil else {
            leg.pointee.unagreed &+= 1
            counted.droppedUnknownPayload &+= 1
            return
        }
        counted.packetsReceived &+= 1
        let arrival = UInt32(truncatingIfNeeded: now / 125_000)
        if leg.pointee.reception.source != header.source { leg.pointee.events.reset() }
        guard leg.pointee.reception.receive(header, arrival: arrival, timed: !isEvent) else { return }
        if let law {
            let isWide = header.payloadType == leg.pointee.g722Type && narrow(leg, payload, header)
            if let detector = leg.pointee.detector {
                takeTones(detector.takeUnretainedValue(), leg, slot, payload, count: header.payloadCount, law, at: now)
            }
            if leg.pointee.isMuted || leg.pointee.isUnheard && isSecret(leg, at: now) {
                memset(payload, Int32(law.silence), header.payloadCount)
            }
            listen(leg, slot, payload, header, law, at: now)
            // Keys that are secret and come as sound are nobody's to hear.
            if leg.pointee.detector != nil, isSecret(leg, at: now) {
                memset(payload, Int32(law.silence), header.payloadCount)
            }
            if leg.pointee.partner >= 0 {
                if isWide { payload.copyMemory(from: wide, byteCount: header.payloadCount) }
                relayAudio(leg, payload, header, law, isWide: isWide, at: now)
            } else if let seat = leg.pointee.seat {
                seat.takeUnretainedValue().receive(
                    header, payload, tables.converter(law), jitter: leg.pointee.reception.jitter)
            }
        } else {
            takeEvent(leg, slot, payload, header, at: now)
        }
    }

    /// Keys are collected, or the tone of the last one may still be on the line.
    func isSecret(_ leg: UnsafeMutablePointer<LegSlot>, at now: UInt64) -> Bool {
        leg.pointee.isCollecting || leg.pointee.isKeptSecret || now < leg.pointee.mutedUntil
    }

    /// The locked source is there, whatever it sends: a phone that is muted may send comfort noise or reports only.
    func noteLife(_ leg: UnsafeMutablePointer<LegSlot>, at now: UInt64) {
        leg.pointee.lastReceived = now
        guard leg.pointee.reportedNoRTP else { return }
        leg.pointee.reportedNoRTP = false
        post(.rtpBack(LegID(rawValue: leg.pointee.id)))
    }

    /// Silence and recording.
    private func listen(
        _ leg: UnsafeMutablePointer<LegSlot>, _ slot: Int32, _ payload: UnsafeMutableRawPointer, _ header: RTPHeader,
        _ law: G711.Law, at now: UInt64
    ) {
        leg.pointee.lastSound = now
        let isSilent = tables.isSilent(payload, count: header.payloadCount, law: law)
        if leg.pointee.isWatchedForSpeech {
            noteSpeech(slot, payload, count: header.payloadCount, law, isSilent: isSilent, at: now)
        }
        if isSilent {
            leg.pointee.silentPackets &+= 1
            leg.pointee.silentSamples &+= UInt32(truncatingIfNeeded: header.payloadCount)
        } else {
            leg.pointee.lastLoud = now
            leg.pointee.silentSamples = 0
            leg.pointee.reportedSilence = false
        }
        // While digits are collected the recording has silence: some phones send keys as sound besides.
        guard leg.pointee.recording >= 0, !isSecret(leg, at: now) else { return }
        let recording = recordings + Int(leg.pointee.recording)
        let frame = RecordingFormat.Frame(
            track: leg.pointee.track, law: law, timestamp: header.timestamp, source: header.source)
        if !recording.pointee.append(frame, payload, count: header.payloadCount, at: now) {
            counted.recordingFramesDropped &+= 1
        }
    }

    private func takeEvent(
        _ leg: UnsafeMutablePointer<LegSlot>, _ slot: Int32, _ payload: UnsafeMutableRawPointer, _ header: RTPHeader,
        at now: UInt64
    ) {
        guard let event = TelephoneEvent(UnsafeRawBufferPointer(start: payload, count: header.payloadCount)) else {
            return noteMalformed(leg)
        }
        if let code = leg.pointee.events.receive(event, timestamp: header.timestamp, marker: header.marker) {
            // The last digit completes the collection with its first packet; the others are as secret.
            leg.pointee.isSecretEvent = isSecret(leg, at: now)
            if !leg.pointee.isSecretEvent, leg.pointee.seat != nil { pressForListeners(code, slot) }
            if let key = TelephoneEvent.key(for: code) { takeKey(key, leg, slot, at: now) }
        }
        if leg.pointee.isSecretEvent, leg.pointee.isUnheard { staySecret(leg, for: Self.mutedNanoseconds, at: now) }
        if leg.pointee.partner >= 0 { relayEvent(leg, payload, header, at: now) }
    }
}
