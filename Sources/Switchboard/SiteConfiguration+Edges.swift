// The admin's settings as the edges want them.

internal import ACD
internal import Basics
internal import Media
internal import RTP
internal import SDP
internal import SIP
internal import SiteConfiguration
internal import WebRTC

extension SiteConfiguration {
    var mediaSettings: MediaSettings {
        let rtp = listeners.rtp
        return MediaSettings(
            address: rtp.address, addressV6: rtp.addressV6,
            ports: UInt16(clamping: rtp.portFirst)...UInt16(clamping: max(rtp.portFirst, rtp.portLast)),
            legsMax: max(64, site.limits.callsMax * 3), recordingsMax: max(64, site.limits.callsMax),
            noRTPSeconds: rtp.noRTPSecondsMax, detectsDigitTones: rtp.digitTones,
            codecs: rtp.codecs.map { codec in
                switch codec {
                case .pcma: .pcma
                case .pcmu: .pcmu
                case .g722: .g722
                }
            })
    }

    var browserPortSettings: BrowserPortSettings {
        let webrtc = listeners.webrtc, port = UInt16(clamping: webrtc.port)
        let own = webrtc.addresses.compactMap { TransportAddress(literal: $0, port: port) }
        var settings = BrowserPortSettings(addresses: own.isEmpty ? LocalAddresses.all(port: port) : own)
        settings.mayLack = own.isEmpty
        settings.advertised = webrtc.publicAddresses.compactMap { TransportAddress(literal: $0, port: port) }
        settings.codecPolicy =
            switch webrtc.agentCodec {
            case .auto: .auto
            case .opus: .opus
            case .pcma: .pcma
            case .pcmu: .pcmu
            }
        // Those who come by a reload have room too.
        settings.sessionsMax = max(settings.sessionsMax, agents.count * 2)
        return settings
    }

    var endpointSettings: EndpointSettings {
        let sip = listeners.sip
        var settings = EndpointSettings(address: sip.address, port: UInt16(clamping: sip.port), realm: sip.realm)
        settings.userAgent = "Switchboard/" + Version.current
        settings.offersSHA256 = sip.digest == .both
        settings.nonceLifetimeSeconds = sip.nonceSeconds
        settings.expiresMax = sip.registrationSecondsMax
        // A contact has two legs; a few devices ring beside.
        settings.callsMax = site.limits.callsMax * 3
        settings.limits.perSecond = Double(sip.requestsMax) / Double(max(1, sip.requestsSeconds))
        settings.limits.burst = Double(sip.requestsMax)
        settings.limits.banSeconds = Double(sip.banSeconds)
        return settings
    }

    func endpointTrunks(_ credentials: Credentials) -> [SIP.TrunkSettings] {
        trunks.compactMap { trunk in
            guard let peer = trunk.peerAddress,
                let address = SocketAddress(host: peer.address, port: UInt16(clamping: peer.port))
            else { return nil }
            let digest = trunk.digest.flatMap { digest in
                credentials.trunks.first { $0.trunk == trunk.id }.map { known in
                    DigestCredentials(
                        user: digest.user, realm: digest.realm, ha1MD5: known.ha1.md5, ha1SHA256: known.ha1.sha256)
                }
            }
            return SIP.TrunkSettings(
                id: trunk.id, peer: address, inboundAddresses: trunk.inbound.compactMap { AddressRange($0) },
                credentials: digest, challengesInbound: trunk.digest?.inbound ?? false, channelsMax: trunk.channels)
        }
    }

    var callerIDs: [TrunkID: String] {
        var numbers: [TrunkID: String] = [:]
        for trunk in trunks { numbers[trunk.id] = trunk.callerID }
        return numbers
    }

    var numberPlans: [TrunkID: NumberPlan] {
        var plans: [TrunkID: NumberPlan] = [:]
        for trunk in trunks { plans[trunk.id] = trunk.numbers }
        return plans
    }
}

extension Credentials {
    var accounts: [Account] {
        devices.map { Account(id: $0.device, ha1MD5: $0.ha1.md5, ha1SHA256: $0.ha1.sha256) }
    }
}
