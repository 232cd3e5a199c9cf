// Where the frames of a recording belong.

import Audio
import Testing

@testable import Media

@Suite nonisolated struct RecordingTimelineTests {
    /// The frames at which records of sound begin, by both passes.
    private func places(_ records: [(arrival: Int, timestamp: Int, source: UInt32)]) -> [Int] {
        let all = records.map {
            RecordingFormat.Record(
                .sound,
                RecordingFormat.Frame(
                    track: .caller, law: .a, timestamp: UInt32(truncatingIfNeeded: $0.timestamp), source: $0.source),
                count: 160, arrival: UInt64($0.arrival) * 125)
        }
        var timeline = RecordingTimeline()
        for record in all { timeline.note(record) }
        timeline.rewind()
        return all.map { timeline.place($0) }
    }

    @Test("Jitter, loss and reordering leave every frame where it was spoken") func places() {
        // Spoken every 160 frames from 1000 on; the third is the fastest, by 40 frames.
        let jitter = [100, 300, 40, 900, 60]
        let spoken = jitter.enumerated().map { (arrival: 1000 + $0 * 160 + $1, timestamp: 5000 + $0 * 160, source: UInt32(1)) }
        let sorted = spoken.sorted { $0.arrival < $1.arrival }
        #expect(places(sorted).sorted() == (0..<5).map { 1040 + $0 * 160 })
        // The fourth frame comes last and belongs before the fifth.
        #expect(places(sorted).last == 1040 + 3 * 160)
        let lossy = spoken.enumerated().filter { $0.offset != 2 && $0.offset != 3 }.map(\.element)
        #expect(places(lossy) == [0, 1, 4].map { 1060 + $0 * 160 })
        // The timestamp wraps.
        #expect(places([(0, -160, 1), (200, 0, 1), (320, 160, 1)]) == [0, 160, 320])
    }

    @Test("A new source, a jump of more than two seconds and a minute begin anew at the arrival") func segments() {
        #expect(places([(100, 0, 1), (260, 160, 1), (500, 70_000, 2), (640, 70_160, 2)]) == [100, 260, 480, 640])
        #expect(places([(0, 0, 1), (160, 16_321, 1)]) == [0, 160])
        #expect(places([(0, 0, 1), (160, 16_160, 1)]) == [0, 16_160].map { $0 - 16_000 })
        // A clock that is too fast by 1 in 1000 is set right once a minute.
        let fast = (0..<6001).map { (arrival: $0 * 160, timestamp: $0 * 160 + $0 * 160 / 1000, source: UInt32(1)) }
        let errors = zip(places(fast), fast).map { abs($0 - $1.arrival) }
        #expect(errors.max() ?? 0 <= 480 && errors.last == 0)
    }

    @Test("A gap is written as silence in blocks, never held as a whole") func gap() throws {
        let minute: UInt64 = 60_000_000
        let records: [(RecordingFormat.Record, [UInt8])] = [
            (.init(.sound, .init(track: .caller, law: .a, timestamp: 0, source: 1), count: 160, arrival: 0), sound),
            (.init(.sound, .init(track: .agent, law: .a, timestamp: 0, source: 1), count: 160, arrival: minute), sound),
            (.init(.end, .init(track: .caller, law: .a, timestamp: 0, source: 0), count: 0, arrival: 2 * minute), []),
        ]
        var timeline = RecordingTimeline()
        for (record, _) in records { timeline.note(record) }
        var blocks: [Int] = [], written: [UInt8] = []
        var mixer = RecordingMixer(timeline) { block throws(RecordingFailure) in
            blocks.append(block.count)
            written += block
        }
        for (record, sound) in records { try mixer.take(record, sound[...]) }
        try mixer.finish()
        #expect(mixer.done == 120 * 8000 && written.count == mixer.done * 4)
        #expect(blocks.count > 10 && blocks.max() ?? 0 <= 1 << 18)
        func sample(_ frame: Int, _ side: Int) -> Int16 {
            Int16(bitPattern: UInt16(written[frame * 4 + side * 2]) | UInt16(written[frame * 4 + side * 2 + 1]) << 8)
        }
        let loud = G711.decode(0xAA, .a)
        #expect(sample(0, 0) == loud && sample(159, 0) == loud && sample(160, 0) == 0 && sample(0, 1) == 0)
        #expect(sample(60 * 8000, 1) == loud && sample(60 * 8000 - 1, 1) == 0 && sample(60 * 8000, 0) == 0)
    }

    @Test("each party has a channel of its own, also one that says nothing, and those beyond the last one are added in it")
    func channels() throws {
        func record(_ kind: RecordingFormat.Kind, _ track: Int, _ arrival: Int) -> RecordingFormat.Record {
            let frame = RecordingFormat.Frame(
                track: RecordingFormat.Track(track), law: .a, timestamp: 0, source: UInt32(track))
            return .init(kind, frame, count: kind == .sound ? 160 : 0, arrival: UInt64(arrival) * 125)
        }
        func mix(_ records: [RecordingFormat.Record]) throws -> (channels: Int, bytes: [UInt8]) {
            var timeline = RecordingTimeline()
            for record in records { timeline.note(record) }
            var written: [UInt8] = []
            var mixer = RecordingMixer(timeline) { block throws(RecordingFailure) in written += block }
            for record in records { try mixer.take(record, record.kind == .sound ? sound[...] : []) }
            try mixer.finish()
            #expect(written.count == mixer.done * mixer.channels * 2)
            return (mixer.channels, written)
        }
        let loud = Int(G711.decode(0xAA, .a))
        let three = try mix([record(.sound, 0, 0), record(.entry, 2, 100), record(.sound, 1, 300), record(.end, 0, 800)])
        func sample(_ made: (channels: Int, bytes: [UInt8]), _ frame: Int, _ channel: Int) -> Int {
            let at = (frame * made.channels + channel) * 2
            return Int(Int16(bitPattern: UInt16(made.bytes[at]) | UInt16(made.bytes[at + 1]) << 8))
        }
        #expect(three.channels == 3)
        #expect([0, 1, 2].map { sample(three, 0, $0) } == [loud, 0, 0])
        #expect([0, 1, 2].map { sample(three, 300, $0) } == [0, loud, 0])
        // Ten parties in eight channels: the last three speak in the last one.
        let ten = try mix((0..<10).map { record(.sound, $0, 0) })
        #expect(ten.channels == RecordingFormat.channelsMax)
        #expect((0..<7).allSatisfy { sample(ten, 5, $0) == loud })
        #expect(sample(ten, 5, 7) == min(max(3 * loud, -32768), 32767))
        // A day has no room for more than three channels in a WAV file's 32 bits.
        var day = RecordingTimeline()
        for track in 0..<8 { day.note(record(.sound, track, 0)) }
        day.note(record(.end, 0, 86_400 * 8000))
        #expect(day.channels == 3)
    }

    private var sound: [UInt8] { Array(repeating: 0xAA, count: 160) }
}
