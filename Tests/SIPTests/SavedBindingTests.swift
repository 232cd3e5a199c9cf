// Bindings survive the process.

import Basics
import Foundation
import MainLoop
import Testing

@testable import SIP

struct SavedBindingTests {
    private func binding(_ contact: String, expires: UInt64) throws -> Binding {
        Binding(
            contact: contact, source: try #require(SocketAddress(host: "127.0.0.1", port: 5062)), expires: expires,
            registered: 0, callID: "a", sequence: 1)
    }

    @Test("a restored binding is told as added once, and expires as it would have")
    func restored() throws {
        var registrar = Registrar(bindingsMax: 2, expiresMin: 60, expiresMax: 3600)
        let first = try binding("sip:anna@127.0.0.1:5062", expires: 1000)
        #expect(registrar.restore("anna-desk", first) == [.added("anna-desk", first)])
        #expect(registrar.restore("anna-desk", first).isEmpty, "what is there already is newer")
        #expect(registrar.knows(first.source))
        #expect(registrar.expire(at: 1000) == [.removed("anna-desk", first)])
    }

    @Test("a damaged contact is not restored")
    func damaged() throws {
        var registrar = Registrar(bindingsMax: 2, expiresMin: 60, expiresMax: 3600)
        #expect(registrar.restore("anna-desk", try binding("sip:a>\r\nX: y", expires: 1000)).isEmpty)
        #expect(registrar.count == 0)
    }
}

extension OnTheWire {
    struct SavedBindingTests {
        @Test("bindings pass from one endpoint to the next: the phone is known there, is called where it was, and expires")
        func passedOn() async throws {
            let old = try House(port: 15_180, trunkPort: 15_189)
            let phone = Peer(port: 15_181, endpoint: 15_180)
            let before = old.endpoint.bindingsRevision
            _ = try await phone.register(
                "anna", "secret", contacts: ["<sip:anna@10.0.0.5>;expires=600"], callID: Peer.fresh("reg"))
            _ = try await phone.register(
                "bert", "geheim", contacts: ["<sip:bert@10.0.0.5>;expires=60"], callID: Peer.fresh("reg"))
            #expect(old.endpoint.bindingsRevision > before)
            let now = Instant(seconds: 1_000_000)
            let saved = old.endpoint.savedBindings(at: now)
            #expect(saved.map(\.device) == ["anna", "bert"])
            let read = try JSONDecoder().decode([SavedBinding].self, from: JSONEncoder().encode(saved))
            #expect(read == saved)

            let new = try House(port: 15_182, trunkPort: 15_189) { settings, _ in
                settings.limits.perSecond = 0.001
                settings.limits.burst = 1
            }
            // Two minutes later bert's has expired; carla's account is not there.
            var stranger = try #require(saved.first)
            stranger.device = "carla"
            new.endpoint.restore(saved + [stranger], at: now + .seconds(120))
            _ = try await new.events.take("registered") { if case .registered("anna", _) = $0 { true } else { false } }
            #expect(new.events.waiting.isEmpty)
            let binding = try #require(new.endpoint.bindings(of: "anna").first)
            #expect(binding.contact == "sip:anna@10.0.0.5" && binding.source.port == 15_181 && binding.registered == 0)
            let left = Double(binding.expires - MonotonicClock.now) / 1e9
            #expect(left > 470 && left < 481, "\(left)")
            let call = try new.endpoint.invite(device: "anna", at: binding, from: Caller(user: "1"), sdp: Peer.sdp)
            let there = Peer(port: 15_183, endpoint: 15_182)
            for _ in 0..<5 {
                let callID = Peer.fresh("opt")
                there.send(there.request("OPTIONS", callID: callID))
                _ = try await there.response(200, to: "OPTIONS", callID: callID)
            }
            phone.reply(try await phone.request("INVITE"), "486 Busy Here", to: 15_182)
            #expect(try await new.failed(call) == 486)
        }
    }
}
