// Three on a call: a tone of its own for each, and what arrives at every ear.

import Foundation
import Testing

extension EndToEnd {
    struct ConferenceTests {
        private static let music = 1500
        private static let queue =
            """
            queues:
              sales:
                members: [anna]
                wrap_up_seconds: 60
                announce_every_seconds: never
                music: hold.wav
                record: true
                record_announcement: This call is recorded.

            """

        private struct Track: Decodable {
            var party: String
            var agent: String?
            var channel: Int
            var to: Int64?
        }

        /// Of each channel the tone that it has, and none of the others.
        private func check(_ sound: SoundFile, _ tones: [Int]) {
            #expect(sound.channels.count == tones.count)
            for (channel, tone) in tones.enumerated() where channel < sound.channels.count {
                #expect(sound.content(channel, tone: Double(tone)).tone > 25, "channel \(channel)")
                for other in [440, 660, 880, Self.music] where other != tone {
                    let heard = sound.content(channel, tone: Double(other)).tone
                    #expect(heard == 0, "channel \(channel) has \(other) in \(heard) frames")
                }
            }
        }

        /// Anna talks to a caller, and Ben is there.
        private struct Floor {
            let house: House
            let caller: Phone, anna: Phone, ben: Phone

            init(_ house: House) async throws {
                self.house = house
                anna = try await house.phone("anna-desk", tone: 880, "-")
                ben = try await house.phone("ben-desk", tone: 660, "-")
                caller = try house.call("100", tone: 440, listen: [660, 880, ConferenceTests.music], "-")
                try caller.program.say("wait answered\npress 1")
                try anna.program.say("wait invite within 20s\nanswer\nhear tone 440 within 20s")
                try caller.program.say("hear tone 880 within 20s")
                try await caller.reaches("hear tone 880 within 20s")
                try await anna.reaches("hear tone 440 within 20s")
                try ben.program.say("wait invite within 60s\nanswer")
            }

            func post(_ act: String, _ body: String = "", status: Int = 204) async throws {
                let answer = try await house.request(
                    "POST", "/v1/contacts/1/\(act)", token: "admin", body: body,
                    headers: body.isEmpty ? [] : ["Content-Type: application/json"])
                try #require(answer.status == status, "\(act): \(answer)")
            }

            /// All of the wanted tones arrive at that ear, and none of the others for a while.
            func hear(_ phone: Phone, _ wanted: [Int], _ step: Int) async throws {
                let all = [440, 660, 880, ConferenceTests.music]
                let tones = wanted.map(String.init).joined(separator: "+")
                let hears = "hear \(wanted.count == 1 ? "tone" : "tones") \(tones) within \(20_000 + step)ms for 200ms"
                // A tone that stays while another goes is heard already: the ears believe the change after a moment.
                try phone.program.say("pause 300ms\n" + hears)
                for other in all where !wanted.contains(other) {
                    try phone.program.say("not hear tone \(other) for \(40 + step)ms")
                }
                let last = all.last { !wanted.contains($0) }
                try await phone.reaches(last.map { "not hear tone \($0) for \(40 + step)ms" } ?? hears, within: .seconds(40))
            }

            func hear(
                caller: [Int]? = nil, anna: [Int]? = nil, ben: [Int]? = nil, _ step: Int
            ) async throws {
                if let caller { try await hear(self.caller, caller, step) }
                if let anna { try await hear(self.anna, anna, step) }
                if let ben { try await hear(self.ben, ben, step) }
            }

            func end() async throws {
                try caller.program.say("hang up")
                try await caller.reaches("hang up")
            }

            /// The only recording, with a channel for each party, and when in it the contact's lines of that kind were written.
            func recording() async throws -> (sound: SoundFile, tracks: [Track], seconds: (String) throws -> [Double]) {
                try await house.eventually("the recording is saved") {
                    try house.rows("SELECT state FROM recordings") == [["state": "saved"]]
                }
                let row = try #require(try house.rows("SELECT started, tracks FROM recordings").first)
                let started = try #require(row["started"].flatMap(Double.init))
                // Quotes come escaped out of a row.
                let text = (row["tracks"] ?? "").replacingOccurrences(of: "\\\"", with: "\"")
                let tracks = try JSONDecoder().decode([Track].self, from: Data(text.utf8))
                #expect(tracks.allSatisfy { $0.to != nil })
                func seconds(_ kind: String) throws -> [Double] {
                    try house.rows("SELECT at FROM timeline WHERE contact = 1 AND kind = '\(kind)' ORDER BY id").compactMap {
                        $0["at"].flatMap(Double.init).map { ($0 - started) / 1e6 }
                    }
                }
                return (try await house.recorded(1, tracks: "parties"), tracks, seconds)
            }
        }

        private func open(_ test: (Floor) async throws -> Void) async throws {
            let house = try House(["queues.yaml": Self.queue])
            try ToneFile.write(Double(Self.music), seconds: 30, to: house.configuration + "/prompts/hold.wav")
            try await house.hosts { try await test(try await Floor(house)) }
        }

        @Test("an agent consults, swaps, confers and leaves: every ear hears whom it should, and nobody else")
        func consult() async throws {
            try await open { floor in
                try await floor.post("swap", status: 409)
                try await floor.post("consult", "{\"agent\":\"nobody\"}", status: 409)
                try await floor.post("consult", "{\"agent\":\"ben\"}")
                try await floor.hear(caller: [Self.music], anna: [660], ben: [880], 1)
                try await floor.post("swap")
                try await floor.hear(caller: [880], anna: [440], ben: [Self.music], 2)
                try await floor.post("swap")
                try await floor.hear(caller: [Self.music], anna: [660], ben: [880], 3)
                try await floor.post("merge")
                try await floor.hear(caller: [660, 880], anna: [440, 660], ben: [440, 880], 4)
                try floor.anna.program.say("wait bye within 20s")
                try await floor.post("leave")
                try await floor.anna.reaches("wait bye within 20s")
                try await floor.hear(caller: [660], ben: [440], 5)
                try await floor.end()
                try await floor.house.eventually("the contact has its end") {
                    try floor.house.rows("SELECT outcome FROM contacts").map { $0["outcome"] } == ["handled"]
                }
                let kinds = try floor.house.rows("SELECT kind FROM timeline WHERE contact = 1").compactMap { $0["kind"] }
                for kind in ["contact.consulted", "contact.conferred", "contact.handed-over"] {
                    #expect(kinds.contains(kind), "\(kinds)")
                }
                let (sound, tracks, seconds) = try await floor.recording()
                #expect(tracks.map(\.party) == ["caller", "agent", "agent"] && tracks.map(\.agent) == [nil, "anna", "ben"])
                check(sound, [440, 880, 660])
                // What Anna and Ben say to one another is not for the caller, and so not in the caller's recording.
                let asked = try #require(try seconds("contact.consulted").first)
                let back = try #require(try seconds("contact.resumed").first { $0 > asked })
                let joined = try #require(try seconds("contact.conferred").first)
                try #require(back - asked > 1)
                let apart = sound.content(1, tone: 880, seconds: asked + 0.3...back - 0.3)
                #expect(apart.tone == 0 && apart.other == 0 && apart.silence > 10, "\(apart)")
                let before = sound.content(2, tone: 660, seconds: 0...joined - 0.3)
                #expect(before.tone == 0 && before.other == 0)
                // In stereo everybody but the caller is on the right.
                let stereo = try await floor.house.recorded(1)
                #expect(stereo.channels.count == 2 && abs(stereo.seconds - sound.seconds) < 0.001)
                #expect(stereo.content(0, tone: 440).tone == sound.content(0, tone: 440).tone)
                #expect(stereo.content(1, tone: 660).tone > 10 && stereo.content(1, tone: 880).tone > 10)
            }
        }

        @Test("an attended transfer leaves the caller with the colleague, and the agent hears nobody any more")
        func attendedTransfer() async throws {
            try await open { floor in
                try await floor.post("consult", "{\"agent\":\"ben\"}")
                try await floor.hear(caller: [Self.music], anna: [660], ben: [880], 1)
                try floor.anna.program.say("wait bye within 20s")
                try await floor.post("complete-transfer")
                try await floor.anna.reaches("wait bye within 20s")
                try await floor.hear(caller: [660], ben: [440], 2)
                try await floor.end()
            }
        }

        @Test(
            "a supervisor listens, whispers, speaks to the agent alone, barges in and takes over, without a gap for the caller")
        func supervision() async throws {
            try await open { floor in
                func supervise(_ mode: String) async throws {
                    try await floor.post("supervise", "{\"mode\":\"\(mode)\",\"supervisor\":\"ben\"}")
                }
                try await supervise("monitor")
                try await floor.hear(caller: [880], anna: [440], ben: [440, 880], 0)
                try floor.ben.program.say("hang up\nwait end\nwait invite within 21s\nanswer")
                try await floor.ben.reaches("wait end")
                try await floor.house.eventually("the supervisor is free") {
                    try await floor.house.request("GET", "/v1/agents/ben", token: "admin").body
                        .contains("\"canBeOffered\":true")
                }
                let before = floor.caller.events.count
                try await supervise("monitor")
                try await floor.hear(caller: [880], anna: [440], ben: [440, 880], 1)
                try await supervise("whisper")
                try await floor.hear(caller: [880], anna: [440, 660], ben: [440, 880], 2)
                try await supervise("private-whisper")
                try await floor.hear(caller: [880], anna: [440, 660], ben: [880], 3)
                let gaps = floor.caller.events.dropFirst(before).filter {
                    $0.name == "heard" && ["silence", "nothing"].contains($0.fields["what"] ?? "")
                }
                #expect(gaps.isEmpty, "\(gaps)")
                try await supervise("barge")
                try await floor.hear(caller: [660, 880], anna: [440, 660], ben: [440, 880], 4)
                try floor.anna.program.say("wait bye within 20s")
                try await supervise("take-over")
                try await floor.anna.reaches("wait bye within 20s")
                try await floor.hear(caller: [660], ben: [440], 5)
                try await floor.end()
                let acts = try floor.house.rows("SELECT action FROM audit WHERE action = 'call.supervised'")
                #expect(acts.count == 6)
                // The phone that was hung up has its line, too.
                try await floor.house.eventually("each supervision is in the audit log") {
                    let lines = try floor.house.rows(
                        "SELECT actor, json_extract(detail, '$.steps[#-1].mode') AS mode, "
                            + "json_array_length(detail, '$.steps') AS steps FROM audit WHERE action = 'call.supervision'")
                    return lines.map { [$0["actor"], $0["steps"], $0["mode"]] }
                        == [["ben", "1", "monitor"], ["ben", "5", "take-over"]]
                }
                // As a supervisor who barges in Ben has a track, and as the agent who has taken over another one.
                let (sound, tracks, seconds) = try await floor.recording()
                #expect(tracks.map(\.party) == ["caller", "agent", "supervisor", "agent"])
                check(sound, [440, 880, 660, 660])
                let barged = try #require(try seconds("supervision.barge").first)
                let early = sound.content(2, tone: 660, seconds: 0...barged - 0.3)
                #expect(early.tone == 0 && early.other == 0)
            }
        }
    }
}
