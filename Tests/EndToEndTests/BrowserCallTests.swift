// Agents in real browsers, on the real page: the main job.

import Foundation
import Testing

extension EndToEnd {
    struct BrowserCallTests {
        @Test(
            "an agent signs in at the page, takes a call and writes a note; both tones are heard and stand in their channels",
            arguments: AgentBrowser.Kind.allCases)
        func call(in kind: AgentBrowser.Kind) async throws {
            try await House.openDesks(["queues.yaml": House.deskQueues(House.recorded)]) { house in
                let browser = try await house.browser(kind, tone: 600)
                let page = try await browser.page(house.deskAddress)
                try await page.signIn("anna", "guessed")
                try await page.shows("desk-sign-in .problem", "do not match")
                // What was typed is selected, to be typed over.
                try await page.type(house.secret("anna-page"))
                try await page.press("Enter")
                try await page.goAvailable()
                let caller = try await house.caller(tone: 440, from: "49307182")
                try await caller.does("hear tone \(House.musicHertz) within 40s")
                try await page.shows("desk-offer", "49307182")
                try await page.shows("desk-offer", "sales")
                switch kind {
                case .chromium: try await page.click("desk-offer button", "Accept")
                case .firefox: try await page.press("a")
                }
                try await caller.does("hear tone 600 within 40s for 1s")
                try await page.shows("desk-call", "Connected")
                try await page.hears(440)
                try await caller.hangsUp()
                try await page.shows("desk-wrap-up", "49307182")
                try await page.click("desk-wrap-up .code", "Question")
                try await page.press("n")
                try await page.until("document.activeElement.matches('desk-wrap-up textarea')")
                try await page.type("asked for a lid")
                try await page.press("Enter", with: .control)
                try await page.shows("desk-recent", "49307182")
                try await page.shows("desk-idle", "The next call rings here.")
                try await page.expectNoProblems()
                try await expectRecording(house)
                try await expectNote(house)
            }
        }

        private func expectRecording(_ house: House) async throws {
            try await house.eventually("the recording is saved") {
                try house.rows("SELECT * FROM recordings").first?["state"] == "saved"
            }
            let file = try await house.recorded()
            let left = file.content(0, tone: 440)
            let right = file.content(1, tone: 600)
            #expect(left.tone > 50 && right.tone > 50, "\(left) \(right)")
            // On a busy machine voices have gaps, whose borders are neither; but nobody else is heard.
            #expect(left.other * 20 <= left.tone && right.other * 10 <= right.tone, "\(left) \(right)")
        }

        private func expectNote(_ house: House) async throws {
            struct Answer: Decodable {
                struct Note: Decodable, Equatable {
                    var agent: String
                    var disposition: String?
                    var text: String
                }
                var outcome: String?
                var notes: [Note]
            }
            try await house.eventually("the note is kept") {
                let body = try await house.get("/v1/contacts/1?notes=true", token: "admin").body
                let answer = try JSONDecoder().decode(Answer.self, from: Data(body.utf8))
                return answer.outcome == "handled"
                    && answer.notes == [.init(agent: "anna", disposition: "question", text: "asked for a lid")]
            }
            #expect(!house.log.joined().contains("asked for a lid") && !house.log.joined().contains("49307182"))
        }

        @Test("the buttons of the page: hold, mute, keypad, recording pause and transfer are heard at the caller")
        func buttons() async throws {
            try await House.openDesks(["queues.yaml": House.deskQueues(House.recorded)]) { house in
                let browser = try await house.browser(tone: 600)
                let page = try await house.desk(of: "anna", in: browser)
                let ben = try await house.phone(
                    "ben-desk", tone: 880,
                    "wait invite within 300s; answer; hear tone 440 within 40s for 500ms; wait bye within 60s")
                let caller = try await house.caller(tone: 440)
                try await page.shows("desk-offer")
                try await page.press("a")
                try await caller.does("hear tone 600 within 40s for 200ms")
                try await page.shows("desk-call", "Recording")

                try await page.press("h")
                try await caller.does("hear tone \(House.musicHertz) within 40s")
                try await page.shows("desk-call", "On hold")
                try await page.hears(0)
                try await page.press("h")
                try await caller.does("hear tone 600 within 40s")
                try await page.shows("desk-call", "Connected")

                try await page.press("m")
                try await caller.does("hear silence within 40s")
                try await page.shows("desk-call", "Muted")
                try await page.hears(440)
                try await page.press("m")
                try await caller.does("hear tone 600 within 40s")
                try await page.shows("desk-call", "Connected")

                try await page.click("desk-call button", "Keypad")
                try await page.shows("desk-keypad dialog")
                try await page.press("4")
                try await page.click("desk-keypad .key", "#")
                try await caller.does("hear digits 4# within 40s")
                try await page.press("Escape")
                try await caller.does("hear tone 600 within 40s")

                try await page.press("r")
                try await page.shows("desk-call", "Recording paused")
                // For as long as that takes.
                try await page.hears(440)
                try await page.press("r")
                try await page.until("!document.querySelector('desk-call').innerText.includes('Recording paused')")
                try await caller.does("hear tone 600 within 40s")

                try await page.press("t")
                try await page.shows("desk-transfer dialog")
                try await page.click("desk-transfer .targets button", "support")
                try await caller.does("hear tone 880 within 40s for 500ms")
                try await page.shows("desk-wrap-up")
                try await caller.hangsUp()
                try await ben.succeeds()
                try await page.expectNoProblems()
                try await expectStory(house)
            }
        }

        /// What the buttons left behind.
        private func expectStory(_ house: House) async throws {
            try await house.eventually("the contact has its end") {
                try house.rows("SELECT outcome FROM contacts").first?["outcome"] == "handled"
            }
            let kinds = try house.rows("SELECT kind FROM timeline WHERE contact = 1").compactMap { $0["kind"] }
            for kind in ["recording.paused", "recording.resumed", "contact.transferred"] {
                #expect(kinds.contains(kind), "\(kinds)")
            }
            try await house.eventually("the recording is saved") {
                try house.rows("SELECT state FROM recordings").first?["state"] == "saved"
            }
            let caller = try await house.recorded().content(0, tone: 440)
            // The caller was never silent: that is the pause, of more than a second.
            #expect(caller.tone > 100 && caller.silence > 50 && caller.other * 10 <= caller.tone, "\(caller)")
        }
    }
}
