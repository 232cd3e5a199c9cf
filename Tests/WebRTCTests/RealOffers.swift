// Offers as browsers write them.

enum RealOffers {
    /// Chromium 156, `addTransceiver("audio")`, before any candidate was found.
    static let chromium = """
        v=0
        o=- 4553961277525115716 2 IN IP4 127.0.0.1
        s=-
        t=0 0
        a=group:BUNDLE 0
        a=extmap-allow-mixed
        a=msid-semantic: WMS
        m=audio 9 UDP/TLS/RTP/SAVPF 111 63 9 0 8 13 110 126
        c=IN IP4 0.0.0.0
        a=rtcp:9 IN IP4 0.0.0.0
        a=ice-ufrag:22DJ
        a=ice-pwd:i2bn5lAGa+pGnO1JHu2F4rmb
        a=ice-options:trickle
        a=fingerprint:sha-256 5A:D5:4D:F8:90:1A:A0:5D:16:18:CE:75:A2:12:3A:FB:E3:79:1B:39:BF:88:0C:EC:B3:B9:64:5B:B3:B3:BA:11
        a=setup:actpass
        a=mid:0
        a=extmap:1 urn:ietf:params:rtp-hdrext:ssrc-audio-level
        a=extmap:2 http://www.webrtc.org/experiments/rtp-hdrext/abs-send-time
        a=extmap:3 http://www.ietf.org/id/draft-holmer-rmcat-transport-wide-cc-extensions-01
        a=extmap:4 urn:ietf:params:rtp-hdrext:sdes:mid
        a=sendrecv
        a=msid:- b808ddda-6e36-420f-bdd6-9e3f18deb8cc
        a=rtcp-mux
        a=rtcp-rsize
        a=rtcp-xr:rcvr-rtt=all
        a=rtpmap:111 opus/48000/2
        a=rtcp-fb:111 transport-cc
        a=fmtp:111 minptime=10;useinbandfec=1
        a=rtpmap:63 red/48000/2
        a=fmtp:63 111/111
        a=rtpmap:9 G722/8000
        a=rtpmap:0 PCMU/8000
        a=rtpmap:8 PCMA/8000
        a=rtpmap:13 CN/8000
        a=rtpmap:110 telephone-event/48000
        a=rtpmap:126 telephone-event/8000
        a=ssrc:1325485306 cname:N3nm3iRi1HKBVwon
        a=ssrc:1325485306 msid:- b808ddda-6e36-420f-bdd6-9e3f18deb8cc
        """

    /// Firefox ESR 153 with a microphone: what concerns all lines stands at the session's level.
    static let firefox = """
        v=0
        o=mozilla...THIS_IS_SDPARTA-99.0 2731938416382471951 0 IN IP4 0.0.0.0
        s=-
        t=0 0
        a=fingerprint:sha-256 2F:6C:31:A8:0B:57:EE:9D:40:12:77:C3:5A:B9:08:F4:D1:66:3E:80:29:BC:5F:A7:94:1D:E2:73:0C:48:9A:B6
        a=group:BUNDLE 0
        a=ice-options:trickle
        a=msid-semantic:WMS *
        m=audio 9 UDP/TLS/RTP/SAVPF 109 9 0 8 101
        c=IN IP4 0.0.0.0
        a=sendrecv
        a=extmap:1 urn:ietf:params:rtp-hdrext:ssrc-audio-level
        a=extmap:2/recvonly urn:ietf:params:rtp-hdrext:csrc-audio-level
        a=extmap:3 urn:ietf:params:rtp-hdrext:sdes:mid
        a=fmtp:109 maxplaybackrate=48000;stereo=1;useinbandfec=1
        a=fmtp:101 0-15
        a=ice-pwd:5b1c2f7ee0f39d6af8a6c4eb2d9d0f7a
        a=ice-ufrag:8c3e1a52
        a=mid:0
        a=msid:{3f0b0c8a-6c6e-4a62-9b53-2a6e6c1f9b11} {b1c6f6e4-5d3a-4f7e-8a93-7d1f4f0f6f22}
        a=rtcp-mux
        a=rtpmap:109 opus/48000/2
        a=rtpmap:9 G722/8000/1
        a=rtpmap:0 PCMU/8000
        a=rtpmap:8 PCMA/8000
        a=rtpmap:101 telephone-event/8000/1
        a=setup:actpass
        a=ssrc:1934820012 cname:{0d3e6f0b-2f65-4c0b-8f0a-6f9a1d2c3b4e}
        """

    /// aiortc 1.16.
    static let aiortc = """
        v=0
        o=- 4004321134 4004321134 IN IP4 0.0.0.0
        s=-
        t=0 0
        a=group:BUNDLE 0
        a=msid-semantic:WMS *
        m=audio 44771 UDP/TLS/RTP/SAVPF 96 9 0 8
        c=IN IP4 192.0.2.2
        a=sendrecv
        a=extmap:1 urn:ietf:params:rtp-hdrext:sdes:mid
        a=extmap:2 urn:ietf:params:rtp-hdrext:ssrc-audio-level
        a=mid:0
        a=msid:8825517c-91a3-4fc2-bc14-c2a41ccc1a56 9df25890-4f08-40f1-b1ef-b61c6aeba850
        a=rtcp:9 IN IP4 0.0.0.0
        a=rtcp-mux
        a=ssrc:2240184824 cname:584c828b-7c93-400b-a57b-270de7a8f905
        a=rtpmap:96 opus/48000/2
        a=rtpmap:9 G722/8000
        a=rtpmap:0 PCMU/8000
        a=rtpmap:8 PCMA/8000
        a=candidate:f957a2332b1715da3b0ef8ba684454eb 1 udp 2130706431 192.0.2.2 44771 typ host
        a=candidate:d0bcf3d9c29a2bc887618212a1623bfa 1 udp 2130706431 fd00::2 60619 typ host
        a=end-of-candidates
        a=ice-ufrag:BhP3
        a=ice-pwd:RmLPTLtMjgHRb3zJN1Dfcp
        a=fingerprint:sha-256 66:CE:A9:BC:08:A0:49:63:CB:76:C3:26:7F:0A:31:F3:98:BF:60:48:0B:AF:5E:BF:76:62:A7:36:5F:EF:82:E4
        a=fingerprint:sha-384 9B:31:21:DB:1A:D5:8E:91:9E:8B:0F:5A:0F:EB:99:98:6F:72:5B:46:ED:DA:5F:E6:45:A7:97:EC:58:\
        B7:BE:FB:AE:E2:13:80:C2:50:D2:15:C1:EB:45:39:5B:EC:DC:3F
        a=fingerprint:sha-512 FC:55:73:10:32:28:07:5D:AC:03:BE:F4:E3:0C:70:E6:1B:DC:2C:07:9E:5F:62:FE:ED:BD:F7:A8:7C:\
        BF:11:3B:78:60:37:93:20:7E:76:83:88:71:87:C5:BC:5A:C0:A8:9E:9D:74:FD:07:65:B4:65:67:B1:2F:92:C8:92:05:C7
        a=setup:actpass
        """
}
