// Prompts and music.

public import Audio
public import Basics
internal import CLoop
internal import RTP

extension MediaPlane {
    /// Bytes and samples of one packet of 20 ms.
    static let frame = 160

    /// Plays `clips` one after the other in place of what is played now. Its end is reported as `playbackEnded`;
    /// `stopsOnDigit`: a key ends it early. On a leg that may not send (hold, no answer yet) time passes all the same.
    public func play(
        _ leg: LegID, _ clips: [AudioClip], as id: PlaybackID, loops: Bool = false, stopsOnDigit: Bool = false
    ) throws(MediaError) {
        guard let slot = slotOf[leg] else { throw .unknownLeg(leg) }
        let playback = Playback(clips, id: id, loops: loops, stopsOnDigit: stopsOnDigit)
        guard !playback.isEmpty else {
            stopPlaying(slot)
            post(.playbackEnded(leg, id))
            return
        }
        playbacks[Int(slot)] = playback
        keys[slot] = nil
        legs[Int(slot)].out.interrupt()
        startPlaying(slot)
    }

    func startPlaying(_ slot: Int32) {
        guard !legs[Int(slot)].isPlaying else { return }
        legs[Int(slot)].isPlaying = true
        playing.append(slot)
        startTicking()
    }

    /// Ends what is played to `leg`, without an event.
    public func stop(_ leg: LegID) {
        if let slot = slotOf[leg] { stopPlaying(slot) }
    }

    func stopPlaying(_ slot: Int32) {
        guard legs[Int(slot)].isPlaying, let index = playing.firstIndex(of: slot) else { return }
        playing.remove(at: index)
        if index < playingCursor { playingCursor -= 1 }
        playbacks[Int(slot)] = nil
        keys[slot] = nil
        legs[Int(slot)].isPlaying = false
        legs[Int(slot)].out.interrupt()
    }

    /// Sends the next packet to everybody who is played to; `false`: time is up, call again with the rest.
    func playNext(until limit: UInt64) -> Bool {
        while playingCursor < playing.count {
            let slot = playing[playingCursor]
            playingCursor += 1
            if !keys.isEmpty, keys[slot] != nil {
                sendNextKey(slot)
            } else if !playNext(slot), let playback = playbacks[Int(slot)] {
                stopPlaying(slot)
                post(.playbackEnded(LegID(rawValue: legs[Int(slot)].id), playback.id))
            }
            if playingCursor & 15 == 0, cloop_now() >= limit, playingCursor < playing.count { return false }
        }
        playingCursor = 0
        return true
    }

    /// `false`: that was the last packet.
    private func playNext(_ slot: Int32) -> Bool {
        guard let playback = playbacks[Int(slot)] else { return false }
        let leg = legs + Int(slot)
        let goesOn = playback.fill(scratch + RTPHeader.bytes, count: Self.frame, law: leg.pointee.sendLaw)
        guard leg.pointee.maySend else {
            // The listener's clock runs on over the gap (RFC 3550, section 5.1).
            leg.pointee.out.interrupt()
            return goesOn
        }
        let stamp = leg.pointee.out.next(samples: UInt32(Self.frame), payloadBytes: Self.frame, at: cloop_now())
        RTPHeader(
            marker: stamp.marker, payloadType: leg.pointee.sendType, sequence: stamp.sequence, timestamp: stamp.timestamp,
            source: leg.pointee.out.source
        ).write(to: scratch)
        if send(leg, scratch, count: RTPHeader.bytes + Self.frame) { counted.packetsSent &+= 1 }
        return goesOn
    }
}
