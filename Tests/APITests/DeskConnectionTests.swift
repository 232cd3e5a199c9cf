// Pages that reload, freeze, fall off the network, and get in each other's way.

import ACD
import Basics
import ContactCenter
import Foundation
import Simulation
import Storage
import Testing

@testable import API
@testable import SiteConfiguration

@Suite("Desk connections", .timeLimit(.minutes(1))) @MainActor struct DeskConnectionTests {
    /// Returns when it is so; the event that makes it so is on its way.
    private func eventually(_ what: String, _ isSo: () -> Bool) async throws {
        let end = ContinuousClock.now + .seconds(20)
        while !isSo() {
            guard ContinuousClock.now < end else { throw Page.Failure(description: "never: \(what)") }
            await Task.yield()
            try await Task.sleep(for: .milliseconds(2))
        }
    }

    @Test("only a page of this server with an agent's session gets a desk")
    func admission() async throws {
        let house = try await DeskHouse()
        let cookie = try await house.signIn()
        let own = "http://127.0.0.1:\(house.port)"
        for (cookie, origin) in [
            (nil, own), ("switchboard-agent=x", own), (cookie, nil), (cookie, "http://evil.example"), (cookie, "null"),
            (cookie, "http://127.0.0.1:1"), (cookie, own + ".evil.example"),
        ] as [(String?, String?)] {
            await #expect(throws: Page.Failure.self, "\(cookie ?? "-") \(origin ?? "-")") {
                _ = try await Page(port: house.port, query: "?tab=a", cookie: cookie, origin: origin)
            }
        }
        for query in ["", "?tab=", "?tab=a&after=x", "?tab=a&tab=b", "?tab=\(String(repeating: "x", count: 65))"] {
            let page = try await Page(port: house.port, query: query, cookie: cookie, origin: own)
            #expect(try await page.end() == 1008, "\(query)")
        }
        #expect(try await house.send("GET", "/v1/desk?tab=a", ["cookie": cookie]).status == 426)
        #expect(try await house.send("GET", "/v1/desk?tab=a", [:]).status == 401)
        #expect(house.desks.pages == 0)
        await house.close()
    }

    @Test("a page that comes back gets what it missed and nothing else; one that missed too much gets a snapshot")
    func resume() async throws {
        let house = try await DeskHouse { $0.ringFramesMax = 8 }
        let (page, cookie) = try await house.readyPage()
        _ = try await page.next("state")
        let last = try #require(page.frames.compactMap { $0["seq"] as? Int }.last)
        page.drop()
        try await eventually("gone") { house.desks.pages == 0 }
        #expect(house.alice?.lostSince != nil && house.alice?.presence == .available)
        house.act { $0.set(.aux(reason: "lunch"), for: "alice") }
        let back = try await house.page(cookie, after: last)
        let missed = try await back.next()
        #expect(missed["type"] as? String == "state" && missed["seq"] as? Int == last + 1)
        #expect(try await back.ask("ping") == "done")
        #expect(!back.frames.contains { $0["type"] as? String == "snapshot" })
        #expect(house.alice?.lostSince == nil, "its voice stood all the time")
        back.drop()
        try await eventually("gone") { house.desks.pages == 0 }
        for index in 0..<20 {
            house.act { $0.set(.aux(reason: index % 2 == 0 ? "break" : "lunch"), for: "alice") }
            try await eventually("told") { house.desks.desks["alice"]?.view.state.presence == house.alice?.presence }
        }
        let late = try await house.page(cookie, after: last)
        #expect(try await late.next()["type"] as? String == "snapshot")
        let future = try await house.page(cookie, after: last + 100_000)
        #expect(try await future.next()["type"] as? String == "snapshot")
        await house.close()
    }

    @Test("a reload in a call: the caller hears music and nobody is clicked off; back, the same call goes on")
    func reload() async throws {
        let house = try await DeskHouse()
        let (page, cookie, leg) = try await house.talkingPage()
        let since = house.alice?.presenceSince
        page.drop()
        try await eventually("lost") { house.backend.floor.contact(of: leg)?.conversation?.isLost == true }
        house.act { $0.advance(seconds: 20) }
        let back = try await house.page(cookie)
        let snapshot = try await back.next("snapshot")
        let call = snapshot["call"] as? [String: Any]
        #expect(call?["state"] as? String == "lost" && call?["queue"] as? String == "sales")
        #expect((call?["caller"] as? [String: Any])?["number"] as? String == "+4930123456")
        #expect(try await back.ask("hangUp") == "lost")
        #expect(try await back.ask("media.offer", ["sdp": "v=0"]) == "done")
        #expect(try await back.next("call")["state"] as? String == "talking")
        #expect(house.backend.floor.contact(of: leg)?.conversation?.isLost == false)
        #expect(house.alice?.presenceSince == since)
        await house.close()
    }

    @Test("who does not come back within the grace is offline, and the caller is in the queue again")
    func graceOver() async throws {
        let house = try await DeskHouse()
        let (page, cookie, leg) = try await house.talkingPage()
        page.drop()
        try await eventually("lost") { house.alice?.lostSince != nil }
        house.act { $0.advance(seconds: 61) }
        #expect(house.backend.floor.contact(of: leg)?.entry?.queue == "sales")
        let back = try await house.page(cookie)
        let snapshot = try await back.next("snapshot")
        #expect(snapshot["call"] is NSNull)
        #expect((snapshot["state"] as? [String: Any])?["presence"] as? String == "offline")
        await house.close()
    }

    @Test("a second tab has to ask, and gets nothing before; then the first is told and closed")
    func takeOver() async throws {
        let house = try await DeskHouse()
        let (page, cookie, leg) = try await house.talkingPage()
        let second = try await house.page(cookie, tab: "two")
        let asked = try await second.next()
        #expect(asked["type"] as? String == "mustAsk" && (asked["holder"] as? [String: Any])?["since"] is String)
        #expect(try await second.ask("hangUp") == "not_allowed")
        #expect(try await second.ask("alive", ["visible": true]) == "done")
        #expect(house.backend.floor.contact(of: leg)?.conversation?.isLost == false)
        let id = try await second.send("takeOver")
        let done = try await second.next(), snapshot = try await second.next()
        #expect(done["type"] as? String == "done" && done["id"] as? Int == id)
        #expect(snapshot["type"] as? String == "snapshot" && snapshot["call"] is [String: Any])
        #expect(try await page.end() == 4001)
        #expect(page.frames.last?["type"] as? String == "takenOver")
        #expect(try await second.ask("media.offer", ["sdp": "v=0"]) == "done")
        #expect(house.backend.floor.contact(of: leg)?.conversation?.isLost == false)
        #expect(try await second.ask("hangUp") == "done")
        await house.close()
    }

    @Test("the same tab takes its desk back without asking, while the old connection still seems to stand")
    func sameTab() async throws {
        let house = try await DeskHouse()
        let (page, cookie) = try await house.readyPage()
        let last = try #require(page.frames.compactMap { $0["seq"] as? Int }.last)
        let again = try await house.page(cookie, after: last)
        #expect(try await again.ask("ping") == "done")
        #expect(!again.frames.contains { ["mustAsk", "snapshot"].contains($0["type"] as? String) })
        _ = try await page.end()
        #expect(!page.frames.contains { $0["type"] as? String == "takenOver" })
        #expect(house.desks.pages == 1 && house.voice.standing == ["alice"])
        await house.close()
    }

    @Test("a frozen page is lost before an offer is spent on it, and is back with its first frame")
    func frozen() async throws {
        let house = try await DeskHouse { $0.alive = .seconds(2) }
        let (page, _) = try await house.readyPage()
        try await eventually("frozen") { house.alice?.lostSince != nil }
        #expect(house.desks.figures.frozen >= 1 && house.desks.pages == 1)
        let leg = house.call()
        #expect(house.backend.floor.contact(of: leg)?.entry?.offer == nil)
        #expect(try await page.ask("alive", ["visible": false]) == "done")
        #expect(house.alice?.lostSince == nil)
        _ = try await page.next("offer")
        await house.close()
    }

    @Test("signing out closes the page and sends the agent home; in a call it is refused")
    func signOut() async throws {
        let house = try await DeskHouse()
        let (page, cookie, leg) = try await house.talkingPage()
        let fields = DeskHouse.mark.merging(["cookie": cookie]) { $1 }
        #expect(try await house.send("DELETE", "/v1/agent-sessions", fields).status == 409)
        house.act { $0.hangUp(leg) }
        _ = try await page.next("wrapUp")
        #expect(try await page.ask("wrapUp.note", ["notes": "call her back"]) == "done")
        #expect(try await house.send("DELETE", "/v1/agent-sessions", fields).status == 204)
        #expect(try await page.end() == 4002)
        #expect(house.alice?.presence == .offline && house.alice?.registeredDevices == [])
        #expect(house.alice?.lostSince == nil && house.voice.connected.isEmpty)
        #expect(house.notes.map(\.text) == ["call her back"])
        #expect(try await house.send("GET", "/v1/agent-sessions", fields).status == 401)
        await house.close()
    }

    @Test("a session that is over closes its page, which then asks for the sign-in; the agent may come back to the call")
    func sessionOver() async throws {
        let house = try await DeskHouse()
        let (page, _, leg) = try await house.talkingPage()
        house.backend.elapsed = .seconds(13 * 3600)
        try await page.send("alive", ["visible": true])
        #expect(try await page.end() == 4002)
        #expect(house.backend.floor.contact(of: leg)?.conversation?.isLost == true)
        let back = try await house.page(try await house.signIn())
        #expect((try await back.next("snapshot")["call"] as? [String: Any])?["state"] as? String == "lost")
        await house.close()
    }

    @Test("what was written in a wrap-up survives a reload, and is kept when the time is over")
    func notes() async throws {
        let house = try await DeskHouse()
        let (page, cookie, leg) = try await house.talkingPage("bob", key: "2")
        #expect(try await page.ask("wrapUp.note", ["notes": "too early"]) == "too_late")
        house.act { $0.hangUp(leg) }
        #expect(try await page.next("call.ended")["by"] as? String == "caller")
        #expect(!page.frames.contains { $0["type"] as? String == "wrapUp" }, "support has none")
        let (other, alices, second) = try await house.talkingPage()
        house.act { $0.hangUp(second) }
        _ = try await other.next("wrapUp")
        #expect(
            try await other.ask("wrapUp.note", ["disposition": "other", "notes": String(repeating: "x", count: 4001)])
                == "malformed")
        #expect(try await other.ask("wrapUp.note", ["disposition": "other", "notes": "ünï"]) == "done")
        other.drop()
        try await eventually("gone") { house.desks.pages == 1 }
        let back = try await house.page(alices)
        let wrapUp = try await back.next("snapshot")["wrapUp"] as? [String: Any]
        #expect(wrapUp?["notes"] as? String == "ünï" && wrapUp?["disposition"] as? String == "other")
        house.act { $0.advance(seconds: 700) }
        try await eventually("kept") { house.notes.count == 1 }
        #expect(house.notes.first?.text == "ünï")
        _ = cookie
        await house.close()
    }

    @Test("a changed password ends a page's desk at once, in a call too; one that is taken away lets the call be finished")
    func revoked() async throws {
        let house = try await DeskHouse()
        let (page, _, leg) = try await house.talkingPage()
        house.backend.credentials.agents.removeAll { $0.agent == "alice" }
        house.rest.credentialsChanged()
        #expect(try await page.ask("mute", ["on": true]) == "done", "the call goes on")
        house.act { $0.hangUp(leg) }
        _ = try await page.next("wrapUp")
        #expect(try await page.ask("wrapUp.complete", ["disposition": "order", "notes": ""]) == "done")
        try await eventually("wrap-up over") { house.alice?.work.isEmpty == true }
        _ = try await page.send("ping")
        #expect(try await page.end() == 4002)
        await house.close()

        let other = try await DeskHouse()
        let (second, _, _) = try await other.talkingPage()
        other.backend.credentials.agents = [.init(agent: "alice", hash: try PasswordHash.make(of: "new"))]
        other.rest.credentialsChanged()
        #expect(try await second.end() == 4002)
        try await eventually("lost") { other.alice?.lostSince != nil }
        await other.close()
    }

    @Test("the voice of the page before is not the new page's: it is told to bring its own, and does not stand until then")
    func foreignVoice() async throws {
        let house = try await DeskHouse()
        let (page, cookie) = try await house.readyPage()
        let other = try await house.page(cookie, tab: "two")
        _ = try await other.next("mustAsk")
        #expect(try await other.ask("takeOver") == "done")
        let snapshot = try await other.next("snapshot")
        #expect((snapshot["audio"] as? [String: Bool])?["connected"] == false)
        #expect(house.voice.isConnected("alice") && !house.voice.standing.contains("alice"))
        #expect(try await other.ask("media.offer", ["sdp": "bad"]) != "done")
        #expect(!house.voice.standing.contains("alice"), "a refused offer changes nothing")
        #expect(try await other.ask("media.offer", ["sdp": "v=0"]) == "done")
        #expect(house.voice.standing.contains("alice"))
        _ = try await other.next("audio") { $0["connected"] as? Bool == true }
        #expect(try await page.end() == 4001)
        await house.close()
    }
}
