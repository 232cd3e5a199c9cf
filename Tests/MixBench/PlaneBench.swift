// Conferences on real sockets: everything from the datagram that comes in to the one that goes out.

import Basics
import LoadKit
import MainLoop
import Media
import SDP

/// The media plane on this thread, driven by hand, and phones on another one whose time isn't counted.
final class PlaneBench {
    private let plane: MediaPlane
    private let parties: Int
    private var packets: UInt64 { plane.figures.framesMixed }

    init(parties size: Int, rooms: Int) throws {
        parties = size * rooms
        plane = MediaPlane(
            on: MainLoop(driver: .runLoop), settings: MediaSettings(ports: 18000...18999, legsMax: 128, reportSeconds: 5))
        room_open("127.0.0.8", Int32(parties))
        for party in 0..<parties {
            let leg = LegID(rawValue: UInt64(party) + 1)
            let offer = """
                v=0
                o=phone 1 1 IN IP4 127.0.0.8
                s=-
                c=IN IP4 127.0.0.8
                t=0 0
                m=audio \(room_port(Int32(party))) RTP/AVP 8 101
                a=rtpmap:101 telephone-event/8000

                """
            let answer = try SessionDescription.parse(try plane.accept(leg, offer: offer))
            room_aim(Int32(party), "127.0.0.1", Int32(answer.media.first?.port ?? 0))
        }
        for room in 0..<rooms {
            let legs = (room * size..<(room + 1) * size).map { LegID(rawValue: UInt64($0) + 1) }
            try plane.confer(ConferenceID(rawValue: UInt64(room) + 1), legs.map { ConferenceMember($0) })
        }
    }

    /// Microseconds of this thread for each frame that a party got.
    func measure(seconds: Double) throws -> Double {
        room_start()
        serve(seconds: 0.5)
        let began = thread_microseconds(), before = packets
        serve(seconds: seconds)
        let spent = thread_microseconds() - began, frames = packets - before
        room_stop()
        defer { plane.shutDown() }
        let expected = Double(parties) * seconds * 50
        guard Double(frames) > expected * 0.98, room_heard() > 0 else { throw Unclean(frames: frames, expected: expected) }
        return spent / Double(frames)
    }

    struct Unclean: Error {
        let frames: UInt64
        let expected: Double
    }

    private func serve(seconds: Double) {
        let end = MonotonicClock.now + UInt64(seconds * 1e9)
        while case let now = MonotonicClock.now, now < end {
            wait_readable(plane.descriptor, min(plane.due > now ? plane.due - now : 0, 20_000_000))
            plane.serve(until: MonotonicClock.now + 1_000_000)
        }
    }
}
