// Mixing without sockets.

import Audio
import LoadKit
import Media
import RTP

/// Parties that all speak: each frame goes through the jitter buffer, is added up for each listener, and encoded.
final class CoreBench {
    private let parties: Int
    private let seats: [ConferenceSeat]
    private let mixer = AudioMixer()
    private let matrix: HearingMatrix
    private let law = LawConverter(.a)
    private let sounds: [[UInt8]]
    private let mixed = UnsafeMutablePointer<Int16>.allocate(capacity: AudioMixer.frame)
    private let encoded = UnsafeMutablePointer<UInt8>.allocate(capacity: AudioMixer.frame)
    /// What nobody reads could be left out.
    private var sink: UInt64 = 0

    init(parties: Int) {
        self.parties = parties
        seats = (0..<Int32(parties)).map { ConferenceSeat($0) }
        matrix = HearingMatrix(everybody: parties)
        sounds = (0..<parties).map { Tone([300 + 40 * Double($0)], level: -24, onSeconds: 1).clip.aLaw }
    }

    isolated deinit {
        mixed.deallocate()
        encoded.deallocate()
    }

    /// Microseconds for one frame of one party.
    func measure(rounds: Int) -> Double {
        for round in 0..<100 { run(round) }
        let began = thread_microseconds()
        for round in 100..<100 + rounds { run(round) }
        let spent = thread_microseconds() - began
        precondition(sink > 0, "nobody heard anything")
        return spent / Double(rounds) / Double(parties)
    }

    private func run(_ round: Int) {
        let offset = round % 40 * AudioMixer.frame
        mixer.begin()
        for place in 0..<parties {
            let header = RTPHeader(
                payloadType: 8, sequence: UInt16(truncatingIfNeeded: round),
                timestamp: UInt32(truncatingIfNeeded: round * AudioMixer.frame), source: UInt32(place),
                payloadCount: AudioMixer.frame)
            sounds[place].withUnsafeBytes {
                if let base = $0.baseAddress { seats[place].receive(header, base + offset, law, jitter: 0) }
            }
            if seats[place].pull(into: mixer.frame(of: place)) { mixer.sound(place) }
        }
        for place in 0..<parties where mixer.mix(heard: matrix.heard(by: place), into: mixed) {
            law.encode(mixed, count: AudioMixer.frame, into: encoded)
            sink &+= UInt64(encoded[round % AudioMixer.frame])
        }
    }
}
