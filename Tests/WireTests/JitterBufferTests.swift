// What the jitter buffer makes of a network's doings, as tables of cases and as a seeded storm.

import Basics
import RTP
import Testing

/// A buffer and a stream of which each frame is known by its sound: the n-th has the sample n everywhere.
struct JitterBufferRig {
    var buffer = JitterBuffer()
    var jitter: UInt32 = 0
    var isQuiet = false
    private let table: [Int16] = (0..<256).map { Int16($0) }

    mutating func insert(
        sequence: UInt16, timestamp: UInt32, sound: UInt8, count: Int = 160, source: UInt32 = 7
    ) {
        let header = RTPHeader(
            payloadType: 8, sequence: sequence, timestamp: timestamp, source: source, payloadCount: count)
        buffer.insert(header, [UInt8](repeating: sound, count: count), decoding: table, jitter: jitter)
    }

    /// One frame: its sounds without repetition, `.` for what was lost, `~` for what has not come yet, `_` for a frame that
    /// was put in.
    mutating func tick() -> String {
        if buffer.adapt(isQuiet: isQuiet) { return "_" }
        var frame = [Int16](repeating: -1, count: JitterBuffer.frame), done = 0, words: [String] = []
        while done < JitterBuffer.frame {
            let run = frame.withUnsafeMutableBufferPointer {
                buffer.take(JitterBuffer.frame - done, into: $0.baseAddress! + done)
            }
            let count: Int
            switch run {
            case .sound(let taken):
                count = taken
                for sample in frame[done..<done + taken] where words.last != String(sample) { words.append(String(sample)) }
            case .lost(let taken):
                count = taken
                words.append(".")
            case .starved(let taken):
                count = taken
                words.append("~")
            }
            done += count
        }
        return words.joined(separator: "+")
    }
}

@Suite struct JitterBufferTests {
    /// A script of packets by number (`3`), with another place in time (`3@5`: the time of packet 5), pauses of the frame
    /// clock are not in it; `t` is a tick.
    struct Case: CustomTestStringConvertible, Sendable {
        var testDescription: String
        var script: String
        var frames: String
        var sequence: UInt16 = 100
        var timestamp: UInt32 = 5000
        var figures: @Sendable (JitterBuffer.Figures) -> Bool = { _ in true }
    }

    static let cases = [
        Case(testDescription: "In time", script: "0 t 1 t 2 t 3 t", frames: "0 1 2 3"),
        Case(
            testDescription: "Two at once, and none in the next 20 ms", script: "0 t 1 2 t t 3 t", frames: "0 1 2 3",
            figures: { $0.starved == 0 }),
        Case(
            testDescription: "Reordered while it waits", script: "0 1 t 3 2 t t t", frames: "0 1 2 3",
            figures: { $0.late == 0 && $0.lost == 0 }),
        Case(
            testDescription: "Doubled", script: "0 0 1 t 1 0 2 t 2 t", frames: "0 1 2",
            figures: { $0.duplicates == 4 && $0.late == 0 }),
        Case(
            testDescription: "Lost, and the next is there already", script: "0 1 t 3 t t t", frames: "0 1 . 3",
            figures: { $0.lost == 160 }),
        Case(
            testDescription: "Lost, and the next comes in its own time: no delay is left of it",
            script: "0 t 1 t t 3 t 4 t", frames: "0 1 ~ 3 4", figures: { $0.starved == 160 && $0.lost == 0 }),
        Case(
            testDescription: "Late: made up, then heard, and the delay has grown", script: "0 t 1 t t 2 3 t 4 t 5 t t",
            frames: "0 1 ~ 2 3 4 5", figures: { $0.late == 0 && $0.starved == 160 }),
        Case(
            testDescription: "Too late: the next was heard already", script: "0 t 1 t t 3 t 2 4 t", frames: "0 1 ~ 3 4",
            figures: { $0.late == 1 }),
        Case(
            testDescription: "Sequence and timestamp wrap", script: "0 t 1 t 2 t 3 t 5 4 t t", frames: "0 1 2 3 4 5",
            sequence: 65534, timestamp: .max - 300, figures: { $0.restarts == 0 }),
        Case(
            testDescription: "The sender pauses between two packets: silence, no loss", script: "0 1 t 2@4 t t t t",
            frames: "0 1 0 0 2", figures: { $0.lost == 0 }),
        Case(
            testDescription: "A pause of speech: time passes for both", script: "0 t 1 t t t t t t 2@7 t 3@8 t",
            frames: "0 1 ~ ~ ~ ~ ~ 2 3", figures: { $0.restarts == 0 && $0.lost == 0 }),
        Case(
            testDescription: "A pause in which the sender's clock stands", script: "0 t 1 t t t t t t t 2 t 3 t",
            frames: "0 1 ~ ~ ~ ~ ~ ~ 2 3", figures: { $0.restarts == 0 }),
        Case(
            testDescription: "The timestamp jumps by a minute", script: "0 t 1 t 2@3000 t 3@3001 t", frames: "0 1 2 3",
            figures: { $0.restarts == 1 }),
        Case(
            testDescription: "The timestamp jumps back by a minute", script: "0 t 1 t 2@-3000 t 3@-2999 t", frames: "0 1 2 3",
            figures: { $0.restarts == 1 }),
        Case(
            testDescription: "The sender's clock is set back by half a second: the third packet is believed",
            script: "0 t 1 t 2@-25 t 3@-24 t 4@-23 t 5@-22 t", frames: "0 1 ~ ~ 4 5",
            figures: { $0.restarts == 1 && $0.late == 3 }),
        Case(
            testDescription: "A burst after a stall: the oldest are dropped",
            script: "0 t " + (1...40).map { "\($0) " }.joined() + "t t",
            frames: "0 31 32", figures: { $0.overflown == 30 * 160 }),
    ]

    @Test("Each case of the table", arguments: cases) func table(_ scenario: Case) {
        var rig = JitterBufferRig(), frames: [String] = []
        for word in scenario.script.split(separator: " ") {
            if word == "t" {
                frames.append(rig.tick())
                continue
            }
            let parts = word.split(separator: "@").compactMap { Int($0) }
            let place = parts.count > 1 ? parts[1] : parts[0]
            rig.insert(
                sequence: scenario.sequence &+ UInt16(parts[0]),
                timestamp: scenario.timestamp &+ UInt32(truncatingIfNeeded: place * 160), sound: UInt8(parts[0]))
        }
        #expect(frames.joined(separator: " ") == scenario.frames)
        #expect(scenario.figures(rig.buffer.figures), "\(rig.buffer.figures)")
    }

    @Test("Packets of any length make frames of 20 ms", arguments: [10, 30, 40, 60, 120]) func lengths(_ milliseconds: Int) {
        var rig = JitterBufferRig(), heard: [String] = []
        let count = milliseconds * 8
        var number = 0
        for _ in 0..<6 * count / 160 {
            while rig.buffer.delay < 160, number < 6 {
                rig.insert(sequence: UInt16(number), timestamp: UInt32(number * count), sound: UInt8(number), count: count)
                number += 1
            }
            heard += rig.tick().split(separator: "+").map(String.init)
        }
        let numbers = heard.reduce(into: [String]()) { if $0.last != $1 { $0.append($1) } }
        #expect(numbers == (0..<6).map(String.init))
        #expect(rig.buffer.figures.lost == 0 && rig.buffer.figures.starved == 0 && rig.buffer.delay == 0)
    }

    @Test("Another source goes on at once, and nothing of the old one is heard behind it") func anotherSource() {
        var rig = JitterBufferRig()
        rig.insert(sequence: 1, timestamp: 160, sound: 1)
        rig.insert(sequence: 2, timestamp: 320, sound: 2)
        #expect(rig.tick() == "1")
        rig.insert(sequence: 40000, timestamp: 9_000_000, sound: 50, source: 8)
        rig.insert(sequence: 40001, timestamp: 9_000_160, sound: 51, source: 8)
        #expect([rig.tick(), rig.tick()] == ["50", "51"])
        #expect(rig.buffer.figures.restarts == 1)
    }

    @Test("The delay that a late packet caused goes away again, but only in silence") func shrinking() {
        var rig = JitterBufferRig()
        var number = 0
        func send(_ rig: inout JitterBufferRig) {
            rig.insert(sequence: UInt16(number), timestamp: UInt32(number * 160), sound: 9)
            number += 1
        }
        send(&rig)
        _ = rig.tick()
        for _ in 0..<3 { _ = rig.tick() }
        for _ in 0..<4 { send(&rig) }
        for _ in 0..<200 {
            #expect(rig.tick() == "9")
            send(&rig)
        }
        #expect(rig.buffer.delay == 4 * 160, "speech is not cut")
        rig.isQuiet = true
        for _ in 0..<3 * 60 {
            #expect(rig.tick() == "9")
            send(&rig)
        }
        #expect(rig.buffer.delay == 160)
        #expect(rig.buffer.figures.shrunk == 3 * 160)
    }

    @Test("Reordering beyond the delay makes it grow, in silence, until nothing is too late") func growing() {
        var rig = JitterBufferRig()
        rig.isQuiet = true
        var number = 0
        for _ in 0..<100 {
            // Each pair comes in the wrong order, 40 ms behind its time.
            for part in [1, 0] {
                let at = number + part
                rig.insert(sequence: UInt16(at), timestamp: UInt32(at * 160), sound: 9)
                if part == 1 { _ = rig.tick() }
            }
            _ = rig.tick()
            number += 2
        }
        let late = rig.buffer.figures.late
        #expect((1...4).contains(late))
        #expect(rig.buffer.figures.stretched + rig.buffer.figures.starved > 0)
        #expect(rig.buffer.delay <= 4 * 160)
    }

    @Test("After a pause speech waits for as long as the jitter calls for") func resuming() {
        var rig = JitterBufferRig()
        rig.insert(sequence: 0, timestamp: 0, sound: 1)
        for _ in 0..<10 { _ = rig.tick() }
        #expect(rig.buffer.isPaused)
        rig.jitter = 240
        rig.insert(sequence: 1, timestamp: 1600, sound: 2)
        #expect(rig.buffer.delay == 160 + 480)
        #expect([rig.tick(), rig.tick(), rig.tick(), rig.tick()] == ["0", "0", "0", "2"])
    }

    @Test(
        "Jitter is learnt: soon hardly anything is missing, and the delay is not much more than it",
        arguments: [0, 20, 60, 100])
    func learning(milliseconds: Int) {
        var random = SeededRandom(seed: 0x1EA2_0000 + UInt64(milliseconds)), rig = JitterBufferRig()
        var statistics = ReceptionStatistics(), missing = 0, delays: [Int] = []
        var arrivals: [(number: Int, at: Double)] = []
        for number in 0..<1500 {
            let late = Double(Int.random(in: 0...milliseconds * 10, using: &random)) / 10
            arrivals.append((number, Double(number * 20 + 3) + late))
        }
        arrivals.sort { $0.at < $1.at }
        var index = 0
        for tick in 0..<1490 {
            while index < arrivals.count, arrivals[index].at <= Double(tick) * 20 + 20 {
                let (number, at) = arrivals[index]
                let header = RTPHeader(
                    payloadType: 8, sequence: UInt16(number), timestamp: UInt32(number * 160), source: 7, payloadCount: 160)
                statistics.receive(header, arrival: UInt32(at * 8))
                rig.jitter = statistics.jitter
                rig.insert(sequence: UInt16(number), timestamp: UInt32(number * 160), sound: 9)
                index += 1
            }
            // Speech and pauses take turns.
            rig.isQuiet = tick % 100 > 60
            let frame = rig.tick()
            if tick > 200 {
                if frame.contains("~") || frame.contains(".") { missing += 1 }
                delays.append(rig.buffer.delay)
            }
        }
        let mean = Double(delays.reduce(0, +)) / Double(delays.count) / 8
        #expect(missing <= 12, "of \(delays.count), at a mean delay of \(mean) ms")
        #expect(mean <= Double(milliseconds) + 50, "\(rig.buffer.figures)")
    }

    @Test("Under loss, doubling and reordering each frame is heard at most once and in its order", arguments: 0..<8)
    func order(seed: UInt64) {
        var random = SeededRandom(seed: 0x0DDE2 + seed), rig = JitterBufferRig()
        let loss = Int.random(in: 0..<20, using: &random), spread = Int.random(in: 0...8, using: &random)
        var flight: [(due: Int, number: Int)] = [], heard: [Int] = [], sent = 0
        for now in 0..<800 {
            let copies =
                Int.random(in: 0..<100, using: &random) < loss ? 0 : Int.random(in: 0..<20, using: &random) == 0 ? 2 : 1
            sent += min(1, copies)
            for _ in 0..<copies { flight.append((now + Int.random(in: 0...spread, using: &random), now)) }
            for packet in flight where packet.due <= now {
                rig.insert(
                    sequence: UInt16(packet.number & 0xFFFF) &+ 65000, timestamp: UInt32(packet.number * 160),
                    sound: UInt8(packet.number % 250 + 1))
            }
            flight.removeAll { $0.due <= now }
            rig.isQuiet = Int.random(in: 0..<4, using: &random) == 0
            heard += rig.tick().split(separator: "+").compactMap { Int($0) }.filter { $0 > 0 }
        }
        let steps = zip(heard, heard.dropFirst()).map { ($1 - $0 + 250) % 250 }
        #expect(steps.allSatisfy { (1...100).contains($0) }, "\(steps)")
        // What is lost is lost on the way or, while the delay is being learnt, too late.
        #expect(heard.count > sent * 2 / 3, "\(heard.count) of \(sent), \(rig.buffer.figures)")
    }

    @Test("A storm of all that can go wrong, jumps and restarts too: the delay stays in bounds", arguments: 0..<8)
    func storm(seed: UInt64) {
        var random = SeededRandom(seed: 0xB0FFE7 + seed), rig = JitterBufferRig()
        let loss = Int.random(in: 0..<30, using: &random), spread = Int.random(in: 0...12, using: &random)
        var sequence = UInt16.random(in: 0...UInt16.max, using: &random)
        var timestamp = UInt32.random(in: 0...UInt32.max, using: &random)
        var source: UInt32 = 1, flight: [(due: Int, sequence: UInt16, timestamp: UInt32, source: UInt32)] = []
        var heard = 0, delayMax = 0
        for now in 0..<1500 {
            switch Int.random(in: 0..<400, using: &random) {
            case 0: timestamp &+= UInt32.random(in: 0...UInt32.max, using: &random)
            case 1: source &+= 1
            case 2: sequence &+= UInt16.random(in: 0...UInt16.max, using: &random)
            case 3: timestamp &-= 4000
            default: break
            }
            let copies =
                Int.random(in: 0..<100, using: &random) < loss ? 0 : Int.random(in: 0..<20, using: &random) == 0 ? 2 : 1
            for _ in 0..<copies {
                flight.append((now + Int.random(in: 0...spread, using: &random), sequence, timestamp, source))
            }
            sequence &+= 1
            timestamp &+= 160
            for packet in flight where packet.due <= now {
                rig.jitter = UInt32.random(in: 0...2000, using: &random)
                rig.insert(
                    sequence: packet.sequence, timestamp: packet.timestamp, sound: UInt8.random(in: 1...255, using: &random),
                    count: Int.random(in: 0..<50, using: &random) == 0 ? Int.random(in: 0...1700, using: &random) : 160,
                    source: packet.source)
            }
            flight.removeAll { $0.due <= now }
            rig.isQuiet = Int.random(in: 0..<3, using: &random) == 0
            if rig.tick().allSatisfy({ $0 != "~" && $0 != "." }) { heard += 1 }
            delayMax = max(delayMax, rig.buffer.delay)
        }
        #expect(delayMax <= JitterBuffer.delaySamplesMax)
        let figures = rig.buffer.figures
        #expect(heard > 500 && figures.played > 0)
        #expect(figures.late < 1250)
    }
}
