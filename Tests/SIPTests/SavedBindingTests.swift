// Bindings survive the process.

import Basics
import Testing

@testable import SIP

struct SavedBindingTests {
    private func binding(_ contact: String, expires: UInt64) throws -> Binding {
        Binding(
            contact: contact, source: try #require(SocketAddress(host: "127.0.0.1", port: 5062)), expires: expires,
            callID: "a", sequence: 1)
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
