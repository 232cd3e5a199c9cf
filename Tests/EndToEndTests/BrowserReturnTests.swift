// What ends calls elsewhere: reload, second tab, crash, a tab that sleeps.

import Foundation
import Testing

extension EndToEnd {
    struct BrowserReturnTests {
        /// The caller talks with Anna's page; the time from her click until the caller heard her, in milliseconds.
        @discardableResult
        private func talk(_ caller: Phone, _ page: DeskPage) async throws -> Double {
            try await page.shows("desk-offer")
            let accepted = try await page.click("desk-offer button", "Accept")
            try await caller.does("hear tone 600 within 20s for 200ms")
            return try caller.began("tone 600") - accepted
        }

        @Test(
            "accepted, the agent is heard at once; a reload keeps the caller, who hears music and then the agent again",
            arguments: AgentBrowser.Kind.allCases)
        func reload(in kind: AgentBrowser.Kind) async throws {
            // The other tests speak G.711 with the browsers.
            let listeners = House.deskFiles["listeners.yaml"]?
                .replacingOccurrences(of: "{port: @BROWSERS@}", with: "{port: @BROWSERS@, agent_codec: opus}")
            try await House.openDesks(["listeners.yaml": try #require(listeners)]) { house in
                let browser = try await house.browser(kind, tone: 600)
                let page = try await house.desk(of: "anna", in: browser)
                let caller = try await house.caller(tone: 440)
                let delay = try await talk(caller, page)
                print("\(kind.rawValue): accept to audio at the caller \(Int(delay)) ms")
                #expect(delay < 1000, "\(delay) ms")
                let before = try await page.clocks()
                let reloaded = try await page.reload()
                try await caller.does("hear tone \(House.musicHertz)")
                let music = try caller.began("tone \(House.musicHertz)") - reloaded
                try await caller.does("hear tone 600 within 30s for 500ms")
                let back = try caller.began("tone 600") - reloaded
                print("\(kind.rawValue): reload to music \(Int(music)) ms, to the agent's voice \(Int(back)) ms")
                #expect(music < 3000, "\(music) ms")
                try await page.shows("desk-call", "Connected")
                try await page.hears(440)
                #expect(try await page.clocks() == before)
                #expect(try await page.knows("Part.desk.voice.peer.remoteDescription.sdp.includes('opus')") == "true")
                #expect(!caller.isClickedOff)
                try await caller.hangsUp()
                try await page.shows("desk-wrap-up")
            }
        }

        @Test("a second tab takes the desk over once it has asked; the call goes on there, and the first tab says so")
        func takeOver() async throws {
            try await House.openDesks { house in
                let browser = try await house.browser(tone: 600)
                let first = try await house.desk(of: "anna", in: browser)
                let caller = try await house.caller(tone: 440)
                try await talk(caller, first)
                let second = try await browser.page(house.deskAddress)
                try await second.shows("desk-taken-over", "open in another tab")
                // Nothing has changed so far.
                try await first.hears(440)
                #expect(caller.events.last { $0.name == "heard" }?.fields["what"] == "tone 600")
                try await second.click("desk-taken-over button", "Work here")
                try await first.shows("desk-taken-over", "moved to another tab")
                #expect(try await first.knows("Part.desk.voice.stream === null") == "true")
                try await second.shows("desk-call", "Connected")
                try await second.hears(440)
                // By now it can come from the second tab only.
                try await caller.does("hear tone 600 within 20s for 500ms")
                #expect(!caller.isClickedOff)
                try await second.click("desk-call button", "End call")
                try await caller.does("wait end")
                try await second.shows("desk-wrap-up")
                try caller.program.type("")
                try await caller.succeeds()
            }
        }

        @Test(
            """
            a cable that is pulled for seconds: music, and the agent again; a browser that is killed: music, and after the grace \
            the caller gets the old place, before who came later
            """)
        func silenceAndDeath() async throws {
            let site = "time_zone: Europe/Berlin\ndesk: {lost_grace_seconds: 6}\n"
            try await House.openDesks(["site.yaml": site]) { house in
                let browser = try await house.browser(tone: 600)
                let page = try await house.desk(of: "anna", in: browser)
                let first = try await house.caller(tone: 440)
                try await talk(first, page)
                let second = try await house.caller(tone: 550, from: "4930222")
                try await second.does("hear tone \(House.musicHertz)")
                let silent = try await browser.hangs(true)
                try await first.does("hear tone \(House.musicHertz)")
                let music = try first.began("tone \(House.musicHertz)") - silent
                print("silence of the browser to music \(Int(music)) ms")
                #expect(music > 1500 && music < 4000, "\(music) ms")
                _ = try await browser.hangs(false)
                try await first.does("hear tone 600 within 5s for 200ms")
                try await page.shows("desk-call", "Connected")
                try await browser.isKilled()
                try await first.does("hear tone \(House.musicHertz)")
                try await house.eventually("the agent is lost") {
                    try await house.agent("anna").contains("\"refusal\":\"lost\"")
                }
                try await house.eventually("the agent is offline") {
                    try await house.agent("anna").contains("\"state\":\"offline\"")
                }
                let ben = try await house.phone(
                    "ben-desk", tone: 880,
                    "wait invite within 20s; answer; hear tone 440 within 10s; wait bye within 20s")
                try await first.does("hear tone 880 within 20s for 500ms")
                #expect(!first.isClickedOff)
                try await first.hangsUp()
                try await ben.succeeds()
                second.vanishes()
            }
        }

        @Test(
            "a page in the background rings; a frozen one makes the agent lost before an offer is spent, and wakes up as before"
        )
        func backgroundAndFrozen() async throws {
            let queues = House.deskQueues().replacingOccurrences(of: "wrap_up_seconds: 60", with: "wrap_up_seconds: 0")
            try await House.openDesks(["queues.yaml": queues]) { house in
                let browser = try await house.browser(tone: 600)
                let page = try await house.desk(of: "anna", in: browser)
                try await browser.cover()
                try await page.until("document.hidden")
                let caller = try await house.caller(tone: 440)
                try await page.until("document.title.startsWith('☎')")
                try await page.until("document.querySelector('link[rel=icon]').href.includes('ringing')")
                try await page.until(
                    "import('/agent/dom.js').then(({ Part: { desk } }) => desk.ringer.source && !desk.ringer.element.paused)")
                // A letter goes to the tab in front; the button is still there.
                try await page.does("value", ["expression": "document.querySelector('desk-offer').accept.click()"])
                try await caller.does("hear tone 600 within 20s for 200ms")
                try await caller.hangsUp()
                try await house.eventually("the agent is free") {
                    try await house.agent("anna").contains("\"canBeOffered\":true")
                }

                let since = try await page.knows("Part.desk.state.presence.since")
                try await page.freezes(true)
                try await house.eventually("the agent is lost", within: .seconds(30)) {
                    try await house.agent("anna").contains("\"refusal\":\"lost\"")
                }
                let ben = try await house.phone(
                    "ben-desk", tone: 880,
                    "wait invite within 20s; answer; hear tone 550 within 10s; wait bye within 20s; deregister")
                let next = try await house.caller(tone: 550, from: "4930222")
                try await next.does("hear tone 880 within 20s for 500ms")
                try await next.hangsUp()
                try await ben.succeeds()
                let story = try await house.get("/v1/contacts/2", token: "admin").body
                #expect(!story.contains("\"agent\":\"anna\""), "\(story)")

                try await page.freezes(false)
                try await house.eventually("the agent is back") {
                    try await house.agent("anna").contains("\"canBeOffered\":true")
                }
                try await page.shows("desk-idle", "The next call rings here.")
                #expect(try await page.knows("Part.desk.state.presence.since") == since)
            }
        }
    }
}
