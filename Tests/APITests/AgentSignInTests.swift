// Agents sign in with name and password.

import Basics
import Foundation
import Storage
import Testing

@testable import API
@testable import SiteConfiguration

@Suite("Agents' sign-in", .timeLimit(.minutes(1))) @MainActor struct AgentSignInTests {
    @Test("name and password make a session, whose cookie no script and no other site gets; signing out ends it")
    func session() async throws {
        let house = try await DeskHouse()
        let answer = try await house.tryToSignIn("alice", "right")
        #expect(answer.status == 201)
        #expect(answer.json["agent"] as? [String: String] == ["id": "alice", "name": "Alice Adler"])
        let field = answer.fields["set-cookie"] ?? ""
        for part in ["; HttpOnly", "; SameSite=Strict", "; Path=/"] { #expect(field.contains(part)) }
        #expect(!field.contains("Secure"))
        let cookie = String(field.prefix { $0 != ";" })
        #expect(cookie.utf8.count > 52)
        let known = try await house.send("GET", "/v1/agent-sessions", ["cookie": cookie])
        #expect(known.status == 200 && (known.json["agent"] as? [String: String])?["id"] == "alice")
        // With the cookie alone nothing is changed: another site could have sent it.
        #expect(try await house.send("DELETE", "/v1/agent-sessions", ["cookie": cookie]).status == 403)
        #expect(try await house.send("GET", "/v1/agents/alice", ["cookie": cookie]).status == 200)
        #expect(try await house.send("GET", "/v1/agents/bob", ["cookie": cookie]).status == 403)
        #expect(try await house.send("GET", "/v1/agents", ["cookie": cookie]).status == 403)
        let both = DeskHouse.mark.merging(["cookie": cookie]) { $1 }
        #expect(try await house.send("DELETE", "/v1/agent-sessions", both).status == 204)
        #expect(try await house.send("GET", "/v1/agent-sessions", ["cookie": cookie]).status == 401)
        let audit = try await house.backend.reader.audit(limit: 10)
        #expect(audit.map(\.action) == ["agent.session.ended", "agent.session.created"])
        #expect(audit.allSatisfy { $0.actor == "alice" })
        await house.close()
    }

    @Test("a wrong password and an unknown name get the same answer for the same slow hash")
    func wrong() async throws {
        let house = try await DeskHouse()
        var bodies: Set<String> = []
        for (index, (name, password)) in [("alice", "wrong"), ("nobody", "right"), ("", ""), ("bob", "RIGHT")].enumerated() {
            let answer = try await house.tryToSignIn(name, password)
            #expect(answer.status == 401 && answer.fields["set-cookie"] == nil)
            bodies.insert(answer.body)
            #expect(house.rest.passwords.verifications == index + 1)
        }
        #expect(bodies.count == 1)
        house.backend.credentials.agents = []
        #expect(try await house.tryToSignIn("nobody", "x").status == 401)
        #expect(house.rest.passwords.verifications == 5)
        await house.close()
    }

    @Test("too many guesses slow their source down, never the account")
    func guesses() async throws {
        let house = try await DeskHouse(failuresPerMinuteMax: 3, trustedProxies: ["127.0.0.1"])
        let attacker = DeskHouse.mark.merging(["x-forwarded-for": "192.0.2.1"]) { $1 }
        for _ in 0..<3 { #expect(try await house.tryToSignIn("alice", "guess", attacker).status == 401) }
        let refused = try await house.tryToSignIn("alice", "right", attacker)
        #expect(refused.status == 429 && (1...60).contains(Int(refused.fields["retry-after"] ?? "") ?? 0))
        let elsewhere = DeskHouse.mark.merging(["x-forwarded-for": "192.0.2.2"]) { $1 }
        #expect(try await house.tryToSignIn("alice", "right", elsewhere).status == 201)
        house.backend.elapsed = .seconds(61)
        #expect(try await house.tryToSignIn("alice", "right", attacker).status == 201)
        await house.close()
    }

    @Test("the typing errors of one name, and wrong tokens, keep no colleague behind the same address out")
    func colleagues() async throws {
        let house = try await DeskHouse(failuresPerMinuteMax: 3)
        for _ in 0..<3 { #expect(try await house.tryToSignIn("bob", "typo").status == 401) }
        #expect(try await house.tryToSignIn("bob", "right").status == 429)
        for _ in 0..<4 { _ = try await house.send("GET", "/v1/status", ["authorization": "Bearer root.wrong"]) }
        #expect(try await house.send("GET", "/v1/status", ["authorization": "Bearer root.wrong"]).status == 429)
        #expect(try await house.tryToSignIn("alice", "right").status == 201)
        // Names that are tried one after the other have a limit of their own.
        for index in 0..<(3 * RESTInterface.namesOfSourceMax) { _ = try await house.tryToSignIn("name-\(index)", "x") }
        #expect(try await house.tryToSignIn("alice", "right").status == 429)
        await house.close()
    }

    @Test("guesses that come at once get no more hashes than the limit")
    func burst() async throws {
        let house = try await DeskHouse(failuresPerMinuteMax: 4)
        let tries = (0..<20).map { index in Task { try await house.tryToSignIn("alice", "guess \(index)").status } }
        var statuses: [Int] = []
        for one in tries { statuses.append(try await one.value) }
        #expect(statuses.count { $0 == 401 } <= 4 + VerificationTurns.verificationsMax)
        #expect(statuses.allSatisfy { [401, 429, 503].contains($0) })
        await house.close()
    }

    @Test("a sign-in from another site is refused, and the cookie is for HTTPS only behind a proxy with HTTPS")
    func forgery() async throws {
        let house = try await DeskHouse(trustedProxies: ["127.0.0.1"])
        #expect(try await house.tryToSignIn("alice", "right", [:]).status == 403)
        let foreign = DeskHouse.mark.merging(["origin": "http://evil.example"]) { $1 }
        #expect(try await house.tryToSignIn("alice", "right", foreign).status == 403)
        let secure = DeskHouse.mark.merging(["x-forwarded-proto": "https", "x-forwarded-for": "192.0.2.1"]) { $1 }
        let answer = try await house.tryToSignIn("alice", "right", secure)
        #expect(answer.status == 201 && answer.fields["set-cookie"]?.hasSuffix("; Secure") == true)
        await house.close()
    }

    @Test("a new password ends the sessions of the old one, and so do twelve hours without use")
    func ends() async throws {
        let house = try await DeskHouse()
        let cookie = try await house.signIn()
        func status() async throws -> Int {
            try await house.send("GET", "/v1/agent-sessions", ["cookie": cookie]).status
        }
        house.backend.elapsed = .seconds(12 * 3600 - 1)
        #expect(try await status() == 200)
        house.backend.elapsed += .seconds(12 * 3600 + 1)
        #expect(try await status() == 401)
        let other = try await house.signIn("bob")
        house.backend.credentials.agents = [.init(agent: "bob", hash: try PasswordHash.make(of: "new"))]
        #expect(try await house.send("GET", "/v1/agent-sessions", ["cookie": other]).status == 401)
        await house.close()
    }

    @Test("an agent has a few sessions at once; one more ends the one unused longest")
    func bounds() throws {
        var sessions = AgentSessions()
        let credentials = {
            var credentials = Credentials()
            credentials.agents = [.init(agent: "alice", hash: "x")]
            return credentials
        }()
        var keys: [SecretDigest] = []
        for index in 0...AgentSessions.sessionsPerAgentMax {
            let (cookie, ended) = try sessions.open("alice", hash: "x", at: Instant(seconds: Int64(index)))
            keys.append(SecretDigest(cookie))
            #expect(ended == (index == AgentSessions.sessionsPerAgentMax ? [keys[0]] : []))
        }
        let now = Instant(seconds: 100)
        #expect(keys.map { sessions.agent(of: $0, in: credentials, at: now) != nil } == [false, true, true, true, true])
    }
}
