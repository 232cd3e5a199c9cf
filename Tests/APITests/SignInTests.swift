// Who gets in, and who does not.

import Basics
import Foundation
import HTTPTypes
import Storage
import Streams
import Testing

@testable import API
@testable import SiteConfiguration

@Suite("Sign-in", .timeLimit(.minutes(1))) @MainActor struct SignInTests {
    @Test("each role may use exactly the routes that the table gives it")
    func roleMatrix() async throws {
        let house = try await House()
        let routes = RouteTable().routes
        #expect(routes.count >= 13)
        var matrix: [String] = []
        for route in routes {
            guard case .role(let needed) = route.access else { continue }
            // A query that no route knows: whoever is let in hears 400, and nothing is changed.
            let path = route.path.replacing("{id}", with: route.path.contains("contacts") ? "1" : "alice") + "?no=1"
            for (name, role) in House.roles {
                let answer = try await house.send(route.method.rawValue, path, as: name)
                #expect(answer.status == (role >= needed ? 400 : 403), "\(route.method) \(path) as \(role): \(answer.status)")
                #expect(answer.isProblem)
            }
            let nobody = try await house.send(route.method.rawValue, path)
            #expect(nobody.status == 401 && nobody.fields["www-authenticate"]?.hasPrefix("Bearer") == true)
            matrix.append("\(route.method.rawValue) \(route.path) \(needed.rawValue)")
        }
        #expect(
            matrix.sorted() == [
                "DELETE /v1/callbacks/{contact} supervisor", "DELETE /v1/contacts/{id} supervisor",
                "DELETE /v1/contacts/{id}/secure-collection agent",
                "DELETE /v1/contacts/{id}/supervise supervisor", "DELETE /v1/sessions reader", "GET /metrics reader",
                "GET /v1/agents supervisor", "GET /v1/agents/{id} agent",
                "GET /v1/agents/{id}/timeline agent", "GET /v1/audit admin", "GET /v1/callbacks supervisor",
                "GET /v1/contacts supervisor", "GET /v1/contacts/{id} agent", "GET /v1/floor supervisor",
                "GET /v1/kinds reader", "GET /v1/openapi.json reader", "GET /v1/queues reader", "GET /v1/queues/{id} reader",
                "GET /v1/recordings supervisor", "GET /v1/recordings/health supervisor", "GET /v1/recordings/{id} agent",
                "GET /v1/recordings/{id}/audio agent", "GET /v1/splits reader", "GET /v1/status reader",
                "POST /v1/agents/{id}/channels agent", "POST /v1/agents/{id}/state agent", "POST /v1/callbacks supervisor",
                "POST /v1/contacts supervisor", "POST /v1/contacts/{id}/back-out agent",
                "POST /v1/contacts/{id}/complete agent", "POST /v1/contacts/{id}/complete-transfer agent",
                "POST /v1/contacts/{id}/consult agent", "POST /v1/contacts/{id}/digits agent",
                "POST /v1/contacts/{id}/hang-up agent", "POST /v1/contacts/{id}/hold agent",
                "POST /v1/contacts/{id}/leave agent", "POST /v1/contacts/{id}/merge agent",
                "POST /v1/contacts/{id}/mute agent", "POST /v1/contacts/{id}/priority supervisor",
                "POST /v1/contacts/{id}/resume agent",
                "POST /v1/contacts/{id}/secure-collection agent", "POST /v1/contacts/{id}/supervise supervisor",
                "POST /v1/contacts/{id}/swap agent", "POST /v1/contacts/{id}/transfer agent",
                "POST /v1/contacts/{id}/unmute agent", "POST /v1/contacts/{id}/withdraw supervisor",
                "POST /v1/contacts/{id}/wrap-up agent", "POST /v1/kinds/{kind}/satisfaction supervisor",
                "POST /v1/recordings/{id}/hold admin", "POST /v1/recordings/{id}/hold/lift admin",
                "POST /v1/sessions/codes supervisor",
            ])
        await house.close()
    }

    @Test("wrong secrets, unknown names and nonsense get one and the same answer")
    func wrongTokens() async throws {
        let house = try await House()
        var bodies: Set<String> = []
        for field in ["Bearer root.wrong", "Bearer nobody.secret", "Bearer nonsense", "Basic cm9vdA==", "Bearer"] {
            let answer = try await house.send("GET", "/v1/status", ["authorization": field])
            #expect(answer.status == 401)
            bodies.insert(answer.body)
        }
        #expect(bodies.count == 1)
        #expect(try await house.send("GET", "/v1/status", ["authorization": "bEARER root.secret"]).status == 200)
        await house.close()
    }

    @Test("an unknown name costs as much time as a known one: the same slow hash")
    func sameTime() async throws {
        let house = try await House()
        for (index, name) in ["root", "nobody", "super", "admin"].enumerated() {
            _ = try await house.send("GET", "/v1/status", ["authorization": "Bearer \(name).guess"])
            #expect(house.rest.verifier.verifications == index + 1)
        }
        house.backend.credentials.tokens = []
        _ = try await house.send("GET", "/v1/status", ["authorization": "Bearer nobody.guess"])
        #expect(house.rest.verifier.verifications == 5)
        // Processor time of this thread: the machine may be busy.
        func processorSeconds(_ hash: String) -> Double {
            var start = timespec(), end = timespec()
            clock_gettime(CLOCK_THREAD_CPUTIME_ID, &start)
            #expect(!PasswordHash.verify("nobody.guess", against: hash))
            clock_gettime(CLOCK_THREAD_CPUTIME_ID, &end)
            return Double(end.tv_sec - start.tv_sec) + Double(end.tv_nsec - start.tv_nsec) / 1e9
        }
        let real = try PasswordHash.make(of: "root.secret")
        let known = (0..<3).map { _ in processorSeconds(real) }.min() ?? 0
        let decoy = (0..<3).map { _ in processorSeconds(TokenVerifier.decoy) }.min() ?? 0
        #expect(known > 0.003 && decoy > known / 2 && decoy < known * 2, "\(known) s for a real hash, \(decoy) s for the decoy")
        await house.close()
    }

    @Test("after too many failures the address hears 429 with Retry-After, and after a minute may try again")
    func limit() async throws {
        let house = try await House(failuresPerMinuteMax: 3)
        #expect(try await house.get("/v1/status", as: "super").status == 200)
        for _ in 0..<3 { #expect(try await house.send("GET", "/v1/status", ["authorization": "Bearer a.b"]).status == 401) }
        let refused = try await house.send("GET", "/v1/status", ["authorization": "Bearer a.b"])
        #expect(refused.status == 429)
        #expect((1...60).contains(Int(refused.fields["retry-after"] ?? "") ?? 0))
        // The right token, too, unless it is known already; and codes.
        #expect(try await house.get("/v1/status", as: "root").status == 429)
        #expect(try await house.get("/v1/status", as: "super").status == 200)
        #expect(try await house.send("POST", "/v1/sessions", body: #"{"code":"x"}"#).status == 429)
        house.backend.elapsed = .seconds(61)
        #expect(try await house.get("/v1/status", as: "root").status == 200)
        await house.close()
    }

    @Test("a burst of guesses at once gets no more verifications than the limit")
    func burst() async throws {
        let house = try await House(failuresPerMinuteMax: 5)
        var pending: [Task<Int, any Error>] = []
        for index in 0..<30 {
            pending.append(
                Task { try await house.send("GET", "/v1/status", ["authorization": "Bearer root.\(index)"]).status })
        }
        var statuses: [Int] = []
        for task in pending { statuses.append(try await task.value) }
        let guesses = statuses.count { $0 == 401 }
        #expect((5...5 + VerificationTurns.verificationsMax).contains(guesses), "\(statuses.sorted())")
        #expect(statuses.count { $0 == 429 } == 30 - guesses)
        await house.close()
    }

    @Test("a token that is taken out of the configuration is worth nothing at once; a new role counts at once")
    func reload() async throws {
        let house = try await House()
        #expect(try await house.get("/v1/agents", as: "super").status == 200)
        house.backend.credentials.tokens[2].role = Role.reader
        #expect(try await house.get("/v1/agents", as: "super").status == 403)
        house.backend.credentials.tokens.remove(at: 2)
        #expect(try await house.get("/v1/agents", as: "super").status == 401)
        await house.close()
    }

    @Test("a one-time code opens one session, which reads, writes and ends")
    func session() async throws {
        let house = try await House()
        let code = try house.rest.makeOneTimeCode()
        #expect(code.utf8.count >= 26)
        let opened = try await house.send("POST", "/v1/sessions", body: #"{"code":"\#(code)"}"#)
        #expect(opened.status == 200 && opened.json["role"] as? String == "supervisor")
        let field = opened.fields["set-cookie"] ?? ""
        for part in ["HttpOnly", "SameSite=Strict", "Path=/"] { #expect(field.contains(part)) }
        #expect(try await house.send("POST", "/v1/sessions", body: #"{"code":"\#(code)"}"#).status == 401)
        let cookie = ["cookie": "other=1; " + field.prefix { $0 != ";" }]
        #expect(try await house.send("GET", "/v1/floor", cookie).status == 200)
        let marked = cookie.merging(["x-requested-with": "switchboard"]) { $1 }
        #expect(try await house.send("DELETE", "/v1/sessions", marked).status == 204)
        #expect(try await house.send("GET", "/v1/floor", cookie).status == 401)
        await house.close()
    }

    @Test("a token makes further codes, a session does not, and both leave their lines in the audit log")
    func furtherCodes() async throws {
        let house = try await House()
        let made = try await house.send("POST", "/v1/sessions/codes", as: "super")
        let code = made.json["code"] as? String ?? ""
        #expect(made.status == 200 && code.utf8.count == Sessions.codeCharacters && made.json["expiresAt"] is String)
        let opened = try await house.send("POST", "/v1/sessions", body: #"{"code":"\#(code)"}"#)
        let name = opened.json["name"] as? String ?? ""
        #expect(opened.status == 200 && name.hasPrefix("page:"))
        let cookie = [
            "cookie": String(opened.fields["set-cookie"]?.prefix { $0 != ";" } ?? ""), "x-requested-with": "switchboard",
        ]
        let refused = try await house.send("POST", "/v1/sessions/codes", cookie)
        #expect(refused.status == 403 && refused.json["type"] as? String == "urn:switchboard:problem:token_needed")
        #expect(try await house.send("DELETE", "/v1/sessions", cookie).status == 204)
        let audit = try await house.backend.reader.audit(limit: 10)
        #expect(audit.map(\.action) == ["session.ended", "session.created", "session.code.made"])
        #expect(audit.map(\.actor) == [name, name, "super"])
        #expect(audit[1].detail.map { String(decoding: $0, as: UTF8.self) }?.contains("super") == true)
        // The next start's first session is somebody else.
        var later = Sessions()
        let next = try later.exchange(later.makeCode(by: "daemon", at: .epoch).text, at: .epoch)
        #expect(next?.principal.name != name)
        await house.close()
    }

    @Test("a trusted proxy is believed about the client's address and scheme, anybody else is not")
    func proxies() async throws {
        let house = try await House(failuresPerMinuteMax: 2, trustedProxies: ["127.0.0.1"])
        func guess(_ house: House, for client: String) async throws -> Int {
            let fields = ["authorization": "Bearer a.b", "x-forwarded-for": client]
            return try await house.send("GET", "/v1/status", fields).status
        }
        for _ in 0..<2 { #expect(try await guess(house, for: "192.0.2.1") == 401) }
        // What the client itself has written stands before what the proxy has seen.
        #expect(try await guess(house, for: "198.51.100.7, 192.0.2.1") == 429)
        #expect(try await guess(house, for: "192.0.2.1, 198.51.100.7:4711") == 401)
        #expect(try await guess(house, for: "[2001:db8::1]:4711") == 401)
        #expect(try await guess(house, for: "nonsense") == 401)
        func cookie(_ house: House, _ scheme: String) async throws -> String {
            let code = try house.rest.makeOneTimeCode()
            let opened = try await house.send(
                "POST", "/v1/sessions", ["x-forwarded-proto": scheme, "x-forwarded-for": "203.0.113.1"],
                body: #"{"code":"\#(code)"}"#)
            return opened.fields["set-cookie"] ?? ""
        }
        #expect(try await cookie(house, "https").hasSuffix("; Secure"))
        #expect(try await cookie(house, "https, http").hasSuffix("; Secure") == false)
        await house.close()
        let direct = try await House(failuresPerMinuteMax: 2, trustedProxies: ["192.0.2.9"])
        #expect(try await cookie(direct, "https").contains("Secure") == false)
        #expect(try await guess(direct, for: "192.0.2.1") == 401)
        #expect(try await guess(direct, for: "192.0.2.2") == 401)
        #expect(try await guess(direct, for: "192.0.2.3") == 429)
        await direct.close()
    }

    @Test("codes grow old after ten minutes, sessions after twelve hours without use")
    func expiry() async throws {
        let house = try await House()
        let code = try house.rest.makeOneTimeCode()
        let cookie = try await house.signIn()
        house.backend.elapsed = .seconds(601)
        #expect(try await house.send("POST", "/v1/sessions", body: #"{"code":"\#(code)"}"#).status == 401)
        house.backend.elapsed = .seconds(12 * 3600 - 1)
        #expect(try await house.send("GET", "/v1/floor", ["cookie": cookie]).status == 200)
        house.backend.elapsed += .seconds(12 * 3600 + 1)
        #expect(try await house.send("GET", "/v1/floor", ["cookie": cookie]).status == 401)
        await house.close()
    }

    @Test("a cookie alone changes nothing: another site could have sent it")
    func forgery() async throws {
        let house = try await House()
        let cookie = try await house.signIn()
        let body = #"{"state":"offline"}"#
        func post(_ fields: [String: String]) async throws -> Int {
            let all = fields.merging(["cookie": cookie]) { $1 }
            return try await house.send("POST", "/v1/agents/carol/state", all, body: body).status
        }
        #expect(try await post([:]) == 403)
        #expect(try await post(["x-requested-with": "switchboard", "origin": "http://evil.example"]) == 403)
        #expect(try await post(["x-requested-with": "switchboard", "origin": "null"]) == 403)
        #expect(try await post(["x-requested-with": "switchboard", "origin": "http://127.0.0.1:\(house.port)"]) == 200)
        #expect(try await post(["x-requested-with": "switchboard"]) == 200)
        await house.close()
    }

    @Test("codes, sessions and sources are remembered in bounded number")
    func bounds() throws {
        var sessions = Sessions()
        let start = Instant(seconds: 1)
        let first = try sessions.makeCode(by: "daemon", at: start).text
        for _ in 0..<Sessions.codesMax { _ = try sessions.makeCode(by: "daemon", at: start) }
        #expect(try sessions.exchange(first, at: start) == nil)
        var cookies: [String] = []
        for index in 0...Sessions.sessionsMax {
            let now = start + .seconds(index)
            let code = try sessions.makeCode(by: "daemon", at: now).text
            if let opened = try sessions.exchange(code, at: now) { cookies.append(opened.cookie) }
        }
        let now = start + .seconds(1000)
        #expect(cookies.count { sessions.principal(of: $0, at: now) != nil } == Sessions.sessionsMax)
        #expect(sessions.principal(of: cookies[0], at: now) == nil)
        var limiter = FailureLimiter<SourceAddress>(failuresPerMinuteMax: 1)
        for index in 0...FailureLimiter<SourceAddress>.sourcesMax {
            limiter.noteFailure(SourceAddress("\(index)"), at: start + .milliseconds(index))
        }
        #expect(limiter.secondsToWait(SourceAddress("0"), at: start + .seconds(5)) == nil)
        for index in [1, FailureLimiter<SourceAddress>.sourcesMax] {
            #expect(limiter.secondsToWait(SourceAddress("\(index)"), at: start + .seconds(5)) != nil)
        }
        #expect(SourceAddress("2001:db8::1") == SourceAddress("2001:db8:0:0:9::7"))
        #expect(SourceAddress("2001:db8:0:1::1") != SourceAddress("2001:db8::1"))
        #expect(SourceAddress("::ffff:10.0.0.1") == SourceAddress("10.0.0.1"))
    }
}
