// Callbacks over the API: asked for, listed, taken back, each with its role, its audit line and its refusals.

import ACD
import Basics
import ContactCenter
import Foundation
import Simulation
import Testing

@testable import API

@Suite("Callback routes", .timeLimit(.minutes(1))) @MainActor struct CallbackRouteTests {
    private func house(_ mode: CallbackRules.Mode = .customerFirst) async throws -> House {
        let house = try await House()
        var configuration = SmallFloor.configuration
        configuration.queues[0].callback = CallbackRules(
            trunk: "carrier", key: "1", mode: mode, allowedPrefixes: ["4930", "+4930"])
        house.backend.floor.apply(configuration)
        return house
    }

    private func ask(_ house: House, _ body: String, as name: String = "super") async throws -> Answer {
        try await house.send("POST", "/v1/callbacks", as: name, body: body)
    }

    @Test("a customer is put down for tomorrow, shown, and taken off again; the number goes nowhere but to the edge")
    func life() async throws {
        let house = try await house()
        let tomorrow = house.backend.now + .seconds(86_400)
        let answer = try await ask(
            house, #"{"queue":"sales","number":"+4930111","consent":"given","at":"\#(tomorrow.iso8601)"}"#)
        #expect(answer.status == 201, "\(answer)")
        let contact = try #require(answer.json["contact"] as? Int)
        #expect(answer.json["state"] as? String == "resting" && answer.json["attempts"] as? Int == 0)
        #expect(answer.json["notBefore"] as? String == answer.json["wishedAt"] as? String)
        #expect(house.backend.keptNumbers.values.contains("+4930111"))
        let items = try await house.get("/v1/callbacks").items
        #expect(items.count == 1 && items.first?["contact"] as? Int == contact)
        #expect(try await house.get("/v1/callbacks?queue=support").items.isEmpty)
        let queue = try await house.get("/v1/queues/sales").json
        #expect(queue["parked"] as? Int == 1 && queue["waiting"] as? Int == 2)
        #expect((queue["waitingContacts"] as? [[String: Any]])?.last?["isParked"] as? Bool == true)
        #expect(try await house.get("/v1/contacts/\(contact)").json["state"] as? String == "parked")

        #expect(try await house.send("DELETE", "/v1/callbacks/\(contact)", as: "super").status == 204)
        #expect(try await house.get("/v1/callbacks").items.isEmpty)
        #expect(try await house.send("DELETE", "/v1/callbacks/\(contact)", as: "super").status == 404)
        let figures = try await house.get("/v1/queues/sales").json["figures"] as? [String: Any]
        let callbacks = figures?["callbacks"] as? [String: Any]
        #expect(callbacks?["requested"] as? Int == 1 && callbacks?["open"] as? Int == 0)
        #expect((callbacks?["ended"] as? [String: Any])?["cancelled"] as? Int == 1)
        let audit = try await house.get("/v1/audit", as: "root").body
        #expect(audit.contains("callback.requested") && audit.contains("callback.cancelled") && !audit.contains("4930111"))
        await house.close()
    }

    @Test("each refusal names the member at fault, and agents may not ask")
    func refusals() async throws {
        let house = try await house()
        let past = (house.backend.now - .seconds(60)).iso8601, far = (house.backend.now + .seconds(31 * 86_400)).iso8601
        for (body, field) in [
            (#"{"queue":"none","number":"4930111","consent":"given"}"#, "/queue"),
            (#"{"queue":"support","number":"4930111","consent":"given"}"#, "/queue"),
            (#"{"queue":"sales","number":"12","consent":"given"}"#, "/number"),
            (#"{"queue":"sales","number":"112","consent":"given"}"#, "/number"),
            (#"{"queue":"sales","number":"0044900111","consent":"given"}"#, "/number"),
            (#"{"queue":"sales","number":"4930111"}"#, "/consent"),
            (#"{"queue":"sales","number":"4930111","consent":"yes"}"#, "/consent"),
            (#"{"queue":"sales","number":"4930111","consent":"given","at":"tomorrow"}"#, "/at"),
            (#"{"queue":"sales","number":"4930111","consent":"given","at":"\#(past)"}"#, "/at"),
            (#"{"queue":"sales","number":"4930111","consent":"given","at":"\#(far)"}"#, "/at"),
        ] {
            let answer = try await ask(house, body)
            #expect(answer.status == 422 && answer.json["field"] as? String == field, "\(body): \(answer)")
        }
        #expect(try await ask(house, #"{"queue":"sales","number":"4930111","consent":"given"}"#, as: "alice").status == 403)
        #expect(try await house.get("/v1/callbacks", as: "alice").status == 403)
        #expect(house.backend.keptNumbers.isEmpty)
        await house.close()
    }

    @Test("once the customer is on the line nothing is taken back")
    func underWay() async throws {
        let house = try await house()
        house.backend.floor.hangUp(house.legs.ringing)
        house.backend.floor.hangUp(house.legs.waiting)
        let contact = try #require(
            try await ask(house, #"{"queue":"sales","number":"4930111","consent":"given"}"#).json["contact"] as? Int)
        let dialled = try #require(house.backend.floor.legs.first { $0.value == .dialling }?.key)
        house.backend.floor.answer(dialled)
        let answer = try await house.send("DELETE", "/v1/callbacks/\(contact)", as: "super")
        #expect(answer.status == 409 && answer.json["detail"] as? String == "The customer is on the line.")
        await house.close()
    }

    @Test("the list and its items are what the OpenAPI document says")
    func schema() async throws {
        let house = try await house()
        _ = try await ask(house, #"{"queue":"sales","number":"4930111","consent":"given"}"#)
        let check = SchemaCheck(document: try await house.get("/v1/openapi.json").json)
        for path in ["/v1/callbacks", "/v1/queues", "/v1/floor"] {
            let faults = check.faults(try await house.get(path).json, check.answerSchema("get", path))
            #expect(faults.isEmpty, "\(path): \(faults)")
        }
        await house.close()
    }
}
