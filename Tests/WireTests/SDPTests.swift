// Offers, answers, and texts that are neither.

import Basics
import SDP
import Testing

@Suite struct SDPTests {
    private let local = LocalAudio(connection: .init(family: .ipv4, address: "192.0.2.9"), port: 16384, sessionID: 77)

    private func offer(_ lines: String...) throws -> SessionDescription {
        try SessionDescription.parse("v=0\no=- 1 1 IN IP4 198.51.100.1\ns=-\n" + lines.joined(separator: "\n"))
    }

    @Test("The offer of a usual phone is answered with its first codec, its event type, and the rest refused") func answer()
        throws
    {
        let offer = try SessionDescription.parse(
            """
            v=0\r
            o=alice 2890844526 2890844526 IN IP4 host.example.com\r
            s=-\r
            c=IN IP4 198.51.100.1\r
            t=0 0\r
            m=audio 49170 RTP/AVP 9 8 0 97\r
            a=rtpmap:9 G722/8000\r
            a=rtpmap:97 Telephone-Event/8000\r
            a=fmtp:97 0-16\r
            a=ptime:30\r
            m=video 51372 RTP/AVP 31 32\r
            \r

            """)
        let (answer, agreement) = try AudioNegotiation.answer(offer: offer, local: local)
        #expect(
            answer.text == """
                v=0\r
                o=- 77 1 IN IP4 192.0.2.9\r
                s=-\r
                c=IN IP4 192.0.2.9\r
                t=0 0\r
                m=audio 16384 RTP/AVP 8 97\r
                a=rtpmap:8 PCMA/8000\r
                a=rtpmap:97 telephone-event/8000\r
                a=fmtp:97 0-15\r
                a=ptime:20\r
                a=sendrecv\r
                m=video 0 RTP/AVP 31 32\r

                """)
        #expect(agreement.sends == .init(codec: .pcma, payloadType: 8))
        #expect(agreement.remote.address == "198.51.100.1" && agreement.remotePort == 49170)
        #expect(agreement.remoteRTCPPort == 49171 && !agreement.usesRTCPMux)
        #expect(agreement.telephoneEventSent == 97 && agreement.telephoneEventReceived == 97)
        #expect(agreement.packetMilliseconds == 30 && agreement.direction == .sendReceive && !agreement.isOnHold)
    }

    @Test("Our offer and its answer may number telephone-events differently in each direction") func complete() throws {
        let ours = AudioNegotiation.makeOffer(local: local)
        let answer = try offer(
            "c=IN IP4 198.51.100.1", "m=audio 5004 RTP/AVP 0 110", "a=rtpmap:110 telephone-event/8000",
            "a=rtcp:6001 IN IP4 198.51.100.2")
        let agreement = try AudioNegotiation.complete(offer: ours, answer: answer)
        #expect(agreement.codec == .pcmu)
        #expect(agreement.telephoneEventSent == 110 && agreement.telephoneEventReceived == 101)
        #expect(agreement.receives.map(\.payloadType) == [8, 0])
        #expect(agreement.remoteRTCP.address == "198.51.100.2" && agreement.remoteRTCPPort == 6001)
        let muxed = try AudioNegotiation.complete(
            offer: ours, answer: offer("c=IN IP4 198.51.100.1", "m=audio 5004 RTP/AVP 8", "a=rtcp-mux"))
        #expect(muxed.usesRTCPMux && muxed.remoteRTCPPort == 5004 && muxed.telephoneEventSent == nil)
    }

    @Test(
        "Hold, in every spelling",
        arguments: [
            ("sendrecv", "198.51.100.1", MediaDirection.sendReceive, false), ("sendonly", "198.51.100.1", .receiveOnly, true),
            ("recvonly", "198.51.100.1", .sendOnly, false), ("inactive", "198.51.100.1", .inactive, true),
            ("sendrecv", "0.0.0.0", .receiveOnly, true),
        ])
    func hold(direction: String, address: String, ours: MediaDirection, held: Bool) throws {
        let offer = try offer("c=IN IP4 \(address)", "m=audio 4000 RTP/AVP 0", "a=\(direction)")
        let (answer, agreement) = try AudioNegotiation.answer(offer: offer, local: local)
        #expect(agreement.direction == ours && agreement.isOnHold == held)
        #expect(answer.media[0].attributes.contains(.init(ours.rawValue)))
        let session = try self.offer("c=IN IP4 \(address)", "a=\(direction)", "m=audio 4000 RTP/AVP 0")
        #expect(try AudioNegotiation.answer(offer: session, local: local).agreement.direction == ours)
    }

    @Test("IPv6, dynamic numbers for G.711, line ends of every kind") func odd() throws {
        let text =
            "v=0\ro=- 1 1 IN IP6 ::1\rs=-\rt=0 0\rm=audio 4000/2 RTP/AVPF 98\rc=IN IP6 2001:db8::7\ra=rtpmap:98 pcmu/8000/1\r"
        let (answer, agreement) = try AudioNegotiation.answer(offer: SessionDescription.parse(text), local: local)
        #expect(agreement.remote == .init(family: .ipv6, address: "2001:db8::7"))
        #expect(agreement.sends == .init(codec: .pcmu, payloadType: 98))
        #expect(answer.media[0].transport == "RTP/AVPF" && answer.media[0].formats == ["98"])
    }

    @Test(
        "Each fault is named, with its line",
        arguments: [
            ("", .missingVersion, 1), ("o=x", .missingVersion, 1), ("v=0\nnonsense", .malformedLine, 2),
            ("v=0\no=- 1 1 IN IP4", .malformedOrigin, 2), ("v=0\n\nc=IN IP4 pbx.example.com", .unsupportedAddress, 3),
            ("v=0\nc=IN IP4 224.2.1.1/127", .unsupportedAddress, 2), ("v=0\nc=IN ATM x", .unsupportedAddress, 2),
            ("v=0\nc=IN IP4", .malformedConnection, 2), ("v=0\nm=audio 99999 RTP/AVP 0", .malformedMedia, 2),
            ("v=0\nm=audio 4000", .malformedMedia, 2), ("v=0\nm=audio 0 RTP/AVP 0", .noAudio, nil),
            ("v=0\nm=audio 4 RTP/SAVP 0", .noAudio, nil), ("v=0\nm=audio 4 RTP/AVP 0", .missingConnection, 2),
            ("v=0\nc=IN IP4 192.0.2.1\nm=audio 4 RTP/AVP 3 18", .noCommonCodec, 3),
            ("v=0\nc=IN IP4 192.0.2.1\nm=audio 4 RTP/AVP 0\na=rtcp:70000", .malformedAttribute, 4),
        ] as [(String, SDPError.Reason, Int?)])
    func faults(text: String, reason: SDPError.Reason, line: Int?) throws {
        let error = #expect(throws: SDPError.self) {
            try AudioNegotiation.answer(offer: SessionDescription.parse(text), local: local)
        }
        #expect(error == SDPError(reason, line: line))
        #expect(error?.description.hasPrefix(line.map { "SDP line \($0): " } ?? "SDP: ") == true)
    }

    @Test("An rtpmap that cannot be read costs its own format only") func oddFormat() throws {
        let text = "v=0\nc=IN IP4 192.0.2.1\nm=audio 4 RTP/AVP 0 8 96\na=rtpmap:zero PCMU/8000\na=rtpmap:96\na=rtpmap:0"
        let agreement = try AudioNegotiation.answer(offer: SessionDescription.parse(text), local: local).agreement
        #expect(agreement.codec == .pcma)
    }

    @Test("Hold by address is known in every spelling", arguments: [("IP4", "0.0.0.0"), ("IP6", "::"), ("IP6", "0:0::0")])
    func holdByAddress(family: String, address: String) throws {
        let text = "v=0\nc=IN \(family) \(address)\nm=audio 4 RTP/AVP 0"
        #expect(try AudioNegotiation.answer(offer: SessionDescription.parse(text), local: local).agreement.isOnHold)
    }

    @Test("An answer that does not fit our offer is refused") func misfit() throws {
        let ours = AudioNegotiation.makeOffer(local: local)
        func fault(_ lines: String...) throws -> SDPError.Reason? {
            let answer = try SessionDescription.parse("v=0\nc=IN IP4 192.0.2.1\n" + lines.joined(separator: "\n"))
            return #expect(throws: SDPError.self) { try AudioNegotiation.complete(offer: ours, answer: answer) }?.reason
        }
        #expect(try fault("m=audio 0 RTP/AVP 0") == .audioRefused)
        #expect(try fault("m=video 4 RTP/AVP 0") == .answerDoesNotMatchOffer)
        #expect(try fault("m=audio 4 RTP/AVP 0", "m=video 0 RTP/AVP 31") == .answerDoesNotMatchOffer)
        #expect(try fault("m=audio 4 RTP/AVP 18") == .noCommonCodec)
    }

    @Test("Too much of anything is refused") func limits() {
        for text in [
            "v=0\n" + String(repeating: "a=x\n", count: 300), "v=0\n" + String(repeating: "m=audio 4 RTP/AVP 0\n", count: 17),
            "v=0\nm=audio 4 RTP/AVP" + String(repeating: " 0", count: 65), "v=0\na=" + String(repeating: "x", count: 17000),
        ] {
            let error = #expect(throws: SDPError.self) { try SessionDescription.parse(text) }
            if case .tooLarge = error?.reason {} else { Issue.record("\(String(describing: error))") }
        }
    }

    @Test("What we write reads back the same, and 20,000 damaged descriptions never trap") func damaged() throws {
        var random = SeededRandom(seed: 8866)
        var written = AudioNegotiation.makeOffer(local: local).text
        written += "m=video 0 RTP/AVP 31\r\nc=IN IP6 ::1\r\na=rtcp:5 IN IP4 192.0.2.3\r\n"
        #expect(
            try SessionDescription.parse(SessionDescription.parse(written).text).text == SessionDescription.parse(written).text)
        let original = Array(written.utf8)
        var read = 0
        for _ in 0..<20000 {
            var bytes = original
            for _ in 0...random.below(4) {
                let place = random.below(bytes.count)
                switch random.below(4) {
                case 0: bytes[place] = UInt8(random.below(256))
                case 1: bytes.remove(at: place)
                case 2: bytes.insert(Array("=\r\n: /0".utf8)[random.below(7)], at: place)
                default: bytes.removeSubrange(place..<min(bytes.count, place + random.below(20)))
                }
                if bytes.isEmpty { break }
            }
            guard let description = try? SessionDescription.parse(String(decoding: bytes, as: UTF8.self)) else { continue }
            read += 1
            if let (answer, _) = try? AudioNegotiation.answer(offer: description, local: local) {
                #expect(answer.media.count == description.media.count)
            }
            _ = try? AudioNegotiation.complete(offer: AudioNegotiation.makeOffer(local: local), answer: description)
        }
        #expect(read > 5000)
    }
}
