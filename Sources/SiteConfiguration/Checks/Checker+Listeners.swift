// Checks addresses and ports.

internal import ACD
internal import Basics

extension Checker {
    /// An RTP and an RTCP port for the caller's leg and the agent's.
    private static let portsPerCall = 4

    mutating func checkListeners() {
        let listeners = configuration.listeners
        let sip = Path("listeners.yaml", "sip")
        let rtp = Path("listeners.yaml", "rtp")
        let http = Path("listeners.yaml", "http")
        if NetworkAddress.isAny(listeners.sip.address) {
            reading.error(
                "SIP cannot listen on `\(listeners.sip.address)`: telephones and trunks are told this address",
                at: sip / "address", mend: "write the address of this machine by which they reach it")
        } else if !NetworkAddress.isLoopback(listeners.sip.address) {
            reading.warning(
                "SIP listens on `\(listeners.sip.address)` without TLS", at: sip / "address",
                mend: "keep it inside a private network, behind a firewall that admits only your trunks and telephones")
        }
        if !NetworkAddress.isLoopback(listeners.http.address), listeners.http.tls == nil {
            reading.warning(
                "HTTP listens on `\(listeners.http.address)` without TLS", at: http / "address",
                mend: "add `tls:` with a certificate and its key, or listen on `127.0.0.1` and put a proxy with TLS in front")
        }
        checkVoices(listeners)
        checkBrowsers(listeners)
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
        if ports.contains(listeners.sip.port),
            overlap(listeners.sip.address, listeners.rtp.address)
                || listeners.rtp.addressV6.map({ overlap(listeners.sip.address, $0) }) ?? false
        {
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

    /// Everybody is told the addresses for RTP, so they have to be addresses of a machine.
    private mutating func checkVoices(_ listeners: ListenerSettings) {
        let rtp = Path("listeners.yaml", "rtp")
        let mend = "write the address of this machine to which trunks and telephones send their packets"
        var isSound = true
        for (key, address, wantsV6) in [
            ("address", listeners.rtp.address, false), ("address_v6", listeners.rtp.addressV6, true),
        ] {
            guard let address else { continue }
            if NetworkAddress.isV6(address) != wantsV6 {
                reading.error(
                    "`\(key)` is `\(address)`, which is no \(wantsV6 ? "IPv6" : "IPv4") address", at: rtp / key,
                    mend: "write it at `\(wantsV6 ? "address" : "address_v6")`")
                isSound = false
            } else if NetworkAddress.isAny(address) {
                reading.error("RTP cannot be sent to `\(address)`", at: rtp / key, mend: mend)
                isSound = false
            }
        }
        guard isSound, !NetworkAddress.isAny(listeners.sip.address) else { return }
        let sip = Path("listeners.yaml", "sip", "address")
        let isV6 = NetworkAddress.isV6(listeners.sip.address)
        guard let voices = isV6 ? listeners.rtp.addressV6 : listeners.rtp.address else {
            return reading.warning(
                "SIP listens on `\(listeners.sip.address)`, but RTP has no IPv6 address: such calls are refused", at: sip,
                mend: "add `address_v6:` below `rtp:`")
        }
        guard NetworkAddress.isLoopback(listeners.sip.address) != NetworkAddress.isLoopback(voices) else { return }
        // The one that is not loopback was written, so it has a place.
        reading.warning(
            "SIP is on `\(listeners.sip.address)` and RTP on `\(voices)`: one of them cannot be reached from where the other can",
            at: NetworkAddress.isLoopback(voices) ? sip : rtp / (isV6 ? "address_v6" : "address"),
            mend: "give both an address that trunks and telephones reach, or both a loopback address")
    }

    /// Browsers are told these addresses, and the port is one for all of them.
    private mutating func checkBrowsers(_ listeners: ListenerSettings) {
        let webrtc = Path("listeners.yaml", "webrtc")
        let (browsers, rtp) = (listeners.webrtc, listeners.rtp)
        let lists = [("addresses", browsers.addresses), ("public_addresses", browsers.publicAddresses)]
        for (key, addresses) in lists {
            for (index, address) in addresses.enumerated() where NetworkAddress.isAny(address) {
                reading.error(
                    "browsers cannot be told to come to `\(address)`", at: webrtc / key / String(index),
                    mend: key == "addresses"
                        ? "write addresses of this machine, or leave `addresses` out to have all of them"
                        : "write the address by which browsers outside reach this machine")
            }
        }
        func meets(_ addresses: [String]) -> Bool {
            browsers.addresses.isEmpty || browsers.addresses.contains { own in addresses.contains { overlap(own, $0) } }
        }
        let at = webrtc / "port"
        if browsers.port == listeners.sip.port, meets([listeners.sip.address]) {
            reading.error("the browsers' port \(browsers.port) is SIP's", at: at, mend: "give them another one")
        }
        if (rtp.portFirst...max(rtp.portFirst, rtp.portLast)).contains(browsers.port),
            meets([rtp.address] + (rtp.addressV6.map { [$0] } ?? []))
        {
            reading.error(
                "the browsers' port \(browsers.port) lies among the RTP ports \(rtp.portFirst) to \(rtp.portLast)", at: at,
                mend: "move one of them")
        }
    }

    private mutating func checkTrunks(_ listeners: ListenerSettings) {
        for trunk in configuration.trunks {
            let path = Path("trunks.yaml", "trunks", trunk.id.rawValue)
            if let peer = trunk.peerAddress, peer.port == listeners.sip.port, overlap(peer.address, listeners.sip.address),
                NetworkAddress.isLoopback(peer.address)
            {
                reading.error(
                    "the peer of trunk `\(trunk.id)` is our own SIP listener", at: path / "peer",
                    mend: "write the carrier's address and port")
            }
            if let outside = trunk.outside, trunk.callerID == nil {
                reading.warning(
                    "trunk `\(trunk.id)` has no number to show to those whom agents have called"
                        + (outside.passesCallerID ? " when the caller's is withheld" : ""),
                    at: path / "outside", mend: "add `caller_id:` to the trunk")
            }
            if let outside = trunk.outside { checkDenied(outside, of: trunk, at: path / "outside" / "deny") }
        }
        checkSources()
    }

    /// What is written and forbids nothing would cost money before anybody noticed.
    private mutating func checkDenied(_ outside: OutsideRules, of trunk: TrunkSettings, at path: Path) {
        func isInternational(_ begin: String) -> Bool { begin.hasPrefix("+") || begin.hasPrefix("00") }
        for begin in outside.denied {
            if let plan = trunk.numbers {
                let whole = plan.normalBegin(begin)
                guard !whole.hasPrefix("+") || plan.national == "0" && whole.hasPrefix("+\(plan.country)0") else { continue }
                reading.error(
                    "`\(begin)` forbids nothing: numbers are compared as `+\(plan.country)900...`", at: path,
                    mend: "write it with `+` and the country code, and without the `\(plan.national)` behind it")
            } else if outside.allowed.contains(where: { isInternational($0) != isInternational(begin) }) {
                reading.error(
                    "`\(begin)` does not cover how else `allow` lets the same number be written", at: path,
                    mend: "say how the carrier writes numbers with `numbers:`, or allow one way of writing only")
            }
        }
    }

    /// Shorter prefixes than these hold a good part of all there are: nobody's carrier has them.
    private static let prefixLengthMin = (v4: 8, v6: 16)

    private struct Source {
        var trunk: TrunkID
        var text: String
        var path: Path
        /// In the order of the file.
        var place: Int
        var block: AddressBlock
    }

    /// A call is a trunk's by its source alone, so no source may be two trunks'.
    private mutating func checkSources() {
        var sources: [Source] = []
        for trunk in configuration.trunks {
            for (index, text) in trunk.inbound.enumerated() {
                guard let block = AddressBlock(text) else { continue }
                let path = Path("trunks.yaml", "trunks", trunk.id.rawValue, "inbound", String(index))
                sources.append(Source(trunk: trunk.id, text: text, path: path, place: sources.count, block: block))
                let least = block.isV6 ? Self.prefixLengthMin.v6 : Self.prefixLengthMin.v4
                guard block.prefixLength < least else { continue }
                reading.error(
                    "`\(text)` lets half the world call in over trunk `\(trunk.id)`", at: path,
                    mend: "write the carrier's own addresses or networks, of /\(least) at most")
            }
        }
        // Networks lie apart or one within the other: in this order whatever holds a network comes before it.
        sources.sort { a, b in
            (a.block.isV6 ? 1 : 0, a.block.first, a.block.prefixLength, a.place)
                < (b.block.isV6 ? 1 : 0, b.block.first, b.block.prefixLength, b.place)
        }
        var around: [Source] = []
        for source in sources {
            while let last = around.last, !last.block.contains(source.block) { around.removeLast() }
            if let other = around.last(where: { $0.trunk != source.trunk }) {
                let (earlier, later) = other.place < source.place ? (other, source) : (source, other)
                reading.error(
                    earlier.text == later.text
                        ? "`\(later.text)` is trunk `\(earlier.trunk)`'s already"
                        : "`\(later.text)` meets `\(earlier.text)` of trunk `\(earlier.trunk)`",
                    at: later.path, mend: "name each source at one trunk")
            }
            around.append(source)
        }
    }

    /// Whether two listeners on these addresses would meet on the same port.
    private func overlap(_ a: String, _ b: String) -> Bool {
        a == b || NetworkAddress.isAny(a) || NetworkAddress.isAny(b)
    }
}
