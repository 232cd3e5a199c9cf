// A room with a phone for each party, and what each of them hears.

import Audio
import Basics
import Foundation
import Media
import RTP

/// Phones on one media plane, each of which speaks a tone of its own.
final class ConferenceRig {
    let media: MediaRig
    var plane: MediaPlane { media.plane }
    private(set) var phones: [LegID: TestPhone] = [:]
    static let room = ConferenceID(rawValue: 1)

    init(ports: ClosedRange<UInt16>, _ change: (inout MediaSettings) -> Void = { _ in }) {
        media = MediaRig(hundred: 0) {
            $0.ports = ports
            change(&$0)
        }
    }

    isolated deinit { plane.shutDown() }

    static func frequency(_ leg: LegID) -> Double { 300 + 60 * Double(leg.rawValue) }

    @discardableResult
    func connect(_ leg: LegID, _ law: G711.Law = .a, speaks: Bool = true) throws -> TestPhone {
        let phone = TestPhone(law)
        try media.connect(phone, as: leg)
        phones[leg] = phone
        // Half of the quietest that counts as speech with 50 parties, and never cut.
        if speaks { phone.speak(Self.frequency(leg), level: -24) }
        return phone
    }

    func confer(_ members: [ConferenceMember], isMasked: Bool = false) throws {
        try plane.confer(Self.room, members, isMasked: isMasked)
    }

    /// The legs whose tones are in the last 300 ms of `sound`.
    func legs(in sound: [Int16], among legs: some Sequence<LegID>) -> Set<LegID> {
        guard sound.count >= 2400 else { return [] }
        let legs = Array(legs)
        let recent = sound.suffix(2400)
        return Set(
            legs.filter { ToneDetector(Self.frequency($0)).share(in: recent) > 0.3 / Double(legs.count) })
    }

    func heard(by leg: LegID, among legs: some Sequence<LegID>) -> Set<LegID> {
        self.legs(in: phones[leg]?.samples(last: 15) ?? [], among: legs)
    }

    /// Waits until every leg hears exactly whom it should. Looking for tones is work: it is done each time that a phone has
    /// heard enough more for another answer.
    ///
    /// - Parameter isAtOnce: false: each at some time. To look for fifty tones at fifty ears holds up the legs themselves, so that
    ///   it is done only when what they hear is whole again.
    func wait(for expected: [LegID: Set<LegID>], isAtOnce: Bool = true) async -> Bool {
        var rest = expected
        guard let phone = expected.keys.min().flatMap({ phones[$0] }) else { return false }
        for _ in 0..<40 {
            let heard = phone.heard.count
            guard await media.wait(until: { phone.heard.count >= heard + (isAtOnce ? 8 : 50) }) else { return false }
            let wrong = rest.filter { leg, others in self.heard(by: leg, among: phones.keys) != others }
            if wrong.isEmpty { return true }
            if !isAtOnce { rest = wrong }
        }
        return false
    }
}

extension LegID {
    static let supervisor = LegID(rawValue: 4)
}

/// Frames of which each has a value of its own at every sample: what is heard tells which of them came, in which order.
enum NumberedFrames {
    static let count = 64

    static func payload(_ number: Int) -> [UInt8] {
        [UInt8](repeating: UInt8(128 + number % count), count: 160)
    }

    /// The numbers heard in `payloads`, each with how many samples of it in a row; -1: something else.
    static func runs(in payloads: [[UInt8]]) -> [(number: Int, samples: Int)] {
        payloads.joined().reduce(into: []) { runs, byte in
            let number = (128..<192).contains(byte) ? Int(byte) - 128 : -1
            if runs.last?.number == number {
                runs[runs.count - 1].samples += 1
            } else {
                runs.append((number, 1))
            }
        }
    }
}
