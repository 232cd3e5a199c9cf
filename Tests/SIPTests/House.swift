// Our end of the wire in the tests: an endpoint on the real loop, with what it tells.

import Basics
import Logging
import MainLoop
import Testing

@testable import SIP

/// An endpoint with one trunk, two accounts, and its events.
final class House {
    static let loop = MainLoop(driver: .runLoop)
    static let trunk = TrunkID("carrier")
    static let realm = "house"

    let endpoint: Endpoint
    let port: UInt16
    let events = Mailbox<SIPEvent>()

    /// `trunkPort`: the port of the peer that is the trunk; other ports are strangers or devices.
    init(
        port: UInt16, trunkPort: UInt16, channels: Int = 10,
        change: (inout EndpointSettings, inout TrunkSettings) -> Void = { _, _ in }
    ) throws {
        var settings = EndpointSettings(address: "127.0.0.1", port: port, realm: House.realm)
        settings.limits.perSecond = 100_000
        settings.limits.burst = 100_000
        settings.limits.totalPerSecond = 100_000
        settings.limits.totalBurst = 100_000
        settings.limits.strikes = 0
        let peer = try #require(SocketAddress(host: "127.0.0.1", port: trunkPort))
        var trunk = TrunkSettings(
            id: House.trunk, peer: peer, inboundAddresses: [try #require(AddressRange("127.0.0.1:\(trunkPort)"))],
            channelsMax: channels)
        change(&settings, &trunk)
        self.port = port
        endpoint = try Endpoint(
            on: House.loop, settings: settings, logger: Logger(label: "sip", factory: { _ in SwiftLogNoOpLogHandler() }))
        endpoint.apply(trunks: [trunk], accounts: [House.account("anna", "secret"), House.account("bert", "geheim")])
        endpoint.onEvent = { [events] in events.put($0) }
    }

    static func account(_ name: String, _ password: String) -> Account {
        Account(
            id: DeviceID(name), ha1MD5: DigestAlgorithm.md5.hash("\(name):\(realm):\(password)"),
            ha1SHA256: DigestAlgorithm.sha256.hash("\(name):\(realm):\(password)"))
    }

    func invited(within seconds: Double = Mailbox<SIPMessage>.patience) async throws -> Invitation {
        let event = try await events.take("invited", within: seconds) { if case .invited = $0 { true } else { false } }
        guard case .invited(let invitation) = event else { throw Missing(description: "an invitation") }
        return invitation
    }

    func answered(_ call: CallID) async throws -> String? {
        let event = try await events.take("answered") { if case .answered(call, _) = $0 { true } else { false } }
        guard case .answered(_, let sdp) = event else { throw Missing(description: "an answer") }
        return sdp
    }

    func confirmed(_ call: CallID) async throws {
        _ = try await events.take("confirmed") { if case .confirmed(call) = $0 { true } else { false } }
    }

    func ended(_ call: CallID, within seconds: Double = Mailbox<SIPMessage>.patience) async throws -> CallEnd {
        let event = try await events.take("ended", within: seconds) { if case .ended(call, _) = $0 { true } else { false } }
        guard case .ended(_, let end) = event else { throw Missing(description: "an end") }
        return end
    }

    func failed(_ call: CallID, within seconds: Double = Mailbox<SIPMessage>.patience) async throws -> Int {
        let event = try await events.take("failed", within: seconds) {
            if case .failed(call, _, _, _) = $0 { true } else { false }
        }
        guard case .failed(_, let status, _, _) = event else { throw Missing(description: "a failure") }
        return status
    }
}
