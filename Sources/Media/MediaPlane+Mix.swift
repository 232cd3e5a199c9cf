// The tick of the conferences. Nothing here allocates.

internal import Audio
internal import Basics
internal import CLoop
internal import RTP
internal import WebRTC

extension MediaPlane {
    /// Places of one conference that are sent to between two looks at the clock: an Opus encoder takes 0.1 ms each.
    private static let placesPerLook = 4

    /// Mixes the next frame of every conference; `false`: time is up, call again with the rest.
    func mixNext(until limit: UInt64) -> Bool {
        while mixingCursor < conferences.count {
            guard mix(conferences[mixingCursor], until: limit) else { return false }
            mixingCursor += 1
        }
        mixingCursor = 0
        return true
    }

    /// What is left of a tick that time cut off, before the seats change.
    func finishTick(_ conference: Conference) {
        if conference.cursor > 0 { _ = mix(conference, until: .max) }
    }

    private func mix(_ conference: Conference, until limit: UInt64) -> Bool {
        if conference.cursor == 0 { gather(conference) }
        while conference.cursor < conference.seats.count {
            sendMixed(conference, conference.cursor)
            conference.cursor += 1
            if conference.cursor % Self.placesPerLook == 0, conference.cursor < conference.seats.count,
                cloop_now() >= limit
            {
                return false
            }
        }
        conference.cursor = 0
        return true
    }

    private func gather(_ conference: Conference) {
        let mixer = conference.mixer
        mixer.begin()
        for place in conference.seats.indices where conference.seats[place].pull(into: mixer.frame(of: place)) {
            mixer.sound(place)
        }
        guard let playback = conference.playback else { return }
        let place = HearingMatrix.announcement
        let goesOn = playback.fill(mixer.frame(of: place), count: AudioMixer.frame)
        mixer.sound(place)
        guard !goesOn else { return }
        conference.playback = nil
        post(.conferencePlaybackEnded(conference.id, playback.id))
    }

    private func sendMixed(_ conference: Conference, _ place: Int) {
        let seat = conference.seats[place], leg = legs + Int(seat.slot)
        guard !leg.pointee.isPlaying else { return }
        guard leg.pointee.maySend else { return leg.pointee.out.interrupt() }
        let hasSound = conference.mixer.mix(heard: conference.matrix.heard(by: place), into: mixed)
        guard seat.mayHear(hasSound) else { return }
        if !hasSound { mixed.update(repeating: 0, count: AudioMixer.frame) }
        sendFrame(leg)
    }

    /// Sends the frame in `mixed` as the next of our own.
    private func sendFrame(_ leg: UnsafeMutablePointer<LegSlot>) {
        let now = cloop_now(), count = AudioMixer.frame
        let stamp = leg.pointee.out.next(samples: UInt32(count), payloadBytes: count, at: now)
        let header = RTPHeader(
            marker: stamp.marker, payloadType: leg.pointee.sendType, sequence: stamp.sequence, timestamp: stamp.timestamp,
            source: leg.pointee.out.source, payloadCount: count)
        let isSent: Bool
        if let browser = leg.pointee.browser, browser.takeUnretainedValue().isOpus {
            isSent = browser.takeUnretainedValue().send(header, samples: mixed)
        } else {
            let target = (scratch + RTPHeader.bytes).assumingMemoryBound(to: UInt8.self)
            if leg.pointee.sendsG722, let codec = leg.pointee.codec {
                codec.takeUnretainedValue().encode(mixed, count: count, into: target)
            } else {
                tables.converter(leg.pointee.sendLaw).encode(mixed, count: count, into: target)
            }
            header.write(to: scratch)
            isSent = send(leg, scratch, count: RTPHeader.bytes + count, isEncoded: true)
        }
        guard isSent else { return }
        counted.packetsSent &+= 1
        counted.framesMixed &+= 1
    }

    /// Sends what waits of the leg in `speaker` to the one in `listener`, who is to hear it alone from now on and heard it in
    /// the same conference before.
    func handOver(from speaker: Int32, to listener: Int32) {
        guard let seat = legs[Int(speaker)].seat?.takeUnretainedValue(), legs[Int(listener)].seat != nil,
            listeners(of: speaker).contains(listener)
        else { return }
        let leg = legs + Int(listener)
        guard leg.pointee.maySend, !leg.pointee.isPlaying else { return }
        while seat.drain(into: mixed) { sendFrame(leg) }
    }
}
