// Consulting, conferring and supervising over the API and at the desk: roles, refusals, audit lines, frames.

import ACD
import Basics
import ContactCenter
import Foundation
import Simulation
import Testing

@testable import API

@Suite("Call control routes", .timeLimit(.minutes(1))) @MainActor struct CallControlRouteTests {
    @Test("an agent does it with the own call alone, a supervisor with everybody's, and a refusal says why")
    func consult() async throws {
        let house = try await House()
        house.backend.floor.signIn("carol")
        let call = try #require(house.contact(house.legs.talking))
        let path = "/v1/contacts/\(call)"
        let desk = try #require(house.backend.floor.center.contacts[call]?.conversation?.leg)
        #expect(try await house.send("POST", path + "/swap", as: "alice").problem == "not_possible")
        let nobody = try await house.send("POST", path + "/consult", as: "alice", body: #"{"agent":"nobody"}"#)
        #expect(nobody.status == 409 && nobody.problem == "target_unknown")
        let waiting = try #require(house.contact(house.legs.waiting))
        let stranger = try await house.send("POST", "/v1/contacts/\(waiting)/swap", as: "alice")
        #expect(stranger.status == 404, "\(stranger)")
        #expect(try await house.send("POST", "/v1/contacts/\(waiting)/swap", as: "super").problem == "contact_not_with_agent")
        let asked = try await house.send("POST", path + "/consult", as: "alice", body: #"{"agent":"carol"}"#)
        #expect(asked.status == 204, "\(asked)")
        let carol = try #require(house.backend.floor.ringing(at: "carol").first)
        house.backend.floor.answer(carol)
        #expect(house.backend.floor.isBridged(carol, desk))
        for (act, status) in [("swap", 204), ("swap", 204), ("merge", 204), ("merge", 409), ("leave", 204), ("leave", 404)] {
            let answer = try await house.send("POST", path + "/" + act, as: "alice")
            #expect(answer.status == status, "\(act): \(answer)")
        }
        #expect(house.backend.floor.isBridged(house.legs.talking, carol))
        let audit = try await house.get("/v1/audit", as: "root").body
        for action in ["call.consulted", "call.swapped", "call.merged", "call.left"] {
            #expect(audit.contains(action), "\(action)")
        }
        await house.close()
    }

    @Test("supervision needs the role and a supervisor who is free, begins, changes and ends with an audit line each")
    func supervise() async throws {
        let house = try await House()
        let call = try #require(house.contact(house.legs.talking))
        let path = "/v1/contacts/\(call)/supervise"
        let desk = try #require(house.backend.floor.center.contacts[call]?.conversation?.leg)
        let body = #"{"mode":"monitor","supervisor":"carol"}"#
        #expect(try await house.send("POST", path, as: "alice", body: body).status == 403)
        #expect(try await house.send("POST", path, as: "super", body: body).problem == "not_possible", "carol is away")
        #expect(try await house.send("POST", path, as: "super", body: #"{"mode":"listen"}"#).status == 422)
        house.backend.floor.signIn("carol")
        #expect(try await house.send("POST", path, as: "super", body: body).status == 204)
        let carol = try #require(house.backend.floor.ringing(at: "carol").first)
        house.backend.floor.answer(carol)
        #expect(house.backend.floor.hears(carol, house.legs.talking))
        let whisper = #"{"mode":"whisper","supervisor":"carol"}"#
        #expect(try await house.send("POST", path, as: "super", body: whisper).status == 204)
        #expect(try await house.send("POST", path, as: "super", body: whisper).status == 409)
        #expect(try await house.send("DELETE", path + "?supervisor=carol", as: "super").status == 204)
        #expect(house.backend.floor.isBridged(house.legs.talking, desk))
        let acts = try await house.get("/v1/audit", as: "root").items.compactMap { $0["action"] as? String }
        #expect(acts.filter { $0 == "call.supervised" }.count == 2 && acts.contains("call.supervision.ended"), "\(acts)")
        await house.close()
    }

    @Test("the desk shows who else is on the call and the acts that can be done now, and the other desk what it is asked for")
    func desk() async throws {
        let house = try await DeskHouse(agents: 1)
        let (page, _) = try await house.readyPage()
        house.act { floor in
            floor.signIn("bob")
            floor.signIn("agent-0")
        }
        _ = house.call()
        let offer = try await page.next("offer")
        #expect(offer["joins"] is NSNull)
        #expect(try await page.ask("accept", ["offer": offer["offer"] as? Int ?? 0]) == "done")
        let call = try await page.next("call")
        #expect(call["acts"] as? [String] == ["consult"] && call["part"] as? String == "agent")
        #expect(try await page.ask("swap") == "not_allowed")
        #expect(try await page.ask("consult", ["agent": "nobody"]) == "unknown_target")
        #expect(try await page.ask("consult", ["agent": "bob"]) == "done")
        func other(_ frame: [String: Any]) -> [String: Any]? { (frame["others"] as? [[String: Any]])?.first }
        let asking = try await page.next("call") { other($0) != nil }
        #expect(other(asking)?["ringing"] as? Bool == true && other(asking)?["name"] as? String == "Bob Bauer")
        #expect(asking["acts"] as? [String] == ["backOut"])
        #expect(try await page.ask("hold", ["on": true]) == "not_allowed")
        house.act { if let leg = $0.ringing(at: "bob").first { $0.answer(leg) } }
        let talking = try await page.next("call") { other($0)?["ringing"] as? Bool == false }
        #expect(talking["acts"] as? [String] == ["swap", "complete", "backOut", "merge"])
        let bob = try #require(house.desks.view(of: "bob")?.call)
        #expect(bob.part == .consulted && bob.acts == [.leave] && bob.others.map(\.agent) == ["alice"])
        let contact = ContactID(rawValue: UInt64(call["contact"] as? Int ?? 0))
        house.act {
            $0.submit(.supervisionRequested(Supervision(supervisor: "agent-0", contact: contact, mode: .monitor)))
            if let leg = $0.ringing(at: "agent-0").first { $0.answer(leg) }
        }
        let watched = try await page.next("call") { $0["supervised"] as? Bool == true }
        #expect((watched["others"] as? [Any])?.count == 1, "the supervisor is not among those who talk")
        #expect(try await page.ask("complete") == "done")
        let ended = try await page.next("call.ended")
        #expect(ended["by"] as? String == "transfer")
        await house.close()
    }
}

extension Answer {
    /// The code of a refusal.
    fileprivate var problem: String? { (json["type"] as? String)?.split(separator: ":").last.map(String.init) }
}
