// Chats, messages, mails and tickets over the API: brought in, shown, ended, each with its role, audit line and refusals.

import ACD
import Basics
import ContactCenter
import Foundation
import Simulation
import Storage
import Testing

@testable import API

@Suite("Work routes", .timeLimit(.minutes(1))) @MainActor struct WorkRouteTests {
    static let kinds = [
        WorkKind(
            id: "chat", channel: .chat, weight: 20,
            concurrency: .init(least: 2, most: 5, raiseAtWaiting: 10, lowerAtWaiting: 3, satisfactionBelow: 80)),
        WorkKind(id: "ticket", channel: .ticket, weight: 20),
    ]

    /// Sales takes calls and chats, support tickets alone and two of them at most.
    private func house() async throws -> House {
        let house = try await House()
        var configuration = SmallFloor.configuration
        configuration.kinds = Self.kinds
        configuration.queues[0].kinds = [.call, "chat"]
        configuration.queues[1].kinds = ["ticket"]
        configuration.queues[1].waitingMax = 2
        for index in configuration.agents.indices {
            configuration.agents[index].devices.append(AgentID(configuration.agents[index].id.rawValue).browser)
        }
        house.backend.floor.apply(configuration)
        return house
    }

    private func bring(
        _ house: House, _ body: String, as name: String = "super", key: String? = nil
    ) async throws -> Answer {
        try await house.send("POST", "/v1/contacts", as: name, key.map { ["idempotency-key": $0] } ?? [:], body: body)
    }

    @Test("a chat is brought in, shown with its channel, told about only with an audit line, and taken back")
    func life() async throws {
        let house = try await house()
        let answer = try await bring(
            house,
            """
            {"kind":"chat","queue":"sales","customer":"ines@example.org","name":"Ines Brandt","subject":"No lid",
             "externalId":"web-77","attributes":{"tier":"gold","language":"de"},"priorityClass":-1,"boostSeconds":30}
            """)
        #expect(answer.status == 201, "\(answer)")
        let id = try #require(answer.json["id"] as? Int)
        #expect(answer.fields["location"] == "/v1/contacts/\(id)")
        #expect(answer.json["channel"] as? String == "chat" && answer.json["kind"] as? String == "chat")
        #expect(answer.json["state"] as? String == "queued" && answer.json["dialled"] is NSNull)
        let contact = try #require(house.backend.center.contacts[ContactID(rawValue: UInt64(id))])
        #expect(contact.attribute("tier") == "gold" && contact.orderKey?.priorityClass == -1)
        let items = try await house.get("/v1/contacts?state=queued").items
        #expect(items.first?["id"] as? Int == id && items.first?["kind"] as? String == "chat")

        #expect(try await house.get("/v1/contacts/\(id)").json["details"] is NSNull)
        let details = try await house.get("/v1/contacts/\(id)?details=true").json["details"] as? [String: Any]
        #expect(details?["customer"] as? String == "ines@example.org" && details?["name"] as? String == "Ines Brandt")
        #expect(details?["subject"] as? String == "No lid" && details?["externalId"] as? String == "web-77")
        let audit = try await house.get("/v1/audit", as: "root").body
        #expect(audit.contains("contact.created") && audit.contains("contact.details.shown"))
        #expect(!audit.contains("Ines") && !audit.contains("lid"))
        let lines = try await house.backend.reader.journal(after: 0, limit: 100)
        let journal = lines.map { String(decoding: $0.body, as: UTF8.self) }
        #expect(journal.contains { $0.contains("gold") })
        for word in ["ines", "Ines", "lid", "web-77"] { #expect(!journal.contains { $0.contains(word) }, "\(word)") }

        #expect(try await house.send("DELETE", "/v1/contacts/\(id)", as: "alice").status == 403)
        #expect(try await house.send("DELETE", "/v1/contacts/\(id)", as: "super").status == 204)
        #expect(house.backend.floor.closed.last?.state == .ended(.unserved))
        #expect(try await house.send("DELETE", "/v1/contacts/\(id)", as: "super").status == 404)
        let call = try #require(house.contact(house.legs.waiting))
        let refusal = try await house.send("DELETE", "/v1/contacts/\(call)", as: "super")
        #expect(refusal.status == 409 && refusal.problem == "contact_is_call")
        await house.close()
    }

    @Test("each refusal names what is at fault: the kind, a call, the queue, a queue that does not take it, roles, types")
    func refusals() async throws {
        let house = try await house()
        let long = String(repeating: "x", count: 201)
        for (body, field) in [
            (#"{"kind":"fax","queue":"sales"}"#, "/kind"), (#"{"kind":"call","queue":"sales"}"#, "/kind"),
            (#"{"kind":"chat","queue":"none"}"#, "/queue"), (#"{"kind":"chat","queue":"support"}"#, "/queue"),
            (#"{"kind":"chat"}"#, "/queue"), (#"{"kind":7,"queue":"sales"}"#, "/kind"),
            (#"{"kind":"chat","queue":"sales","receivedAt":"yesterday"}"#, "/receivedAt"),
            (#"{"kind":"chat","queue":"sales","priorityClass":101}"#, "/priorityClass"),
            (#"{"kind":"chat","queue":"sales","attributes":"gold"}"#, "/attributes"),
            (#"{"kind":"chat","queue":"sales","attributes":{"tier":1}}"#, "/attributes"),
            (#"{"kind":"chat","queue":"sales","attributes":{"a/b":"\#(long)"}}"#, "/attributes/a~1b"),
            (#"{"kind":"chat","queue":"sales","subject":"\#(long)"}"#, "/subject"),
            (#"{"kind":"chat","queue":"sales","text":"hello"}"#, "/text"),
        ] {
            let answer = try await bring(house, body)
            #expect(answer.status == 422 && answer.json["field"] as? String == field, "\(body): \(answer)")
        }
        #expect(try await bring(house, #"{"kind":"chat","queue":"sales"}"#, as: "alice").status == 403)
        let key = String(repeating: "k", count: 65)
        #expect(try await bring(house, #"{"kind":"chat","queue":"sales"}"#, key: key).status == 400)
        #expect(house.backend.work.openCount == 0)
        await house.close()
    }

    @Test("a full queue says so, and takes the same request with the same key when it has room")
    func full() async throws {
        let house = try await house()
        let ticket = #"{"kind":"ticket","queue":"support"}"#
        let first = try #require(try await bring(house, ticket).json["id"] as? Int)
        #expect(try await bring(house, ticket).status == 201)
        let answer = try await bring(house, ticket, key: "three")
        #expect(answer.status == 409 && answer.problem == "queue_full" && answer.json["field"] as? String == "/queue")
        #expect(house.backend.work.openCount == 2 && house.backend.work.openByKind["ticket"] == 2)
        #expect(try await house.send("DELETE", "/v1/contacts/\(first)", as: "super").status == 204)
        house.backend.followWork()
        #expect(try await bring(house, ticket, key: "three").status == 201)
        #expect(house.backend.work.openByKind["ticket"] == 2)
        await house.close()
    }

    @Test("a repeated request gives the same contact, with another body it is refused, and of another token it is another one")
    func idempotency() async throws {
        let house = try await house()
        let chat = #"{"kind":"chat","queue":"sales","subject":"one"}"#
        let first = try await bring(house, chat, key: "a")
        let again = try await bring(house, chat, key: "a")
        #expect(first.status == 201 && again.status == 201 && again.json["id"] as? Int == first.json["id"] as? Int)
        let other = try await bring(house, #"{"kind":"chat","queue":"sales","subject":"two"}"#, key: "a")
        #expect(other.status == 422 && other.problem == "idempotency_key_reused")
        #expect(try await bring(house, chat, as: "root", key: "a").json["id"] as? Int != first.json["id"] as? Int)
        #expect(try await bring(house, chat).json["id"] as? Int != first.json["id"] as? Int)
        // What a start finds in the store.
        let register = WorkRegister()
        let keyed = try await house.backend.reader.keyedWork(since: .epoch, limit: 10)
        let needed = try await house.backend.reader.work(of: WorkRegister.contacts(needing: house.backend.center))
        register.restore(house.backend.center, needed, keyed: keyed)
        #expect(keyed.count == 2 && needed.count == 3 && register.openByKind["chat"] == 3)
        var request = WorkRequest(kind: "chat", queue: "sales", requester: "super")
        request.subject = "one"
        request.idempotencyKey = "a"
        guard case .answered(.known(let contact)) = register.begin(request, at: house.backend.now) else {
            Issue.record("not known")
            return
        }
        #expect(Int(contact.rawValue) == first.json["id"] as? Int)
        #expect(register.record(of: contact)?.subject == "one")
        await house.close()
    }

    @Test("only the agent who has a contact, or a higher role, hands it on and ends it")
    func atAnAgent() async throws {
        let house = try await house()
        house.backend.floor.hangUp(house.legs.talking)
        house.backend.floor.hangUp(house.legs.ringing)
        house.backend.floor.hangUp(house.legs.waiting)
        house.backend.floor.advance(seconds: 30)
        let id = try #require(try await bring(house, #"{"kind":"chat","queue":"sales"}"#).json["id"] as? Int)
        for (act, body) in [("complete", nil), ("transfer", #"{"queue":"sales"}"#)] {
            let early = try await house.send("POST", "/v1/contacts/\(id)/\(act)", as: "super", body: body)
            #expect(early.status == 409 && early.problem == "contact_not_with_agent", "\(early)")
            #expect(try await house.send("POST", "/v1/contacts/\(id)/\(act)", as: "alice", body: body).status == 404)
        }
        house.backend.floor.signIn("alice")
        house.backend.floor.answer(try #require(house.backend.floor.ringing(at: "alice").first))
        #expect(try await house.get("/v1/contacts/\(id)", as: "alice").json["state"] as? String == "active")
        #expect(try await house.send("DELETE", "/v1/contacts/\(id)", as: "super").problem == "contact_with_agent")
        func transfer(_ body: String) async throws -> Answer {
            try await house.send("POST", "/v1/contacts/\(id)/transfer", as: "alice", body: body)
        }
        #expect(try await transfer(#"{"queue":"none"}"#).status == 422)
        #expect(try await transfer(#"{"queue":"support"}"#).problem == "not_possible")
        #expect(try await transfer(#"{}"#).status == 422)
        #expect(try await house.send("POST", "/v1/contacts/\(id)/complete", as: "alice").status == 204)
        #expect(house.backend.floor.closed.last?.state == .ended(.handled))
        #expect(house.backend.center.agents["alice"]?.wrapUps.count == 1)
        #expect(try await house.send("POST", "/v1/contacts/\(id)/complete", as: "alice").status == 404)
        await house.close()
    }

    @Test("a wrap-up is extended and ended by its own agent, or by who names the agent, and by nobody else")
    func wrapUp() async throws {
        let house = try await house()
        for leg in [house.legs.talking, house.legs.ringing, house.legs.waiting] { house.backend.floor.hangUp(leg) }
        house.backend.floor.advance(seconds: 30)
        let id = try #require(try await bring(house, #"{"kind":"chat","queue":"sales"}"#).json["id"] as? Int)
        house.backend.floor.signIn("alice")
        house.backend.floor.answer(try #require(house.backend.floor.ringing(at: "alice").first))
        func act(_ body: String, as name: String = "alice") async throws -> Answer {
            try await house.send("POST", "/v1/contacts/\(id)/wrap-up", as: name, body: body)
        }
        #expect(try await act(#"{"act":"complete"}"#).status == 404, "it is worked on")
        #expect(try await house.send("POST", "/v1/contacts/\(id)/complete", as: "alice").status == 204)
        #expect(house.backend.center.agents["alice"]?.wrapUps.count == 1)
        #expect(try await act(#"{"act":"complete"}"#, as: "super").status == 404, "no such agent")
        #expect(try await act(#"{"act":"complete","agent":"bob"}"#).status == 404, "somebody else")
        #expect(try await act(#"{"act":"later"}"#).status == 422)
        #expect(try await act(#"{"act":"extend","disposition":"order"}"#).json["field"] as? String == "/disposition")
        #expect(try await act(#"{"act":"complete","disposition":"none"}"#).json["field"] as? String == "/disposition")
        #expect(try await act(#"{"act":"extend"}"#).status == 204)
        let again = try await act(#"{"act":"extend"}"#)
        #expect(again.status == 409 && again.problem == "not_possible", "once")
        #expect(try await act(#"{"act":"complete","agent":"alice"}"#, as: "super").status == 204)
        #expect(house.backend.center.agents["alice"]?.wrapUps.isEmpty == true)
        #expect(try await act(#"{"act":"complete"}"#).status == 404)
        let audit = try await house.get("/v1/audit", as: "root").body
        #expect(audit.contains("wrap-up.extended") && audit.contains("wrap-up.completed"))
        await house.close()
    }

    @Test("a contact that an agent takes in the very moment in which it is taken back is not said to be over")
    func takenMeanwhile() async throws {
        let house = try await house()
        for leg in [house.legs.talking, house.legs.ringing, house.legs.waiting] { house.backend.floor.hangUp(leg) }
        house.backend.floor.advance(seconds: 30)
        let id = try #require(try await bring(house, #"{"kind":"chat","queue":"sales"}"#).json["id"] as? Int)
        house.backend.floor.signIn("alice")
        house.backend.beforeEvent = { floor in
            if let leg = floor.ringing(at: "alice").first { floor.answer(leg) }
        }
        let answer = try await house.send("DELETE", "/v1/contacts/\(id)", as: "super")
        #expect(answer.status == 409 && answer.problem == "contact_with_agent", "\(answer)")
        await house.close()
    }

    @Test("a key is known for a day by the store, however many others came since")
    func oldKey() async throws {
        let house = try await house()
        let chat = #"{"kind":"chat","queue":"sales","subject":"one"}"#
        let first = try await bring(house, chat, key: "old")
        // As after a start that has read none of them.
        house.backend.work.forgetKeys()
        let again = try await bring(house, chat, key: "old")
        #expect(again.status == 201 && again.json["id"] as? Int == first.json["id"] as? Int)
        let other = try await bring(house, #"{"kind":"chat","queue":"sales"}"#, key: "old")
        #expect(other.status == 422 && other.problem == "idempotency_key_reused")
        #expect(try await bring(house, chat, as: "root", key: "old").json["id"] as? Int != first.json["id"] as? Int)
        house.backend.elapsed = WorkRegister.keyLife + .seconds(1)
        #expect(try await bring(house, chat, key: "old").json["id"] as? Int != first.json["id"] as? Int)
        await house.close()
    }

    @Test("kinds with their rules and how much there is of each; what customers say is taken by those that follow it")
    func kinds() async throws {
        let house = try await house()
        for _ in 0..<3 { #expect(try await bring(house, #"{"kind":"chat","queue":"sales"}"#).status == 201) }
        func kind(_ id: String) async throws -> [String: Any] {
            try #require(try await house.get("/v1/kinds", as: "metrics").items.first { $0["id"] as? String == id })
        }
        let calls = try await kind("call"), chats = try await kind("chat")
        #expect(calls["weight"] is NSNull && calls["active"] as? Int == 1 && calls["ringing"] as? Int == 1)
        #expect(calls["capacityInUse"] as? Int == 200 && calls["waiting"] as? Int == 2)
        #expect(chats["waiting"] as? Int == 3 && chats["atOnceMax"] as? Int == 2 && chats["isUnsatisfying"] as? Bool == false)
        func report(_ kind: String, _ body: String, as name: String = "super") async throws -> Answer {
            try await house.send("POST", "/v1/kinds/\(kind)/satisfaction", as: name, body: body)
        }
        #expect(try await report("chat", #"{"percent":70}"#).status == 204)
        #expect(try await report("chat", #"{"percent":90,"queue":"sales"}"#).status == 204)
        let after = try await kind("chat")
        #expect(after["isUnsatisfying"] as? Bool == true)
        let figures = (after["satisfaction"] as? [[String: Any]])?.map { "\($0["queue"] ?? "") \($0["percent"] ?? "")" }
        #expect(figures == ["<null> 70", "sales 90"])
        #expect(try await report("chat", #"{"percent":101}"#).status == 422)
        #expect(try await report("chat", #"{"percent":50,"queue":"none"}"#).json["field"] as? String == "/queue")
        #expect(try await report("ticket", #"{"percent":50}"#).problem == "satisfaction_not_followed")
        #expect(try await report("fax", #"{"percent":50}"#).status == 404)
        #expect(try await report("chat", #"{"percent":50}"#, as: "alice").status == 403)
        await house.close()
    }

    @Test("lists and items are what the OpenAPI document says")
    func schema() async throws {
        let house = try await house()
        let id = try #require(try await bring(house, #"{"kind":"chat","queue":"sales","subject":"x"}"#).json["id"] as? Int)
        let check = SchemaCheck(document: try await house.get("/v1/openapi.json").json)
        for (path, form) in [
            ("/v1/kinds", "/v1/kinds"), ("/v1/contacts", "/v1/contacts"), ("/v1/floor", "/v1/floor"),
            ("/v1/contacts/\(id)?details=true", "/v1/contacts/{id}"), ("/v1/agents", "/v1/agents"),
        ] {
            let faults = check.faults(try await house.get(path).json, check.answerSchema("get", form))
            #expect(faults.isEmpty, "\(path): \(faults)")
        }
        await house.close()
    }
}

extension Answer {
    /// The last part of a problem's type.
    fileprivate var problem: String? { (json["type"] as? String)?.split(separator: ":").last.map(String.init) }
}
