// What the test phone reads and writes on the wire.

import Testing

@testable import Caller

struct WireTests {
    @Test("a digest without qop is the one of RFC 2069's well-known example")
    func digest() throws {
        let header = "Digest realm=\"testrealm@host.com\", nonce=\"dcd98b7102dd2f0e8b11d0f600bfb0c093\", opaque=\"5ccc\""
        let challenge = try #require(DigestChallenge(header, isProxy: false))
        let answer = challenge.answer(
            user: "Mufasa", password: "Circle Of Life", method: "GET", uri: "/dir/index.html", nonceCount: 1)
        #expect(answer.contains("response=\"670fd8c2df070c60b045671b8b24ff02\""))
        #expect(answer.contains("opaque=\"5ccc\""))
    }

    @Test("SHA-256 is preferred where it is offered and allowed")
    func bestChallenge() {
        var response = SIPMessage(start: .response(status: 401, reason: ""))
        response.append("WWW-Authenticate", "Digest realm=\"r\", nonce=\"1\", algorithm=MD5, qop=\"auth\"")
        response.append("WWW-Authenticate", "Digest realm=\"r\", nonce=\"2\", algorithm=SHA-256, qop=\"auth\"")
        #expect(DigestChallenge.best(in: response, allowed: [.md5, .sha256])?.nonce == "2")
        #expect(DigestChallenge.best(in: response, allowed: [.md5])?.nonce == "1")
    }

    @Test("compact and folded headers, and parameters outside the angle brackets only")
    func headers() throws {
        let text =
            "INVITE sip:a@b SIP/2.0\r\nv: SIP/2.0/UDP h;branch=z9\r\nf: \"A, B\" <sip:x@y;tag=no>\r\n ;tag=yes\r\n\r\n"
            + "v=0\r\n"
        let message = try #require(SIPMessage(parsing: Array(text.utf8)))
        #expect(message.branch == "z9")
        #expect(SIPMessage.parameter("tag", of: message["From"] ?? "") == "yes")
        #expect(SIPMessage.list(message["From"] ?? "").count == 1)
        #expect(message.body == "v=0\r\n")
    }

    @Test("an event's packets carry its key, and RTP comes out as it went in")
    func packets() {
        let payload = TelephoneEvent.payload(code: 11, isEnd: true, durationSamples: 800)
        let packet = RTPPacket(
            isMarked: true, payloadType: 101, sequence: 0xFFFE, timestamp: 0x8000_0001, source: 7, payload: payload)
        let read = RTPPacket(parsing: packet.bytes)
        #expect(read?.bytes == packet.bytes)
        #expect(read.flatMap { TelephoneEvent.key(of: $0.payload) } == "#")
        #expect(RTPPacket(parsing: [0x80, 200] + [UInt8](repeating: 0, count: 20)) == nil)
    }

    @Test(
        "a step that is not understood is refused", arguments: ["hear tone", "wait", "press", "jump", "say tone x", "ring up"])
    func badSteps(text: String) {
        #expect(throws: StepParser.Failure.self) { try StepParser.steps(of: text) }
    }

    @Test("clauses may stand in any order")
    func clauses() throws {
        let steps = try StepParser.steps(of: "hear tones 880+440 for 300ms within 1.5s; not hear speech for 2s").map(\.step)
        #expect(
            steps == [
                .hear(.sound(.tones([440, 880])), within: .milliseconds(1500), standing: .milliseconds(300)),
                .doNotHear(.sound(.speech), during: .seconds(2)),
            ])
    }
}
