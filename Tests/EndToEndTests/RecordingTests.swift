// Recordings in a real house: sealed on the disk, heard over the API, checked, and gone when their time has passed.

import Foundation
import Glibc
import Testing

extension EndToEnd {
    struct RecordingTests {
        @Test(
            "a recording is sealed on the disk, heard by range with an audit line, and the check sees what is done to its file")
        func sealed() async throws {
            try await House.open(["queues.yaml": CallTests.recordedQueue]) { house in
                let anna = try await house.phone(
                    "anna-desk", tone: 880, "wait invite within 20s; answer; hear tone 440 for 1s; wait bye within 20s")
                let caller = try house.call("100", "wait answered; press 1; hear tone 880 within 20s for 2s; hang up")
                try await caller.succeeds()
                try await anna.succeeds()
                try await house.eventually("the recording is saved and its raw file gone") {
                    let files = try FileManager.default.contentsOfDirectory(atPath: house.state + "/recordings")
                    return try house.rows("SELECT state, file FROM recordings") == files.map { ["state": "saved", "file": $0] }
                        && files.count == 1
                }
                let row = try #require(try house.rows("SELECT * FROM recordings").first)
                #expect(row["trunk"] == "carrier" && row["seat"] == "anna-desk" && row["direction"] == "in", "\(row)")
                #expect(row["trunkChannel"] == "1" && row["caller"]?.isEmpty == false)
                let path = house.state + "/recordings/" + (row["file"] ?? "")
                let raw = [UInt8](try Data(contentsOf: URL(fileURLWithPath: path)))
                #expect(raw.starts(with: "SWBSEAL\n".utf8) && Data(raw).range(of: Data("WAVEfmt".utf8)) == nil)
                let key = house.state + "/secrets/recording-key"
                let rights = try FileManager.default.attributesOfItem(atPath: key)[.posixPermissions] as? Int
                #expect(rights == 0o600)
                let part = try await house.request(
                    "GET", "/v1/recordings/1/audio", token: "admin", headers: ["Range: bytes=0-3"])
                #expect(part.status == 206 && part.body == "RIFF", "\(part)")
                let acts = try house.rows("SELECT actor, object FROM audit WHERE action = 'recording.listened'")
                #expect(acts == [["actor": "admin", "object": "recording/1"]])
                let kinds = try house.rows("SELECT kind FROM timeline WHERE contact = 1").compactMap { $0["kind"] }
                #expect(kinds.contains("recording.saved"), "\(kinds)")
                let health = try await house.get("/v1/recordings/health", token: "admin").body
                #expect(health.contains("\"playable\":1") && health.contains("\"successRate\":1"), "\(health)")
                #expect(try await house.metric("recordings_saved_total") == 1)

                func check() async throws -> (status: Int32, lines: [String]) {
                    try await house.command(
                        ["recordings", "check", "--all", "--config", house.configuration, "--state", house.state])
                }
                let good = try await check()
                #expect(good.status == 0 && good.lines.last?.hasSuffix("good") == true, "\(good)")
                var torn = raw
                torn[raw.count / 2] ^= 1
                try Data(torn).write(to: URL(fileURLWithPath: path))
                let damaged = try await check()
                #expect(damaged.status == 1 && damaged.lines.first?.hasPrefix("unreadable file") == true, "\(damaged)")
                try FileManager.default.moveItem(atPath: path, toPath: house.state + "/recordings/other.swsealed")
                let lines = try await check().lines.dropLast()
                #expect(lines.count == 2 && lines.contains("file without row: other.swsealed"), "\(lines)")
                #expect(try await house.get("/v1/recordings/1/audio", token: "admin").status == 404)
                try Data(raw).write(to: URL(fileURLWithPath: path))
                try FileManager.default.removeItem(atPath: house.state + "/recordings/other.swsealed")

                // Without its key the house does not come up, and says what to do.
                try await house.stop()
                try FileManager.default.moveItem(atPath: key, toPath: key + ".kept")
                let refused = try await house.command(["run", "--config", house.configuration, "--state", house.state])
                #expect(refused.status == 1 && refused.lines.joined().contains("restore it from a backup"), "\(refused)")
                try FileManager.default.moveItem(atPath: key + ".kept", toPath: key)
                try await house.start()
                let left = try await house.recorded().content(0, tone: 440)
                #expect(left.tone > 50)
            }
        }
    }
}
