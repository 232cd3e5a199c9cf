// The location service without a wire (RFC 3261 §10.3).

import Basics
import Testing

@testable import SIP

struct RegistrarTests {
    private let source = SocketAddress(host: "192.0.2.7", port: 5061)!
    private let anna = DeviceID("anna")
    private let second: UInt64 = 1_000_000_000

    private func request(
        _ contacts: [(String, Int?)], everything: Bool = false, expires: Int? = nil, callID: String = "c", sequence: UInt32
    ) -> Registrar.Request {
        Registrar.Request(
            contacts: contacts.map { Registrar.Contact(uri: $0.0, expires: $0.1) }, everything: everything, expires: expires,
            callID: callID, sequence: sequence, source: source)
    }

    private func registrar(_ bindings: Int = 8) -> Registrar {
        Registrar(bindingsMax: bindings, expiresMin: 60, expiresMax: 3_600)
    }

    @Test("bindings are added, refreshed without a change, removed by expires 0 and by *")
    func life() {
        var registrar = registrar()
        let (first, added) = registrar.register(anna, request([("sip:a@1", nil), ("sip:a@2", 100)], sequence: 1), at: 0)
        guard case .bindings(let bindings) = first else { return #expect(Bool(false), "refused") }
        #expect(bindings.map(\.contact) == ["sip:a@1", "sip:a@2"])
        #expect(bindings.map(\.expires) == [3_600 * second, 100 * second])
        #expect(added.count == 2)
        #expect(registrar.knows(source))
        let (_, refreshed) = registrar.register(anna, request([("sip:a@2", 100)], sequence: 2), at: second)
        #expect(refreshed.isEmpty)
        #expect(registrar.bindings(of: anna).map(\.expires) == [3_600 * second, 101 * second])
        let (_, removed) = registrar.register(anna, request([("sip:a@1", 0)], sequence: 3), at: second)
        #expect(removed == [.removed(anna, bindings[0])])
        let (_, all) = registrar.register(anna, request([], everything: true, expires: 0, sequence: 4), at: second)
        #expect(all.count == 1)
        #expect(registrar.count == 0 && !registrar.knows(source))
    }

    @Test("* needs expires 0 and no other contact; old sequences and unsound contacts are refused and change nothing")
    func refusals() {
        var registrar = registrar()
        _ = registrar.register(anna, request([("sip:a@1", nil)], sequence: 5), at: 0)
        #expect(
            registrar.register(anna, request([], everything: true, expires: 60, sequence: 6), at: 0).0
                == .badRequest("Bad Wildcard Contact"))
        #expect(
            registrar.register(anna, request([("sip:a@9", 0)], everything: true, expires: 0, sequence: 6), at: 0).0
                == .badRequest("Bad Wildcard Contact"))
        #expect(registrar.register(anna, request([("sip:a@1", 0)], sequence: 5), at: 0).0 == .badRequest("Out of Order"))
        #expect(registrar.register(anna, request([("sip:a@1", 0)], callID: "other", sequence: 1), at: 0).1.count == 1)
        for contact in ["", "sips:a@1", "mailto:a@b", "sip:a@1>", "sip:a b@1", "sip:" + String(repeating: "x", count: 600)] {
            #expect(
                registrar.register(anna, request([("sip:a@2", 60), (contact, 60)], sequence: 7), at: 0).0
                    == .badRequest("Bad Contact"))
        }
        #expect(
            registrar.register(anna, request([("sip:a@2", 60), ("sip:a@3", 59)], sequence: 7), at: 0).0 == .intervalTooBrief)
        #expect(registrar.count == 0)
    }

    @Test("too long is shortened, and what has expired is gone and told")
    func expiry() {
        var registrar = registrar()
        _ = registrar.register(anna, request([("sip:a@1", 99_999)], sequence: 1), at: 0)
        #expect(registrar.due == 3_600 * second)
        #expect(registrar.expire(at: 3_600 * second - 1).isEmpty)
        #expect(registrar.expire(at: 3_600 * second).count == 1)
        #expect(registrar.due == .max && registrar.count == 0)
    }

    @Test("the binding that would expire first makes room for one too many")
    func room() {
        var registrar = registrar(2)
        _ = registrar.register(anna, request([("sip:a@1", 200), ("sip:a@2", 100)], sequence: 1), at: 0)
        let (_, changes) = registrar.register(anna, request([("sip:a@3", 60)], sequence: 2), at: 0)
        #expect(changes.count == 2)
        #expect(registrar.bindings(of: anna).map(\.contact) == ["sip:a@1", "sip:a@3"])
    }
}
