// A stop that was asked for: what it does to calls is nobody's fault, and the next start knows it.

import Foundation
import Testing

extension EndToEnd {
    struct StopTests {
        @Test("SIGTERM while two wait and two phones ring: nobody has missed anything or given up, and phones are still known")
        func ringing() async throws {
            let queue = "queues:\n  sales: {members: [anna, ben], announce_every_seconds: never}\n"
            try await House.open(["queues.yaml": queue]) { house in
                let anna = try await house.phone("anna-desk", tone: 880, "wait invite within 20s; ring 30s; wait cancelled")
                let ben = try await house.phone("ben-desk", tone: 990, "wait invite within 20s; ring 30s; wait cancelled")
                let callers = try (0..<2).map { _ in
                    try house.call("100", "wait answered; press 1; wait bye within 30s")
                }
                try await anna.reaches("wait invite within 20s")
                try await ben.reaches("wait invite within 20s")
                try await house.stop()
                for caller in callers { try await caller.succeeds() }
                try await anna.succeeds()
                try await ben.succeeds()
                #expect(try house.rows("SELECT kind FROM journal WHERE kind IN ('legFailed', 'legEnded')").isEmpty)
                try await house.start()
                for agent in ["anna", "ben"] {
                    let state = try await house.get("/v1/agents/\(agent)", token: "admin").body
                    #expect(state.contains("\"available\""), "\(state)")
                    // Its binding was saved: it has not registered since.
                    #expect(state.contains("\(agent)-desk"), "\(state)")
                }
                try await house.eventually("both contacts are closed as lost") {
                    try house.rows("SELECT outcome FROM contacts WHERE ended IS NOT NULL")
                        == Array(repeating: ["outcome": "lost"], count: 2)
                }
                let offers = try house.rows("SELECT kind FROM timeline WHERE kind LIKE 'offer.%'")
                #expect(offers.isEmpty, "neither missed nor failed: \(offers)")
                let bindings = try String(contentsOfFile: house.state + "/bindings.json", encoding: .utf8)
                #expect(bindings.contains("anna-desk") && bindings.contains("ben-desk"))
                let rights = try FileManager.default.attributesOfItem(atPath: house.state + "/bindings.json")
                #expect(rights[.posixPermissions] as? Int == 0o600)
            }
        }

        @Test("SIGTERM in a conversation: what was measured of its legs is kept")
        func talking() async throws {
            try await House.open { house in
                let anna = try await house.phone(
                    "anna-desk", tone: 880, "wait invite within 20s; answer; hear tone 440 for 500ms; wait bye within 20s")
                let caller = try house.call("100", "wait answered; press 1; hear tone 880 within 20s for 500ms; wait bye")
                try await caller.reaches("hear tone 880 within 20s for 500ms")
                try await house.stop()
                try await caller.succeeds()
                try await anna.succeeds()
                let legs = try house.rows("SELECT party FROM legs ORDER BY party").compactMap { $0["party"] }
                #expect(legs == ["agent", "caller"])
                try await house.start()
                try await house.eventually("the contact is closed as lost") {
                    try house.rows("SELECT outcome FROM contacts WHERE ended IS NOT NULL") == [["outcome": "lost"]]
                }
            }
        }
    }
}
