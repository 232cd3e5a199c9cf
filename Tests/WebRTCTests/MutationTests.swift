// A hundred thousand broken inputs: what comes from outside never traps, and afterwards all still works.

import Basics
import RTP
import SDP
import Testing
import WebRTC

struct MutationTests {
    /// The same inputs in every run.
    private static let seed: UInt64 = 0x5EED_0003

    /// Flips, sets, cuts, doubles and inserts bytes, one to four times.
    private static func mutate(_ bytes: [UInt8], using random: inout SeededRandom) -> [UInt8] {
        var bytes = bytes
        for _ in 0...random.below(4) {
            guard !bytes.isEmpty else { return [UInt8(truncatingIfNeeded: random.next())] }
            let place = random.below(bytes.count)
            switch random.below(6) {
            case 0: bytes[place] ^= 1 << UInt8(random.below(8))
            case 1: bytes[place] = [0, 1, 0x7F, 0x80, 0xFF, 58, 32, 13][random.below(8)]
            case 2: bytes.removeLast(random.below(bytes.count))
            case 3: bytes.removeSubrange(place..<min(bytes.count, place + 1 + random.below(8)))
            case 4:
                let end = min(bytes.count, place + 1 + random.below(40))
                bytes.insert(contentsOf: bytes[place..<end], at: random.below(bytes.count))
            default: bytes.insert(UInt8(truncatingIfNeeded: random.next()), at: place)
            }
        }
        return bytes
    }

    @Test("60,000 broken STUN messages open no path") func stun() throws {
        var random = SeededRandom(seed: Self.seed)
        let password = Array("0123456789012345678901".utf8)
        var writer = STUNWriter(.request, transaction: Array(0..<12))
        writer.append(STUNAttribute.username, Array("ours:theirs".utf8))
        writer.append(STUNAttribute.priority, [1, 2, 3, 4])
        writer.append(STUNAttribute.useCandidate, [])
        let seeds = [
            STUNTests.request, STUNTests.responseIPv4, STUNTests.responseIPv6, writer.finish(password: password),
        ]
        let path = ICEPath(socket: 0, remote: TransportAddress(ipv4: 1, port: 1))
        var agent = ICELiteAgent(
            local: ICECredentials(fragment: "ours", password: "0123456789012345678901"), remoteFragment: "theirs")
        var read = 0
        for number in 0..<60_000 {
            let original = seeds[number % seeds.count]
            let mutated = Self.mutate(original, using: &random)
            guard mutated != original, let message = try? STUNTests.read(mutated) else { continue }
            read += 1
            let outcome = agent.receive(message, over: path, at: UInt64(number))
            #expect(outcome.added == nil)
        }
        // Some keep their shape, or the test would prove little.
        #expect(read > 100)
        #expect(agent.paths.isEmpty)
        #expect(agent.receive(try STUNTests.read(seeds[3]), over: path, at: 1).added == path)
    }

    @Test("40,000 broken offers are answered or refused") func offers() throws {
        var random = SeededRandom(seed: Self.seed)
        let seeds = [RealOffers.chromium, RealOffers.firefox, RealOffers.aiortc].map { Array($0.utf8) }
        let answer = BrowserAnswer(
            sessionID: 1, version: 1, iceFragment: "ours", icePassword: "0123456789012345678901",
            fingerprint: try #require(CertificateFingerprint(bytes: Array(0..<32))),
            candidates: [.init(connection: .init(family: .ipv4, address: "192.0.2.1"), port: 1)], source: 1)
        var answered = 0
        for number in 0..<40_000 {
            let mutated = Self.mutate(seeds[number % seeds.count], using: &random)
            guard let offer = try? BrowserOffer(String(decoding: mutated, as: UTF8.self)) else { continue }
            answered += 1
            for policy in BrowserCodecPolicy.allCases {
                let text = answer.text(to: offer, codec: offer.choice(policy, law: .pcma))
                #expect(text.hasPrefix("v=0\r\n"))
            }
        }
        #expect(answered > 1000)
        #expect(answered < 40_000)
    }

    @Test("8,000 broken DTLS datagrams at every step of a handshake trap nothing") func dtls() throws {
        var random = SeededRandom(seed: Self.seed)
        let identity = try DTLSIdentity(), other = try DTLSIdentity()
        var fed = 0
        while fed < 8000 {
            let server = try DTLSEndpoint(identity, role: .server)
            let client = try DTLSEndpoint(other, role: .client)
            let brokenFrom = random.below(5)
            for step in 0..<6 {
                for (from, to) in [(client, server), (server, client)] {
                    var datagrams: [[UInt8]] = []
                    while from.withNextDatagram({ datagrams.append(Array($0)) }) {}
                    for datagram in datagrams {
                        if step >= brokenFrom {
                            for _ in 0..<8 {
                                Self.mutate(datagram, using: &random).withUnsafeBytes { to.receive($0) }
                                fed += 1
                            }
                        }
                        datagram.withUnsafeBytes { to.receive($0) }
                    }
                }
                if step >= brokenFrom, step > 2 {
                    let garbage = (0..<random.below(300) + 1).map { _ in UInt8(truncatingIfNeeded: random.next()) }
                    ([22, 254, 253] + garbage).withUnsafeBytes { server.receive($0) }
                    fed += 1
                }
            }
        }
        // And the same identities still come together.
        let server = try DTLSEndpoint(identity, role: .server), client = try DTLSEndpoint(other, role: .client)
        for _ in 0..<4 {
            while client.withNextDatagram({ server.receive($0) }) {}
            while server.withNextDatagram({ client.receive($0) }) {}
        }
        #expect(server.state == .connected)
        #expect(client.state == .connected)
        #expect(try server.keys(of: other.fingerprint).profile == 7)
        #expect(throws: DTLSEndpoint.KeyError.wrongFingerprint) { try server.keys(of: identity.fingerprint) }
    }
}
