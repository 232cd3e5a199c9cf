// A browser port beside a media plane, and browsers on it.

import Basics
import Foundation
import MainLoop
import Media
import RTP
import SDP
import WebRTC

/// One browser port, whose sessions carry legs of a media plane.
final class BrowserLegRig {
    let media: MediaRig
    let port: BrowserPort
    var plane: MediaPlane { media.plane }

    init(ports: ClosedRange<UInt16>, codec: BrowserCodecPolicy = .auto) throws {
        var settings = BrowserPortSettings(addresses: [TransportAddress(ipv4: 0x7F00_0001, port: 0)])
        settings.codecPolicy = codec
        media = MediaRig(hundred: 9) { $0.ports = ports }
        port = try BrowserPort(on: MainLoop(driver: .runLoop), settings: settings)
    }

    isolated deinit {
        plane.shutDown()
        port.shutDown()
    }

    /// A session with its browser, as after a sign-in.
    func signIn(_ browser: TestBrowser) async throws -> BrowserSession {
        let session = try port.open()
        try await connect(browser, to: session)
        return session
    }

    func connect(_ browser: TestBrowser, to session: BrowserSession) async throws {
        browser.portFingerprint = port.fingerprint
        try browser.connect(session)
        guard await media.wait(until: { session.isConnected && browser.srtp != nil }) else { throw NoConnection() }
    }

    struct NoConnection: Error {}

    /// A caller and an agent's browser that hear one another.
    func talk(_ caller: TestPhone, _ browser: TestBrowser) async throws -> BrowserSession {
        let session = try await signIn(browser)
        try media.connect(caller, as: .caller)
        try plane.openBrowser(.agent, on: session)
        plane.expectMedia(.agent)
        try plane.bridge(.caller, .agent)
        caller.speak(440)
        browser.speak(1000)
        return session
    }
}

extension TestBrowser {
    /// One source, and numbers and times that only rise, by one packet each.
    var isContinuous: Bool {
        let headers = heard.map(\.header)
        return Set(headers.map(\.source)).count == 1
            && zip(headers, headers.dropFirst()).allSatisfy { before, after in
                after.sequence == before.sequence &+ 1 && Int32(bitPattern: after.timestamp &- before.timestamp) > 0
            }
    }
}
