// `/v1/recordings`: finding, listening, holding.

import Basics
import Foundation
import SiteConfiguration
import Storage
import Testing

@testable import API

@Suite("Recordings", .timeLimit(.minutes(1))) @MainActor struct RecordingRouteTests {
    /// Three recordings of the first ended contact; the first one has sound, all of it ASCII so that a test can read it.
    private func house() async throws -> (House, sound: String) {
        let house = try await House()
        for id in 1...3 as ClosedRange<UInt64> {
            var record = RecordingRecord(
                id: RecordingID(rawValue: id), contact: ContactID(rawValue: 1), started: Instant(seconds: Int64(id * 100)),
                file: "recording-\(id).swsealed", state: id == 2 ? "failed" : "saved")
            record.ended = record.started + .seconds(10)
            record.seconds = id == 2 ? nil : 10
            record.agent = id == 3 ? "bob" : "alice"
            record.queue = "sales"
            record.seat = "alice-desk"
            record.trunk = "carrier"
            record.trunkChannel = Int(id)
            record.dialled = "+49 30 1"
            record.caller = "key"
            record.direction = "in"
            try await house.keep(record)
        }
        let letters: [UInt8] = (0..<300_000).map { index in
            let letter = index * 7 / 5 % 26
            return UInt8(97 + letter)
        }
        let sound = String(decoding: letters, as: UTF8.self)
        house.backend.archive.sounds[RecordingID(rawValue: 1)] = .init(all: Array(sound.utf8))
        return (house, sound)
    }

    private func listened(_ house: House) async throws -> [AuditRow] {
        try await house.backend.store.reader.audit(limit: 50).filter { $0.action == "recording.listened" }
    }

    @Test("a recording is found by every field, and shows all that is known of it")
    func finding() async throws {
        let (house, _) = try await house()
        for (query, ids) in [
            ("", [3, 2, 1]), ("?contact=1", [3, 2, 1]), ("?contact=2", []), ("?agent=alice", [2, 1]),
            ("?queue=sales", [3, 2, 1]),
            ("?seat=alice-desk&state=failed", [2]), ("?trunk=carrier&trunkChannel=3", [3]),
            ("?dialled=%2B49%2030%201", [3, 2, 1]),
            ("?callerKey=key&from=1970-01-01T00:03:20Z", [3, 2]), ("?to=1970-01-01T00:03:20Z", [1]), ("?direction=out", []),
            ("?secondsMin=11", []), ("?secondsMax=10", [3, 1]), ("?held=true", []), ("?held=false&limit=1", [3]),
            ("?limit=1&cursor=3", [2]),
        ] {
            let answer = try await house.get("/v1/recordings\(query)")
            #expect(answer.status == 200 && answer.items.compactMap { $0["id"] as? Int } == ids, "\(query): \(answer.body)")
        }
        for query in ["?direction=up", "?from=today", "?trunkChannel=0", "?held=yes", "?nonsense=1"] {
            #expect(try await house.get("/v1/recordings\(query)").status == 400, "\(query)")
        }
        let document = try await house.get("/v1/openapi.json").json
        let one = try await house.get("/v1/recordings/1")
        let check = SchemaCheck(document: document)
        #expect(one.status == 200 && check.faults(one.json, check.answerSchema("get", "/v1/recordings/{id}")).isEmpty)
        #expect(
            one.json["trunkChannel"] as? Int == 1 && one.json["hold"] is NSNull && one.json["seat"] as? String == "alice-desk")
        #expect(try await house.get("/v1/recordings/99").status == 404)
        let health = try await house.get("/v1/recordings/health?from=1970-01-01T00:00:00Z&to=1970-01-02T00:00:00Z").json
        #expect(health["toBeRecorded"] as? Int == 3 && health["playable"] as? Int == 2 && health["failed"] as? Int == 1)
        #expect(abs((health["successRate"] as? Double ?? 0) - 2.0 / 3) < 1e-3)
        await house.close()
    }

    @Test("the whole sound and any part of it, with what RFC 9110 says of ranges and conditions, each with an audit line")
    func listening() async throws {
        let (house, sound) = try await house()
        let path = "/v1/recordings/1/audio"
        let whole = try await house.get(path)
        #expect(whole.status == 200 && whole.body == sound && whole.fields["content-type"] == "audio/wav")
        #expect(whole.fields["content-length"] == "300000" && whole.fields["accept-ranges"] == "bytes")
        #expect(whole.fields["etag"] == "\"one\"" && whole.fields["cache-control"] == "no-store")
        #expect(try await listened(house).count == 1)
        func part(_ range: String, _ fields: [String: String] = [:]) async throws -> Answer {
            try await house.send("GET", path, as: "super", fields.merging(["range": range]) { $1 })
        }
        let text = Array(sound)
        for (range, from, to) in [
            ("bytes=0-0", 0, 1), ("bytes=10-19", 10, 20), ("bytes=299990-", 299_990, 300_000), ("bytes=-10", 299_990, 300_000),
            ("bytes=1000-999999999", 1000, 300_000), ("bytes=-999999", 0, 300_000), ("BYTES=5-6", 5, 7),
        ] {
            let answer = try await part(range)
            #expect(answer.status == 206 && answer.body == String(text[from..<to]), "\(range)")
            #expect(answer.fields["content-range"] == "bytes \(from)-\(to - 1)/300000", "\(range)")
        }
        for range in [
            "bytes=9-5", "bytes=1-2,4-5", "bytes=a-b", "lines=1-2", "bytes=-", "bytes=\(String(repeating: "9", count: 40))-",
        ] {
            #expect(try await part(range).status == 200, "\(range)")
        }
        for range in ["bytes=300000-", "bytes=-0"] {
            let answer = try await part(range)
            #expect(answer.status == 416 && answer.isProblem && answer.fields["content-range"] == "bytes */300000", "\(range)")
        }
        let before = try await listened(house).count
        #expect(before == 1 + 7 + 6, "what gave nothing was no access")
        #expect(try await part("bytes=0-4", ["if-range": "\"one\""]).status == 206)
        #expect(try await part("bytes=0-4", ["if-range": "\"other\""]).status == 200)
        #expect(try await house.send("GET", path, as: "super", ["if-none-match": "\"other\", W/\"one\""]).status == 304)
        #expect(try await listened(house).count == before + 2)
        let last = try #require(try await listened(house).first { $0.detail != nil && $0.detail != Data("{}".utf8) })
        #expect(last.actor == "super" && last.object == "recording/1" && last.detail == Data(#"{"bytes":"0-4"}"#.utf8))
        await house.close()
    }

    @Test("who may not listen hears nothing, and of what belongs to others not even that it is there")
    func rights() async throws {
        let (house, sound) = try await house()
        let path = "/v1/recordings/1/audio"
        #expect(try await house.send("GET", path).status == 401)
        #expect(try await house.get(path, as: "metrics").status == 403)
        #expect(try await house.get(path, as: "alice").status == 404)
        house.backend.archive.listener = .agent
        #expect(try await house.get(path, as: "alice").body == sound)
        #expect(try await house.get("/v1/recordings/3/audio", as: "alice").status == 404)
        #expect(try await house.get("/v1/recordings/3", as: "alice").status == 404)
        #expect(try await house.get("/v1/recordings", as: "alice").status == 403)
        house.backend.archive.listener = .admin
        #expect(try await house.get(path, as: "super").status == 403)
        #expect(try await house.get(path, as: "root").status == 200)
        #expect(try await listened(house).count == 2)
        await house.close()
    }

    @Test("what has no sound says why; a disk that fails in the middle breaks the answer off")
    func troubles() async throws {
        let (house, _) = try await house()
        #expect(
            try await house.get("/v1/recordings/2/audio").json["type"] as? String
                == "urn:switchboard:problem:recording_without_sound")
        #expect(try await house.get("/v1/recordings/3/audio").status == 404, "its file is not there")
        house.backend.archive.trouble = .unreadable
        #expect(try await house.get("/v1/recordings/1/audio").status == 500)
        house.backend.archive.trouble = nil
        house.backend.archive.sounds[RecordingID(rawValue: 1)]?.readable = 200_000
        let torn = try await house.get("/v1/recordings/1/audio")
        #expect(torn.fields["content-length"] == "300000" && torn.body.utf8.count < 200_001)
        let store = house.backend.store
        let claimed = try await store.claimExpired(RetentionPeriods(other: 1), at: Instant(seconds: 205), limit: 1)
        #expect(claimed.map(\.id.rawValue) == [1])
        #expect(try await house.get("/v1/recordings/1/audio").status == 410)
        await house.close()
    }

    @Test("a hold is set and lifted by admins, with a reason, in the audit log")
    func hold() async throws {
        let (house, _) = try await house()
        func post(_ path: String, as name: String = "root", _ body: String) async throws -> Answer {
            try await house.send("POST", "/v1/recordings/1/\(path)", as: name, body: body)
        }
        let reason = #"{"reason":"case 7"}"#
        #expect(try await post("hold", as: "super", reason).status == 403)
        #expect(try await post("hold", "{}").status == 422)
        #expect(try await post("hold", #"{"reason":"  "}"#).status == 422)
        #expect(try await post("hold/lift", reason).status == 409)
        let held = try await post("hold", reason)
        let hold = held.json["hold"] as? [String: Any]
        #expect(held.status == 200 && hold?["reason"] as? String == "case 7" && hold?["by"] as? String == "root")
        #expect(try await post("hold", reason).status == 409)
        #expect(try await house.get("/v1/recordings?held=true").items.compactMap { $0["id"] as? Int } == [1])
        let store = house.backend.store
        let due = try await store.claimExpired(RetentionPeriods(other: 1), at: Instant(seconds: 1_000_000), limit: 9)
        #expect(due.map(\.id.rawValue).sorted() == [2, 3], "what is held stays")
        #expect(try await house.send("POST", "/v1/recordings/2/hold", as: "root", body: reason).status == 410)
        #expect(try await house.send("POST", "/v1/recordings/99/hold", as: "root", body: reason).status == 404)
        let lifted = try await post("hold/lift", #"{"reason":"closed"}"#)
        #expect(lifted.status == 200 && lifted.json["hold"] is NSNull)
        let audit = try await store.reader.audit(limit: 9).filter { $0.action.hasPrefix("recording.h") }
        #expect(audit.map(\.action) == ["recording.hold.lifted", "recording.held"])
        #expect(audit.last?.detail == Data(#"{"reason":"case 7"}"#.utf8))
        await house.close()
    }
}
