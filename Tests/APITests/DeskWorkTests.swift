// Chats and tickets at the desk, several side by side, over real WebSockets.

import ACD
import Basics
import ContactCenter
import Foundation
import Simulation
import Storage
import Testing

@testable import API

@Suite("Work at the desk", .timeLimit(.minutes(1))) @MainActor struct DeskWorkTests {
    /// Sales takes calls and chats; a call may come on top of five chats.
    private func house() async throws -> DeskHouse {
        let house = try await DeskHouse()
        var configuration = house.backend.center.configuration
        configuration.kinds = [WorkKind(id: "chat", channel: .chat, weight: 20, interruptedBy: [.call])]
        configuration.queues[0].kinds = [.call, "chat"]
        house.act { $0.apply(configuration) }
        return house
    }

    private func chat(_ house: DeskHouse, _ name: String, subject: String? = nil) async throws -> Int {
        var request = WorkRequest(kind: "chat", queue: "sales", requester: "test")
        request.customer = name.lowercased() + "@example.org"
        request.name = name
        request.subject = subject
        request.attributes = [Attribute(name: "language", value: "de")]
        let audit = AuditEntry(actor: "test", role: "supervisor", action: "contact.created", object: "queue/sales")
        guard case .taken(let contact) = try await house.backend.submit(request, audit: audit).get() else {
            throw Page.Failure(description: "not taken")
        }
        return Int(contact.rawValue)
    }

    private func next(_ page: Page, _ contact: Int, _ state: String) async throws -> [String: Any] {
        try await page.next("work") { $0["contact"] as? Int == contact && $0["state"] as? String == state }
    }

    private func offers(of contacts: some Sequence<Int>, _ page: Page) async throws -> [Int] {
        var offers: [Int] = []
        for contact in contacts { offers.append(try await next(page, contact, "ringing")["offer"] as? Int ?? 0) }
        return offers
    }

    private func counts(_ frame: [String: Any]) -> [Int] {
        (frame["kinds"] as? [[String: Any]])?.flatMap { [$0["count"] as? Int ?? -1, $0["most"] as? Int ?? -1] } ?? []
    }

    @Test("two chats beside a call, from the offer to the wrap-up of each, every frame as described")
    func sideBySide() async throws {
        let house = try await house()
        let (page, _) = try await house.readyPage()
        let one = try await chat(house, "Ines", subject: "No lid"), two = try await chat(house, "Jonas")
        let first = try await next(page, one, "ringing"), second = try await next(page, two, "ringing")
        #expect(first["subject"] as? String == "No lid" && first["channel"] as? String == "chat")
        #expect((first["caller"] as? [String: Any])?["name"] as? String == "Ines" && first["until"] is String)
        #expect(first["attributes"] as? [String: String] == ["language": "de"])
        #expect(counts(try await page.next("capacity") { self.counts($0) == [2, 5] }) == [2, 5])
        for offer in [first, second] {
            #expect(try await page.ask("accept", ["offer": offer["offer"] as? Int ?? 0]) == "done")
        }
        let active = try await next(page, two, "active")
        #expect(active["since"] is String && active["until"] is NSNull && active["offer"] is NSNull)
        _ = house.call()
        let offer = try await page.next("offer")
        #expect(try await page.ask("accept", ["offer": offer["offer"] as? Int ?? 0]) == "done")
        _ = try await page.next("call")
        #expect(house.alice?.activeContacts.count == 3)
        // What is meant for a piece does not touch the call.
        #expect(try await page.ask("transfer", ["contact": one, "queue": "support"]) == "not_allowed")
        #expect(try await page.ask("work.complete", ["contact": 4711]) == "too_late")
        #expect(try await page.ask("work.complete", ["contact": one]) == "done")
        let wrapUp = try await next(page, one, "wrapUp")
        #expect((wrapUp["caller"] as? [String: Any])?["name"] as? String == "Ines" && wrapUp["queue"] as? String == "sales")
        #expect(try await page.next("work.ended") { $0["id"] as? String == "work-\(one)" }["reason"] as? String == "done")
        #expect(try await page.ask("hangUp") == "done")
        _ = try await page.next("wrapUp")
        #expect(try await page.ask("wrapUp.note", ["contact": one, "notes": "sent a"]) == "done")
        #expect(try await page.ask("wrapUp.extend", ["contact": one]) == "done")
        #expect(try await next(page, one, "wrapUp")["notes"] as? String == "sent a")
        #expect(try await page.ask("wrapUp.complete", ["contact": one]) == "disposition_required")
        #expect(
            try await page.ask("wrapUp.complete", ["contact": one, "disposition": "order", "notes": "sent a lid"]) == "done")
        let over = try await page.next("work.ended") { $0["id"] as? String == "wrap-up-\(one)" }
        #expect(over["reason"] as? String == "finished")
        #expect(try await page.ask("wrapUp.complete", ["disposition": "other", "notes": "spoke"]) == "done")
        _ = try await page.next("wrapUp.ended")
        #expect(house.notes.map(\.text) == ["sent a lid", "spoke"])
        #expect(house.notes.map(\.disposition) == ["order", "other"])
        #expect(house.alice?.activeContacts == [ContactID(rawValue: UInt64(two))])
        DeskTests().expectSound(page)
        await house.close()
    }

    @Test("a sixth chat waits; one that is declined, missed or taken back leaves the desk with its reason")
    func capacity() async throws {
        let house = try await house()
        let (page, _) = try await house.readyPage()
        var contacts: [Int] = []
        for number in 1...6 { contacts.append(try await chat(house, "C\(number)")) }
        let offers = try await offers(of: contacts.prefix(5), page)
        for offer in offers.prefix(4) { #expect(try await page.ask("accept", ["offer": offer]) == "done") }
        #expect(house.alice?.work.count == 5)
        let waiting = house.backend.center.contacts[ContactID(rawValue: UInt64(contacts[5]))]
        #expect(waiting?.entry != nil && waiting?.entry?.offers.isEmpty == true)
        house.act { $0.submit(.withdrawRequested(ContactID(rawValue: UInt64(contacts[4])))) }
        // What is new comes first.
        let sixth = try await next(page, contacts[5], "ringing")["offer"] as? Int ?? 0
        let taken = try await page.next("work.ended") { $0["contact"] as? Int == contacts[4] }
        #expect(taken["reason"] as? String == "withdrawn")
        #expect(try await page.ask("decline", ["offer": sixth]) == "done")
        #expect(try await page.next("work.ended") { $0["contact"] as? Int == contacts[5] }["reason"] as? String == "declined")
        house.act { $0.advance(seconds: 10) }
        _ = try await next(page, contacts[5], "ringing")
        house.act { $0.advance(seconds: 21) }
        #expect(try await page.next("work.ended") { $0["contact"] as? Int == contacts[5] }["reason"] as? String == "missed")
        DeskTests().expectSound(page)
        await house.close()
    }

    @Test("a reload, and another tab, find the pieces as they were, with what was written")
    func reload() async throws {
        let house = try await house()
        let (page, cookie) = try await house.readyPage()
        let one = try await chat(house, "Ines"), two = try await chat(house, "Jonas")
        for offer in try await offers(of: [one, two], page) {
            #expect(try await page.ask("accept", ["offer": offer]) == "done")
        }
        #expect(try await page.ask("work.complete", ["contact": one]) == "done")
        _ = try await next(page, one, "wrapUp")
        #expect(try await page.ask("wrapUp.note", ["contact": one, "notes": "half"]) == "done")
        page.drop()
        let other = try await house.page(cookie, tab: "two")
        let frame = try await other.next()
        if frame["type"] as? String == "mustAsk" { _ = try await other.ask("takeOver") }
        let snapshot = try #require(other.frames.first { $0["type"] as? String == "snapshot" })
        let pieces = snapshot["work"] as? [[String: Any]] ?? []
        #expect(Set(pieces.map { $0["contact"] as? Int ?? 0 }) == [one, two])
        let wrapUp = pieces.first { $0["contact"] as? Int == one }
        #expect(wrapUp?["state"] as? String == "wrapUp" && wrapUp?["notes"] as? String == "half")
        #expect((wrapUp?["caller"] as? [String: Any])?["name"] as? String == "Ines")
        #expect((snapshot["capacity"] as? [String: Any]).map(counts) == [2, 5])
        await house.close()
    }

    @Test("what is written while a chat is worked on outlives the page, and goes on in the wrap-up")
    func notesAtWork() async throws {
        let house = try await house()
        let (page, cookie) = try await house.readyPage()
        let one = try await chat(house, "Ines"), two = try await chat(house, "Jonas")
        for offer in try await offers(of: [one, two], page) {
            #expect(try await page.ask("accept", ["offer": offer]) == "done")
        }
        _ = try await next(page, two, "active")
        #expect(try await page.ask("wrapUp.note", ["contact": one, "piece": "work-\(one)", "notes": "lid"]) == "done")
        #expect(try await page.ask("wrapUp.note", ["contact": two, "notes": "gone"]) == "done")
        #expect(try await page.ask("wrapUp.note", ["contact": one, "piece": "wrap-up-\(one)", "notes": "x"]) == "too_late")
        #expect(try await page.ask("wrapUp.complete", ["contact": one, "notes": "x"]) == "too_late")
        page.drop()
        let other = try await house.page(cookie)
        let snapshot = try await other.next("snapshot")
        let pieces = snapshot["work"] as? [[String: Any]] ?? []
        #expect(pieces.map { $0["notes"] as? String } == ["lid", "gone"])
        #expect(try await other.ask("media.offer", ["sdp": "v=0"]) == "done")
        #expect(try await other.ask("work.complete", ["contact": one]) == "done")
        #expect(try await next(other, one, "wrapUp")["notes"] as? String == "lid")
        // Handed on without a wrap-up of its own, the other one's note is kept all the same.
        house.act { $0.submit(.deviceUnregistered("alice-browser")) }
        _ = try await other.next("work.ended") { $0["contact"] as? Int == two }
        #expect(house.notes.filter { $0.text == "gone" }.map { Int($0.contact.rawValue) } == [two])
        await house.close()
    }

    @Test("whether a wrap-up comes after a chat is asked and shown only where the queue leaves that to the agent")
    func wrapUpAfter() async throws {
        let house = try await house()
        let (page, _) = try await house.readyPage()
        let one = try await chat(house, "Ines")
        #expect(try await page.ask("accept", ["offer": try await offers(of: [one], page)[0]]) == "done")
        #expect(try await next(page, one, "active")["wrapUpAfter"] is NSNull)
        #expect(try await page.ask("wrapUp.ask", ["contact": one]) == "not_allowed")
        var configuration = house.backend.center.configuration
        configuration.version = "optional"
        configuration.queues[0].wrapUpMode = .optional
        house.act { $0.apply(configuration) }
        #expect(try await page.next("work") { $0["wrapUpAfter"] as? Bool == false }["contact"] as? Int == one)
        #expect(try await page.ask("wrapUp.ask", ["contact": one]) == "done")
        #expect(try await page.next("work") { $0["wrapUpAfter"] as? Bool == true }["contact"] as? Int == one)
        #expect(try await page.ask("work.complete", ["contact": one]) == "done")
        _ = try await next(page, one, "wrapUp")
        await house.close()
    }
}
