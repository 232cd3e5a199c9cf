// Callers who do not want to wait on the line: they press a key, hang up, and are called over the trunk at their old place.

import Foundation
import Testing

extension EndToEnd {
    struct CallbackTests {
        private static func queue(_ mode: String, and more: String = "") -> String {
            """
            queues:
              sales:
                members: [anna]
                wrap_up_seconds: 1
                announce_every_seconds: never
                callback: {trunk: carrier, numbers: ["4930", "+4930"], key: "2", mode: \(mode), spacing_seconds: 10, caller_id: "100"\(more)}

            """
        }

        private static func json(_ path: String, _ house: House) async throws -> [String: Any] {
            let body = try await house.get(path, token: "admin").body
            return (try JSONSerialization.jsonObject(with: Data(body.utf8))) as? [String: Any] ?? [:]
        }

        /// Into the queue, the offer heard, the key pressed, the promise heard, and hung up by the center.
        private static let asking =
            "wait answered; press 1; pause 500ms; hear speech within 20s; press 2; hear speech within 10s; wait bye within 30s"

        @Test(
            "the customer presses the key, is called when an agent is there, shows that it is no machine, speaks with the agent"
        )
        func customerFirst() async throws {
            try await House.open(["queues.yaml": Self.queue("customer-first", and: ", confirm: \"1\"")]) { house in
                let caller = try house.call("100", Self.asking)
                try await caller.succeeds()
                let open = try await Self.json("/v1/callbacks", house)
                let callback = try #require((open["items"] as? [[String: Any]])?.first)
                #expect(callback["state"] as? String == "ready" && callback["position"] as? Int == 1)
                #expect(try house.rows("SELECT number FROM callbackNumbers") == [["number": "4930111"]])

                let customer = try house.carrier(
                    tone: 550,
                    """
                    wait invite within 30s; ring 500ms; answer; hear speech within 20s; press 1; \
                    hear tone 880 within 20s for 500ms; hang up
                    """
                )
                let anna = try await house.phone(
                    "anna-desk", tone: 880, "wait invite within 30s; answer; hear tone 550 within 10s; wait bye within 20s")
                try await customer.succeeds()
                try await anna.succeeds()
                try await house.eventually("it is one contact, from the first call to the end of the second") {
                    try house.rows("SELECT outcome, agent FROM contacts") == [["outcome": "handled", "agent": "anna"]]
                }
                let queue = try await Self.json("/v1/queues/sales", house)
                let figures = queue["figures"] as? [String: Any] ?? [:]
                #expect(figures["abandoned"] as? Int == 0 && figures["answered"] as? Int == 0)
                #expect((figures["callbacks"] as? [String: Any])?["reached"] as? Int == 1)
                // The number was never in the journal, and is gone from where it was.
                #expect(try house.rows("SELECT * FROM callbackNumbers").isEmpty)
                #expect(try house.rows("SELECT body FROM journal WHERE body LIKE '%4930111%'").isEmpty)
            }
        }

        @Test("agent first, asked for over the API: the agent accepts, hears the customer's phone ring, and then the customer")
        func agentFirst() async throws {
            try await House.open(["queues.yaml": Self.queue("agent-first")]) { house in
                let anna = try await house.phone(
                    "anna-desk", tone: 880,
                    "wait invite within 30s; answer; hear sound within 5s; hear tone 550 within 20s; wait bye within 20s")
                let customer = try house.carrier(
                    tone: 550, "wait invite within 30s; ring 2s; answer; hear tone 880 within 20s for 500ms; hang up")
                try await customer.program.line("listening", within: .seconds(10))
                let answer = try await house.request(
                    "POST", "/v1/callbacks", token: "admin",
                    body: #"{"queue":"sales","number":"+493099887766","consent":"given"}"#,
                    headers: ["Content-Type: application/json"])
                #expect(answer.status == 201, "\(answer)")
                try await customer.succeeds()
                try await anna.succeeds()
                try await house.eventually("it is handled") {
                    try house.rows("SELECT outcome FROM contacts") == [["outcome": "handled"]]
                }
                #expect(try house.rows("SELECT * FROM callbackNumbers").isEmpty)
                let audit = try house.rows("SELECT action, object FROM audit WHERE action LIKE 'callback.%'")
                #expect(audit == [["action": "callback.requested", "object": "queue/sales"]])
            }
        }

        @Test("one number in each form in which it is written is one customer, whose requests are one callback")
        func forms() async throws {
            let trunk = """
                trunks:
                  carrier:
                    peer: 127.0.0.1:@CARRIER@
                    inbound: [127.0.0.1]
                    numbers: {country: "49", national: "0", international: "00"}

                """
            try await House.open(["queues.yaml": Self.queue("customer-first"), "trunks.yaml": trunk]) { house in
                for number in ["+493099887766", "03099887766", "00493099887766"] {
                    let answer = try await house.request(
                        "POST", "/v1/callbacks", token: "admin",
                        body: #"{"queue":"sales","number":"\#(number)","consent":"given"}"#,
                        headers: ["Content-Type: application/json"])
                    #expect(answer.status == 201, "\(number): \(answer)")
                }
                let open = try await Self.json("/v1/callbacks", house)
                #expect((open["items"] as? [[String: Any]])?.count == 1)
                let queue = try await Self.json("/v1/queues/sales", house)
                let figures = (queue["figures"] as? [String: Any])?["callbacks"] as? [String: Any]
                #expect(figures?["merged"] as? Int == 2 && figures?["requested"] as? Int == 1)
                let metrics = try await house.get("/metrics", token: "admin").body
                for name in ["callbacks_requested_total", "callback_unproved_total", "callback_promises_kept_total"] {
                    #expect(metrics.contains("\(name){"), "\(name)")
                }
            }
        }

        @Test("kill -9 while parked: the promise is kept by the next process, which knows the number from the store")
        func restarted() async throws {
            try await House.open(["queues.yaml": Self.queue("customer-first")]) { house in
                let caller = try house.call("100", from: "4930222", Self.asking)
                try await caller.succeeds()
                try await house.eventually("the number is on the disk") {
                    try house.rows("SELECT number FROM callbackNumbers") == [["number": "4930222"]]
                }
                house.kill()
                #expect(try await house.daemon.status(within: .seconds(5)) == -9)
                try await house.start()
                let carrier = try Datagrams(port: house.carrierPort)
                _ = try await house.phone("anna-desk", tone: 880, "wait invite within 60s")
                let invite = try #require(await carrier.receive(within: .seconds(20)) { $0.hasPrefix("INVITE ") })
                #expect(invite.hasPrefix("INVITE sip:4930222@"))
                #expect(invite.contains("From: ") && invite.contains("sip:100@"), "the number of the configuration is shown")
                try await house.stop()
                try await house.expectEqualReplay()
                try await house.start()
            }
        }
    }
}
