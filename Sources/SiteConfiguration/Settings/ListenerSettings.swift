// `listeners.yaml`: where the daemon listens, and how much it takes from one address.

/// The settings of `listeners.yaml`. They are read at the start: any change needs a restart, but for the place of the
/// certificate.
public struct ListenerSettings: Hashable, Sendable {
    /// SIP over UDP.
    public struct SIP: Hashable, Sendable {
        /// Which digest algorithms telephones are offered (RFC 8760).
        public enum Digest: String, Hashable, Sendable, CaseIterable { case both, md5 }

        public var address = "127.0.0.1"
        public var port = 5060
        /// The realm of digest authentication. The hashes of all devices depend on it.
        public var realm = "switchboard"
        /// `both`: SHA-256 first, MD5 second.
        public var digest = Digest.both
        /// How long a nonce may be used.
        public var nonceSeconds = 60
        /// Registrations are accepted for at most this long.
        public var registrationSecondsMax = 3600
        /// Datagrams of one source; for what exceeds them it is banned. Trunks and registered devices have rates of their own.
        public var requestsMax = 16
        /// In how many seconds.
        public var requestsSeconds = 2
        public var banSeconds = 300
    }

    public struct RTP: Hashable, Sendable {
        /// IPv4.
        public var address = "127.0.0.1"
        /// For callers that speak IPv6; nil: they are refused.
        public var addressV6: String?
        /// The even first port.
        public var portFirst = 20_000
        /// The odd last port.
        public var portLast = 29_999
        /// Without a packet for this long a call is ended.
        public var noRTPSecondsMax = 60
        /// What is spoken over telephone lines, in order of preference for calls that are made.
        public enum Codec: String, Hashable, Sendable, CaseIterable { case pcma, pcmu, g722 }
        public var codecs: [Codec] = [.pcma, .pcmu]
        /// Keys are listened for as sound on lines that do not say them in events.
        public var digitTones = true
        /// After so long without a sound from either side of a conversation that is noted; 0: never.
        public var deadAirSeconds = 10
    }

    /// Agents' browsers.
    public struct WebRTC: Hashable, Sendable {
        /// What is spoken with browsers; `auto`: G.711, and Opus where packets get lost.
        public enum AgentCodec: String, Hashable, Sendable, CaseIterable { case auto, opus, pcma, pcmu }

        /// UDP, one for all browsers.
        public var port = 8443
        /// Of this machine; empty: all that it has.
        public var addresses: [String] = []
        /// By which browsers outside know this machine, behind a static NAT that keeps the port.
        public var publicAddresses: [String] = []
        public var agentCodec = AgentCodec.auto
    }

    public struct HTTP: Hashable, Sendable {
        /// Files in PEM: absolute paths, or below the state folder. A reload reads them again.
        public struct TLS: Hashable, Sendable {
            /// The server's own certificate first, then those that lead to one that browsers know.
            public var certificate = ""
            public var key = ""
        }

        public var address = "127.0.0.1"
        public var port = 8080
        /// nil: HTTP without TLS.
        public var tls: TLS?
        public var bodyBytesMax = 64 << 10
        public var idleSeconds = 60
        public var connectionsMax = 500
        /// Wrong tokens of one source in a minute before it is refused unseen.
        public var failuresPerMinuteMax = 20
        /// Of one token or session, in the long run.
        public var requestsPerSecondMax = 100
        /// Of one token or session, at once.
        public var requestsBurstMax = 200
        /// Addresses of proxies whose `X-Forwarded-For` and `X-Forwarded-Proto` are believed.
        public var trustedProxies: [String] = []
    }

    public var sip = SIP()
    public var rtp = RTP()
    public var webrtc = WebRTC()
    public var http = HTTP()
}

extension ListenerSettings {
    static var schema: Schema<ListenerSettings> {
        Schema(
            "listeners.yaml",
            [
                Field("sip", \.sip, .section(SIP.schema, initial: SIP())),
                Field("rtp", \.rtp, .section(RTP.schema, initial: RTP())),
                Field("webrtc", \.webrtc, .section(WebRTC.schema, initial: WebRTC())),
                Field("http", \.http, .section(HTTP.schema, initial: HTTP())),
            ])
    }
}

extension ListenerSettings.SIP {
    static var schema: Schema<Self> {
        let realm = Value<String>.matching("a realm: 1 to 64 letters, digits, `.`, `-` or `_`") { text in
            (1...64).contains(text.utf8.count)
                && text.utf8.allSatisfy { NameRule.isAlphanumeric($0) || ".-_".utf8.contains($0) }
        }
        return Schema(
            "sip",
            [
                Field("address", \.address, .address), Field("port", \.port, .integer(1...65_535)),
                Field("realm", \.realm, realm), Field("digest", \.digest, .word),
                Field("nonce_seconds", \.nonceSeconds, .integer(10...3600)),
                Field("registration_seconds_max", \.registrationSecondsMax, .integer(60...86_400)),
                Field("requests_max", \.requestsMax, .integer(1...100_000)),
                Field("requests_seconds", \.requestsSeconds, .integer(1...60)),
                Field("ban_seconds", \.banSeconds, .integer(1...86_400)),
            ])
    }
}

extension ListenerSettings.RTP {
    static var schema: Schema<Self> {
        Schema(
            "rtp",
            [
                Field("address", \.address, .address), Field("address_v6", \.addressV6, .address),
                Field("port_first", \.portFirst, .integer(1024...65_534)),
                Field("port_last", \.portLast, .integer(1025...65_535)),
                Field("no_rtp_seconds_max", \.noRTPSecondsMax, .integer(5...3600)),
                Field("codecs", \.codecs, .list(.word, countMax: Codec.allCases.count)),
                Field("digit_tones", \.digitTones, .flag), Field("dead_air_seconds", \.deadAirSeconds, .integer(0...600)),
            ])
    }
}

extension ListenerSettings.WebRTC {
    static var schema: Schema<Self> {
        Schema(
            "webrtc",
            [
                Field("port", \.port, .integer(1024...65_535)),
                Field("addresses", \.addresses, .list(.address, countMax: 16)),
                Field("public_addresses", \.publicAddresses, .list(.address, countMax: 4)),
                Field("agent_codec", \.agentCodec, .word),
            ])
    }
}

extension ListenerSettings.HTTP {
    static var schema: Schema<Self> {
        Schema(
            "http",
            [
                Field("address", \.address, .address), Field("port", \.port, .integer(1...65_535)),
                Field("tls", \.tls, .section(TLS.schema, initial: TLS())),
                Field("body_bytes_max", \.bodyBytesMax, .integer(1024...(1 << 20))),
                Field("idle_seconds", \.idleSeconds, .integer(5...3600)),
                Field("connections_max", \.connectionsMax, .integer(1...10_000)),
                Field("failures_per_minute_max", \.failuresPerMinuteMax, .integer(1...10_000)),
                Field("requests_per_second_max", \.requestsPerSecondMax, .integer(1...100_000)),
                Field("requests_burst_max", \.requestsBurstMax, .integer(1...1_000_000)),
                Field("trusted_proxies", \.trustedProxies, .list(.address, countMax: 20)),
            ])
    }
}

extension ListenerSettings.HTTP.TLS {
    static var schema: Schema<Self> {
        Schema(
            "tls",
            [
                Field("certificate", \.certificate, .pemFile, required: true), Field("key", \.key, .pemFile, required: true),
            ])
    }
}
