// Chats beside a call on the real page: brought in over the API, accepted, finished, and kept when the daemon is killed.

import Foundation
import Testing

extension EndToEnd {
    struct WorkTests {
        private static let files = [
            "routing.yaml": """
            kinds:
              chat: {channel: chat, weight: 20, per_agent_max: 5, interrupted_by: [call]}
              dispute: {channel: chat, weight: 20, per_agent_max: 2}

            """,
            "queues.yaml": House.deskQueues("kinds: [call, chat, dispute]"),
        ]

        private struct Contact: Decodable {
            var id: Int
            var state: String
            var kind: String?
            var outcome: String?
        }

        private func bring(_ house: House, _ kind: String, _ name: String, key: String? = nil) async throws -> Contact {
            let answer = try await house.request(
                "POST", "/v1/contacts", token: "admin",
                body: #"{"kind":"\#(kind)","queue":"sales","name":"\#(name)","subject":"About \#(name)"}"#,
                headers: ["Content-Type: application/json"] + (key.map { ["Idempotency-Key: \($0)"] } ?? []))
            guard answer.status == 201 else { throw Failure("not taken: \(answer)") }
            return try JSONDecoder().decode(Contact.self, from: Data(answer.body.utf8))
        }

        private func contact(_ id: Int, _ house: House) async throws -> Contact {
            let answer = try await house.get("/v1/contacts/\(id)", token: "admin")
            return try JSONDecoder().decode(Contact.self, from: Data(answer.body.utf8))
        }

        /// Waits until so many pieces are in that state.
        private func expect(_ count: Int, _ state: String, on page: DeskPage) async throws {
            try await page.until("document.querySelectorAll('desk-work .piece[data-state=\(state)]').length === \(count)")
        }

        /// Accepts what rings first.
        private func accept(_ page: DeskPage, active: Int) async throws {
            try await page.shows("desk-work .piece[data-state=ringing]")
            try await page.press("a")
            try await expect(active, "active", on: page)
        }

        @Test(
            """
            five chats beside a call, and the sixth waits; one is finished with its note; after kill -9 the agent finds the \
            others, those who wait keep waiting, and a repeated request is still known
            """)
        func chats() async throws {
            try await House.openDesks(Self.files) { house in
                let browser = try await house.browser(tone: 600)
                let page = try await house.desk(of: "anna", in: browser)
                let first = try await bring(house, "chat", "Ines", key: "web-1")
                #expect(first.kind == "chat" && ["queued", "offered"].contains(first.state))
                try await page.shows("desk-work", "About Ines")
                try await accept(page, active: 1)
                _ = try await bring(house, "chat", "Jonas")
                try await accept(page, active: 2)

                let caller = try await house.caller(tone: 440, from: "49307182")
                try await page.shows("desk-offer", "49307182")
                try await page.press("a")
                try await page.shows("desk-call", "Connected")
                try await expect(2, "active", on: page)
                let third = try await bring(house, "chat", "Mei")
                // A call fills its agent: what is not interrupted by anything waits for its end.
                #expect(try await contact(third.id, house).state == "queued")
                try await caller.hangsUp()
                try await page.shows("desk-wrap-up", "49307182")
                try await page.click("desk-wrap-up .code", "Question")
                try await page.press("Enter", with: .control)
                try await accept(page, active: 3)
                for (count, name) in [(4, "Olga"), (5, "Pia")] {
                    _ = try await bring(house, "chat", name)
                    try await accept(page, active: count)
                }
                try await page.shows("desk-work .capacity", "Chats: 5 of 5")
                let sixth = try await bring(house, "chat", "Quinn")
                #expect(try await contact(sixth.id, house).state == "queued")
                try await expect(0, "ringing", on: page)

                try await finishFirst(page)
                try await page.shows("desk-work .piece[data-state=ringing]", "Quinn")
                try await house.eventually("the note is kept") {
                    try house.rows("SELECT contact, disposition, body FROM notes WHERE contact = \(first.id)")
                        == [["contact": "\(first.id)", "disposition": "order", "body": "sent a lid"]]
                }
                #expect(try await contact(first.id, house).outcome == "handled")
                let metrics = try await house.get("/metrics", token: "admin").body
                for (name, value) in [("active", 4), ("waiting", 1), ("capacity_units", 100)] {
                    #expect(metrics.contains("\nswitchboard_work_\(name){kind=\"chat\"} \(value)\n"), "\(name)")
                }
                try await page.expectNoProblems()
                try await restart(house, page, sixth: sixth.id)
                #expect(try await bring(house, "chat", "Ines", key: "web-1").id == first.id)
                #expect(!house.log.joined().contains("About"))
                let journal = try house.rows("SELECT body FROM journal").compactMap { $0["body"] }
                #expect(!journal.contains { $0.contains("About") || $0.contains("Ines") })
            }
        }

        private func finishFirst(_ page: DeskPage) async throws {
            try await page.click("desk-work .piece-acts button", "Done")
            try await page.shows("desk-work .piece[data-state=wrapUp]", "Ines")
            try await page.click("desk-work .piece[data-state=wrapUp] .piece-opener")
            try await page.click("desk-work .code", "Order")
            try await page.press("n")
            try await page.until("document.activeElement.matches('.piece textarea')")
            try await page.type("sent a lid")
            try await page.press("Enter", with: .control)
            try await expect(0, "wrapUp", on: page)
        }

        private func restart(_ house: House, _ page: DeskPage, sixth: Int) async throws {
            house.kill()
            #expect(try await house.daemon.status(within: .seconds(20)) == -9)
            try await house.start()
            #expect(["queued", "offered"].contains(try await contact(sixth, house).state))
            try await page.shows("desk-sign-in")
            try await page.signIn("anna", house.secret("anna-page"))
            try await expect(4, "active", on: page)
            try await accept(page, active: 5)
            try await page.shows("desk-work", "About Quinn")
            #expect(try await contact(sixth, house).state == "active")
        }

        @Test("what nobody is there for waits, is taken back, and is the same when the journal is played again")
        func taken() async throws {
            try await House.openDesks(Self.files) { house in
                var contacts: [Contact] = []
                for name in ["Ines", "Jonas", "Mei"] { contacts.append(try await bring(house, "dispute", name)) }
                let kinds = try await house.get("/v1/kinds", token: "admin").body
                #expect(kinds.contains(#""perAgentMax":2"#), "\(kinds)")
                let refused = try await house.request(
                    "POST", "/v1/contacts", token: "admin", body: #"{"kind":"call","queue":"sales"}"#,
                    headers: ["Content-Type: application/json"])
                #expect(refused.status == 422 && refused.body.contains("no call"), "\(refused)")
                let last = try #require(contacts.last).id
                #expect(try await house.request("DELETE", "/v1/contacts/\(last)", token: "admin").status == 204)
                #expect(try await contact(last, house).outcome == "unserved")
                try await house.stop()
                try await house.expectEqualReplay()
                try await house.start()
            }
        }
    }
}
