// RTCP, quality, and what a browser's silence means.

internal import RTP
internal import SDP

extension BrowserSession {
    /// Figures as they stand.
    public var quality: BrowserQuality {
        var quality = BrowserQuality()
        quality.lossPercent = losses.percent
        quality.jitterMilliseconds = reception.jitterMilliseconds
        quality.remoteLossPercent = remoteLoss.map { $0 * 100 }
        quality.remoteJitterMilliseconds = remoteJitter
        quality.roundTripMilliseconds = roundTrip.map { $0 * 1000 }
        quality.packetsReceived = reception.received
        quality.packetsLost = reception.lost
        quality.packetsSent = UInt64(sentPackets)
        if reception.received > 0 {
            quality.meanOpinionScore = MeanOpinionScore.score(
                lossPercent: max(quality.lossPercent, quality.remoteLossPercent ?? 0),
                jitterMilliseconds: max(quality.jitterMilliseconds, remoteJitter ?? 0),
                roundTripMilliseconds: quality.roundTripMilliseconds ?? 0)
        }
        return quality
    }

    func takeReport(_ packet: UnsafeRawBufferPointer, at now: UInt64) {
        guard let summary = RTCPSummary(packet, about: out.source) else { return drop(.malformedPacket) }
        if let sender = summary.sender {
            lastReportMiddle = sender.middle
            lastReportAt = now
        }
        guard let block = summary.block else { return }
        remoteLoss = Double(block.fractionLost) / 256
        let clock = isOpus ? 48.0 : 8.0
        remoteJitter = Double(block.jitter) / clock
        if let trip = block.roundTrip(at: UInt32(truncatingIfNeeded: port.ntp(at: now) >> 16)) { roundTrip = trip }
    }

    /// Its silence up to now does not count.
    func excuse(until now: UInt64) { lastReceived = max(lastReceived, now) }

    /// Some times a second.
    func survey(at now: UInt64, isFullSecond: Bool) {
        if isFullSecond { losses.note(received: reception.received, lost: reception.lost) }
        if var agent = ice {
            let old = agent.expire(at: now)
            if !old.isEmpty {
                ice = agent
                port.forget(old, of: self)
            }
            // Before the first check, the offer's time counts.
            let heard = max(agent.lastHeard, offeredAt)
            if agent.selected == nil, now > heard, now - heard > ICELiteAgent.pathSilenceMaxNanoseconds {
                becomeAbsent(.expired)
            }
        }
        guard case .connected(let link) = transport else { return }
        let quietSince = max(lastReceived, talkingSince)
        let silence = UInt64(port.settings.silenceMaxSeconds) * 1_000_000_000
        if isTalking, now > quietSince, now - quietSince > silence { becomeAbsent(.silent) }
        guard now >= nextReport else { return }
        report(over: link, isBye: false, at: now)
        // Half to one and a half intervals, so that reports don't fall together (RFC 3550, section 6.2).
        let interval = UInt64(port.settings.reportSeconds) * 1_000_000_000
        nextReport = now + UInt64.random(in: interval / 2...interval * 3 / 2, using: &port.random)
    }

    /// A sender report with a block about the browser: without the block the browser knows neither loss nor round trip.
    func report(over link: Link, isBye: Bool, at now: UInt64) {
        guard let path = ice?.selected else { return }
        let steps = agreement?.codec.codec.stepsPerSample ?? 1
        var sender: RTCPSummary.SenderTimes?
        if sentPackets != reportedPackets {
            reportedPackets = sentPackets
            let since = UInt32(truncatingIfNeeded: (now - min(now, out.lastSent)) / 125_000)
            sender = RTCPSummary.SenderTimes(
                ntp: port.ntp(at: now), rtp: (out.lastTimestamp &+ since) &* steps, packets: sentPackets,
                payloadBytes: sentBytes)
        }
        let delay = lastReportAt == 0 || now < lastReportAt ? 0 : (now - lastReportAt) / 1000 * 65536 / 1_000_000
        var block = reception.report(lastReport: lastReportMiddle, delay: UInt32(truncatingIfNeeded: delay))
        // Counted at 8 kHz here, reported in the voice's clock.
        if let jitter = block?.jitter { block?.jitter = jitter &* steps }
        let report = RTCPReport(source: out.source, name: reportName, sender: sender, block: block, isBye: isBye)
        let count = report.write(to: port.outgoing)
        guard let length = try? link.srtp.protect(port.outgoing, count: count, isRTCP: true) else { return }
        port.send(UnsafeRawBufferPointer(start: port.outgoing, count: length), over: path, as: .rtcp)
    }
}
