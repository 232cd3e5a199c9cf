// A back-to-back user agent on the SIP edge alone: no rules, no media, no journal. The bench's measure of what the library
// and the shim cost by themselves.
//
// BareShim --listen HOST:PORT --forward HOST:PORT

import Basics
import Dispatch
import Foundation
import Logging
import MainLoop
import SIP

/// Passes each call on with its description, and each end to the other side.
final class Bridge {
    private let endpoint: Endpoint
    private var peers: [CallID: CallID] = [:]

    init(_ endpoint: Endpoint) {
        self.endpoint = endpoint
        endpoint.onEvent = { [unowned self] in take($0) }
    }

    private func take(_ event: SIPEvent) {
        switch event {
        case .invited(let invitation):
            do {
                let out = try endpoint.invite(
                    trunk: "forward", number: invitation.dialled, from: SIP.Caller(user: invitation.fromUser),
                    sdp: invitation.sdp)
                peers[out] = invitation.call
                peers[invitation.call] = out
            } catch {
                endpoint.reject(invitation.call, status: 503)
            }
        case .progressed(let call, _, _): if let peer = peers[call] { endpoint.ring(peer) }
        case .answered(let call, let sdp): if let peer = peers[call] { endpoint.answer(peer, sdp: sdp ?? "") }
        case .failed(let call, _, _, _), .ended(let call, _):
            guard let peer = peers.removeValue(forKey: call) else { return }
            peers[peer] = nil
            endpoint.hangUp(peer)
        case .changeOffered(let call, _), .offerWanted(let call): endpoint.refuseChange(call)
        case .confirmed, .changeAnswered, .digit, .referred, .registered, .unregistered: break
        }
    }
}

func address(_ name: String) -> SIP.SocketAddress? {
    let arguments = CommandLine.arguments
    guard let index = arguments.firstIndex(of: name), index + 1 < arguments.count,
        let colon = arguments[index + 1].lastIndex(of: ":"), let port = UInt16(arguments[index + 1][colon...].dropFirst())
    else { return nil }
    return SIP.SocketAddress(host: String(arguments[index + 1][..<colon]), port: port)
}

MainLoop.reserveDescriptors()
guard let listen = address("--listen"), let forward = address("--forward"), let anybody = AddressRange("127.0.0.0/8") else {
    FileHandle.standardError.write(Data("usage: BareShim --listen HOST:PORT --forward HOST:PORT\n".utf8))
    exit(2)
}
let loop = MainLoop()
let endpoint = try Endpoint(
    on: loop, settings: EndpointSettings(address: listen.host, port: listen.port, realm: "bench"),
    logger: Logger(label: "bare-shim"))
endpoint.apply(
    trunks: [TrunkSettings(id: "forward", peer: forward, inboundAddresses: [anybody], channelsMax: 4000)], accounts: [])
let bridge = Bridge(endpoint)
signal(SIGTERM, SIG_IGN)
let terminate = DispatchSource.makeSignalSource(signal: SIGTERM, queue: .main)
terminate.setEventHandler { MainActor.assumeIsolated { loop.stop() } }
terminate.resume()
loop.run()
