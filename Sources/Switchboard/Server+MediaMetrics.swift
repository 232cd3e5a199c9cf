// What `/metrics` tells of voices and speech.

internal import Media
internal import Speech

extension Server {
    func add(
        _ media: MediaFigures, _ alarms: (deadAir: UInt64, jitter: UInt64), to metrics: inout Metrics
    ) {
        metrics.add("legs", .gauge, "Open media legs.", media.legs)
        metrics.add("playing", .gauge, "Legs to which something is played.", media.playing)
        metrics.add("recordings", .gauge, "Recordings that run.", media.recordings)
        metrics.add("rtp_received_total", .counter, "RTP packets received.", media.packetsReceived)
        metrics.add("rtp_sent_total", .counter, "RTP packets sent, relayed ones included.", media.packetsSent)
        metrics.add("rtp_relayed_total", .counter, "RTP packets relayed.", media.packetsRelayed)
        metrics.add("rtp_lost_total", .counter, "RTP packets that did not come in.", media.packetsLost)
        let dropped: [(String, UInt64)] = [
            ("stranger", media.droppedStrangers), ("malformed", media.droppedMalformed),
            ("payload", media.droppedUnknownPayload), ("unexpected", media.droppedUnexpected), ("flood", media.droppedFlood),
        ]
        metrics.add("rtp_dropped_total", .counter, "RTP packets dropped.", dropped.map { ([("cause", $0.0)], Double($0.1)) })
        metrics.add("rtp_send_failures_total", .counter, "RTP packets that the kernel did not take.", media.sendFailures)
        metrics.add(
            "rtp_refusals_total", .counter, "ICMP messages: nobody listens where RTP was sent to.", media.refusals)
        metrics.add(
            "rtp_jitter_mean_seconds", .gauge, "The mean jitter of the legs that are heard.", media.jitterMilliseconds / 1000)
        metrics.add(
            "rtp_jitter_max_seconds", .gauge, "The worst jitter of a leg.", media.worstJitterMilliseconds / 1000)
        metrics.add(
            "sound_alarms_total", .counter, "How often neither side of a conversation was heard, or came in too unevenly.",
            [([("cause", "dead_air")], Double(alarms.deadAir)), ([("cause", "jitter")], Double(alarms.jitter))])
        metrics.add(
            "media_ticks_skipped_total", .counter, "Rounds of 20 ms of playing that came too late to be made up for.",
            media.ticksSkipped)
        metrics.add(
            "recording_frames_dropped_total", .counter, "Frames that a full buffer kept out of a recording.",
            media.recordingFramesDropped)
    }

    func add(_ speech: SpeechFigures, to metrics: inout Metrics) {
        let texts: [(String, UInt64)] = [
            ("memory", speech.fromMemory), ("disk", speech.fromDisk), ("rendered", speech.rendered), ("failed", speech.failed),
        ]
        metrics.add(
            "speech_texts_total", .counter, "Texts asked for, by where they came from.",
            texts.map { ([("from", $0.0)], Double($0.1)) })
        metrics.add("speech_unsaved_total", .counter, "Texts rendered that the disk did not take.", speech.unsaved)
    }
}
