// Dozens of calls, each hung up a little later into what an agent or a supervisor does with it.

import Foundation
import Testing

extension EndToEnd {
    struct CallRaceTests {
        private static let lanes = 8

        /// For each lane a queue with an agent, a number that leads there, and a colleague.
        private static var files: [String: String] {
            let all = 0..<lanes
            var files = [
                "agents.yaml": "agents:\n"
                    + all.flatMap { lane in
                        ["a\(lane)", "b\(lane)"].map { "  \($0): {devices: {\($0)-desk: {ha1: file:secrets/\($0)-desk}}}\n" }
                    }.joined(),
                "queues.yaml": "queues:\n"
                    + all.map { "  q\($0): {members: [a\($0)], wrap_up_seconds: 0, announce_every_seconds: never}\n" }.joined(),
                "numbers.yaml": "numbers:\n" + all.map { "  \"20\($0)\": {flow: f\($0)}\n" }.joined(),
            ]
            files["flows/main.yaml"] = "start: q\nnodes:\n  q: {do: queue, queue: q0}\n"
            for lane in all {
                files["flows/f\(lane).yaml"] = "start: q\nnodes:\n  q: {do: queue, queue: q\(lane)}\n"
            }
            return files
        }

        /// What is done to the call; each act may come too late, and is refused then.
        private static let acts: [[(act: String, body: @Sendable (Int) -> String)]] = [
            [("consult", { "{\"agent\":\"b\($0)\"}" }), ("complete-transfer", { _ in "" })],
            [("consult", { "{\"agent\":\"b\($0)\"}" }), ("merge", { _ in "" }), ("leave", { _ in "" })],
            [("supervise", { "{\"mode\":\"barge\",\"supervisor\":\"b\($0)\"}" })],
        ]

        private func race(_ house: House, lane: Int, round: Int) async throws {
            let acts = Self.acts[round % Self.acts.count]
            let offset = (lane + round / Self.acts.count * Self.lanes) * 10
            let caller = try house.call("20\(lane)", from: "4930\(lane)\(round)", "-")
            try caller.program.say("wait answered\nhear tone 880 within 20s for 200ms")
            try await caller.reaches("hear tone 880 within 20s for 200ms")
            let listed = try await house.get("/v1/contacts?queue=q\(lane)&state=talking", token: "admin")
            let contact = try #require(listed.body.firstMatch(of: /"id":\s?([0-9]+)/)?.1, "\(listed)")
            try caller.program.say("pause \(offset)ms\nhang up")
            for act in acts {
                let body = act.body(lane)
                let answer = try await house.request(
                    "POST", "/v1/contacts/\(contact)/\(act.act)", token: "admin", body: body,
                    headers: body.isEmpty ? [] : ["Content-Type: application/json"])
                #expect([204, 404, 409].contains(answer.status), "\(act.act): \(answer)")
            }
            try await caller.reaches("hang up")
        }

        @Test("hung up at each 10 ms of a consultation, a conference or a supervision: every call ends, and all are free")
        func hangUp() async throws {
            try await House.open(Self.files) { house in
                try await withThrowingTaskGroup(of: Phone.self) { group in
                    for lane in 0..<Self.lanes {
                        for (side, tone) in [("a", 880), ("b", 660)] {
                            group.addTask { try await house.phone("\(side)\(lane)-desk", tone: tone, "serve 300s") }
                        }
                    }
                    try await group.waitForAll()
                }
                for round in 0..<Self.acts.count * 2 {
                    try await withThrowingTaskGroup(of: Void.self) { group in
                        for lane in 0..<Self.lanes { group.addTask { try await race(house, lane: lane, round: round) } }
                        try await group.waitForAll()
                    }
                    try await house.eventually("round \(round): no call is left, and every agent is free") {
                        let agents = try await house.get("/v1/agents", token: "admin").body
                        let free = agents.matches(of: /"canBeOffered":\s?true/).count
                        return try await house.metric("sip_calls") == 0 && free == 2 * Self.lanes
                    }
                }
                let all = Self.lanes * Self.acts.count * 2
                try await house.eventually("each contact has its end") {
                    try house.rows("SELECT id FROM contacts WHERE ended IS NOT NULL").count == all
                }
                let outcomes = try house.rows("SELECT outcome FROM contacts").map { $0["outcome"] ?? "none" }
                #expect(outcomes == Array(repeating: "handled", count: all))
            }
        }
    }
}
