// What anybody with curl and a token sees and does.

import Foundation
import Testing

extension EndToEnd {
    struct APITests {
        @Test("an agent signed in over REST is rung; status, metrics, queues and the contact's timeline tell of the call")
        func wholeCall() async throws {
            try await House.open { house in
                #expect(try await house.get("/v1/status").status == 401)
                #expect(try await house.get("/metrics").status == 401)
                let anna = try await house.phone(
                    "anna-desk", tone: 880, ready: false,
                    "wait invite within 20s; answer; hear tone 440; wait bye within 20s")
                let signedIn = try await house.request(
                    "POST", "/v1/agents/anna/state", token: "admin", body: "{\"state\":\"available\"}",
                    headers: ["Content-Type: application/json"])
                #expect(signedIn.status == 200 && signedIn.body.contains("\"canBeOffered\":true"), "\(signedIn)")
                let caller = try house.call(
                    "100", "wait answered; press 1; hear tone 880 within 20s; hear tone 880 for 2s; hang up")
                try await caller.reaches("hear tone 880 within 20s")
                let agent = try await house.get("/v1/agents/anna", token: "admin")
                #expect(agent.body.contains("\"talking\""), "\(agent.body)")
                let status = try await house.get("/v1/status", token: "admin")
                #expect(
                    status.body.contains("\"storage\":\"good\"") && status.body.contains("\"contacts\":1"), "\(status.body)")
                let metrics = try await house.get("/metrics", token: "admin")
                #expect(
                    metrics.body.contains("rtp_relayed_total") && metrics.body.contains("invariant_violations_total 0"),
                    "\(metrics.body)")
                try await caller.succeeds()
                try await anna.succeeds()
                let contact = try await house.get("/v1/contacts/1", token: "admin")
                for word in ["handled", "contact.offered", "contact.answered", "contact.ended"] {
                    #expect(contact.body.contains(word), "\(word) in \(contact.body)")
                }
                // The caller's number is nowhere in it, only the keyed hash.
                #expect(!contact.body.contains("4930111"), "\(contact.body)")
                let queues = try await house.get("/v1/queues", token: "admin")
                #expect(queues.status == 200 && queues.body.contains("sales"))
            }
        }

        @Test("bad JSON, unknown members, wrong values and foreign methods are refused with a problem that says what to mend")
        func badRequests() async throws {
            try await House.open { house in
                let json = ["Content-Type: application/json"]
                let bodies = [
                    "", "{", "[]", "null", "{\"state\":7}", "{\"state\":\"asleep\"}", "{\"state\":\"available\",\"moon\":1}",
                    "{\"state\":\"pause\"}", "{\"state\":\"pause\",\"reason\":\"moon\"}",
                    String(repeating: "[", count: 100_000), "\u{0}",
                ]
                for body in bodies {
                    let answer = try await house.request(
                        "POST", "/v1/agents/anna/state", token: "admin", body: body, headers: json)
                    #expect((400..<500).contains(answer.status), "\(body.prefix(40)): \(answer)")
                }
                #expect(
                    try await house.request(
                        "POST", "/v1/agents/nobody/state", token: "admin", body: "{\"state\":\"available\"}", headers: json
                    ).status == 404)
                #expect(try await house.request("DELETE", "/v1/agents/anna/state", token: "admin").status == 405)
                #expect(try await house.get("/v1/contacts/99999999999999999999", token: "admin").status / 100 == 4)
                #expect(try await house.get("/v1/contacts/1", token: "admin").status == 404)
                #expect(try await house.get("/healthz").body == "ok\n")
                let agent = try await house.get("/v1/agents/anna", token: "admin")
                #expect(agent.body.contains("\"state\":\"offline\""), "none of it changed anything: \(agent.body)")
            }
        }
    }
}
