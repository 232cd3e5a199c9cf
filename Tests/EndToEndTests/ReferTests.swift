// The transfer button of a desk phone, and phones that have no right to press it.

import Foundation
import Testing

extension EndToEnd {
    struct ReferTests {
        @Test(
            "a desk phone hands the caller to a colleague; a wrong target is refused and the call stands; callers move nobody")
        func refer() async throws {
            let queue = "queues:\n  sales: {members: [anna, ben], wrap_up_seconds: 60, announce_every_seconds: never}\n"
            try await House.open(["queues.yaml": queue]) { house in
                let anna = try await house.phone("anna-desk", tone: 880, "-")
                let caller = try house.call("100", tone: 440, listen: [660, 880], "-")
                try caller.program.say("wait answered\npress 1")
                try anna.program.say("wait invite within 20s\nanswer\nhear tone 440 within 20s")
                try caller.program.say("hear tone 880 within 20s\nrefer ben 603")
                try await caller.reaches("refer ben 603")
                let ben = try await house.phone("ben-desk", tone: 660, "-")
                try ben.program.say("wait invite within 20s\nanswer\nhear tone 440 within 20s")
                let replaced = "refer sip:ben@127.0.0.1?Replaces=a%3Bto-tag%3Db%3Bfrom-tag%3Dc 501"
                try anna.program.say(
                    "refer +4930999 404\nrefer anna 404\n\(replaced)\nhear tone 440\nrefer ben-desk\nwait bye within 20s")
                try caller.program.say("hear tone 660 within 20s for 500ms\nhang up")
                try await anna.reaches("wait bye within 20s", within: .seconds(40))
                try await caller.reaches("hang up", within: .seconds(40))
                try await ben.reaches("hear tone 440 within 20s")
                try await house.eventually("the contact has its end") {
                    try house.rows("SELECT outcome FROM contacts").map { $0["outcome"] } == ["handled"]
                }
                let transfers = try house.rows("SELECT at FROM timeline WHERE kind = 'contact.transferred'")
                #expect(transfers.count == 1)
            }
        }
    }
}
