// Numbers outside, over a real trunk: asked, brought in, handed the caller; and what they are when they are not reached.

import Foundation
import Testing

extension EndToEnd {
    struct OutsideTests {
        private static let files = [
            "queues.yaml":
                "queues:\n  sales: {members: [anna], wrap_up_seconds: 1, announce_every_seconds: never, music: hold.wav}\n",
            "trunks.yaml": """
            trunks:
              carrier:
                peer: 127.0.0.1:@CARRIER@
                inbound: [127.0.0.1]
                caller_id: "4930100"
                numbers: {country: "49", national: "0", international: "00"}
                outside: {allow: ["+49"], deny: ["+49900"], max_calls: 1}

            """,
        ]

        private struct Talk {
            let house: House
            let caller: Phone, anna: Phone

            init(_ house: House) async throws {
                self.house = house
                anna = try await house.phone("anna-desk", tone: 880, "-")
                caller = try house.call("100", tone: 440, listen: [550, 880, 1500], "-")
                try caller.program.say("wait answered\npress 1")
                try anna.program.say("wait invite within 20s\nanswer\nhear tone 440 within 20s")
                try await anna.reaches("hear tone 440 within 20s")
            }

            @discardableResult
            func post(_ act: String, _ body: String = "", status: Int = 204) async throws -> String {
                let answer = try await house.request(
                    "POST", "/v1/contacts/1/\(act)", token: "admin", body: body,
                    headers: body.isEmpty ? [] : ["Content-Type: application/json"])
                try #require(answer.status == status, "\(act): \(answer)")
                return answer.body
            }

            /// The tone arrives at that ear, and a moment later still does.
            func hear(_ phone: Phone, _ tone: Int, _ step: Int) async throws {
                let hears = "hear tone \(tone) within \(20_000 + step)ms for 200ms"
                try phone.program.say("pause 300ms\n" + hears)
                try await phone.reaches(hears, within: .seconds(40))
            }
        }

        private func open(_ test: (Talk) async throws -> Void) async throws {
            let house = try House(Self.files)
            try ToneFile.write(1500, seconds: 30, to: house.configuration + "/prompts/hold.wav")
            try await house.hosts { try await test(try await Talk(house)) }
        }

        @Test(
            "a number is refused by name of its rule, asked, swapped, brought in and left with the caller; it is kept nowhere")
        func consult() async throws {
            try await open { talk in
                #expect(try await talk.post("consult", #"{"number":"0900 123456"}"#, status: 409).contains("number_denied"))
                #expect(
                    try await talk.post("consult", #"{"number":"+43 1 234567"}"#, status: 409).contains("number_not_allowed"))
                #expect(try await talk.post("consult", #"{"number":"112"}"#, status: 422).contains("/number"))
                let outside = try talk.house.carrier(
                    tone: 550,
                    "wait invite within 30s; ring 300ms; answer; hear tone 880 within 20s; hear tones 440+880 within 30s; hear tone 440 within 30s for 500ms; hang up"
                )
                try await outside.program.line("listening", within: .seconds(10))
                try await talk.post("consult", #"{"number":"(030) 555 66-77"}"#)
                try await talk.hear(talk.anna, 550, 1)
                try await talk.hear(talk.caller, 1500, 1)
                try await talk.post("swap")
                try await talk.hear(talk.caller, 880, 2)
                try await talk.post("swap")
                try await talk.hear(talk.caller, 1500, 3)
                try await talk.post("merge")
                try talk.caller.program.say("pause 300ms\nhear tones 550+880 within 20s")
                try await talk.caller.reaches("hear tones 550+880 within 20s")
                try await outside.reaches("hear tones 440+880 within 30s", within: .seconds(40))
                try talk.anna.program.say("wait bye within 20s")
                try await talk.post("leave")
                try await talk.anna.reaches("wait bye within 20s")
                try await outside.succeeds()
                let invited = try #require(outside.events.first { $0.name == "invited" }?.fields)
                #expect(invited["uri"]?.hasPrefix("sip:+49305556677@") == true, "\(invited)")
                #expect(invited["from"]?.contains("4930100") == true, "\(invited)")
                try await talk.house.eventually("the contact has its end") {
                    try talk.house.rows("SELECT outcome FROM contacts").map { $0["outcome"] } == ["transferred"]
                }
                for table in ["journal", "audit", "timeline"] {
                    let rows = try talk.house.rows("SELECT * FROM \(table)").map { "\($0)" }.joined()
                    #expect(!rows.contains("5556677") && !rows.contains("555 66"), "\(table)")
                }
                #expect(!talk.house.log.joined().contains("5556677"))
            }
        }

        @Test("a transfer to a number that is busy leaves the call as it was; to one that answers, the caller is there alone")
        func transfer() async throws {
            try await open { talk in
                let busy = try talk.house.carrier(tone: 550, "wait invite within 30s; ring 300ms; decline 486")
                try await busy.program.line("listening", within: .seconds(10))
                try await talk.post("transfer", #"{"number":"+49305556677"}"#)
                try await busy.succeeds()
                try await talk.hear(talk.caller, 880, 1)
                let story = try await talk.house.get("/v1/contacts/1", token: "admin").body
                #expect(story.contains("contact.not-connected") && story.contains("\"busy\""), "\(story)")
                let outside = try talk.house.carrier(
                    tone: 550, "wait invite within 30s; ring 300ms; answer; hear tone 440 within 20s for 500ms; hang up")
                try await outside.program.line("listening", within: .seconds(10))
                try talk.anna.program.say("wait bye within 20s")
                try await talk.post("transfer", #"{"number":"+49305556677"}"#)
                try await talk.anna.reaches("wait bye within 20s")
                try await talk.hear(talk.caller, 550, 2)
                try await outside.succeeds()
                try await talk.house.eventually("the contact has its end") {
                    try talk.house.rows("SELECT outcome FROM contacts").map { $0["outcome"] } == ["transferred"]
                }
            }
        }

        @Test("hold, mute, keys and a transfer into a flow over the API are heard at the caller's ear")
        func acts() async throws {
            try await open { talk in
                try await talk.post("hold")
                try await talk.post("hold")
                try await talk.hear(talk.caller, 1500, 1)
                try await talk.post("resume")
                try await talk.hear(talk.caller, 880, 2)
                try await talk.post("mute")
                try talk.caller.program.say("pause 300ms\nnot hear tone 880 for 500ms")
                try await talk.caller.reaches("not hear tone 880 for 500ms")
                try await talk.post("unmute")
                try await talk.hear(talk.caller, 880, 3)
                try talk.caller.program.say("hear digits 12# within 10s")
                try await talk.post("digits", #"{"digits":"12#"}"#)
                try await talk.caller.reaches("hear digits 12# within 10s")
                try await talk.post("transfer", #"{"flow":"none"}"#, status: 409)
                try talk.anna.program.say("wait bye within 20s")
                try talk.caller.program.say("hear speech within 10s")
                try await talk.post("transfer", #"{"flow":"main"}"#)
                try await talk.anna.reaches("wait bye within 20s")
                try await talk.caller.reaches("hear speech within 10s")
                try talk.caller.program.say("hang up")
                try await talk.caller.reaches("hang up")
            }
        }
    }
}
