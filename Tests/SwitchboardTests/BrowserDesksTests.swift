// An agent's browser as the rules see it: there, rung, lost, back, gone.

import ACD
import API
import Basics
import ContactCenter
import Media
import RTP
import SDP
import Testing
import WebRTC

@testable import Switchboard

@Suite("Browser desks", .serialized) struct BrowserDesksTests {
    @Test("a browser is registered while desk and voice both stand, lost when one falls, and gone after signing out")
    func standing() async throws {
        let room = try await BrowserRoom(sipPort: 15_951, rtpPorts: 15_960...15_969)
        #expect(await room.wait { room.agent != nil })
        #expect(throws: DeskAudioError.unknownAgent) { try room.desks.answer(offer: "v=0", of: "ben") }
        #expect(throws: DeskAudioError.self) { try room.desks.answer(offer: "v=0", of: BrowserRoom.anna) }
        let page = try TestBrowser(.pcma)
        try await room.connect(page)
        #expect(!room.isRegistered, "nobody signals yet")
        room.desks.signedIn(BrowserRoom.anna)
        #expect(await room.wait { room.isRegistered })
        #expect(room.changes == [.connected(true)])
        // The page freezes, and wakes up.
        room.desks.gone(BrowserRoom.anna, signedOut: false)
        #expect(await room.wait { !room.isRegistered })
        room.desks.signedIn(BrowserRoom.anna)
        #expect(await room.wait { room.isRegistered })
        // The page is reloaded: its socket is back before its voice.
        page.leave()
        #expect(await room.wait { !room.isRegistered })
        #expect(room.changes == [.connected(true), .connected(false)])
        let reloaded = try TestBrowser(.pcma)
        try await room.connect(reloaded)
        #expect(await room.wait { room.isRegistered })
        #expect(room.desks.quality(of: BrowserRoom.anna) != nil)
        room.desks.gone(BrowserRoom.anna, signedOut: true)
        #expect(await room.wait { !room.isRegistered })
        #expect(!room.desks.isConnected(BrowserRoom.anna) && room.desks.quality(of: BrowserRoom.anna) == nil)
        #expect(await room.wait { reloaded.sawCloseNotify })
        #expect(room.port.figures.sessions == 0)
    }

    @Test("a call rings at the desk, is accepted, heard both ways, outlives a reload of the page, and takes keys")
    func call() async throws {
        let room = try await BrowserRoom(sipPort: 15_952, rtpPorts: 15_970...15_979)
        let page = try TestBrowser(.pcma), phone = TestPhone()
        #expect(await room.wait { room.agent != nil })
        room.desks.signedIn(BrowserRoom.anna)
        try await room.connect(page)
        room.edges.turn.submit(.presenceRequested(BrowserRoom.anna, .available))
        let leg = try room.call(phone)
        #expect(await room.wait { room.offer != nil && room.edges.media.figures(leg) != nil })
        try room.aim(phone, at: leg)
        phone.speak(440)
        page.speak(1000)
        let offer = try #require(room.offer)
        #expect(!room.desks.accept(OfferID(rawValue: 999), by: BrowserRoom.anna))
        #expect(room.desks.accept(offer, by: BrowserRoom.anna))
        #expect(!room.desks.accept(offer, by: BrowserRoom.anna), "once is enough")
        #expect(await room.wait { phone.hears(1000) && page.hears(440) })
        // The page is reloaded in mid-call.
        page.speak(nil)
        page.leave()
        #expect(await room.wait { !room.isRegistered })
        #expect(room.agent?.isOnContact == true, "the caller is not clicked off")
        let before = phone.heard.count
        #expect(await room.wait { phone.heard.count > before + 20 }, "music")
        #expect(!phone.hears(1000))
        let reloaded = try TestBrowser(.pcmu)
        try await room.connect(reloaded)
        reloaded.speak(1300)
        #expect(await room.wait { phone.hears(1300) && reloaded.hears(440) })
        #expect(phone.isContinuous)
        #expect(room.desks.digit("5", from: BrowserRoom.anna))
        #expect(await room.wait { phone.heard.contains { $0.header.payloadType == phone.eventType && $0.payload.first == 5 } })
        // Signing out hangs up.
        room.desks.gone(BrowserRoom.anna, signedOut: true)
        #expect(await room.wait { room.edges.media.figures.legs == 0 })
        #expect(!room.desks.digit("5", from: BrowserRoom.anna))
    }

    @Test("what is declined or not there to be rung goes back to the queue") func declined() async throws {
        let room = try await BrowserRoom(sipPort: 15_953, rtpPorts: 15_980...15_989)
        let page = try TestBrowser(.pcma), phone = TestPhone()
        #expect(await room.wait { room.agent != nil })
        room.desks.signedIn(BrowserRoom.anna)
        try await room.connect(page)
        room.edges.turn.submit(.presenceRequested(BrowserRoom.anna, .available))
        _ = try room.call(phone)
        #expect(await room.wait { room.offer != nil })
        let offer = try #require(room.offer)
        #expect(room.desks.decline(offer, by: BrowserRoom.anna))
        #expect(!room.desks.accept(offer, by: BrowserRoom.anna))
        #expect(await room.wait { room.offer == nil })
        #expect(room.center.contacts.count == 1, "the caller waits on")
        #expect(await room.wait { room.edges.media.figures.legs == 1 })
    }
}
