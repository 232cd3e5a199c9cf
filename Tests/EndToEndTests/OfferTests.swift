// The moment in which a phone rings: missed, cancelled, answered by one of two, answered in the middle of a sentence.

import Foundation
import Testing

extension EndToEnd {
    struct OfferTests {
        @Test(
            "missed twice: the caller keeps the place, the agent is rung no more, and the next agent gets the first caller first"
        )
        func missedOffers() async throws {
            let queue = """
                queues:
                  sales:
                    members: [anna, ben]
                    offer_seconds: 5
                    wrap_up_seconds: 1
                    announce_every_seconds: never

                """
            try await House.open(["queues.yaml": queue]) { house in
                let anna = try await house.phone(
                    "anna-desk", tone: 880,
                    "wait invite within 20s; ring 20s; wait cancelled; wait invite within 21s; ring 20s; wait cancelled"
                )
                let first = try house.call(
                    "100", tone: 440, "wait answered; press 1; hear tone 990 within 40s; wait bye within 20s")
                try await anna.reaches("wait invite within 21s")
                let second = try house.call(
                    "100", tone: 550, "wait answered; press 1; hear tone 990 within 40s; wait bye within 20s")
                try await anna.succeeds(within: .seconds(60))
                let state = try await house.get("/v1/agents/anna", token: "admin").body
                #expect(
                    state.contains("not-responding") && state.contains("\"canBeOffered\":false"),
                    "not rung again, though two wait: \(state)")
                let ben = try await house.phone(
                    "ben-desk", tone: 990,
                    "wait invite within 20s; answer; hear tone 440 for 500ms; hang up; wait invite within 20s; answer; hear tone 550 for 500ms; hang up"
                )
                try await ben.succeeds(within: .seconds(40))
                try await first.succeeds()
                try await second.succeeds()
                let ends = try house.rows("SELECT contact, kind FROM timeline WHERE kind = 'offer.missed'").map {
                    $0["contact"]
                }
                #expect(ends == ["1", "1"], "\(ends)")
            }
        }

        @Test("two phones of one agent ring; when one answers, the other is cancelled")
        func twoPhones() async throws {
            try await House.open { house in
                let home = try await house.phone(
                    "ben-home", tone: 990, ready: false, "wait invite within 30s; ring 20s; wait cancelled")
                let desk = try await house.phone(
                    "ben-desk", tone: 880, "wait invite within 20s; ring 500ms; answer; hear tone 440; wait bye within 20s")
                let watch = try house.stallWatch(home, desk)
                let caller = try house.call("100", "wait answered; press 1; hear tone 880 within 20s for 500ms; hang up")
                try await home.succeeds()
                try await caller.succeeds()
                try await desk.succeeds()
                let answered = try desk.time(of: "answer")
                let cancelled = try home.event("cancelled").t
                #expect(watch.own(from: answered, to: cancelled) < 200, "\(cancelled - answered) ms")
            }
        }

        @Test("a caller who hangs up is rung for no more: the phone has its CANCEL within 200 ms")
        func callerGivesUp() async throws {
            let queue = "queues:\n  sales: {members: [anna], announce_every_seconds: never, music: hold.wav}\n"
            let house = try House(["queues.yaml": queue])
            try ToneFile.write(1200, seconds: 30, to: house.configuration + "/prompts/hold.wav")
            try await house.hosts {
                let anna = try await house.phone("anna-desk", tone: 880, "wait invite within 20s; ring 20s; wait cancelled")
                // The phone is rung in the turn in which the music begins.
                let caller = try house.call("100", "wait answered; press 1; hear tone 1200; hang up")
                let watch = try house.stallWatch(anna, caller)
                try await caller.succeeds()
                try await anna.succeeds()
                let cancelled = try anna.event("cancelled").t
                let gone = try caller.time(of: "hear tone 1200")
                #expect(watch.own(from: gone, to: cancelled) < 200, "\(cancelled - gone) ms")
                try await house.eventually("the contact is closed as abandoned") {
                    try house.rows("SELECT outcome FROM contacts") == [["outcome": "abandoned"]]
                }
            }
        }

        @Test("an agent who answers in the middle of an announcement is heard within 100 ms")
        func announcementIsCutShort() async throws {
            let phrase =
                "You are caller number {number} in this queue, and while you wait we tell you a rather long story about it."
            let site = "phrases: {position: \"\(phrase)\"}\n"
            let queue = "queues:\n  sales: {members: [anna], announce_every_seconds: 0}\n"
            // Nothing is spoken but the announcement.
            let flow = "start: sales\nnodes:\n  sales: {do: queue, queue: sales}\n"
            try await House.open(["site.yaml": site, "queues.yaml": queue, "flows/main.yaml": flow]) { house in
                let anna = try await house.phone("anna-desk", tone: 880, "-")
                try anna.program.say("wait invite within 20s\nring")
                let caller = try house.call(
                    "100", "wait answered; hear speech within 20s; hear tone 880 within 20s for 500ms; hang up")
                let watch = try house.stallWatch(anna, caller)
                try await caller.reaches("hear speech within 20s")
                try await anna.reaches("ring")
                try anna.program.type("answer\nhear tone 440\nwait bye within 20s\n")
                try await caller.succeeds()
                try await anna.succeeds()
                let answered = try anna.time(of: "answer")
                // The announcement was really under way.
                let speech = caller.events.last { $0.name == "heard" && $0.t < answered }
                #expect(speech?.fields["what"] == "speech", "\(caller.program.output.lines)")
                let began = try heard("880", by: caller)
                #expect(watch.own(from: answered, to: began) < 100, "\(began - answered) ms")
                let agentBegan = try heard("440", by: anna)
                #expect(watch.own(from: answered, to: agentBegan) < 100, "\(agentBegan - answered) ms")
            }
        }

        private func heard(_ tone: String, by phone: Phone) throws -> Double {
            let event = try phone.event("heard") { $0.fields["what"]?.contains(tone) == true }
            return try #require(event.fields["began"].flatMap(Double.init))
        }
    }
}
