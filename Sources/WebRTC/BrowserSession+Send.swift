// The path of a packet to a browser.

internal import Audio
public import RTP
internal import SDP

extension BrowserSession {
    /// Sends one packet of a telephone's voice. `header` has the numbers of whoever spoke: its source, sequence and
    /// timestamp (8000 Hz) may be anybody's and may change, and the browser still hears one unbroken stream. Its payload type
    /// is `muType`, `aType` or `eventType`; the law must be `law`. `payload` has `header.payloadCount` bytes, is not changed,
    /// and may lie anywhere. `false`: nothing was sent, because the browser isn't there or doesn't want to hear.
    @discardableResult
    public func send(_ header: RTPHeader, _ payload: UnsafeRawPointer) -> Bool {
        guard case .connected(let link) = transport, let agreement, agreement.direction.receives,
            (1...BrowserPort.payloadBytesMax).contains(header.payloadCount), let path = ice?.selected
        else { return false }
        let now = port.now
        if header.payloadType == Self.eventType { return sendEvent(header, payload, link, path, agreement, at: now) }
        guard let law, header.payloadType == (law == .mu ? Self.muType : Self.aType),
            let stamp = out.relay(header, at: now)
        else { return false }
        var wire = RTPHeader(
            marker: stamp.marker, payloadType: agreement.codec.payloadType, sequence: stamp.sequence &+ extraPackets,
            timestamp: stamp.timestamp, source: out.source)
        guard isOpus else {
            (port.outgoing + RTPHeader.bytes).copyMemory(from: payload, byteCount: header.payloadCount)
            return transmit(wire, count: header.payloadCount, link, path)
        }
        return sendOpus(&wire, payload, samples: header.payloadCount, law, link, path)
    }

    /// Sends one frame of `header.payloadCount` linear samples, one that Opus has (160: 20 ms), to a browser with which Opus
    /// is spoken: mixed sound needs no G.711 in between. `false`: as for `send(_:_:)`, or Opus isn't spoken.
    @discardableResult
    public func send(_ header: RTPHeader, samples: UnsafePointer<Int16>) -> Bool {
        guard case .connected(let link) = transport, let agreement, agreement.direction.receives, isOpus, let opusOut,
            let path = ice?.selected, let stamp = out.relay(header, at: port.now)
        else { return false }
        let count = opusOut.encode(samples, samples: header.payloadCount, into: port.outgoing + RTPHeader.bytes)
        guard count > 0 else { return false }
        let wire = RTPHeader(
            marker: stamp.marker, payloadType: agreement.codec.payloadType, sequence: stamp.sequence &+ extraPackets,
            timestamp: stamp.timestamp &* 6, source: out.source)
        return transmit(wire, count: count, link, path)
    }

    /// What is fed from elsewhere from now on continues the stream with a marker: the browser's buffer may adapt.
    public func interrupt() { out.interrupt() }

    /// Whatever length the packet has, it is cut to frames that Opus has: 20 ms is one of them, 30 ms are two.
    private func sendOpus(
        _ wire: inout RTPHeader, _ payload: UnsafeRawPointer, samples: Int, _ law: G711.Law, _ link: Link, _ path: ICEPath
    ) -> Bool {
        guard let opusOut else { return false }
        var done = 0
        wire.timestamp = wire.timestamp &* 6
        while case let frame = OpusEncoder.frame(in: samples - done), frame > 0 {
            if done > 0 {
                extraPackets &+= 1
                wire.sequence &+= 1
                wire.marker = false
            }
            let count = opusOut.encode(payload + done, samples: frame, law: law, into: port.outgoing + RTPHeader.bytes)
            guard count > 0, transmit(wire, count: count, link, path) else { return false }
            wire.timestamp &+= UInt32(frame) * 6
            done += frame
        }
        return done > 0
    }

    private func sendEvent(
        _ header: RTPHeader, _ payload: UnsafeRawPointer, _ link: Link, _ path: ICEPath, _ agreement: Agreement, at now: UInt64
    ) -> Bool {
        let bytes = UnsafeRawBufferPointer(start: payload, count: header.payloadCount)
        guard let event = agreement.event, var key = TelephoneEvent(bytes) else {
            out.withhold(header)
            return false
        }
        guard let stamp = out.relay(header, at: now) else { return false }
        key.duration = UInt16(clamping: UInt32(key.duration) * (event.clock / 8000))
        key.write(to: port.outgoing + RTPHeader.bytes)
        let wire = RTPHeader(
            marker: stamp.marker, payloadType: event.payloadType, sequence: stamp.sequence &+ extraPackets,
            timestamp: stamp.timestamp &* agreement.codec.codec.stepsPerSample, source: out.source)
        return transmit(wire, count: TelephoneEvent.bytes, link, path)
    }

    /// The payload lies in the port's buffer behind room for the header.
    private func transmit(_ header: RTPHeader, count: Int, _ link: Link, _ path: ICEPath) -> Bool {
        header.write(to: port.outgoing)
        guard let length = try? link.srtp.protect(port.outgoing, count: RTPHeader.bytes + count, isRTCP: false) else {
            return false
        }
        sentPackets &+= 1
        sentBytes &+= UInt32(truncatingIfNeeded: count)
        return port.send(UnsafeRawBufferPointer(start: port.outgoing, count: length), over: path, as: .rtp)
    }
}
