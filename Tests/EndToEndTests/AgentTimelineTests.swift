// What agents did, in the database and over REST: without a gap, over a crash, a restart and a reload.

import Foundation
import Testing

extension EndToEnd {
    struct AgentTimelineTests {
        @Test("sign-in, call, crash, restart, reload: each row ends where the next begins, and nobody is forgotten")
        func wholeLife() async throws {
            try await House.open { house in
                func rows(_ agent: String) throws -> [[String: String]] {
                    try house.rows(
                        "SELECT since, state, reason, contact FROM agentStates WHERE agent = '\(agent)' ORDER BY since")
                }
                func states(_ agent: String) throws -> [String] { try rows(agent).compactMap { $0["state"] } }
                let anna = try await house.phone(
                    "anna-desk", tone: 880, "wait invite within 20s; ring 300ms; answer; hear tone 440; pause 60s")
                let caller = try house.call("100", "wait answered; press 1; hear tone 880 within 20s; pause 60s")
                try await caller.reaches("hear tone 880 within 20s")
                try await house.eventually("the talk is stored") { try states("anna").last == "talking" }
                // The last thing that is known of the process that ends here.
                let ben = try await house.phone("ben-desk", tone: 660, ready: false, "pause 60s")
                try await house.eventually("the journal has it") {
                    try house.rows("SELECT kind FROM journal ORDER BY sequence DESC LIMIT 1") == [["kind": "deviceRegistered"]]
                }
                house.kill()
                #expect(try await house.daemon.status(within: .seconds(5)) == -9)
                for phone in [anna, caller, ben] { phone.vanishes() }
                try await house.start()
                try await house.eventually("the restart is stored") { try states("anna").contains("unknown") }
                let told = try states("anna")
                // What was there between two moments may be another: when the phone registers, and when the agent signs in.
                #expect(
                    told.first == "offline" && Array(told.suffix(4)) == ["ringing", "talking", "unknown", "available"],
                    "\(told)")
                #expect(try rows("anna").first { $0["state"] == "talking" }?["contact"] == "1")
                #expect(try rows("anna").last?["reason"] == "no-device", "the phone has to register again")
                #expect(try states("ben") == ["offline"], "a restart is no news of who was not there")

                let only = "agents:\n  anna:\n    devices:\n      anna-desk: {ha1: file:secrets/anna-desk}\n"
                try house.write(only, to: "agents.yaml")
                try house.write(
                    "queues:\n  sales: {members: [anna], wrap_up_seconds: 1, announce_every_seconds: never}\n",
                    to: "queues.yaml")
                try house.reload()
                try await house.eventually("ben is gone") { try states("ben") == ["offline", "removed"] }

                let answer = try await house.get("/v1/agents/anna/timeline", token: "admin")
                #expect(answer.status == 200, "\(answer)")
                let json = try #require(try JSONSerialization.jsonObject(with: Data(answer.body.utf8)) as? [String: Any])
                let items = json["items"] as? [[String: Any]] ?? []
                #expect(items.map { $0["state"] as? String } == (try states("anna")))
                for (item, next) in zip(items, items.dropFirst()) {
                    #expect(item["until"] as? String == next["since"] as? String)
                }
                #expect(items.last?["until"] is NSNull)
                let whole = (json["intervals"] as? [[String: Any]])?.first
                #expect(whole?["talkSeconds"] as? Double ?? 0 > 0 && whole?["ringingSeconds"] as? Double ?? 0 > 0.2, "\(json)")
                let audit = try house.rows("SELECT action, object FROM audit WHERE action = 'agent.timeline.shown'")
                #expect(audit == [["action": "agent.timeline.shown", "object": "agent/anna"]])
                #expect(try await house.get("/v1/agents/ben/timeline", token: "admin").status == 200, "history stays")
                try await house.stop()
                try await house.start()
            }
        }
    }
}
