// Malformed messages in the manner of RFC 4475 (ours, not the RFC's), truncations, seeded mutations: the endpoint answers
// afterwards as quickly as before, and no handle stays.

import Basics
import Dispatch
import Testing

@testable import SIP

extension OnTheWire {
    struct TortureTests {
        /// Lines end with "\n" here and with CRLF on the wire.
        private static let malformed: [String] = {
            let via = "Via: SIP/2.0/UDP 127.0.0.1:15121;rport;branch=z9hG4bK"
            let rest = "From: <sip:a@127.0.0.1>;tag=1\nTo: <sip:b@127.0.0.1>\nCall-ID: t\nCSeq: 1 OPTIONS\n"
            let long = String(repeating: "9", count: 4_000)
            let contacts = String(repeating: "<sip:a@b>,", count: 600)
            let ends = "From: <sip:a@b>;tag=1\nTo: <sip:b@c>\nCall-ID: x\n"
            let own = "From: <sip:a@b>;tag=1\nTo: <sip:a@b>\nCall-ID: y\nCSeq: 1 REGISTER\n"
            return [
                "OPTIONS sip:a@b SIP/2.0\n\n",
                "OPTIONS  sip:a@b  SIP/2.0\n\(via)1\n\(rest)\n",
                "OPTIONS <sip:a@b> SIP/2.0\n\(via)2\n\(rest)\n",
                "OPTIONS sip:a@b; lr SIP/2.0\n\(via)3\n\(rest)\n",
                "OPTIONS sip:a@b\n\(via)4\n\(rest)\n",
                "OPTIONS sip:a@b SIP/2.0 trailing\n\(via)5\n\(rest)\n",
                "OPTIONS nobody-knows:this SIP/2.0\n\(via)6\n\(rest)\n",
                "OPTIONS sip:%00%ff@b SIP/2.0\n\(via)7\n\(rest)\n",
                "OPTIONS sip:a@[::1::2] SIP/2.0\n\(via)8\n\(rest)\n",
                "OPTIONS sip:a@b:999999 SIP/2.0\n\(via)9\n\(rest)\n",
                "OPTIONS sip:a@b SIP/9.9\n\(via)10\n\(rest)\n",
                "OPTIONS sip:a@b SIP/2.0\nVia: \n\(rest)\n",
                "OPTIONS sip:a@b SIP/2.0\nVia: SIP/2.0/UDP ;;,;,,\n\(rest)\n",
                "OPTIONS sip:a@b SIP/2.0\nVia: SIP/2.0/TLS 127.0.0.1;branch=x\n\(rest)\n",
                "OPTIONS sip:a@b SIP/2.0\nVia: SIP/2.0/UDP 127.0.0.1;branch=\"unclosed\n\(rest)\n",
                "OPTIONS sip:a@b SIP/2.0\n\(via)11;maddr=127.0.0.1;ttl=999;received=\(long)\n\(rest)\n",
                "INVITE sip:a@b SIP/2.0\n\(via)12\nFrom: \"unclosed <sip:a@b>;tag=1\nTo: sip:b\nCall-ID: u\nCSeq: 1 INVITE\n\n",
                "INVITE sip:a@b SIP/2.0\n\(via)13\nFrom: <sip:a@b\nTo: <sip:b@c>\nCall-ID: v\nCSeq: 1 INVITE\n\n",
                "INVITE sip:a@b SIP/2.0\n\(via)14\nFrom: \nTo: \nCall-ID: \nCSeq: \n\n",
                "INVITE sip:a@b SIP/2.0\n\(via)15\nFrom: <sip:a@b>;tag=\nTo: <sip:b@c>;tag\nCall-ID: w\nCSeq: 1 INVITE\n\n",
                "INVITE sip:a@b SIP/2.0\n\(via)16\n\(rest)\n",
                "OPTIONS sip:a@b SIP/2.0\n\(via)17\n\(ends)CSeq: 99999999999999999999 OPTIONS\n\n",
                "OPTIONS sip:a@b SIP/2.0\n\(via)18\n\(ends)CSeq: -1 OPTIONS\n\n",
                "OPTIONS sip:a@b SIP/2.0\n\(via)19\n\(rest)Content-Length: -999\n\nbody",
                "OPTIONS sip:a@b SIP/2.0\n\(via)20\n\(rest)Content-Length: \(long)\n\nbody",
                "OPTIONS sip:a@b SIP/2.0\n\(via)21\n\(rest)Content-Length: 9999\n\nshort",
                "OPTIONS sip:a@b SIP/2.0\n\(via)22\n\(rest)Max-Forwards: \(long)\n\n",
                "OPTIONS sip:a@b SIP/2.0\n\(via)23\n\(rest)Max-Forwards: 0\n\n",
                "OPTIONS sip:a@b SIP/2.0\n\(via)24\n\(rest)Require: nothing-that-exists\n\n",
                "OPTIONS sip:a@b SIP/2.0\n\(via)25\n\(rest)Contact: \(contacts)<sip:c@d>\n\n",
                "OPTIONS sip:a@b SIP/2.0\n\(via)26\n\(rest)Route: <sip:127.0.0.1:15120;lr>,<sip:evil.invalid>\n\n",
                "OPTIONS sip:a@b SIP/2.0\n\(via)27\n\(rest)Accept: ;;;,,\nDate: yesterday\nExpires: x\nTimestamp: -\n\n",
                "OPTIONS sip:a@b SIP/2.0\n\(via)28\n\(rest) folded\n\tand folded\n : \n:\nNoColon\n\n",
                "REGISTER sip:b SIP/2.0\n\(via)29\n\(own)Contact: *\nExpires: -5\n"
                    + "Authorization: Digest\nAuthorization: Digest =,=,=\"\n"
                    + "Authorization: Digest realm=\"house\", nonce=\"\\\", nc=zz\n\n",
                "INVITE sip:a@b SIP/2.0\n\(via)30\n\(ends)CSeq: 1 INVITE\nContact: <>\n"
                    + "Session-Expires: x\nMin-SE: -1\nReplaces: ;;\nReason: ;;cause=\n"
                    + "Content-Type: multipart/mixed;boundary=\n\n--\n--\n",
                "ACK sip:a@b SIP/2.0\n\(via)31\n\(rest)\n",
                "CANCEL sip:a@b SIP/2.0\n\(via)32\nFrom: <sip:a@b>;tag=1\nTo: <sip:b@c>\nCall-ID: z\nCSeq: 1 CANCEL\n\n",
                "SIP/2.0 200 OK\n\(via)33\n\(rest)\n",
                "SIP/2.0 999999999 \n\(via)34\n\(rest)\n",
                "SIP/2.0 -1\n\n", "SIP/2.0", "SIP", "I", "\n", "\r", "INVITE", "INVITE ", "INVITE  \n\n",
                "OPTIONS sip: SIP/2.0\n\n",
                "\u{FEFF}OPTIONS sip:a@b SIP/2.0\n\(via)35\n\(rest)\n",
            ].map { $0.replacing("\n", with: "\r\n") }
        }()

        private func valid(_ peer: Peer, _ number: Int) -> String {
            let callID = "m\(number)"
            let digest =
                "Authorization: Digest username=\"anna\", realm=\"house\", nonce=\"0011\", uri=\"sip:b\", response=\"00\", "
                + "algorithm=MD5, qop=auth, nc=00000001, cnonce=\"c\""
            switch number % 6 {
            case 0:
                return peer.request(
                    "INVITE", callID: callID, headers: ["Supported: timer", "Session-Expires: 1800"], body: Peer.sdp)
            case 1:
                return peer.request(
                    "REGISTER", uri: "sip:b", callID: callID, headers: ["Contact: <sip:a@127.0.0.1:9>;expires=60", digest])
            case 2: return peer.request("OPTIONS", callID: callID, headers: ["Accept: application/sdp"])
            case 3:
                return peer.request("INVITE", callID: callID, headers: ["Authorization: Basic xyz", digest], body: Peer.sdp)
            case 4: return peer.request("BYE", callID: callID, toTag: "x", headers: ["Reason: Q.850;cause=16;text=\"bye\""])
            default: return peer.request("CANCEL", callID: callID)
            }
        }

        private func mutated(_ text: String, _ random: inout SeededRandom) -> [UInt8] {
            var bytes = Array(text.utf8)
            for _ in 0...random.below(4) where !bytes.isEmpty {
                let at = random.below(bytes.count)
                switch random.below(5) {
                case 0: bytes[at] = UInt8(random.below(256))
                case 1: bytes.remove(at: at)
                case 2: bytes.insert(contentsOf: bytes[at..<min(bytes.count, at + random.below(60))], at: at)
                case 3: bytes.insert(contentsOf: Array("\r\n ;,=\"<>@:%\0".utf8).shuffled(using: &random).prefix(3), at: at)
                default: bytes.removeSubrange(at..<min(bytes.count, at + random.below(40)))
                }
            }
            return bytes
        }

        /// Sends an OPTIONS and gives the nanoseconds until its answer. What is queued before it has been worked off by then.
        private func roundTrip(_ peer: Peer) async throws -> UInt64 {
            let callID = Peer.fresh("ping")
            let start = DispatchTime.now().uptimeNanoseconds
            peer.send(peer.request("OPTIONS", callID: callID))
            _ = try await peer.inbox.take("an answer to OPTIONS") { $0.status == 200 && $0["Call-ID"] == callID }
            return DispatchTime.now().uptimeNanoseconds - start
        }

        /// The handles of refused INVITEs live until their transaction has reported; everything else is gone at once.
        private func drain(_ house: House, _ peer: Peer) async throws {
            for _ in 0..<20 where house.endpoint.figures.liveHandles > 0 { _ = try await roundTrip(peer) }
            #expect(house.endpoint.figures.liveHandles == 0)
        }

        @Test("malformed messages, truncations and mutations leave an endpoint that answers quickly and holds nothing")
        func torture() async throws {
            let house = try House(port: 15_120, trunkPort: 15_129)
            house.endpoint.onEvent = { _ in }
            let peer = Peer(port: 15_121, endpoint: 15_120)
            _ = try await roundTrip(peer)
            var sent = 0
            func send(_ bytes: [UInt8]) async throws {
                peer.send(bytes)
                sent += 1
                // The kernel's buffer is finite, and the peer's as well.
                if sent % 40 == 0 { _ = try await roundTrip(peer) }
            }
            for message in TortureTests.malformed { try await send(Array(message.utf8)) }
            for number in 0..<6 {
                let bytes = Array(valid(peer, 1_000 + number).utf8)
                for length in stride(from: 0, to: bytes.count, by: 3) { try await send(Array(bytes.prefix(length))) }
            }
            let seed: UInt64 = 4_475
            var random = SeededRandom(seed: seed)
            for number in 0..<3_000 { try await send(mutated(valid(peer, number), &random)) }
            var times: [UInt64] = []
            for _ in 0..<20 { times.append(try await roundTrip(peer)) }
            #expect(times.sorted()[10] < 50_000_000, "seed \(seed)")
            #expect(house.endpoint.figures.longestStep < 1_000_000_000)
            try await drain(house, peer)
            #expect(house.endpoint.figures.calls == 0)
        }

        @Test("the same within calls of a trunk that are answered: all calls end, and nothing is left")
        func tortureInside() async throws {
            let house = try House(port: 15_122, trunkPort: 15_123, channels: 1_000) { settings, _ in
                settings.closingMaxSeconds = 1
            }
            let ended = Mailbox<CallID>()
            var live: Set<CallID> = []
            var ends: [CallID: Int] = [:]
            house.endpoint.onEvent = { [unowned house] event in
                switch event {
                case .invited(let invitation):
                    live.insert(invitation.call)
                    house.endpoint.answer(invitation.call, sdp: Peer.sdp)
                case .changeOffered(let call, _): house.endpoint.acceptChange(call, sdp: Peer.sdp)
                case .failed(let call, _, _, _), .ended(let call, _):
                    live.remove(call)
                    ends[call, default: 0] += 1
                    ended.put(call)
                case .offerWanted(let call): house.endpoint.offerChange(call, sdp: Peer.sdp)
                case .progressed, .answered, .confirmed, .changeAnswered, .digit, .referred, .registered, .unregistered: break
                }
            }
            let peer = Peer(port: 15_123, endpoint: 15_122)
            let seed: UInt64 = 3_261
            var random = SeededRandom(seed: seed)
            for number in 0..<150 {
                let callID = "d\(number)"
                peer.send(peer.request("INVITE", callID: callID, body: Peer.sdp))
                let ok = try await peer.inbox.take("200") { $0.status == 200 && $0["Call-ID"] == callID }
                peer.send(peer.request("ACK", callID: callID, toTag: ok.toTag))
                for (offset, method) in ["INVITE", "UPDATE", "INFO", "ACK", "CANCEL", "PRACK", "BYE"].enumerated() {
                    peer.send(
                        mutated(
                            peer.request(method, callID: callID, sequence: offset + 2, toTag: ok.toTag, body: Peer.sdp), &random
                        ))
                }
                if number % 10 == 9 { _ = try await roundTrip(peer) }
            }
            for call in live { house.endpoint.hangUp(call) }
            // The peer does not answer the BYEs: the calls end after `closingMaxSeconds`.
            for _ in 0..<150 { _ = try await ended.take("an end of each call") }
            #expect(live.isEmpty, "seed \(seed)")
            #expect(ends.count == 150 && ends.values.allSatisfy { $0 == 1 }, "exactly one end for each call")
            #expect(house.endpoint.figures.liveHandles == 0)
            #expect(house.endpoint.channelsTaken(of: House.trunk) == 0)
        }
    }
}
