// A session through reloads, restarts, silences and goodbyes.

import Audio
import RTP
import SDP
import Testing
import WebRTC

@Suite(.serialized) struct BrowserLifeTests {
    @Test("An ICE restart from a new address keeps DTLS, keys and voice") func iceRestart() async throws {
        let rig = try BrowserRig()
        let browser = try TestBrowser()
        try rig.connect(browser)
        #expect(await rig.wait { rig.session.isConnected && browser.srtp != nil })
        browser.fragment = "again"
        let first = try SessionDescription.parse(rig.session.answer(browser.offer))
        try browser.take(rig.session.answer(browser.offer))
        #expect(first.media.count == 1)
        browser.check(nominates: true)
        browser.speak(440)
        #expect(await rig.wait { rig.hears(440) })
        #expect(rig.port.figures.handshakes == 1)
        #expect(rig.events == [.connected])
    }

    @Test("Another fingerprint is another page: all begins anew, and the old page is told") func reload() async throws {
        let rig = try BrowserRig()
        let old = try TestBrowser(), new = try TestBrowser()
        try rig.connect(old)
        #expect(await rig.wait { rig.session.isConnected && old.srtp != nil })
        old.speak(440)
        #expect(await rig.wait { rig.hears(440) })
        new.fragment = "newer"
        try rig.connect(new)
        #expect(await rig.wait { rig.events == [.connected, .connected] && new.srtp != nil })
        #expect(await rig.wait { old.sawCloseNotify })
        new.speak(1000)
        #expect(await rig.wait { rig.hears(1000) })
        #expect(rig.port.figures.handshakes == 2)
        #expect(rig.port.figures.drops[.unvalidated] > 0)
    }

    @Test("The page closes its connection: gone at once; its next offer brings it back") func closeNotify() async throws {
        let rig = try BrowserRig()
        let browser = try TestBrowser()
        try rig.connect(browser)
        #expect(await rig.wait { rig.session.isConnected && browser.srtp != nil })
        browser.leave()
        // Silence would end it later, and for another reason.
        #expect(await rig.wait { rig.events == [.connected, .gone(.closeNotify)] })
        let next = try TestBrowser()
        try rig.connect(next)
        #expect(await rig.wait { rig.events == [.connected, .gone(.closeNotify), .connected] })
    }

    @Test("Two seconds without a packet while talking: gone; the next packet brings it back") func silence() async throws {
        let rig = try BrowserRig()
        let browser = try TestBrowser()
        browser.sendsChecks = false
        try rig.connect(browser)
        #expect(await rig.wait { rig.session.isConnected && browser.srtp != nil })
        browser.speak(440)
        #expect(await rig.wait { rig.hears(440) })
        rig.session.isTalking = true
        browser.speak(nil)
        #expect(await rig.wait { rig.events == [.connected, .gone(.silent)] })
        #expect(ContinuousClock.now - rig.lastHeard > .milliseconds(1900))
        #expect(!rig.session.isConnected)
        let answered = browser.checkResponses.count
        browser.check(nominates: false)
        #expect(await rig.wait { browser.checkResponses.count > answered })
        #expect(!rig.session.isConnected)
        browser.speak(440)
        #expect(await rig.wait { rig.events == [.connected, .gone(.silent), .connected] })
    }

    @Test("Reports go both ways, and quality is made of them") func reports() async throws {
        let rig = try BrowserRig()
        let browser = try TestBrowser()
        rig.echoes = true
        try rig.connect(browser)
        #expect(await rig.wait { rig.session.isConnected && browser.srtp != nil })
        browser.speak(440)
        #expect(await rig.wait { browser.reports.contains { $0.sender != nil && $0.block != nil } })
        let report = try #require(browser.reports.last { $0.sender != nil })
        #expect(report.block?.source == browser.source)
        #expect(report.block?.fractionLost == 0)
        let source = try #require(browser.heard.first?.header.source)
        // A quarter lost, 10 ms of jitter, and an echo of our report after no time.
        browser.sendReport(
            about: ReportBlock(
                source: source, fractionLost: 64, cumulativeLost: 9, extendedHighest: 1, jitter: 80,
                lastReport: report.sender?.middle ?? 0, delaySinceLastReport: 0))
        #expect(await rig.wait { rig.session.quality.remoteLossPercent == 25 })
        #expect(rig.session.quality.remoteJitterMilliseconds == 10)
        #expect((rig.session.quality.roundTripMilliseconds ?? -1) >= 0)
        let score = try #require(rig.session.quality.meanOpinionScore)
        #expect(score > 1 && score < 3)
    }

    @Test("Closing says goodbye, frees the names, and is final") func closing() async throws {
        let rig = try BrowserRig()
        let browser = try TestBrowser()
        // One at the wrong moment would be counted beside the one at the end.
        browser.sendsChecks = false
        try rig.connect(browser)
        #expect(await rig.wait { rig.session.isConnected && browser.srtp != nil })
        rig.session.close()
        #expect(await rig.wait { browser.sawCloseNotify })
        #expect(rig.port.figures.sessions == 0)
        #expect(throws: WebRTCError.sessionClosed) { try rig.session.answer(browser.offer) }
        browser.check(nominates: true)
        #expect(await rig.wait { rig.port.figures.drops[.unknownUser] == 1 })
    }

    @Test("Thirty browsers at once connect, each with its own tone") func signInStorm() async throws {
        let rig = try BrowserRig()
        var sessions: [BrowserSession] = []
        var browsers: [TestBrowser] = []
        for number in 0..<30 {
            let session = try rig.port.open()
            session.onPacket = { [weak session] header, payload in session?.send(header, payload) }
            let browser = try TestBrowser()
            browser.fragment = "browser\(number)"
            browser.portFingerprint = rig.port.fingerprint
            sessions.append(session)
            browsers.append(browser)
        }
        for (browser, session) in zip(browsers, sessions) { try browser.connect(session) }
        #expect(await rig.wait(30) { browsers.allSatisfy { $0.srtp != nil } && sessions.allSatisfy(\.isConnected) })
        for (number, browser) in browsers.enumerated() { browser.speak(300 + Double(number) * 50) }
        #expect(
            await rig.wait(30) {
                browsers.enumerated().allSatisfy { number, browser in browser.hears(300 + Double(number) * 50) }
            })
    }
}
