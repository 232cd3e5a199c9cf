// Bad input beside a good call: the call does not notice, and the daemon answers afterwards as before.

import Basics
import Dispatch
import Foundation
import Testing

extension EndToEnd {
    struct HostileTests {
        static let sdp =
            "v=0\r\no=- 1 1 IN IP4 127.0.0.1\r\ns=-\r\nc=IN IP4 127.0.0.1\r\nt=0 0\r\nm=audio 40000 RTP/AVP 8 0 101\r\na=rtpmap:101 telephone-event/8000\r\n"

        /// A call between two phones while something else happens; afterwards neither may have lost a packet, or heard a gap
        /// over 100 ms that was the daemon's.
        private func besideCall(
            _ house: House, _ location: SourceLocation = #_sourceLocation, _ mischief: (_ caller: Phone) async throws -> Void
        ) async throws {
            let anna = try await house.phone(
                "anna-desk", tone: 880,
                "wait invite within 20s; answer; hear tone 440 within 10s for 300ms; wait bye within 60s")
            let caller = try house.call(
                "100", "wait answered; press 1; hear tone 880 within 20s for 300ms; wait bye within 60s")
            try await caller.reaches("hear tone 880 within 20s for 300ms")
            let watch = try house.stallWatch(anna, caller)
            let began = StallWatch.now
            try await mischief(caller)
            // A stall may just have torn what they hear: it has to come back.
            for (phone, tone) in [(anna, "tone 440"), (caller, "tone 880")] {
                let heard = phone.program.output.lines
                guard let last = heard.lastIndex(where: { PhoneEvent($0)?.name == "heard" }),
                    PhoneEvent(heard[last])?.fields["what"] == "nothing"
                else { continue }
                try await phone.program.line("\"what\":\"\(tone)\"", from: last)
            }
            let ended = StallWatch.now
            // Both still hear nothing but each other; how long nothing at all, the gaps say.
            for (phone, tone) in [(anna, "tone 440"), (caller, "tone 880")] {
                let sounds = phone.events.filter {
                    $0.t > began && $0.t < ended && ["heard", "digit", "ended", "bye"].contains($0.name)
                        && !["nothing", tone].contains($0.fields["what"])
                }
                #expect(sounds.isEmpty, "\(sounds)", sourceLocation: location)
                let gaps = watch.gaps(of: phone, from: began, to: ended)
                #expect(gaps.allSatisfy { $0 < 100 }, "\(gaps)", sourceLocation: location)
            }
            try await house.stop(location)
            try await anna.succeeds()
            try await caller.succeeds()
            for phone in [anna, caller] {
                #expect(try phone.event("media").fields["lost"] == "0", "\(phone.events)", sourceLocation: location)
            }
            try await house.start()
            #expect(try await house.get("/healthz").status == 200, sourceLocation: location)
        }

        @Test(
            "garbage, truncated and mutated SIP by the thousand: OPTIONS are answered, the good call has no gap, every contact has its end"
        )
        func malformedSIP() async throws {
            try await House.open { house in
                try await besideCall(house) { _ in
                    let socket = try Datagrams()
                    _ = try await house.roundTrip(from: socket)
                    let seed: UInt64 = 20_261_122
                    var random = SeededRandom(seed: seed)
                    for number in 0..<3000 {
                        socket.send(malformed(number, house, socket, &random), to: house.sipPort)
                        // The kernel's buffers are finite, the daemon's and ours.
                        if number % 30 == 29 { _ = try await house.roundTrip(from: socket) }
                    }
                    var times: [Duration] = []
                    for _ in 0..<20 { times.append(try await house.roundTrip(from: socket)) }
                    #expect(times.sorted()[10] < .milliseconds(100), "seed \(seed): \(times)")
                }
                // The good call, too, was up when the daemon stopped.
                try await house.eventually("every contact has its end") {
                    try house.rows("SELECT id FROM contacts WHERE outcome IS NULL").isEmpty
                }
                #expect(try house.rows("SELECT id FROM contacts WHERE outcome = 'lost'").isEmpty == false)
                #expect(
                    try await house.get("/v1/status", token: "admin").body.contains("\"contacts\":0,\"calls\":0,\"legs\":0"))
            }
        }

        private func malformed(_ number: Int, _ house: House, _ socket: Datagrams, _ random: inout SeededRandom) -> [UInt8] {
            if number % 10 == 0 { return (0..<random.below(1500)).map { _ in UInt8(random.below(256)) } }
            let methods = [
                "INVITE", "REGISTER", "BYE", "CANCEL", "ACK", "UPDATE", "INFO", "REFER", "MESSAGE", "SUBSCRIBE", "PUBLISH",
                "NOTIFY",
            ]
            let method = methods[number % methods.count]
            var bytes = Array(
                house.message(method, from: socket.port, callID: "m\(number)", body: method == "INVITE" ? Self.sdp : "").utf8)
            if number % 10 == 1 { return Array(bytes.prefix(random.below(bytes.count))) }
            for _ in 0...random.below(4) where !bytes.isEmpty {
                let at = random.below(bytes.count)
                switch random.below(5) {
                case 0: bytes[at] = UInt8(random.below(256))
                case 1: bytes.remove(at: at)
                case 2: bytes.insert(contentsOf: bytes[at..<min(bytes.count, at + random.below(60))], at: at)
                case 3: bytes.insert(contentsOf: Array("\r\n;,=\"<>@:%\0".utf8).shuffled(using: &random).prefix(3), at: at)
                default: bytes.removeSubrange(at..<min(bytes.count, at + random.below(40)))
                }
            }
            return bytes
        }

        @Test(
            "calls whose description cannot be used are refused and leave nothing; the next call comes through",
            arguments: [
                "", "v=0\r\n", "this is no SDP", sdp.replacingOccurrences(of: "audio 40000", with: "audio 0"),
                sdp.replacingOccurrences(of: "RTP/AVP 8 0 101", with: "RTP/AVP 96"),
                sdp.replacingOccurrences(of: "m=audio 40000 RTP/AVP", with: "m=audio 40000 RTP/SAVP"),
                sdp.replacingOccurrences(of: "127.0.0.1\r\nt=", with: "nowhere\r\nt="),
                sdp.replacingOccurrences(of: "40000", with: "99999999999999999999"),
            ])
        func unusableDescription(description: String) async throws {
            try await House.open { house in
                let socket = try Datagrams()
                let invite = house.message("INVITE", from: socket.port, callID: "sdp", body: description)
                socket.send(Array(invite.utf8), to: house.sipPort)
                let final = await socket.receive(within: .seconds(15)) {
                    $0.contains("CSeq: 1 INVITE") && !$0.hasPrefix("SIP/2.0 1")
                }
                let answer = try #require(final, "no final answer")
                #expect(answer.hasPrefix("SIP/2.0 4"), "\(answer)")
                let tag = answer.firstMatch(of: /To: [^\r]*;tag=([^;\r]+)/).map { String($0.1) }
                socket.send(
                    Array(house.message("ACK", from: socket.port, callID: "sdp", toTag: tag).utf8), to: house.sipPort)
                let caller = try house.call("100", "wait answered; hear speech; hang up")
                try await caller.succeeds()
                _ = try await house.roundTrip(from: socket)
                #expect(
                    try await house.get("/v1/status", token: "admin").body.contains("\"contacts\":0,\"calls\":0,\"legs\":0"))
            }
        }

        @Test("a flood from one stranger is cut off, and the trunk and the phones do not notice")
        func flood() async throws {
            try await House.open { house in
                try await besideCall(house) { _ in
                    let stranger = try Datagrams(host: "127.0.0.2")
                    for number in 0..<2000 {
                        stranger.send(
                            Array(
                                house.message(
                                    "INVITE", from: stranger.port, host: "127.0.0.2", callID: "f\(number)", body: Self.sdp
                                ).utf8), to: house.sipPort)
                        if number % 100 == 99 { _ = try await house.roundTrip(from: Datagrams()) }
                    }
                    #expect(stranger.drain() <= 64, "answers to a flood")
                    #expect(await stranger.receive(within: .milliseconds(300)) { _ in true } == nil)
                    let dropped = try await house.metric("sip_dropped_total{cause=\"rate\"}")
                    let banned = try await house.metric("sip_dropped_total{cause=\"banned\"}")
                    #expect(dropped + banned > 1000, "\(dropped) over the rate, \(banned) while banned")
                }
                #expect(try house.rows("SELECT * FROM contacts").count == 1)
            }
        }

        @Test("RTP from strangers is not heard, makes no digit, and nobody sends anything to them")
        func strangersRTP() async throws {
            try await House.open { house in
                try await besideCall(house) { caller in
                    let stranger = try Datagrams(host: "127.0.0.3")
                    let pace = try Datagrams()
                    // Loud noise as PCMA, and the key 5, to every port that the house may use.
                    for round in 0..<100 {
                        for port in stride(from: house.rtpPort, to: house.rtpPort + 60, by: 2) {
                            let header: [UInt8] = [
                                0x80, round % 10 == 0 ? 101 : 8, 0, UInt8(round), 0, 0, UInt8(round >> 1),
                                UInt8((round & 1) * 160), 1, 2, 3, 4,
                            ]
                            let payload: [UInt8] =
                                round % 10 == 0 ? [5, 0x8A, 0, 160] : (0..<160).map { UInt8(($0 * 37 + round) & 255) }
                            stranger.send(header + payload, to: port)
                        }
                        _ = try await house.roundTrip(from: pace)
                    }
                    #expect(stranger.drain() == 0, "packets to a stranger")
                }
            }
        }

        @Test("garbage over HTTP is refused in words or by closing, and health is answered at once afterwards")
        func garbageHTTP() async throws {
            try await House.open { house in
                try await besideCall(house) { _ in
                    let huge = String(repeating: "x", count: 100_000)
                    let requests = [
                        "\0\u{1}\u{2}garbage\r\n\r\n", "GET / HTTP/9.9\r\n\r\n", "GET /\(huge) HTTP/1.1\r\nHost: a\r\n\r\n",
                        "GET /healthz HTTP/1.1\r\nHost: a\r\nX: \(huge)\r\n\r\n",
                        "POST /v1/agents/anna/state HTTP/1.1\r\nHost: a\r\nContent-Length: 99999999999999999999\r\n\r\n",
                        "POST /v1/agents/anna/state HTTP/1.1\r\nHost: a\r\nContent-Length: -1\r\n\r\n",
                        "POST /v1/x HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\nGET / HTTP/1.1\r\n\r\n",
                        "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", "\u{16}\u{3}\u{1}\u{2}\0\u{1}\0\u{1}\u{fc}",
                    ]
                    for request in requests {
                        let answer = String(
                            decoding: try await Connection.exchange(
                                Array(request.utf8), port: house.httpPort, within: .seconds(3)), as: UTF8.self)
                        #expect(
                            answer.isEmpty || answer.hasPrefix("HTTP/1.1 4") || answer.hasPrefix("HTTP/1.1 5"),
                            "\(request.prefix(60)): \(answer.prefix(200))")
                    }
                    var random = SeededRandom(seed: 7230)
                    for _ in 0..<100 {
                        let bytes = (0..<200).map { _ in UInt8(random.below(256)) } + Array("\r\n\r\n".utf8)
                        _ = try await Connection.exchange(bytes, port: house.httpPort, within: .seconds(3))
                    }
                    #expect(try await house.get("/healthz").status == 200)
                }
            }
        }
    }
}
