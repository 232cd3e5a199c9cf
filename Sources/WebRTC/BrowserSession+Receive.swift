// The path of a packet from a browser.

internal import Audio
internal import RTP
internal import SDP

extension BrowserSession {
    /// A browser sends 50 packets in a second; what waited during a stall comes at once.
    private static let packetsPerSecondMax = 500
    /// Forged packets cost 3 µs each to find out.
    private static let attemptsPerSecondMax = 3000

    /// A protected packet of `count` bytes at `packet`, from an address that has proved itself.
    func receive(_ packet: UnsafeMutableRawPointer, count: Int, isRTCP: Bool, at now: UInt64) {
        guard case .connected(let link) = transport else { return drop(.early) }
        let second = now / 1_000_000_000
        if floodSecond != second {
            floodSecond = second
            floodPackets = 0
            floodAttempts = 0
        }
        floodAttempts += 1
        guard floodAttempts <= Self.attemptsPerSecondMax, floodPackets <= Self.packetsPerSecondMax else { return drop(.flood) }
        let plain: Int
        do {
            plain = try link.srtp.unprotect(packet, count: count, isRTCP: isRTCP)
        } catch {
            switch error {
            case .replayed: return drop(.replayed)
            case .notAuthentic: return drop(.notAuthentic)
            case .malformed: return drop(.malformedPacket)
            }
        }
        floodPackets += 1
        noteReceived(at: now, isVoice: !isRTCP)
        let bytes = UnsafeRawBufferPointer(start: packet, count: plain)
        if isRTCP {
            takeReport(bytes, at: now)
        } else {
            guard let header = RTPHeader(bytes) else { return drop(.malformedPacket) }
            take(header, packet + header.payloadOffset, at: now)
        }
    }

    private func take(_ header: RTPHeader, _ payload: UnsafeMutableRawPointer, at now: UInt64) {
        guard let agreement else { return drop(.early) }
        let event = agreement.events.first { $0.payloadType == header.payloadType }
        guard header.payloadType == agreement.codec.payloadType || event != nil else { return drop(.unknownPayload) }
        guard agreement.direction.sends else { return drop(.unexpected) }
        // Measured in the clock of the telephone side: arrival and timestamp only need to step alike.
        var timed = header
        timed.timestamp = isOpus ? (opusIn?.time(of: header) ?? header.timestamp / 6) : header.timestamp
        let arrival = UInt32(truncatingIfNeeded: now / 125_000)
        guard reception.receive(timed, arrival: arrival, timed: event == nil) else { return drop(.late) }
        if let event {
            takeEvent(timed, header, payload, event)
        } else if isOpus {
            let bytes = UnsafeRawBufferPointer(start: payload, count: header.payloadCount)
            let cause = opusIn?.receive(header, bytes) { header, payload in hand(header, payload, type: lawType) }
            if let cause { drop(cause) }
        } else {
            hand(header, payload, type: lawType)
        }
    }

    /// Keys count their duration in their own clock, and their timestamps in the voice's.
    private func takeEvent(
        _ timed: RTPHeader, _ header: RTPHeader, _ payload: UnsafeMutableRawPointer, _ event: BrowserOffer.TelephoneEvent
    ) {
        guard var key = TelephoneEvent(UnsafeRawBufferPointer(start: payload, count: header.payloadCount)) else {
            return drop(.malformedPacket)
        }
        opusIn?.pass(header)
        if event.clock > 8000 {
            key.duration = UInt16(UInt32(key.duration) * 8000 / event.clock)
            key.write(to: payload)
        }
        hand(timed, payload, type: Self.eventType)
    }

    private func hand(_ header: RTPHeader, _ payload: UnsafeMutableRawPointer, type: UInt8) {
        var own = header
        own.payloadType = type
        onPacket(own, payload)
    }

    /// The payload type of voice on the side of the media plane.
    private var lawType: UInt8 { law == .mu ? Self.muType : Self.aType }
}
