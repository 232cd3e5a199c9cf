// RTCP, and what a leg's silence means.

internal import Basics
internal import CLoop
internal import Glibc
internal import RTP
internal import WebRTC

extension MediaPlane {
    /// Seconds from 1900 to 1970 (RFC 3550, section 4).
    private static let ntpEpoch: UInt64 = 2_208_988_800

    func receiveRTCP(_ leg: UnsafeMutablePointer<LegSlot>) {
        guard let (count, from) = receiveFrom(leg.pointee.rtcp), count > 0 else { return }
        guard leg.pointee.isAgreed, isHost(of: leg, from) else {
            leg.pointee.strangers &+= 1
            counted.droppedStrangers &+= 1
            return
        }
        guard takeRTCP(leg, UnsafeRawBufferPointer(start: datagram, count: count), at: cloop_now()) else { return }
        // Behind NAT the port isn't the announced one; the host is, as the RTP source is locked.
        if !leg.pointee.usesRTCPMux { leg.pointee.remoteRTCP = from }
    }

    func isHost(of leg: UnsafeMutablePointer<LegSlot>, _ address: TransportAddress) -> Bool {
        address.isSameHost(as: leg.pointee.latch.locked ?? leg.pointee.remote)
    }

    @discardableResult
    func takeRTCP(_ leg: UnsafeMutablePointer<LegSlot>, _ packet: UnsafeRawBufferPointer, at now: UInt64) -> Bool {
        guard let summary = RTCPSummary(packet, about: leg.pointee.out.source) else {
            leg.pointee.malformed &+= 1
            counted.droppedMalformed &+= 1
            return false
        }
        if leg.pointee.latch.locked != nil { noteLife(leg, at: now) }
        if let sender = summary.sender {
            leg.pointee.lastReportMiddle = sender.middle
            leg.pointee.lastReportAt = now
        }
        if let block = summary.block {
            leg.pointee.remoteLoss = Double(block.fractionLost) / 256
            if let trip = block.roundTrip(at: UInt32(truncatingIfNeeded: ntp(at: now) >> 16)) {
                leg.pointee.roundTrip = trip
            }
        }
        return true
    }

    /// Once a second for each leg.
    func watch(_ leg: UnsafeMutablePointer<LegSlot>, at now: UInt64) {
        guard leg.pointee.isAgreed else { return }
        let id = LegID(rawValue: leg.pointee.id)
        let expectsMedia = leg.pointee.mayReceive && !leg.pointee.isOnHold
        let quiet = now > leg.pointee.lastReceived ? (now - leg.pointee.lastReceived) / 1_000_000_000 : 0
        if expectsMedia, settings.noRTPSeconds > 0, !leg.pointee.reportedNoRTP, quiet >= UInt64(settings.noRTPSeconds) {
            leg.pointee.reportedNoRTP = true
            post(.noRTP(id, seconds: Int(quiet)))
        }
        // A phone may send nothing at all while nobody speaks (RFC 3389, section 4.1).
        let soundless = now - min(now, max(leg.pointee.lastSound, leg.pointee.silenceSince))
        let silent = Int(leg.pointee.silentSamples / 8000) + Int(clamping: soundless / 1_000_000_000)
        let silentMax = Int(leg.pointee.silenceSeconds)
        if expectsMedia, silentMax > 0, !leg.pointee.reportedSilence, silent >= silentMax {
            leg.pointee.reportedSilence = true
            post(.silence(id, seconds: silent))
        }
        watchJitter(leg, id)
        if now >= leg.pointee.nextReport {
            report(leg, isBye: false, at: now)
            // Half to one and a half intervals, so that reports don't fall together (RFC 3550, section 6.2).
            let interval = UInt64(settings.reportSeconds) * 1_000_000_000
            leg.pointee.nextReport = now + UInt64.random(in: interval / 2...interval * 3 / 2, using: &random)
        }
    }

    private func watchJitter(_ leg: UnsafeMutablePointer<LegSlot>, _ id: LegID) {
        let jitter = leg.pointee.reception.jitterMilliseconds, max = Double(settings.jitterMillisecondsMax)
        if leg.pointee.reportedJitter {
            if jitter < max * 0.75 { leg.pointee.reportedJitter = false }
        } else if jitter > max {
            leg.pointee.reportedJitter = true
            post(.jitter(id, milliseconds: Int(jitter.rounded())))
        }
    }

    func report(_ leg: UnsafeMutablePointer<LegSlot>, isBye: Bool, at now: UInt64) {
        guard leg.pointee.remoteRTCP.port != 0, !leg.pointee.remoteRTCP.isUnspecified else { return }
        let out = leg.pointee.out
        var sender: RTCPSummary.SenderTimes?
        if out.packets != leg.pointee.reportedPackets {
            leg.pointee.reportedPackets = out.packets
            let since = UInt32(truncatingIfNeeded: (now - min(now, out.lastSent)) / 125_000)
            sender = RTCPSummary.SenderTimes(
                ntp: ntp(at: now), rtp: out.lastTimestamp &+ since, packets: out.packets, payloadBytes: out.payloadBytes)
        }
        let heard = leg.pointee.lastReportAt
        let delay = heard == 0 || now < heard ? 0 : UInt32(truncatingIfNeeded: (now - heard) / 1000 * 65536 / 1_000_000)
        let report = RTCPReport(
            source: out.source, name: leg.pointee.reportName, sender: sender,
            block: leg.pointee.reception.report(lastReport: leg.pointee.lastReportMiddle, delay: delay), isBye: isBye)
        let count = report.write(to: scratch)
        if leg.pointee.usesRTCPMux {
            send(leg, scratch, count: count)
        } else {
            _ = leg.pointee.remoteRTCP.withSocketAddress {
                sendto(leg.pointee.rtcp, scratch, count, Int32(MSG_NOSIGNAL), $0, $1)
            }
        }
    }

    /// NTP time: seconds since 1900 in the upper half, their fraction in the lower.
    private func ntp(at now: UInt64) -> UInt64 {
        let wall = UInt64(max(0, wallOffset + Int64(now / 1000)))
        return (wall / 1_000_000 &+ Self.ntpEpoch) << 32 | (wall % 1_000_000) << 32 / 1_000_000
    }
}
