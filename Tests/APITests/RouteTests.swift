// What the routes answer, on a floor where something is going on.

import ACD
import Basics
import ContactCenter
import Foundation
import HTTP
import HTTPTypes
import Simulation
import Storage
import Testing

@testable import API

@Suite("Routes", .timeLimit(.minutes(1))) @MainActor struct RouteTests {
    @Test("the OpenAPI document has every route, and every answer is what it says")
    func openAPI() async throws {
        let house = try await House()
        let document = try await house.get("/v1/openapi.json").json
        #expect(document["openapi"] as? String == "3.1.0")
        let paths = document["paths"] as? [String: [String: Any]] ?? [:]
        let check = SchemaCheck(document: document)
        var operationIDs: Set<String> = []
        for route in RouteTable().routes {
            let operation = paths[route.path]?[route.method.rawValue.lowercased()] as? [String: Any]
            #expect(operation?["summary"] as? String == route.summary, "\(route.path)")
            let isNew = operationIDs.insert(operation?["operationId"] as? String ?? "").inserted
            #expect(isNew)
            let responses = operation?["responses"] as? [String: [String: Any]] ?? [:]
            #expect(responses.values.allSatisfy { ($0["description"] as? String)?.isEmpty == false }, "\(route.path)")
            let parameters = operation?["parameters"] as? [[String: Any]] ?? []
            #expect(parameters.count == route.parameters.count)
            let inPath = route.path.split(separator: "/").filter { $0.hasPrefix("{") }.map { String($0.dropFirst().dropLast()) }
            #expect(parameters.filter { $0["in"] as? String == "path" }.compactMap { $0["name"] as? String } == inPath)
        }
        let routeCount = paths.values.reduce(0) { $0 + $1.count }
        #expect(routeCount == RouteTable().routes.count + 1, "the document has /healthz and the routes, nothing else")
        let live = try #require(house.contact(house.legs.talking))
        for (path, at) in [
            ("/v1/status", "/v1/status"), ("/v1/queues", "/v1/queues"), ("/v1/queues/{id}", "/v1/queues/sales"),
            ("/v1/agents", "/v1/agents"), ("/v1/agents/{id}", "/v1/agents/bob"),
            ("/v1/agents/{id}/timeline", "/v1/agents/bob/timeline"), ("/v1/contacts", "/v1/contacts"),
            ("/v1/contacts/{id}", "/v1/contacts/\(live)"), ("/v1/contacts/{id}", "/v1/contacts/1"),
            ("/v1/recordings", "/v1/recordings"), ("/v1/recordings/health", "/v1/recordings/health"),
            ("/v1/floor", "/v1/floor"),
        ] {
            let answer = try await house.get(at)
            #expect(answer.status == 200 && answer.fields["content-type"] == "application/json", "\(at)")
            #expect(answer.fields["cache-control"] == "no-store")
            let responses = (paths[path]?["get"] as? [String: Any])?["responses"] as? [String: Any] ?? [:]
            for status in ["401", "403", "429", "503"] { #expect(responses[status] != nil, "\(path) may answer \(status)") }
            let faults = check.faults(answer.json, check.answerSchema("get", path))
            #expect(faults.isEmpty, "\(at): \(faults)")
        }
        await house.close()
    }

    @Test("status says how the daemon is; health needs no token, metrics need one")
    func status() async throws {
        let house = try await House()
        let status = try await house.get("/v1/status", as: "metrics").json
        #expect(status["storage"] as? String == "good" && status["contacts"] as? Int == 4)
        let health = try await house.send("GET", "/healthz")
        #expect(health.status == 200 && health.body == "ok\n")
        let metrics = try await house.get("/metrics", as: "metrics")
        #expect(metrics.body.contains("switchboard_calls 4"))
        #expect(metrics.fields["content-type"]?.hasPrefix("text/plain; version=0.0.4") == true)
        await house.close()
    }

    @Test("a queue shows who waits in which place, and its figures add up")
    func queue() async throws {
        let house = try await House()
        let queue = try await house.get("/v1/queues/sales", as: "metrics").json
        let waiting = queue["waitingContacts"] as? [[String: Any]] ?? []
        #expect(queue["waiting"] as? Int == 2 && waiting.count == 2 && queue["ringing"] as? Int == 1)
        #expect(waiting.map { $0["position"] as? Int } == [1, 2])
        #expect(waiting.first?["offeredTo"] as? String == "bob" && waiting.last?["offeredTo"] is NSNull)
        #expect(waiting.first?["waitSeconds"] as? Double == 8 && queue["longestWaitSeconds"] as? Double == 8)
        let expected = queue["expectedWaitSeconds"] as? Double ?? 0
        #expect(expected > 0 && expected > waiting.last?["expectedWaitSeconds"] as? Double ?? 0)
        let figures = queue["figures"] as? [String: Any] ?? [:]
        func figure(_ name: String) -> Int { figures[name] as? Int ?? -1 }
        #expect(figure("offered") == 4 && figure("answered") == 2)
        #expect(
            figure("offered") == figure("answered") + figure("abandoned") + figure("diverted") + figure("endedBySystem") + 2)
        #expect((figures["divertedByCause"] as? [String: Int])?.count == DiversionCause.allCases.count)
        let level = queue["serviceLevel"] as? [String: Any] ?? [:]
        #expect(level["value"] as? Double == 1 && (level["formula"] as? String)?.contains("answered within threshold") == true)
        #expect(
            try await house.get("/v1/queues/sales?limit=1", as: "metrics").json["waitingContacts"].map { ($0 as? [Any])?.count }
                == 1)
        #expect(try await house.get("/v1/queues").items.map { $0["id"] as? String } == ["sales", "support"])
        let unknown = try await house.get("/v1/queues/nope")
        #expect(unknown.status == 404 && unknown.json["field"] as? String == "id" && unknown.json["mend"] != nil)
        await house.close()
    }

    @Test("agents show state, work with its clock, and devices")
    func agents() async throws {
        let house = try await House()
        let agents = try await house.get("/v1/agents").items
        #expect(agents.map { $0["id"] as? String } == ["alice", "bob", "carol"])
        let works = agents.map { ($0["work"] as? [[String: Any]])?.first }
        #expect(works[0]?["kind"] as? String == "talking" && works[0]?["since"] is String)
        #expect(works[1]?["kind"] as? String == "ringing" && works[1]?["until"] is String)
        #expect(works[2] == nil && agents[2]["state"] as? String == "offline" && agents[2]["refusal"] as? String == "offline")
        let devices = agents[0]["devices"] as? [[String: Any]]
        #expect(devices?.first?["id"] as? String == "alice-desk" && devices?.first?["isRegistered"] as? Bool == true)
        await house.close()
    }

    @Test("setting a state changes the agent, is stored with its audit line, and waits while the agent talks")
    func setState() async throws {
        let house = try await House()
        let pause = try await house.send(
            "POST", "/v1/agents/carol/state", as: "super", body: #"{"state":"pause","reason":"lunch"}"#)
        #expect(pause.status == 200 && pause.json["state"] as? String == "pause" && pause.json["reason"] as? String == "lunch")
        let own = try await house.send("POST", "/v1/agents/alice/state", as: "alice", body: #"{"state":"offline"}"#)
        #expect(own.json["state"] as? String == "available")
        #expect((own.json["pending"] as? [String: Any])?["state"] as? String == "offline")
        let audit = try await house.backend.reader.audit(limit: 10)
        #expect(audit.map(\.actor) == ["alice", "super"] && audit.map(\.object) == ["agent/alice", "agent/carol"])
        #expect(audit.allSatisfy { $0.action == "agent.state.set" })
        #expect(audit.last?.detail.map { String(decoding: $0, as: UTF8.self) }?.contains("lunch") == true)
        let page = try await house.get("/v1/audit?limit=1", as: "root")
        #expect(page.items.map { $0["actor"] as? String } == ["alice"])
        let check = SchemaCheck(document: try await house.get("/v1/openapi.json").json)
        #expect(check.faults(page.json, check.answerSchema("get", "/v1/audit")) == [])
        let next = try await house.get("/v1/audit?cursor=\(page.json["next"] as? String ?? "")", as: "root").items
        #expect(next.map { $0["actor"] as? String } == ["super"])
        #expect((next.first?["detail"] as? String)?.contains("lunch") == true)
        await house.close()
    }

    @Test("closing a channel leaves the others, is stored with its audit line, and is nobody else's")
    func setChannel() async throws {
        let house = try await House()
        let path = "/v1/agents/carol/channels"
        _ = try await house.send("POST", path, as: "super", body: #"{"channel":"email","state":"closed"}"#)
        let closed = try await house.send("POST", path, as: "super", body: #"{"channel":"chat","state":"closed"}"#)
        #expect(closed.status == 200 && closed.json["closedChannels"] as? [String] == ["chat", "email"])
        let opened = try await house.send("POST", path, as: "super", body: #"{"channel":"chat","state":"open"}"#)
        #expect(opened.json["closedChannels"] as? [String] == ["email"])
        let check = SchemaCheck(document: try await house.get("/v1/openapi.json").json)
        #expect(check.faults(opened.json, check.answerSchema("post", "/v1/agents/{id}/channels")) == [])
        let audit = try await house.backend.reader.audit(limit: 10)
        #expect(audit.map(\.action) == ["agent.channel.set", "agent.channel.set", "agent.channel.set"])
        #expect(audit.last?.detail.map { String(decoding: $0, as: UTF8.self) }?.contains("email") == true)
        let fax = #"{"channel":"fax","state":"open"}"#
        #expect(try await house.send("POST", path, as: "super", body: fax).status == 422)
        #expect(try await house.send("POST", path, as: "alice", body: #"{"channel":"chat","state":"open"}"#).status == 403)
        await house.close()
    }

    @Test("an agent's token reaches the own state and the own contacts, nobody else's")
    func ownOnly() async throws {
        let house = try await House()
        #expect(try await house.get("/v1/agents/alice", as: "alice").status == 200)
        #expect(
            try await house.get("/v1/agents/bob", as: "alice").json["type"] as? String == "urn:switchboard:problem:not_yours")
        let state = #"{"state":"offline"}"#
        #expect(try await house.send("POST", "/v1/agents/bob/state", as: "alice", body: state).status == 403)
        #expect(house.backend.center.agents["bob"]?.presence == .available)
        let mine = try #require(house.contact(house.legs.talking)), other = try #require(house.contact(house.legs.waiting))
        #expect(try await house.get("/v1/contacts/\(mine)", as: "alice").status == 200)
        #expect(try await house.get("/v1/contacts/1", as: "alice").status == 200)
        // Somebody else's contact and none at all are the same to an agent.
        let strange = try await house.get("/v1/contacts/\(other)", as: "alice")
        let none = try await house.get("/v1/contacts/4711", as: "alice")
        #expect(strange.status == 404 && strange.body == none.body && none.status == 404)
        // Passed on to Bob in the end, and Alice has had it all the same.
        let over = try #require(house.backend.floor.closed.first)
        try await house.keep(over) { $0.agent = "bob" }
        #expect(try await house.get("/v1/contacts/1", as: "alice").json["agent"] as? String == "bob")
        await house.close()
    }

    @Test("a supervisor gives a waiting contact another place, or takes it out; both are audited")
    func order() async throws {
        let house = try await House()
        let waiting = try #require(house.contact(house.legs.waiting)), talking = try #require(house.contact(house.legs.talking))
        let path = "/v1/contacts/\(waiting)/priority"
        #expect(try await house.send("POST", path, as: "alice", body: #"{"priorityClass":1}"#).status == 403)
        for body in [#"{"priorityClass":"1"}"#, #"{"priorityClass":101}"#, #"{"priorityClass":1.5}"#, #"{"boostSeconds":1}"#] {
            #expect(try await house.send("POST", path, as: "super", body: body).status == 422, "\(body)")
        }
        let body = #"{"priorityClass":-3,"boostSeconds":60}"#
        #expect(try await house.send("POST", path, as: "super", body: body).status == 204)
        #expect(house.backend.floor.contact(of: house.legs.waiting)?.entry?.key.priorityClass == -3)
        #expect(try await house.send("POST", "/v1/contacts/4711/priority", as: "super", body: body).status == 404)
        #expect(try await house.send("POST", "/v1/contacts/\(talking)/withdraw", as: "super").status == 409)
        #expect(try await house.send("POST", "/v1/contacts/\(waiting)/withdraw", as: "super").status == 204)
        #expect(house.backend.floor.contact(of: house.legs.waiting)?.entry == nil)
        let actions = try await house.get("/v1/audit", as: "root").items.compactMap { $0["action"] as? String }
        #expect(actions.contains("contact.priority.set") && actions.contains("contact.withdraw"))
        #expect(try await house.get("/v1/splits").items.isEmpty)
        await house.close()
    }

    @Test("a contact that cannot be found is 404, and 503 while the disk may owe it")
    func owedByTheDisk() async throws {
        let house = try await House()
        #expect(try await house.get("/v1/contacts/4711").status == 404)
        house.backend.settles = false
        let answer = try await house.get("/v1/contacts/4711")
        #expect(answer.status == 503 && answer.json["type"] as? String == "urn:switchboard:problem:history_unreadable")
        #expect(try await house.get("/v1/contacts/1").status == 200)
        await house.close()
    }

    @Test("503 says so when the disk does not take the change")
    func notDurable() async throws {
        let house = try await House()
        await house.backend.store.close()
        let answer = try await house.send("POST", "/v1/agents/carol/state", as: "super", body: #"{"state":"offline"}"#)
        #expect(answer.status == 503 && answer.isProblem && answer.fields["retry-after"] != nil)
        #expect(try await house.get("/v1/contacts").status == 503)
        #expect(try await house.get("/v1/agents").status == 200)
        await house.close()
    }

    @Test("contacts come newest first, live and past in one list, page by page without gap or repeat")
    func paging() async throws {
        let house = try await House()
        // A row that was written while its contact lives is old: it must not show the contact twice, nor as it was.
        let live = try #require(house.backend.floor.contact(of: house.legs.waiting))
        try await house.keep(live) { $0.state = "menu" }
        var seen: [Int] = [], path = "/v1/contacts?limit=2", pages = 0
        while pages < 10 {
            let page = try await house.get(path).json
            seen += (page["items"] as? [[String: Any]] ?? []).compactMap { $0["id"] as? Int }
            pages += 1
            guard let next = page["next"] as? String else { break }
            path = "/v1/contacts?limit=2&cursor=\(next)"
        }
        #expect(seen == [5, 4, 3, 2, 1] && pages == 3)
        let states = try await house.get("/v1/contacts").items.map { $0["state"] as? String }
        #expect(states == ["menu", "queued", "offered", "talking", "ended"])
        #expect(try await house.get("/v1/contacts?state=menu").items.map { $0["id"] as? Int } == [5])
        #expect(try await house.get("/v1/contacts?state=talking").items.map { $0["agent"] as? String } == ["alice"])
        #expect(try await house.get("/v1/contacts?state=ended").items.map { $0["id"] as? Int } == [1])
        #expect(try await house.get("/v1/contacts?queue=support").items.isEmpty)
        #expect(try await house.get("/v1/contacts?queue=sales&limit=200").items.count == 4)
        await house.close()
    }

    @Test("a contact tells its whole story with the reason of each offer, live and from history alike")
    func timeline() async throws {
        let house = try await House()
        let live = try #require(house.contact(house.legs.talking))
        for path in ["/v1/contacts/\(live)", "/v1/contacts/1"] {
            let timeline = try await house.get(path).json["timeline"] as? [[String: Any]] ?? []
            let offer = timeline.first { $0["offer"] != nil }
            let why = offer?["why"] as? [String: Any]
            #expect((why?["winner"] as? [String: Any])?["agent"] as? String == "alice", "\(path)")
            #expect((why?["refused"] as? [[String: Any]])?.first?["refusal"] as? String == "offline")
            #expect(why?["keys"] as? [String] == ["level", "longest-idle"])
            #expect(timeline.first?["number"] as? String == "100" && timeline.contains { $0["key"] as? String == "1" })
        }
        let kinds = try await house.get("/v1/contacts/\(live)").json["timeline"] as? [[String: Any]] ?? []
        #expect(kinds.first?["kind"] as? String == "contact.created" && kinds.last?["kind"] as? String == "contact.answered")
        #expect(try await house.get("/v1/contacts/1").json["timelineEntriesLeftOut"] as? Int == 0)
        try await house.keep(try #require(house.backend.floor.closed.first)) { $0.timelineEntriesLeftOut = 7 }
        #expect(try await house.get("/v1/contacts/1").json["timelineEntriesLeftOut"] as? Int == 7)
        await house.close()
    }

    @Test("the caller's number is shown only on request, only while the call lives, and leaves an audit line")
    func callerNumber() async throws {
        let house = try await House()
        let live = try #require(house.contact(house.legs.talking))
        #expect(try await house.get("/v1/contacts/\(live)").json["callerNumber"] is NSNull)
        #expect(try await house.backend.reader.audit(limit: 10).isEmpty)
        let asked = try await house.get("/v1/contacts/\(live)?callerNumber=true", as: "alice")
        #expect(asked.json["callerNumber"] as? String == "+4930123456")
        let audit = try await house.backend.reader.audit(limit: 10)
        #expect(audit.map(\.action) == ["contact.number.shown"] && audit.first?.actor == "alice")
        #expect(audit.first?.object == "contact/\(live)")
        #expect(try await house.get("/v1/contacts/1?callerNumber=true").json["callerNumber"] is NSNull)
        await house.backend.store.close()
        let unaudited = try await house.get("/v1/contacts/\(live)?callerNumber=true")
        #expect(unaudited.status == 503 && !unaudited.body.contains("4930123456"))
        await house.close()
    }

    @Test("recordings are listed with their filters")
    func recordings() async throws {
        let house = try await House()
        for id in 1...3 {
            var record = RecordingRecord(
                id: RecordingID(rawValue: UInt64(id)), contact: ContactID(rawValue: 1), started: house.backend.now,
                file: "\(id).wav", state: "saved")
            record.queue = id == 2 ? "support" : "sales"
            record.seconds = 60.5
            try await house.keep(record)
        }
        let page = try await house.get("/v1/recordings?queue=sales&limit=1").json
        #expect((page["items"] as? [[String: Any]])?.first?["file"] as? String == "3.wav" && page["next"] as? String == "3")
        #expect(try await house.get("/v1/recordings?queue=sales&cursor=3").items.map { $0["id"] as? Int } == [1])
        #expect(try await house.get("/v1/recordings?contact=2").items.isEmpty)
        #expect(try await house.get("/v1/contacts/1").json["recordings"] as? [Int] == [1, 2, 3])
        await house.close()
    }

    @Test(
        "what does not fit is refused with the field and how to mend it",
        arguments: [
            ("GET", "/v1/contacts?limit=0", nil, 400, "limit"), ("GET", "/v1/contacts?limit=201", nil, 400, "limit"),
            ("GET", "/v1/contacts?limit=-1", nil, 400, "limit"), ("GET", "/v1/contacts?limit=1&limit=2", nil, 400, "limit"),
            ("GET", "/v1/contacts?state=asleep", nil, 400, "state"), ("GET", "/v1/contacts?sort=id", nil, 400, "sort"),
            ("GET", "/v1/contacts?cursor=%2e%2e", nil, 400, "cursor"), ("GET", "/v1/contacts/none", nil, 400, "id"),
            ("GET", "/v1/contacts/99999999999999999999", nil, 400, "id"), ("GET", "/v1/contacts/4711", nil, 404, "id"),
            ("GET", "/v1/agents/nobody", nil, 404, "id"),
            ("POST", "/v1/agents/carol/state", "{", 400, "body"), ("POST", "/v1/agents/carol/state", "[]", 400, "body"),
            ("POST", "/v1/agents/carol/state", "{}", 422, "/state"),
            ("POST", "/v1/agents/carol/state", #"{"state":1}"#, 422, "/state"),
            ("POST", "/v1/agents/carol/state", #"{"state":"asleep"}"#, 422, "/state"),
            ("POST", "/v1/agents/carol/state", #"{"state":"pause"}"#, 422, "/reason"),
            ("POST", "/v1/agents/carol/state", #"{"state":"pause","reason":"bored"}"#, 422, "/reason"),
            ("POST", "/v1/agents/carol/state", #"{"state":"offline","reason":"lunch"}"#, 422, "/reason"),
            ("POST", "/v1/agents/carol/state", #"{"state":"offline","mood":"good"}"#, 422, "/mood"),
            ("POST", "/v1/agents/nobody/state", #"{"state":"offline"}"#, 404, "id"),
        ] as [(String, String, String?, Int, String)])
    func validation(_ method: String, _ path: String, _ body: String?, _ status: Int, _ field: String) async throws {
        let house = try await House()
        let answer = try await house.send(method, path, as: "super", body: body)
        #expect(answer.status == status && answer.isProblem, "\(path) \(body ?? ""): \(answer.status) \(answer.body)")
        #expect(answer.json["field"] as? String == field)
        #expect((answer.json["mend"] as? String)?.isEmpty == false)
        #expect(house.backend.center.agents["carol"]?.presence == .offline)
        await house.close()
    }

    @Test("bodies that are too large, too deep or no JSON are refused")
    func badBodies() async throws {
        let house = try await House()
        func post(_ body: String, _ fields: [String: String] = [:]) async throws -> Int {
            try await house.send("POST", "/v1/agents/carol/state", as: "super", fields, body: body).status
        }
        #expect(try await post(#"{"state":"offline"}"#, ["content-type": "text/plain"]) == 415)
        #expect(try await post(#"{"state":"\#(String(repeating: "x", count: 5000))"}"#) == 413)
        #expect(try await post(String(repeating: "[", count: 4000)) == 400)
        #expect(try await post(#"{"state":"# + String(repeating: "[", count: 4000)) == 400)
        #expect(try await post(#"{"state":"offline"}"#, ["content-type": "application/json; charset=utf-8"]) == 200)
        await house.close()
    }

    @Test("the page is served with a policy that forbids inline script, and asks for nothing from elsewhere")
    func page() async throws {
        let house = try await House()
        let index = try await house.send("GET", "/")
        #expect(index.status == 200 && index.fields["content-security-policy"] == StaticFiles.strictPolicy)
        #expect(!index.body.contains("<style") && !index.body.contains(" style=") && !index.body.contains(" onclick="))
        #expect(index.body.firstMatch(of: /<script(?![^>]*src=)/) == nil)
        for match in index.body.matches(of: /(?:src|href)="([^"]+)"/) where !match.1.hasPrefix("#") {
            let file = try await house.send("GET", "/" + match.1.drop { $0 == "/" })
            #expect(file.status == 200, "\(match.1)")
            #expect(!file.body.contains("://") || match.1.hasSuffix(".svg"), "\(match.1) refers to another place")
        }
        await house.close()
    }
}

@Suite("JSON") struct JSONTests {
    @Test("times are written in UTC with milliseconds")
    func times() {
        #expect(Instant.epoch.iso8601 == "1970-01-01T00:00:00.000Z")
        #expect(Instant(microseconds: 1_795_321_094_123_999).iso8601 == "2026-11-22T04:18:14.123Z")
        #expect(Instant(seconds: 951_782_399).iso8601 == "2000-02-28T23:59:59.000Z")
        #expect(Instant(seconds: 951_782_400).iso8601 == "2000-02-29T00:00:00.000Z")
        #expect(Instant(microseconds: -1).iso8601 == "1969-12-31T23:59:59.999Z")
        for days in stride(from: Int64(-40_000), to: 60_000, by: 7) {
            let instant = Instant(seconds: days * 86_400 + 3661)
            let date = Date(timeIntervalSince1970: TimeInterval(days * 86_400 + 3661))
            #expect(instant.iso8601 == date.formatted(Date.ISO8601FormatStyle(includingFractionalSeconds: true)))
        }
    }

    @Test("texts and numbers survive a parser")
    func values() throws {
        let text = "a\"b\\c\n\u{1}\u{7f}ä€😀/"
        let writer = Shape<String>.text.bytes(of: text)
        #expect(try JSONDecoder().decode(String.self, from: Data(writer)) == text)
        for (number, written) in [
            (0.0, "0"), (1.5, "1.5"), (0.8190476, "0.819"), (-2, "-2"), (.infinity, "null"), (.nan, "null"),
        ] {
            #expect(String(decoding: Shape<Double>.number.bytes(of: number), as: UTF8.self) == written)
        }
    }
}
