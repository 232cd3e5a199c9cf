// Offers of real browsers, and what we answer.

import Foundation
import SDP
import Testing

struct BrowserAnswerTests {
    private static let own = CertificateFingerprint(bytes: Array(0..<32))

    private static func answer(
        _ text: String, _ policy: BrowserCodecPolicy, law: BrowserCodec = .pcma, isLossy: Bool = false
    ) throws -> String {
        let offer = try BrowserOffer(text)
        let answer = BrowserAnswer(
            sessionID: 77, version: 3, iceFragment: "abcdefgh", icePassword: "0123456789012345678901",
            fingerprint: try #require(own),
            candidates: [
                .init(connection: .init(family: .ipv4, address: "192.0.2.9"), port: 40000),
                .init(connection: .init(family: .ipv6, address: "2001:db8::9"), port: 40001),
            ], source: 4_000_000_001)
        return answer.text(to: offer, codec: offer.choice(policy, law: law, isLossy: isLossy))
    }

    @Test("Chromium's offer is read: codecs by its numbers, both clocks of keys") func chromium() throws {
        let offer = try BrowserOffer(RealOffers.chromium)
        #expect(
            offer.codecs == [
                .init(codec: .opus, payloadType: 111), .init(codec: .pcmu, payloadType: 0),
                .init(codec: .pcma, payloadType: 8),
            ])
        #expect(
            offer.telephoneEvents == [.init(payloadType: 110, clock: 48000), .init(payloadType: 126, clock: 8000)])
        #expect(offer.mid == "0")
        #expect(offer.direction == .sendReceive)
    }

    @Test("Firefox's offer is read: fingerprint of the session, keys at 8000 Hz alone") func firefox() throws {
        let offer = try BrowserOffer(RealOffers.firefox)
        #expect(offer.codecs.first == .init(codec: .opus, payloadType: 109))
        #expect(offer.telephoneEvents == [.init(payloadType: 101, clock: 8000)])
        #expect(offer.fingerprint.text.hasPrefix("2F:6C:31"))
        #expect(offer.iceFragment == "8c3e1a52")
    }

    @Test("aiortc's offer is read: sha-256 is chosen among three") func aiortc() throws {
        let offer = try BrowserOffer(RealOffers.aiortc)
        #expect(offer.codecs.first == .init(codec: .opus, payloadType: 96))
        #expect(offer.telephoneEvents == [])
        #expect(offer.fingerprint.bytes.count == 32)
        #expect(RealOffers.aiortc.contains("sha-256 \(offer.fingerprint.text)"))
    }

    @Test("The answer is complete: lite, passive, our fingerprint, every address, the end of them") func answer() throws {
        let text = try Self.answer(RealOffers.chromium, .opus)
        #expect(
            text
                == """
                v=0
                o=- 77 3 IN IP4 192.0.2.9
                s=-
                t=0 0
                a=ice-lite
                a=group:BUNDLE 0
                a=msid-semantic:WMS *
                m=audio 40000 UDP/TLS/RTP/SAVPF 111 110 126
                c=IN IP4 192.0.2.9
                a=mid:0
                a=rtcp-mux
                a=ice-ufrag:abcdefgh
                a=ice-pwd:0123456789012345678901
                a=fingerprint:sha-256 \(try #require(Self.own).text)
                a=setup:passive
                a=rtpmap:111 opus/48000/2
                a=fmtp:111 minptime=20;useinbandfec=1
                a=rtpmap:110 telephone-event/48000
                a=fmtp:110 0-15
                a=rtpmap:126 telephone-event/8000
                a=fmtp:126 0-15
                a=ptime:20
                a=sendrecv
                a=msid:switchboard voice
                a=ssrc:4000000001 cname:switchboard
                a=candidate:1 1 udp 2130706431 192.0.2.9 40000 typ host
                a=candidate:2 1 udp 2130706175 2001:db8::9 40001 typ host
                a=end-of-candidates

                """.replacingOccurrences(of: "\n", with: "\r\n"))
    }

    @Test("The policy decides, and what isn't offered gives way") func policy() throws {
        func line(_ policy: BrowserCodecPolicy, law: BrowserCodec = .pcma, isLossy: Bool = false) throws -> String {
            let text = try Self.answer(RealOffers.chromium, policy, law: law, isLossy: isLossy)
            return try #require(text.split(separator: "\r\n").first { $0.hasPrefix("m=audio") }).description
        }
        #expect(try line(.opus).hasSuffix("SAVPF 111 110 126"))
        #expect(try line(.pcma).hasSuffix("SAVPF 8 110 126"))
        #expect(try line(.pcmu).hasSuffix("SAVPF 0 110 126"))
        #expect(try line(.auto, law: .pcmu).hasSuffix("SAVPF 0 110 126"))
        #expect(try line(.auto, isLossy: true).hasSuffix("SAVPF 111 110 126"))
        let only = RealOffers.aiortc.replacingOccurrences(of: "SAVPF 96 9 0 8", with: "SAVPF 96")
        #expect(try BrowserOffer(only).choice(.pcma, law: .pcma).codec == .opus)
        let laws = RealOffers.aiortc.replacingOccurrences(of: "SAVPF 96 9 0 8", with: "SAVPF 9 0")
        #expect(try BrowserOffer(laws).choice(.opus, law: .pcma).codec == .pcmu)
    }

    @Test("Hold keeps msid and ssrc, and mirrors the direction") func direction() throws {
        for (offered, answered) in [("sendonly", "recvonly"), ("recvonly", "sendonly"), ("inactive", "inactive")] {
            let text = RealOffers.chromium.replacingOccurrences(of: "a=sendrecv", with: "a=\(offered)")
            let answer = try Self.answer(text, .opus)
            #expect(answer.contains("\r\na=\(answered)\r\n"))
            #expect(answer.contains("a=ssrc:4000000001 cname"))
            #expect(answer.contains("a=msid:"))
        }
    }

    @Test("Video and data beside the voice are refused in their places") func otherMedia() throws {
        let text =
            RealOffers.chromium.replacingOccurrences(of: "BUNDLE 0", with: "BUNDLE 0 1") + """

                m=video 9 UDP/TLS/RTP/SAVPF 96
                c=IN IP4 0.0.0.0
                a=mid:1
                a=rtcp-mux
                """
        let answer = try Self.answer(text, .pcmu)
        #expect(answer.contains("a=group:BUNDLE 0\r\n"))
        #expect(answer.contains("m=video 0 UDP/TLS/RTP/SAVPF 96\r\nc=IN IP4 0.0.0.0\r\na=mid:1\r\n"))
    }

    @Test("What is broken is refused by name") func refusals() throws {
        func error(_ from: String, _ to: String) -> BrowserOfferError? {
            let text = RealOffers.chromium.replacingOccurrences(of: from, with: to)
            do {
                _ = try BrowserOffer(text)
                return nil
            } catch { return error }
        }
        #expect(error("v=0", "v=1") == .malformed(SDPError(.missingVersion, line: 1)))
        #expect(error("UDP/TLS/RTP/SAVPF", "RTP/AVP") == .noAudio)
        #expect(error("m=audio 9", "m=audio 0") == .noAudio)
        #expect(error("m=audio", "m=video") == .noAudio)
        #expect(error("a=rtcp-mux", "a=nothing") == .noRTCPMux)
        #expect(error("a=ice-ufrag:", "a=ice-ufrag:\"") == .noICE)
        #expect(error("a=ice-pwd:", "a=pwd:") == .noICE)
        #expect(error("sha-256", "sha-1") == .noFingerprint)
        #expect(error("sha-256 5A", "sha-256 5G") == .malformedFingerprint)
        #expect(error("sha-256 5A:", "sha-256 ") == .malformedFingerprint)
        #expect(error("setup:actpass", "setup:passive") == .wrongSetup)
        #expect(error("SAVPF 111 63 9 0 8", "SAVPF 63 9") == .noCommonCodec)
    }
}
