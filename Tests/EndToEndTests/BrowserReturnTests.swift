// What ends calls elsewhere: reload, second tab, crash, a tab that sleeps.

import Foundation
import Testing

extension EndToEnd {
    struct BrowserReturnTests {
        /// What agents and callers are promised, in milliseconds; on an idle loopback it is a fifth of that.
        private static let returnMax = 500.0
        private static let acceptMax = 300.0
        private static let noticeMax = 1000.0

        /// The caller talks with Anna's page; when she accepted, in milliseconds.
        @discardableResult
        private func talk(_ caller: Phone, _ page: DeskPage) async throws -> Double {
            try await page.shows("desk-offer")
            try await page.click("desk-offer button", "Accept")
            try await caller.does("hear tone 600 within 40s for 200ms")
            return try #require(try await page.stamps()["accept"])
        }

        @Test(
            """
            accepted, both are heard at once; a reload keeps the caller, who hears music and, within half a second from the page's \
            return, the agent again, as the agent hears the caller
            """,
            arguments: AgentBrowser.Kind.allCases)
        func reload(in kind: AgentBrowser.Kind) async throws {
            // The other tests speak G.711 with the browsers.
            let listeners = House.deskFiles["listeners.yaml"]?
                .replacingOccurrences(of: "{port: @BROWSERS@}", with: "{port: @BROWSERS@, agent_codec: opus}")
            try await House.openDesks(["listeners.yaml": try #require(listeners)]) { house in
                let browser = try await house.browser(kind, tone: 600)
                let page = try await house.desk(of: "anna", in: browser)
                let caller = try await house.caller(tone: 440)
                let accepted = try await talk(caller, page)
                try await page.until("stamps.heard")
                let atCaller = try #require(caller.began("tone 600", since: accepted)) - accepted
                let atAgent = try #require(try await page.stamps()["heard"]) - accepted
                print("\(kind.rawValue): accept to the agent's voice \(Int(atCaller)) ms, to the caller's \(Int(atAgent)) ms")
                #expect(atCaller <= Self.acceptMax && atAgent <= Self.acceptMax, "\(atCaller), \(atAgent) ms")
                let clocks = try await page.clocks()
                for _ in 0..<3 {
                    let reloaded = try await page.reload()
                    try await caller.does("hear tone \(House.musicHertz) within 40s")
                    try await caller.does("hear tone 600 within 40s for 500ms")
                    try await expectReturn(of: page, to: caller, since: reloaded)
                    #expect(try await page.clocks() == clocks)
                }
                #expect(try await page.knows("Part.desk.voice.peer.remoteDescription.sdp.includes('opus')") == "true")
                #expect(!caller.isClickedOff)
                try await caller.hangsUp()
                try await page.shows("desk-wrap-up")
            }
        }

        /// All times are of one clock: the caller's, the page's and ours.
        private func expectReturn(of page: DeskPage, to caller: Phone, since reloaded: Double) async throws {
            try await page.shows("desk-call", "Connected")
            try await page.hears(440)
            let stamps = try await page.stamps()
            func stamp(_ name: String) throws -> Double { try #require(stamps[name], "no \(name) in \(stamps)") }
            let (left, back) = (try stamp("left"), try stamp("open"))
            let music = try #require(caller.began("tone \(House.musicHertz)", since: reloaded)) - left
            let agentHears = try stamp("heard") - back
            let callerHears = try #require(caller.began("tone 600", since: back)) - back
            let steps = stamps.filter { $0.value >= back }.sorted { $0.value < $1.value }.map {
                "\($0.key) \(Int($0.value - back))"
            }
            print(
                """
                \(page.browser.kind.rawValue): gone to music \(Int(music)) ms; away \(Int(back - left)) ms; back to the caller's \
                voice \(Int(agentHears)) ms, to the agent's \(Int(callerHears)) ms; \(steps.joined(separator: ", "))
                """)
            #expect(music <= Self.noticeMax, "\(music) ms")
            #expect(agentHears <= Self.returnMax && callerHears <= Self.returnMax, "\(agentHears), \(callerHears): \(steps)")
        }

        @Test("a second tab takes the desk over once it has asked; the call goes on there, and the first tab says so")
        func takeOver() async throws {
            try await House.openDesks { house in
                let browser = try await house.browser(tone: 600)
                let first = try await house.desk(of: "anna", in: browser)
                let caller = try await house.caller(tone: 440)
                let accepted = try await talk(caller, first)
                let second = try await browser.page(house.deskAddress)
                try await second.shows("desk-taken-over", "open in another tab")
                // Nothing has changed so far.
                try await first.hears(440)
                try await caller.does("hear tone 600 within 40s")
                #expect(caller.began("tone \(House.musicHertz)", since: accepted) == nil)
                try await second.click("desk-taken-over button", "Work here")
                try await first.shows("desk-taken-over", "moved to another tab")
                #expect(try await first.knows("Part.desk.voice.stream === null") == "true")
                try await second.shows("desk-call", "Connected")
                try await second.hears(440)
                // By now it can come from the second tab only.
                try await caller.does("hear tone 600 within 40s for 500ms")
                #expect(!caller.isClickedOff)
                try await second.click("desk-call button", "End call")
                try await caller.does("wait end within 40s")
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
            let site = "time_zone: Europe/Berlin\ndesk: {lost_grace_seconds: 12}\n"
            try await House.openDesks(["site.yaml": site]) { house in
                let browser = try await house.browser(tone: 600)
                let page = try await house.desk(of: "anna", in: browser)
                let first = try await house.caller(tone: 440)
                try await talk(first, page)
                let second = try await house.caller(tone: 550, from: "4930222")
                try await second.does("hear tone \(House.musicHertz) within 40s")
                let silent = try await browser.hangs(true)
                try await first.does("hear tone \(House.musicHertz) within 40s")
                let music = try #require(first.began("tone \(House.musicHertz)", since: silent)) - silent
                print("silence of the browser to music \(Int(music)) ms")
                #expect(music > 1500 && music < 4000, "\(music) ms")
                _ = try await browser.hangs(false)
                try await first.does("hear tone 600 within 10s for 200ms")
                try await page.shows("desk-call", "Connected")
                try await browser.isKilled()
                try await first.does("hear tone \(House.musicHertz) within 40s")
                try await house.eventually("the agent is lost") {
                    try await house.agent("anna").contains("\"refusal\":\"lost\"")
                }
                try await house.eventually("the agent is offline") {
                    try await house.agent("anna").contains("\"state\":\"offline\"")
                }
                let ben = try await house.phone(
                    "ben-desk", tone: 880,
                    "wait invite within 60s; answer; hear tone 440 within 40s; wait bye within 60s")
                try await first.does("hear tone 880 within 40s for 500ms")
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
            try await House.openDesks(["queues.yaml": House.deskQueues(wrapUpSeconds: 0)]) { house in
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
                try await caller.does("hear tone 600 within 40s for 200ms")
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
                    "wait invite within 60s; answer; hear tone 550 within 40s; wait bye within 60s; deregister")
                let next = try await house.caller(tone: 550, from: "4930222")
                try await next.does("hear tone 880 within 40s for 500ms")
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
