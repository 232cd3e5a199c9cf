// One leg as the packet path sees it: plain bits at a fixed place, nothing to count or to free.

internal import Audio
internal import RTP
internal import SDP
internal import WebRTC

/// The state of one leg. Slots are allocated once and used again; `generation` tells a stale event from a fresh one.
nonisolated struct LegSlot {
    /// Stands for "no payload type agreed".
    static let noType: UInt8 = 255

    var id: UInt64 = 0
    var generation: UInt32 = 0
    var isOpen = false
    /// Descriptors of the two sockets.
    var rtp: Int32 = -1
    var rtcp: Int32 = -1
    var port: UInt16 = 0

    // What was agreed
    var isAgreed = false
    var maySend = false
    var mayReceive = false
    var isOnHold = false
    var usesRTCPMux = false
    var sendLaw = G711.Law.mu
    var sendType = noType
    var muType = noType
    var aType = noType
    var g722Type = noType
    /// Changes G.722 to A-law and back, where it may come or is sent. Not counted here: `MediaPlane.codecs` holds it.
    var codec: Unmanaged<G722Codec>?
    var sendsG722 = false
    var eventSent = noType
    var eventReceived = noType
    var remote = TransportAddress.none
    var remoteRTCP = TransportAddress.none
    var latch = SourceLatch(announced: .none, at: 0)
    /// The socket is connected to the locked source: the kernel drops all others.
    var isConnected = false
    /// Carries the leg in place of the sockets, which it then hasn't. Not counted here: `MediaPlane.browsers` holds it.
    var browser: Unmanaged<BrowserSession>?

    // What goes on
    /// The slot of the bridged party, -1: none.
    var partner: Int32 = -1
    /// Where it sits in a conference, instead of a partner. Not counted here: the conference holds it.
    var seat: Unmanaged<ConferenceSeat>?
    var isPlaying = false
    var isCollecting = false
    /// What comes in is made silence before anybody hears it, a recording included.
    var isMuted = false
    /// Nobody hears anything of the leg while digits are collected.
    var isUnheard = false
    /// The digits are there, and what becomes of them is not known yet: the leg stays unheard.
    var isKeptSecret = false
    /// Until then a recording has silence: the last collected key may still be heard as a tone.
    var mutedUntil: UInt64 = 0
    /// The key that is held was pressed for a collection.
    var isSecretEvent = false
    /// Listens for keys as sound. Not counted here: `MediaPlane.detectors` holds it.
    var detector: Unmanaged<DigitDetector>?
    /// The recording that is fed, -1: none, and the track of it.
    var recording: Int32 = -1
    var track = RecordingFormat.Track.caller
    var out = OutgoingStream(source: 0, sequence: 0, timestamp: 0)
    var reception = ReceptionStatistics()
    var events = TelephoneEventReceiver()

    // Watching, all times in monotonic nanoseconds
    /// When the locked source last sent anything valid, RTCP and comfort noise included, or when waiting for it began.
    var lastReceived: UInt64 = 0
    /// When sound of an agreed payload last came.
    var lastSound: UInt64 = 0
    var reportedNoRTP = false
    var silentSamples: UInt32 = 0
    /// Seconds without sound after which `silence` is reported; 0: never.
    var silenceSeconds: Int32 = 0
    /// When that watch began.
    var silenceSince: UInt64 = 0
    var reportedSilence = false
    /// When sound that isn't silence last came.
    var lastLoud: UInt64 = 0
    /// Seconds without sound from both sides after which `deadAir` is reported; 0: never.
    var deadAirSeconds: Int32 = 0
    /// When that watch began, or something was last played.
    var deadAirSince: UInt64 = 0
    var reportedDeadAir = false
    var reportedJitter = false
    var isWatchedForSpeech = false
    var nextReport: UInt64 = 0
    var reportedPackets: UInt32 = 0
    /// The middle of the other side's last sender report and when it came.
    var lastReportMiddle: UInt32 = 0
    var lastReportAt: UInt64 = 0
    var reportName: UInt64 = 0

    /// The second that is counted against a flood.
    var floodSecond: UInt64 = 0
    var floodPackets: UInt32 = 0

    // Counted
    var strangers: UInt64 = 0
    var malformed: UInt64 = 0
    var unagreed: UInt64 = 0
    var silentPackets: UInt64 = 0
    var roundTrip: Double = -1
    var remoteLoss: Double = -1

    func law(of payloadType: UInt8) -> G711.Law? {
        payloadType == muType ? .mu : payloadType == aType || payloadType == g722Type ? .a : nil
    }

    mutating func apply(_ agreement: AudioAgreement) {
        isAgreed = true
        isOnHold = agreement.isOnHold
        maySend = agreement.direction.sends && remote.port != 0 && !remote.isUnspecified
        mayReceive = agreement.direction.receives
        usesRTCPMux = agreement.usesRTCPMux
        sendLaw = agreement.codec.law
        sendType = agreement.sends.payloadType
        muType = agreement.receives.first { $0.codec == .pcmu }?.payloadType ?? Self.noType
        aType = agreement.receives.first { $0.codec == .pcma }?.payloadType ?? Self.noType
        g722Type = agreement.receives.first { $0.codec == .g722 }?.payloadType ?? Self.noType
        sendsG722 = agreement.codec == .g722
        eventSent = agreement.telephoneEventSent ?? Self.noType
        eventReceived = agreement.telephoneEventReceived ?? Self.noType
    }

    var figures: LegFigures {
        var figures = LegFigures()
        figures.packetsReceived = reception.received
        figures.packetsSent = UInt64(out.packets)
        figures.packetsLost = reception.lost
        figures.jitterMilliseconds = reception.jitterMilliseconds
        figures.roundTripMilliseconds = roundTrip < 0 ? nil : roundTrip * 1000
        figures.remoteLoss = remoteLoss < 0 ? nil : remoteLoss
        figures.strangers = strangers
        figures.malformed = malformed
        figures.unagreed = unagreed
        figures.silentPackets = silentPackets
        figures.sourceChanges = UInt64(reception.sourceChanges)
        return figures
    }
}

nonisolated extension AudioCodec {
    /// In which the media plane handles it.
    var law: G711.Law { self == .pcmu ? .mu : .a }
}
