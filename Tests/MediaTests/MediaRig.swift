// A media plane with its loop, and what it reported.

import Basics
import Foundation
import MainLoop
import Media
import RTP
import SDP

/// A media plane on real ports and the means to wait for what it does.
final class MediaRig {
    let plane: MediaPlane
    private(set) var events: [MediaEvent] = []

    /// Each test takes its own hundred of the ports 16000 to 16999.
    init(hundred: UInt16, _ change: (inout MediaSettings) -> Void = { _ in }) {
        var settings = MediaSettings(ports: 16000 + hundred * 100...16099 + hundred * 100, legsMax: 64, reportSeconds: 1)
        change(&settings)
        plane = MediaPlane(on: MainLoop(driver: .runLoop), settings: settings)
        plane.onEvent = { [weak self] in self?.events.append($0) }
    }

    isolated deinit { plane.shutDown() }

    /// Opens a leg on the phone's offer and tells the phone where to send.
    func connect(_ phone: TestPhone, as leg: LegID, mux: Bool = false) throws {
        try phone.aim(at: plane.accept(leg, offer: phone.description(mux: mux)))
    }

    /// Whether `condition` came true within `seconds`.
    func wait(_ seconds: Double = 10, until condition: () -> Bool) async -> Bool {
        let end = ContinuousClock.now + .seconds(seconds)
        while !condition() {
            if ContinuousClock.now > end { return false }
            try? await Task.sleep(for: .milliseconds(8))
        }
        return true
    }
}

extension LegID {
    static let caller = LegID(rawValue: 1)
    static let agent = LegID(rawValue: 2)
    static let other = LegID(rawValue: 3)
}
