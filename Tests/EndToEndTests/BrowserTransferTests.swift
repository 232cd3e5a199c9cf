// An agent hands a caller on to another one; both work in browsers.

import Foundation
import Testing

extension EndToEnd {
    struct BrowserTransferTests {
        @Test(
            """
            a caller is handed to a colleague in person and from there to a queue: each time another voice is heard, and whoever has \
            handed on is in wrap-up and hears nobody
            """)
        func handOn() async throws {
            let queues = House.deskQueues().replacingOccurrences(
                of: "support: {members: [ben]", with: "support: {members: [anna]")
            try await House.openDesks(["queues.yaml": queues]) { house in
                // What a microphone hears belongs to the browser.
                let anna = try await house.desk(of: "anna", in: try await house.browser(tone: 600))
                let carla = try await house.desk(of: "carla", in: try await house.browser(tone: 880))
                let caller = try await house.caller(tone: 440, from: "49307182")
                try await anna.shows("desk-offer", "sales")
                try await anna.press("a")
                try await caller.does("hear tone 600 within 40s for 500ms")
                try await anna.hears(440)

                try await anna.press("t")
                try await anna.shows("desk-transfer dialog", "Carla Diaz")
                try await anna.until("document.activeElement.matches('#transfer-search')")
                try await anna.type("diaz")
                try await anna.until("!document.querySelector('desk-transfer dialog').innerText.includes('Ben Costa')")
                try await anna.press("ArrowDown")
                try await anna.press("Enter")
                try await caller.does("hear tone \(House.musicHertz) within 40s")
                try await carla.shows("desk-offer", "49307182")
                try await anna.shows("desk-wrap-up", "49307182")
                try await carla.press("a")
                try await caller.does("hear tone 880 within 40s for 500ms")
                try await carla.hears(440)
                try await anna.hears(0)

                try await carla.press("t")
                try await carla.shows("desk-transfer dialog")
                try await carla.click("desk-transfer .targets button", "support")
                try await caller.does("hear tone \(House.musicHertz) within 40s")
                try await carla.shows("desk-wrap-up", "49307182")
                // In wrap-up nobody is rung.
                try await anna.press("Enter", with: .control)
                try await anna.shows("desk-offer", "support")
                try await anna.press("a")
                try await caller.does("hear tone 600 within 40s for 500ms")
                try await anna.hears(440)
                try await carla.hears(0)

                #expect(!caller.isClickedOff)
                try await caller.hangsUp()
                try await anna.shows("desk-wrap-up", "49307182")
                try await anna.expectNoProblems()
                try await carla.expectNoProblems()
                try await expectStory(house)
            }
        }

        private func expectStory(_ house: House) async throws {
            try await house.eventually("the contact has its end") {
                try house.rows("SELECT outcome FROM contacts").map { $0["outcome"] } == ["handled"]
            }
            let story = try house.rows("SELECT kind FROM timeline WHERE contact = 1 ORDER BY rowid").compactMap { $0["kind"] }
            let steps = story.filter { ["contact.answered", "contact.transferred", "contact.ended"].contains($0) }
            let once = ["contact.answered", "contact.transferred"]
            #expect(steps == once + once + ["contact.answered", "contact.ended"], "\(story)")
        }
    }
}
