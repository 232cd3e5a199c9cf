// Bad input at the desk, beside a call of a browser that does not notice.

import Dispatch
import Foundation
import Testing

extension EndToEnd {
    struct DeskHostileTests {
        /// Anna talks in her browser while something else happens; the caller hears nothing but her.
        private func besideCall(
            _ house: House, _ location: SourceLocation = #_sourceLocation, _ mischief: (AgentBrowser) async throws -> Void
        ) async throws {
            let browser = try await house.browser(tone: 600)
            let page = try await house.desk(of: "anna", in: browser)
            let caller = try await house.caller(tone: 440)
            try await page.shows("desk-offer")
            try await page.press("a")
            try await caller.does("hear tone 600 within 20s for 500ms")
            let began = Double(DispatchTime.now().uptimeNanoseconds) / 1e6
            try await mischief(browser)
            let ended = Double(DispatchTime.now().uptimeNanoseconds) / 1e6
            let meanwhile = caller.events.filter { $0.t > began && $0.t < ended }
            // A busy machine may keep a browser from speaking for a moment; that the daemon had time is seen at its turns.
            let sounds = meanwhile.filter { event in
                ["digit", "ended", "bye", "source"].contains(event.name)
                    || event.name == "heard" && !["nothing", "tone 600"].contains(event.fields["what"])
            }
            #expect(sounds.isEmpty, "\(sounds)", sourceLocation: location)
            let gaps = meanwhile.filter { $0.name == "gap" }.compactMap { $0.fields["ms"].flatMap(Double.init) }
            #expect(gaps.allSatisfy { $0 < 1000 }, "\(gaps)", sourceLocation: location)
            try await caller.does("hear tone 600 for 500ms")
            try await page.hears(440)
            try await page.shows("desk-call", "Connected")
            try await caller.hangsUp()
            try await page.shows("desk-wrap-up")
        }

        @Test(
            "foreign Origin, frames unmasked, too long, too deep and too many, broken SDP: each is refused, and a call goes on")
        func frames() async throws {
            try await House.openDesks { house in
                try await besideCall(house) { _ in
                    let cookie = try await house.deskCookie(of: "carla")
                    try await strangers(house, cookie)
                    try await brokenFrames(house, cookie)
                    try await brokenContent(house, cookie)
                }
                #expect(try await house.get("/healthz").status == 200)
            }
        }

        private func strangers(_ house: House, _ cookie: String) async throws {
            let port = house.httpPort
            let own = "Origin: http://127.0.0.1:\(port)"
            for headers in [
                ["Origin: http://evil.example", cookie], ["Origin: null", cookie],
                ["Origin: http://127.0.0.1:\(port).evil.example", cookie], [cookie], [own],
                [own, "Cookie: switchboard-agent=guessed"],
            ] {
                let socket = try await DeskSocket("/v1/desk?tab=x", port: port, headers: headers)
                #expect(socket.head.contains(/^HTTP\/1\.1 4\d\d/), "\(headers): \(socket.head)")
            }
            // The same with everything right is let in, so it was for that.
            let socket = try await house.deskSocket(cookie)
            #expect(socket.isOpen, "\(socket.head)")
            #expect(await socket.frame { $0.text.contains("\"snapshot\"") } != nil)
        }

        private func brokenFrames(_ house: House, _ cookie: String) async throws {
            let ping = "{\"id\":1,\"type\":\"ping\"}"
            let unmasked = try await house.deskSocket(cookie)
            unmasked.say(ping, isMasked: false)
            #expect(await unmasked.closeCode() == 1002)
            let long = try await house.deskSocket(cookie)
            long.say(ping, length: 8 << 20)
            #expect(await long.closeCode() == 1009)
            let huge = try await house.deskSocket(cookie)
            huge.say(ping, length: .max)
            let end = await huge.closeCode()
            #expect(end == 1009 || end == 1002, "\(end ?? 0)")
            let flood = try await house.deskSocket(cookie)
            for _ in 0..<400 { flood.say(ping) }
            #expect(await flood.closeCode() == 1008)
        }

        private func brokenContent(_ house: House, _ cookie: String) async throws {
            func nested(_ open: String, _ close: String, _ depth: Int) -> String {
                "{\"id\":3,\"type\":\"ping\",\"x\":" + String(repeating: open, count: depth) + "1"
                    + String(repeating: close, count: depth) + "}"
            }
            let bombs = [
                String(repeating: "[", count: 60_000), nested("[", "]", 30_000), nested("{\"a\":", "}", 9000),
                "{\"id\":1e999999,\"type\":\"ping\"}", "{\"id\":3,\"type\":\"ping\",\"offer\":-99999999999999999999999}",
                "\u{0}", "",
                "{\"type\":\"ping\"}", "[]", "null",
            ]
            let socket = try await house.deskSocket(cookie)
            for (number, bomb) in bombs.enumerated() {
                socket.say(bomb)
                socket.say("{\"id\":\(1000 + number),\"type\":\"ping\"}")
                #expect(await socket.answer(1000 + number)?.contains("done") == true, "after bomb \(number)")
            }
            let descriptions = [
                "", "v=0", "no SDP", String(repeating: "a=x\\r\\n", count: 4000), String(repeating: "v", count: 40_000),
            ]
            for (number, description) in descriptions.enumerated() {
                socket.say("{\"id\":\(2000 + number),\"type\":\"media.offer\",\"sdp\":\"\(description)\"}")
                let answer = await socket.answer(2000 + number)
                #expect(answer?.contains("refused") == true, "\(number): \(answer ?? "none")")
            }
            for (number, frame) in [
                "\"type\":\"accept\",\"offer\":1", "\"type\":\"accept\"", "\"type\":\"hangUp\"",
                "\"type\":\"hold\",\"on\":true",
                "\"type\":\"digit\",\"digit\":\"55\"", "\"type\":\"transfer\",\"queue\":\"sales\"",
                "\"type\":\"presence\",\"presence\":\"god\"", "\"type\":\"wrapUp.complete\",\"disposition\":\"x\"",
                "\"type\":\"nonsense\"",
            ].enumerated() {
                socket.say("{\"id\":\(3000 + number),\(frame)}")
                let answer = await socket.answer(3000 + number)
                #expect(answer?.contains("refused") == true, "\(frame): \(answer ?? "none")")
            }
            // Those of the bombs that could not be read count, too.
            for _ in 0..<30 { socket.say("nonsense") }
            #expect(await socket.closeCode() == 1008)
        }

        @Test("a browser whose certificate is not the one of its offer is refused and audited, and a call goes on")
        func wrongFingerprint() async throws {
            // Between the page and the house, as somebody in the middle would.
            let forgery = """
                const send = WebSocket.prototype.send
                WebSocket.prototype.send = function (data) {
                  send.call(this, String(data).replace(/(fingerprint:sha-256 )[0-9A-F]{2}:[0-9A-F]{2}/, '$100:00'))
                }
                """
            try await House.openDesks { house in
                try await besideCall(house) { browser in
                    let forger = try await house.browser(tone: 700)
                    let page = try await forger.page(house.deskAddress, script: forgery)
                    try await page.signIn("carla", house.secret("carla-page"))
                    try await house.eventually("the refusal is audited", within: .seconds(20)) {
                        let audit = try await house.get("/v1/audit", token: "admin").body
                        return audit.contains("\"agent.browser.refused\"") && audit.contains("wrongFingerprint")
                    }
                    #expect(try await house.metric("browser_wrong_fingerprints_total") >= 1)
                    #expect(try await page.knows("Part.desk.state.audio.connected") == "false")
                    #expect(try await house.agent("carla").contains("\"isRegistered\":false"))
                }
            }
        }
    }
}
