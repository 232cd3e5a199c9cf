// RTP, its events and its reports, bit by bit.

import Basics
import RTP
import Testing

@Suite struct RTPTests {
    private func header(_ bytes: [UInt8]) -> RTPHeader? { bytes.withUnsafeBytes { RTPHeader($0) } }
    private func summary(_ bytes: [UInt8], _ source: UInt32) -> RTCPSummary? {
        bytes.withUnsafeBytes { RTCPSummary($0, about: source) }
    }

    @Test("A header with contributing sources, extension and padding is read to its payload") func read() {
        let bytes: [UInt8] =
            [0xB1, 0x88, 0x12, 0x34, 0, 0, 1, 0, 0xDE, 0xAD, 0xBE, 0xEF]
            + [1, 1, 1, 1] + [0xBE, 0xDE, 0, 1, 9, 9, 9, 9] + [7, 7, 7] + [0, 2]
        let header = header(bytes)
        #expect(header?.marker == true && header?.payloadType == 8 && header?.sequence == 0x1234)
        #expect(header?.timestamp == 256 && header?.source == 0xDEAD_BEEF)
        #expect(header?.payloadOffset == 24 && header?.payloadCount == 3)
        #expect(self.header(Array(bytes.dropLast(22))) == nil)
        var version = bytes
        version[0] = 0x31
        #expect(self.header(version) == nil)
        var padding = bytes
        padding[28] = 200
        #expect(self.header(padding) == nil)
    }

    @Test("What is written is read back") func write() {
        var random = SeededRandom(seed: 1)
        for _ in 0..<1000 {
            let header = RTPHeader(
                marker: random.below(2) == 0, payloadType: UInt8(random.below(128)), sequence: UInt16(random.below(65536)),
                timestamp: UInt32(truncatingIfNeeded: random.next()), source: UInt32(truncatingIfNeeded: random.next()))
            var bytes = [UInt8](repeating: 0, count: 12)
            bytes.withUnsafeMutableBytes { header.write(to: $0.baseAddress!) }
            #expect(self.header(bytes) == header)
        }
    }

    @Test("100,000 random packets never trap, and what is read lies inside the packet") func garbage() {
        var random = SeededRandom(seed: 3550)
        var read = (rtp: 0, rtcp: 0)
        for _ in 0..<100_000 {
            var bytes = (0..<random.below(80)).map { _ in UInt8(random.below(256)) }
            if bytes.count > 4, random.below(2) == 0 {
                bytes[0] = 0x80 | UInt8(random.below(64))
                bytes[1] = UInt8(199 + random.below(6))
                bytes[2] = 0
                bytes[3] = UInt8(random.below(20))
            }
            if let header = header(bytes) {
                read.rtp += 1
                #expect(header.payloadOffset >= 12 && header.payloadOffset + header.payloadCount <= bytes.count)
                #expect(header.payloadCount >= 0)
            }
            if summary(bytes, 0) != nil { read.rtcp += 1 }
            if let event = bytes.withUnsafeBytes({ TelephoneEvent($0) }) { #expect(event.volume < 64) }
        }
        #expect(read.rtp > 1000 && read.rtcp > 100)
    }

    @Test("A report is read as it was written, and the round trip comes from it") func report() {
        let block = ReportBlock(
            source: 9, fractionLost: 12, cumulativeLost: -3, extendedHighest: 70000, jitter: 88, lastReport: 0x0010_0000,
            delaySinceLastReport: 0x8000)
        let times = RTCPSummary.SenderTimes(ntp: 0xE800_0001_8000_0000, rtp: 160, packets: 5, payloadBytes: 800)
        var bytes = [UInt8](repeating: 0xFF, count: RTCPReport.bytesMax)
        let count = bytes.withUnsafeMutableBytes {
            RTCPReport(source: 4, name: 0x0123_4567_89AB_CDEF, sender: times, block: block, isBye: true)
                .write(to: $0.baseAddress!)
        }
        #expect(count == RTCPReport.bytesMax)
        let read = summary(bytes, 9)
        #expect(read?.sender?.source == 4 && read?.sender?.ntp == times.ntp && read?.sender?.packets == 5)
        #expect(read?.sender?.middle == 0x0001_8000)
        #expect(read?.block == block && read?.isBye == true)
        #expect(String(decoding: bytes[62..<78], as: UTF8.self) == "0123456789abcdef")
        #expect(summary(bytes, 8)?.block == nil)
        #expect(block.roundTrip(at: 0x0011_0000) == 0.5)
        #expect(block.roundTrip(at: 0x0010_0000) == nil)
        for cut in 1..<count where cut % 4 != 0 { #expect(summary(Array(bytes[..<cut]), 9) == nil) }
    }

    @Test("Loss, duplicates, wraps and jitter are counted as RFC 3550 does it") func statistics() {
        var statistics = ReceptionStatistics()
        func receive(_ sequence: UInt16, late: UInt32 = 0, source: UInt32 = 1) {
            let ticks = UInt32(sequence &- 65530) * 160
            statistics.receive(
                RTPHeader(payloadType: 0, sequence: sequence, timestamp: ticks, source: source), arrival: 5000 &+ ticks &+ late)
        }
        for sequence: UInt16 in [65530, 65531, 65533, 65532, 65535, 0, 1, 1] { receive(sequence) }
        #expect(statistics.received == 8 && statistics.lost == 0)
        #expect(statistics.extendedHighest == 0x1_0001)
        receive(5)
        #expect(statistics.lost == 3)
        #expect(statistics.report(lastReport: 0, delay: 0)?.fractionLost == 64)
        #expect(statistics.report(lastReport: 0, delay: 0)?.fractionLost == 0)
        #expect(statistics.jitter == 0)
        // Every second packet 10 ms late: the jitter goes towards 80 units of 125 µs.
        for sequence: UInt16 in 6...205 { receive(sequence, late: sequence % 2 == 0 ? 80 : 0) }
        #expect(abs(statistics.jitterMilliseconds - 10) < 0.5)
        receive(40000)
        #expect(statistics.received == 209)
        receive(40001)
        #expect(statistics.received == 210)
        receive(7, source: 2)
        #expect(statistics.sourceChanges == 1 && statistics.lost == 3 && statistics.source == 2)
    }

    private struct Press {
        var key: Character
        var timestamp: UInt32
        var duration: UInt16
        var end = false
        var marker = false
    }

    private func digits(_ packets: [Press]) -> String {
        var receiver = TelephoneEventReceiver()
        var keys = ""
        for packet in packets {
            let event = TelephoneEvent(
                code: TelephoneEvent.code(for: packet.key) ?? 99, isEnd: packet.end, duration: packet.duration)
            guard let code = receiver.receive(event, timestamp: packet.timestamp, marker: packet.marker) else { continue }
            keys.append(TelephoneEvent.key(for: code) ?? "?")
        }
        return keys
    }

    @Test("A key is one digit, whatever is lost, repeated or reordered") func events() {
        let end = Press(key: "1", timestamp: 1000, duration: 480, end: true)
        let start = [
            Press(key: "1", timestamp: 1000, duration: 160, marker: true), Press(key: "1", timestamp: 1000, duration: 320),
        ]
        let one = start + [end, end, end]
        #expect(digits(one) == "1")
        #expect(digits([end, end, end]) == "1")
        #expect(digits(start + [Press(key: "1", timestamp: 3000, duration: 160, marker: true)]) == "11")
        #expect(digits(start + [Press(key: "1", timestamp: 3000, duration: 160)]) == "11")
        #expect(digits(one + [Press(key: "2", timestamp: 3000, duration: 160, marker: true), end]) == "12")
        // A long key in segments, and a sender that moves the timestamp with each packet.
        let segments = [
            Press(key: "9", timestamp: 0, duration: 0xFFFF, marker: true), Press(key: "9", timestamp: 65535, duration: 160),
            Press(key: "9", timestamp: 65535, duration: 320, end: true),
        ]
        #expect(digits(segments) == "9")
        var creeping: [Press] = []
        // It moves with the repeated ends, too.
        for index: UInt32 in 0..<10 {
            creeping.append(Press(key: "7", timestamp: index * 160, duration: 160, end: index >= 7, marker: index == 0))
        }
        #expect(digits(creeping) == "7")
        #expect(digits(creeping + [Press(key: "7", timestamp: 2000, duration: 160, marker: true)]) == "77")
        var all: [Press] = []
        for key in "0123456789*#ABCD" {
            all.append(Press(key: key, timestamp: UInt32(all.count) * 2000, duration: 800, end: true, marker: true))
        }
        #expect(digits(all) == "0123456789*#ABCD")
        #expect(TelephoneEvent.key(for: 16) == nil && TelephoneEvent.code(for: "x") == nil)
    }

    @Test("A key that we send has one marker, rising durations and three ends") func sender() {
        var sender = TelephoneEventSender(code: 5, durationMilliseconds: 100)
        var packets: [(event: TelephoneEvent, marker: Bool)] = []
        while let packet = sender.next() { packets.append(packet) }
        #expect(packets.map(\.event.duration) == [160, 320, 480, 640, 800, 800, 800])
        #expect(packets.map(\.event.isEnd) == [false, false, false, false, true, true, true])
        #expect(packets.map(\.marker) == [true, false, false, false, false, false, false])
    }
}
