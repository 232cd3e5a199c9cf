// A card number on its way: keyed in as events and heard as tones, and found nowhere but where it belongs.

import Foundation
import TLSTestKit
import Testing

extension EndToEnd {
    struct SecureTests {
        /// A test number of a card, whose check digit is right.
        private static let number = "4000000000000002"

        /// Answers with a token, to whoever shows the right bearer token, and prints what it got.
        private static let sink = """
            import http.server, json, ssl, sys
            class Sink(http.server.BaseHTTPRequestHandler):
                def do_POST(self):
                    body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
                    known = self.headers["Authorization"] == "Bearer sink-secret"
                    print("got", self.path, body["form"], body["contact"], body["digits"], known, flush=True)
                    answer = json.dumps({"token": "tok-7f3a"}).encode()
                    self.send_response(201 if known else 401)
                    self.send_header("Content-Length", str(len(answer)))
                    self.end_headers()
                    self.wfile.write(answer)
                def log_message(self, *words): pass
            server = http.server.HTTPServer(("127.0.0.1", int(sys.argv[1])), Sink)
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            context.load_cert_chain(sys.argv[2], sys.argv[3])
            server.socket = context.wrap_socket(server.socket, server_side=True)
            print("listening", flush=True)
            server.serve_forever()
            """

        private static let low = [697.0, 770, 852, 941], high = [1209.0, 1336, 1477]

        /// The keys of the number as their tones, for some seconds.
        private func writeTones(to path: String) throws {
            let rows = ["1", "2", "3", "4", "5", "6", "7", "8", "9", "*", "0", "#"]
            var samples: [Int16] = []
            for _ in 0..<3 {
                for key in Self.number {
                    let place = try #require(rows.firstIndex(of: String(key)))
                    for index in 0..<1600 {
                        let time = 2 * Double.pi * Double(index) / 8000
                        let sound = sin(Self.low[place / 3] * time) + sin(Self.high[place % 3] * time)
                        samples.append(index < 1000 ? Int16(sound * 8000) : 0)
                    }
                }
            }
            var file = Data("RIFF".utf8)
            func put(_ value: Int, _ count: Int) { for place in 0..<count { file.append(UInt8(value >> (8 * place) & 255)) } }
            put(36 + samples.count * 2, 4)
            file += Data("WAVEfmt ".utf8)
            for (value, count) in [(16, 4), (1, 2), (1, 2), (8000, 4), (16_000, 4), (2, 2), (16, 2)] { put(value, count) }
            file += Data("data".utf8)
            put(samples.count * 2, 4)
            for sample in samples { put(Int(UInt16(bitPattern: sample)), 2) }
            try file.write(to: URL(fileURLWithPath: path))
        }

        /// Frames of 20 ms that sound like a key.
        private func keys(in sound: SoundFile) -> Int {
            func power(_ frame: ArraySlice<Double>, _ tone: Double) -> Double {
                let coefficient = 2 * cos(2 * .pi * tone / 8000)
                var (last, before) = (0.0, 0.0)
                for sample in frame { (last, before) = (sample + coefficient * last - before, last) }
                return last * last + before * before - coefficient * last * before
            }
            return sound.channels.reduce(0) { count, samples in
                count
                    + stride(from: 0, to: samples.count - 160, by: 160).count { start in
                        let frame = samples[start..<start + 160], energy = frame.reduce(0) { $0 + $1 * $1 }
                        guard energy > 160 * 100 * 100 else { return false }
                        let whole = energy * 160 / 2
                        let best = [Self.low, Self.high].map { $0.map { power(frame, $0) / whole }.max() ?? 0 }
                        return best.allSatisfy { $0 > 0.25 } && best.reduce(0, +) > 0.7
                    }
            }
        }

        @Test(
            "a card number keyed in while an agent talks is in no sound, file, journal, log or metric; its token is at the contact"
        )
        func cardNumber() async throws {
            let certificate = try TestCertificate()
            let house = try House(["queues.yaml": CallTests.recordedQueue])
            try house.write(
                """
                secure_forms:
                  card:
                    length_min: 13
                    length_max: 19
                    check: luhn
                    url: "https://localhost:\(house.freePort)/tokens"
                    token: file:secrets/sink-token
                    certificates: file:secrets/chain.pem
                  pin:
                    length_min: 4
                    length_max: 4
                    url: "https://localhost:\(house.freePort)/tokens"
                    token: file:secrets/sink-token

                """, to: "recordings.yaml")
            try house.install(certificate.chain, certificate.key)
            let token = house.state + "/secrets/sink-token"
            try "sink-secret\n".write(toFile: token, atomically: true, encoding: .utf8)
            try FileManager.default.setAttributes([.posixPermissions: 0o600], ofItemAtPath: token)
            let tones = house.folder + "/tones.wav"
            try writeTones(to: tones)
            // What is looked for below would be found.
            #expect(keys(in: try SoundFile(tones)) > 100)
            try await house.hosts {
                let sink = house.keep(
                    try Program(
                        AgentBrowser.python, ["-c", Self.sink, "\(house.freePort)", certificate.chain, certificate.key]))
                try await sink.line("listening")
                let anna = try await house.phone("anna-desk", tone: 880, "-")
                let caller = try house.call("100", "-")
                try caller.program.say("wait answered\npress 1")
                try anna.program.say("wait invite within 20s\nanswer\nhear tone 440 within 20s for 500ms")
                try caller.program.say("hear tone 880 within 20s for 500ms")
                try await caller.reaches("hear tone 880 within 20s for 500ms")
                try await anna.reaches("hear tone 440 within 20s for 500ms")

                func post(_ form: String) async throws -> Int {
                    try await house.request(
                        "POST", "/v1/contacts/1/secure-collection", token: "admin", body: "{\"form\":\"\(form)\"}",
                        headers: ["Content-Type: application/json"]
                    ).status
                }
                #expect(try await post("none") == 409)
                // Whom nobody vouches for gets no digits, and the call goes on.
                #expect(try await post("pin") == 204)
                try caller.program.say("press 1234")
                try await house.logged("no agreement on TLS")
                try anna.program.say("hear tone 440 within 21s for 300ms")
                try await anna.reaches("hear tone 440 within 21s for 300ms")
                #expect(try await post("card") == 204)
                #expect(try await post("card") == 409)
                // The keys come in all ways at once: as tones all along, and then as events.
                try anna.program.say("hear silence within 10s for 1s")
                try caller.program.say("say file \(tones)\npause 2s\npress \(Self.number)#\nsay tone 440")
                try await anna.reaches("hear silence within 10s for 1s")
                try anna.program.say("hear tone 440 within 30s for 300ms")
                try await anna.reaches("hear tone 440 within 30s for 300ms")
                try await sink.line("got /tokens card 1 \(Self.number) True")

                let contact = try await house.get("/v1/contacts/1", token: "admin").body
                #expect(contact.contains("tok-7f3a") && contact.contains("secure.collected"), "\(contact)")
                let metrics = try await house.get("/metrics", token: "admin").body
                #expect(metrics.contains("switchboard_secure_collected_total 1") && !metrics.contains(Self.number))
                try caller.program.say("pause 500ms\nhang up")
                try await caller.reaches("hang up")
                try await house.eventually("the recording is saved") {
                    try house.rows("SELECT state FROM recordings") == [["state": "saved"]]
                }
                let sound = try await house.recorded(1, tracks: "parties")
                #expect(keys(in: sound) == 0)
                func at(_ sql: String) throws -> Double {
                    try #require(try house.rows(sql).first?["at"].flatMap(Double.init)) / 1e6
                }
                let start = try at("SELECT started AS at FROM recordings")
                let began = try at("SELECT at FROM timeline WHERE kind = 'secure.began'") - start
                let ended = try at("SELECT at FROM timeline WHERE kind = 'secure.collected'") - start
                try #require(ended - began > 2)
                for channel in 0...1 {
                    let masked = sound.content(channel, tone: 440, seconds: began + 0.2...ended - 0.2)
                    #expect(masked.tone == 0 && masked.other == 0 && masked.silence > 50, "channel \(channel): \(masked)")
                }
                // Before and behind it both are there, at their time.
                #expect(sound.content(0, tone: 440, seconds: 0...began).tone > 20)
                #expect(sound.content(1, tone: 880, seconds: ended + 0.3...sound.seconds).tone > 10)
            }
            #expect(try house.filesWith("tok-7f3a").isEmpty == false)
            #expect(try house.filesWith(Self.number).isEmpty)
            #expect(!house.log.joined().contains(Self.number))
        }
    }
}
