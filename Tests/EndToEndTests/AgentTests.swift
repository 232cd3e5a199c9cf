// An agent's day at the desk phone: feature codes, pauses, wrap-up.

import Foundation
import Testing

extension EndToEnd {
    struct AgentTests {
        @Test("after a call the agent is left in peace for the wrap-up, and rung at its deadline")
        func wrapUp() async throws {
            let queue =
                "queues:\n  sales: {members: [anna], wrap_up_seconds: 3, announce_every_seconds: never, music: hold.wav}\n"
            let house = try House(["queues.yaml": queue])
            try ToneFile.write(1200, seconds: 30, to: house.configuration + "/prompts/hold.wav")
            try await house.hosts {
                let anna = try await house.phone(
                    "anna-desk", tone: 880,
                    "wait invite within 20s; answer; hear tone 440; wait bye within 20s; wait invite within 20s; answer; hear tone 550; wait bye within 20s"
                )
                let first = try house.call("100", tone: 440, "-")
                try first.program.say("wait answered\npress 1\nhear tone 880 within 20s for 500ms")
                try await first.reaches("hear tone 880 within 20s for 500ms")
                // Waits already when the wrap-up begins, so that its end alone decides when the agent is rung.
                let second = try house.call(
                    "100", tone: 550,
                    "wait answered; press 1; hear tone 1200; hear tone 880 within 60s for 500ms; hang up")
                try await second.reaches("hear tone 1200")
                let watch = try house.stallWatch(anna)
                try first.program.type("hang up\n")
                try await first.succeeds()
                try await second.succeeds()
                try await anna.succeeds()
                let bye = try anna.time(of: "wait bye within 20s")
                let offer = try anna.event("invited", after: bye).t
                #expect(offer - bye > 2900, "\(offer - bye) ms")
                try await house.eventually("both contacts are closed") {
                    try house.rows("SELECT id FROM contacts WHERE ended IS NOT NULL").count == 2
                }
                // By the daemon's own clock, in microseconds.
                func instant(_ sql: String) throws -> Double {
                    try #require(try house.rows(sql).first?["at"].flatMap(Double.init))
                }
                let wrapUp = try instant("SELECT ended AS at FROM contacts WHERE id = 1")
                let rung = try instant("SELECT at FROM timeline WHERE contact = 2 AND kind = 'contact.offered'")
                let length = (rung - wrapUp) / 1000
                #expect(length >= 3000 && length < 3300 + watch.taken(from: bye + 2900, to: offer), "\(length) ms")
            }
        }

        @Test("feature codes: available, break, offline; each is spoken, counts at once, and another code is told to be none")
        func featureCodes() async throws {
            try await House.open { house in
                func dials(_ code: String) async throws {
                    let phone = try await house.phone(
                        "ben-home", tone: 770, ready: false,
                        "dial \(code); wait answered; hear speech within 10s; wait end within 10s; deregister")
                    try await phone.succeeds()
                }
                let desk = try await house.phone(
                    "ben-desk", tone: 880, ready: false,
                    "wait invite within 60s; answer; hear tone 440; wait bye within 20s")
                try await dials("*77")
                try await dials("*11")
                try await dials("*12")
                let caller = try house.call("100", "wait answered; press 1; hear tone 880 within 40s for 500ms; hang up")
                try await caller.reaches("press 1")
                try await dials("*10")
                // Everything until here went by without a ring.
                #expect(!desk.events.contains { $0.name == "invited" })
                try await dials("*11")
                try await caller.succeeds()
                try await desk.succeeds()
            }
        }

        @Test("a stranger on a phone: a wrong password is refused, and an unknown feature user cannot call")
        func wrongPassword() async throws {
            try await House.open { house in
                for user in ["anna-desk", "nobody"] {
                    let phone = try Phone([
                        "phone", "--local", "127.0.0.5:0", "--user", user, "--password", "wrong", "--registrar",
                        "127.0.0.1:\(house.sipPort)",
                        "--script", "register",
                    ])
                    #expect(try await phone.program.status(within: .seconds(60)) == 1)
                    #expect(try phone.event("registration_refused").fields["status"] == "403", "\(phone.program.output.lines)")
                    let call = try Phone([
                        "call", "--local", "127.0.0.5:0", "--user", user, "--password", "wrong", "--to",
                        "sip:100@127.0.0.1:\(house.sipPort)",
                        "--script", "wait refused 403",
                    ])
                    try await call.succeeds()
                }
                #expect(try house.rows("SELECT * FROM contacts").isEmpty)
            }
        }
    }
}
