// A browser port with its loop, one session, and what it reported.

import Audio
import MainLoop
import RTP
import SDP
import WebRTC

final class BrowserRig {
    let port: BrowserPort
    let session: BrowserSession
    private(set) var events: [BrowserEvent] = []
    private(set) var heard: [(header: RTPHeader, payload: [UInt8])] = []
    /// When the last packet came.
    private(set) var lastHeard = ContinuousClock.now
    /// Sends back what comes in, as a media plane would that bridges the browser with itself.
    var echoes = false

    init(_ change: (inout BrowserPortSettings) -> Void = { _ in }) throws {
        var settings = BrowserPortSettings(addresses: [TransportAddress(ipv4: 0x7F00_0001, port: 0)])
        settings.codecPolicy = .opus
        settings.reportSeconds = 1
        change(&settings)
        port = try BrowserPort(on: MainLoop(driver: .runLoop), settings: settings)
        session = try port.open()
        session.onEvent = { [weak self] in self?.events.append($0) }
        session.onPacket = { [weak self] header, payload in
            guard let self else { return }
            lastHeard = .now
            heard.append((header, Array(UnsafeRawBufferPointer(start: payload, count: header.payloadCount))))
            if echoes { session.send(header, payload) }
        }
    }

    isolated deinit { port.shutDown() }

    func connect(_ browser: TestBrowser) throws {
        browser.portFingerprint = port.fingerprint
        try browser.connect(session)
    }

    func hears(_ frequency: Double) -> Bool {
        let recent = heard.suffix(25)
        guard recent.count == 25, let law = session.law else { return false }
        return ToneDetector(frequency).share(in: G711.decode(recent.flatMap(\.payload), law)) > 0.9
    }

    /// Whether `condition` came true within `seconds`.
    func wait(_ seconds: Double = 15, until condition: () -> Bool) async -> Bool {
        let end = ContinuousClock.now + .seconds(seconds)
        while !condition() {
            if ContinuousClock.now > end { return false }
            try? await Task.sleep(for: .milliseconds(8))
        }
        return true
    }
}
