// `/v1/agents/{id}/timeline`, and the service levels of a queue side by side.

import Basics
import ContactCenter
import Foundation
import Simulation
import Storage
import Testing

@testable import API

@Suite("Agent timeline", .timeLimit(.minutes(1))) @MainActor struct AgentTimelineTests {
    /// Ten minutes of Alice, the last of them now.
    private func house() async throws -> (house: House, begin: Instant) {
        let house = try await House()
        let begin = house.backend.now - .seconds(600)
        let states: [(Int, String, String?, UInt64?)] = [
            (0, "available", nil, nil), (100, "ringing", nil, 1), (110, "talking", nil, 1), (200, "wrap-up", nil, 1),
            (230, "pause", "lunch", nil), (500, "available", nil, nil),
        ]
        let facts = states.map { seconds, state, reason, contact in
            Fact.agentState(
                AgentStateRecord(
                    agent: "alice", since: begin + .seconds(seconds), state: state, reason: reason,
                    contact: contact.map { ContactID(rawValue: $0) }))
        }
        try await house.backend.commit(TurnRecord(at: house.backend.now, facts: facts)).get()
        return (house, begin)
    }

    @Test("rows follow one another without a gap, and the intervals say what they sum up to")
    func rows() async throws {
        let (house, begin) = try await house()
        let path = "/v1/agents/alice/timeline"
        let answer = try await house.get("\(path)?from=\(begin.iso8601)&interval=300", as: "alice")
        #expect(answer.status == 200, "\(answer.body)")
        let items = answer.items
        #expect(
            items.map { $0["state"] as? String } == ["available", "ringing", "talking", "wrap-up", "pause", "available"])
        #expect(zip(items, items.dropFirst()).allSatisfy { $0["until"] as? String == $1["since"] as? String })
        #expect(items.last?["until"] is NSNull && items[4]["reason"] as? String == "lunch" && items[2]["contact"] as? Int == 1)
        let intervals = answer.json["intervals"] as? [[String: Any]] ?? []
        func seconds(_ name: String) -> [Double?] { intervals.map { $0[name] as? Double } }
        #expect(
            seconds("talkSeconds") == [90, 0] && seconds("pauseSeconds") == [70, 200] && seconds("idleSeconds") == [100, 100])
        #expect(seconds("signedInSeconds") == [300, 300] && seconds("wrapUpSeconds") == [30, 0])
        #expect(abs((intervals[0]["occupancy"] as? Double ?? 0) - 130.0 / 230) < 1e-3)
        let check = SchemaCheck(document: try await house.get("/v1/openapi.json").json)
        #expect(check.faults(answer.json, check.answerSchema("get", "/v1/agents/{id}/timeline")) == [])
        // Page by page it is the same, and the figures are of the whole.
        var seen: [String] = [], cursor = "", pages = 0
        while pages < 10 {
            let page = try await house.get("\(path)?from=\(begin.iso8601)&limit=4\(cursor)", as: "alice")
            seen += page.items.compactMap { $0["since"] as? String }
            #expect((page.json["intervals"] as? [[String: Any]])?.first?["signedInSeconds"] as? Double == 600)
            pages += 1
            guard let next = page.json["next"] as? String else { break }
            cursor = "&cursor=\(next)"
        }
        #expect(pages == 2 && seen == items.compactMap { $0["since"] as? String })
        let middle = (begin + .seconds(150)).iso8601, end = (begin + .seconds(210)).iso8601
        let part = try await house.get("\(path)?from=\(middle)&to=\(end)", as: "alice")
        #expect(part.items.map { $0["state"] as? String } == ["talking", "wrap-up"])
        let sum = (part.json["intervals"] as? [[String: Any]])?.first
        #expect(sum?["talkSeconds"] as? Double == 50 && sum?["wrapUpSeconds"] as? Double == 10)
        await house.close()
    }

    @Test("an agent sees the own one, a supervisor everybody's, and that look is audited")
    func roles() async throws {
        let (house, _) = try await house()
        #expect(try await house.get("/v1/agents/alice/timeline", as: "metrics").status == 403)
        #expect(try await house.get("/v1/agents/bob/timeline", as: "alice").status == 403)
        #expect(try await house.get("/v1/agents/nobody/timeline", as: "alice").status == 403)
        #expect(try await house.get("/v1/agents/alice/timeline", as: "alice").status == 200)
        #expect(try await house.backend.reader.audit(limit: 10).isEmpty)
        #expect(try await house.get("/v1/agents/alice/timeline").status == 200)
        let audit = try await house.backend.reader.audit(limit: 10)
        #expect(audit.map(\.action) == ["agent.timeline.shown"] && audit.first?.object == "agent/alice")
        #expect(audit.first?.actor == "super")
        #expect(try await house.get("/v1/agents/nobody/timeline").status == 404)
        // Bob is there, and nothing is told of him yet.
        #expect(try await house.get("/v1/agents/bob/timeline").items.isEmpty)
        await house.backend.store.close()
        #expect(try await house.get("/v1/agents/alice/timeline").status == 503)
        await house.close()
    }

    @Test(
        "what does not fit is refused with the field and how to mend it",
        arguments: [
            ("from=yesterday", "from"), ("from=2026-02-30T00:00:00Z", "from"), ("to=2026-11-22", "to"),
            ("from=2026-11-22T04:00:00Z&to=2026-11-22T04:00:00Z", "from"),
            ("from=2026-10-01T00:00:00Z&to=2026-11-22T00:00:00Z", "from"), ("interval=59", "interval"),
            ("from=2026-11-01T00:00:00Z&to=2026-11-22T00:00:00Z&interval=60", "interval"), ("limit=1001", "limit"),
        ])
    func validation(query: String, field: String) async throws {
        let (house, _) = try await house()
        let answer = try await house.get("/v1/agents/alice/timeline?\(query)")
        #expect(answer.status == 400 && answer.isProblem && answer.json["field"] as? String == field, "\(answer.body)")
        #expect((answer.json["mend"] as? String)?.isEmpty == false)
        await house.close()
    }

    @Test("times are read as RFC 3339 says, whatever the offset")
    func times() {
        let wanted = Instant(microseconds: 1_795_321_094_123_000)
        #expect(Instant(iso8601: "2026-11-22T04:18:14.123Z") == wanted)
        #expect(Instant(iso8601: "2026-11-22T05:18:14.123+01:00") == wanted)
        #expect(Instant(iso8601: "2026-11-22T05:18:14.123 01:00") == wanted)
        #expect(Instant(iso8601: "2026-11-21T23:48:14.123000-04:30") == wanted)
        for days in stride(from: Int64(-40_000), to: 60_000, by: 13) {
            let instant = Instant(seconds: days * 86_400 + 3661)
            #expect(Instant(iso8601: instant.iso8601) == instant)
        }
        for text in [
            "", "2026-11-22", "2026-13-01T00:00:00Z", "2025-02-29T00:00:00Z", "2026-11-22T24:00:00Z", "2026-11-22T00:00:00",
        ] {
            #expect(Instant(iso8601: text) == nil, "\(text)")
        }
    }

    @Test("a queue shows its service level in all variants, each with its formula")
    func variants() async throws {
        let house = try await House()
        let variants = try await house.get("/v1/queues/sales").json["serviceLevelVariants"] as? [[String: Any]] ?? []
        #expect(
            variants.compactMap { $0["name"] as? String }.prefix(5) == ["a1", "a2", "a3", "a4", "a5"] && variants.count == 8)
        #expect(variants.allSatisfy { $0["value"] as? Double == 1 && ($0["formula"] as? String)?.isEmpty == false })
        // Who waits beyond the threshold counts for Cisco at once, and for the others when the wait is over.
        house.backend.floor.advance(seconds: 60)
        let later = try await house.get("/v1/queues/sales").json
        let values = (later["serviceLevelVariants"] as? [[String: Any]] ?? []).map { $0["value"] as? Double }
        // Two were answered in time; the third of those who wait has come from the menu.
        let waiting = later["waitingContacts"] as? [[String: Any]] ?? []
        #expect(waiting.count { ($0["waitSeconds"] as? Double ?? 0) > 20 } == 3)
        #expect(values.prefix(5).allSatisfy { $0 == 1 } && values.dropFirst(5).allSatisfy { $0 == 0.4 }, "\(values)")
        await house.close()
    }
}
