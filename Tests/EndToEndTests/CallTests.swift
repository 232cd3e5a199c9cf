// The main job: a caller reaches an agent, both hear each other, and what was promised to be recorded is.

import Foundation
import Testing

extension EndToEnd {
    struct CallTests {
        static let recordedQueue = """
            queues:
              sales:
                members: [anna, {agent: ben, level: 2}]
                wrap_up_seconds: 1
                announce_every_seconds: never
                record: true
                record_announcement: This call is recorded.

            """

        @Test(
            "a caller comes through menu and queue to an agent; both tones arrive, and stand in the right channels of the file")
        func throughMenuAndQueue() async throws {
            try await House.open(["queues.yaml": Self.recordedQueue]) { house in
                let anna = try await house.phone(
                    "anna-desk", tone: 880,
                    "wait invite within 20s; ring 300ms; answer; hear tone 440 for 1s; wait bye within 20s")
                let number = "493071829364"
                let caller = try house.call(
                    "100", from: number,
                    "wait answered; hear speech; press 1; hear speech; hear tone 880 within 20s for 2s; hang up")
                try await caller.succeeds()
                try await anna.succeeds()
                try await house.eventually("the recording is saved") {
                    try house.rows("SELECT * FROM recordings").first?["state"] == "saved"
                }
                let row = try #require(try house.rows("SELECT * FROM recordings").first)
                let file = try await house.recorded()
                let talked = try (caller.time(of: "hang up") - anna.time(of: "answer")) / 1000
                #expect(file.seconds > 1.8 && file.seconds < talked + 1, "\(file.seconds) s of \(talked) s")
                let left = file.content(0, tone: 440)
                let right = file.content(1, tone: 880)
                #expect(left.tone > 80 && right.tone > 80, "\(left) \(right)")
                // Neither the announcement nor music from before the answer: nothing but the two tones.
                #expect(left.other * 20 <= left.tone && right.other * 20 <= right.tone, "\(left) \(right)")
                #expect(row["queue"] == "sales" && row["agent"] == "anna", "\(row)")
                let contact = try #require(try house.rows("SELECT * FROM contacts").first)
                #expect(contact["outcome"] == "handled", "\(contact)")
                let legs = try await Self.legs(of: 1, house)
                #expect(legs.map(\.party) == ["caller", "agent"], "\(legs)")
                #expect(legs.allSatisfy { $0.packetsReceived > 50 && $0.packetsSent > 0 }, "\(legs)")
                #expect(legs.allSatisfy { ($0.mos ?? 0) > 3.5 && ($0.mos ?? 5) < 4.5 }, "\(legs)")
                try await house.stop()
                // The same search finds what is known to be there, so it would find the caller's number.
                #expect(try house.filesWith("callArrived").isEmpty == false)
                #expect(try house.filesWith(number).isEmpty)
                #expect(!house.log.joined().contains(number))
                try await house.expectEqualReplay()
                try await house.start()
            }
        }

        @Test("a conversation in which nobody is heard is noted with the contact, and that somebody is heard again")
        func deadAir() async throws {
            let house = try House(["queues.yaml": Self.quietQueue])
            let listeners = try #require(house.files["listeners.yaml"])
            try house.write(
                listeners.replacingOccurrences(of: "rtp: {", with: "rtp: {dead_air_seconds: 1, "), to: "listeners.yaml")
            try await house.hosts {
                _ = try await house.phone(
                    "anna-desk", tone: 880,
                    "wait invite within 20s; answer; pause 3s; say silence; wait bye within 30s")
                let caller = try house.call(
                    "100",
                    "wait answered; hear speech; press 1; hear tone 880 within 20s for 1s; say silence; hear silence for 3s; "
                        + "say tone 440 for 3s; hang up")
                try await caller.succeeds()
                var kinds: [String] = []
                try await house.eventually("both are in the contact's story") {
                    kinds = try house.rows("SELECT kind FROM timeline ORDER BY rowid").compactMap { $0["kind"] }
                    return kinds.contains("sound.dead") && kinds.contains("sound.back")
                }
                #expect(
                    try await house.get("/metrics", token: "admin").body.contains(#"sound_alarms_total{cause="dead_air"} 1"#))
                let body = try await house.get("/v1/contacts/1", token: "admin").body
                #expect(body.contains(#""kind":"sound.dead""#) && body.contains(#""party":"caller""#), "\(body)")
            }
        }

        private static let quietQueue = """
            queues:
              sales:
                members: [anna]
                wrap_up_seconds: 1

            """

        @Test("a call for which there are no ports left is refused with 503, so that the carrier tries elsewhere")
        func noPorts() async throws {
            let house = try House()
            let listeners = try #require(house.files["listeners.yaml"])
            try house.write(
                listeners.replacingOccurrences(of: "@RTPLAST@", with: "\(house.rtpPort + 1)"), to: "listeners.yaml")
            try await house.hosts {
                let first = try house.call("100", "wait answered; hear speech; wait end within 60s")
                try await first.reaches("hear speech")
                let second = try house.call("100", "wait refused 503")
                try await second.succeeds()
                try await house.logged("no media for a call")
                first.vanishes()
            }
        }

        private struct Leg: Decodable {
            var party: String
            var packetsReceived: Int
            var packetsSent: Int
            var mos: Double?
        }

        /// As the API tells of them.
        private static func legs(of contact: Int, _ house: House) async throws -> [Leg] {
            struct Answer: Decodable { var legs: [Leg] }
            let body = try await house.get("/v1/contacts/\(contact)", token: "admin").body
            return try JSONDecoder().decode(Answer.self, from: Data(body.utf8)).legs
        }
    }
}
