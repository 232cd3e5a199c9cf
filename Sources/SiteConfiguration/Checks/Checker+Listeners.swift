// Checks addresses and ports.

internal import Basics

extension Checker {
    /// An RTP and an RTCP port for the caller's leg and the agent's.
    private static let portsPerCall = 4

    mutating func checkListeners() {
        let listeners = configuration.listeners
        let sip = Path("listeners.yaml", "sip")
        let rtp = Path("listeners.yaml", "rtp")
        let http = Path("listeners.yaml", "http")
        if !NetworkAddress.isLoopback(listeners.sip.address) {
            reading.warning(
                "SIP listens on `\(listeners.sip.address)` without TLS", at: sip / "address",
                mend: "keep it inside a private network, behind a firewall that admits only your trunks and telephones")
        }
        if !NetworkAddress.isLoopback(listeners.http.address) {
            reading.warning(
                "HTTP listens on `\(listeners.http.address)` without TLS", at: http / "address",
                mend: "listen on `127.0.0.1` and put a proxy with TLS in front")
        }
        let ports = listeners.rtp.portFirst...max(listeners.rtp.portFirst, listeners.rtp.portLast)
        if listeners.rtp.portFirst >= listeners.rtp.portLast {
            reading.error(
                "`port_last` \(listeners.rtp.portLast) is not after `port_first` \(listeners.rtp.portFirst)",
                at: rtp / "port_last", mend: "write a port above \(listeners.rtp.portFirst)")
        }
        if listeners.rtp.portFirst % 2 != 0 {
            reading.error(
                "`port_first` \(listeners.rtp.portFirst) is odd", at: rtp / "port_first",
                mend: "write an even port: RTP takes the even ones, RTCP the odd ones above (RFC 3550 section 11)")
        }
        if ports.contains(listeners.sip.port), overlap(listeners.sip.address, listeners.rtp.address) {
            reading.error(
                "SIP's port \(listeners.sip.port) lies among the RTP ports \(ports.lowerBound) to \(ports.upperBound)",
                at: sip / "port", mend: "move one of them")
        }
        let calls = configuration.site.limits.callsMax
        if ports.count < calls * Self.portsPerCall, listeners.rtp.portFirst < listeners.rtp.portLast {
            reading.warning(
                "\(ports.count) RTP ports are enough for \(ports.count / Self.portsPerCall) calls, not for `calls_max` \(calls)",
                at: rtp / "port_first",
                mend: "widen the range to \(calls * Self.portsPerCall) ports, or lower `calls_max` in site.yaml")
        }
        checkTrunks(listeners)
    }

    private mutating func checkTrunks(_ listeners: ListenerSettings) {
        var owners: [String: TrunkID] = [:]
        for trunk in configuration.trunks {
            let path = Path("trunks.yaml", "trunks", trunk.id.rawValue)
            if let peer = trunk.peerAddress, peer.port == listeners.sip.port, overlap(peer.address, listeners.sip.address),
                NetworkAddress.isLoopback(peer.address)
            {
                reading.error(
                    "the peer of trunk `\(trunk.id)` is our own SIP listener", at: path / "peer",
                    mend: "write the carrier's address and port")
            }
            for (index, source) in trunk.inbound.enumerated() {
                if let owner = owners[source] {
                    reading.error(
                        "`\(source)` is trunk `\(owner)`'s already", at: path / "inbound" / index,
                        mend: "name each source at one trunk")
                }
                owners[source] = trunk.id
            }
        }
    }

    /// Whether two listeners on these addresses would meet on the same port.
    private func overlap(_ a: String, _ b: String) -> Bool {
        a == b || NetworkAddress.isAny(a) || NetworkAddress.isAny(b)
    }
}
