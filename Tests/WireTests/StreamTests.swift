// Numbers that never break, and sources that are what they seem.

import Basics
import RTP
import Testing

@Suite struct StreamTests {
    private let millisecond: UInt64 = 1_000_000

    @Test("Whatever feeds a stream, sequence and time go on by the packet, with a marker at each switch") func continuity() {
        var random = SeededRandom(seed: 7)
        var stream = OutgoingStream(source: 5, sequence: 65500, timestamp: .max - 1000)
        var now: UInt64 = 1_000_000_000
        var sequence = UInt16(random.below(65536)), timestamp = UInt32(truncatingIfNeeded: random.next()), source: UInt32 = 1
        var last = (sequence: stream.lastSequence, timestamp: stream.lastTimestamp)
        for _ in 0..<200 {
            stream.interrupt()
            let isOwn = random.below(2) == 0
            if !isOwn, random.below(2) == 0 {
                source += 1
                sequence = UInt16(random.below(65536))
                timestamp = UInt32(truncatingIfNeeded: random.next())
            }
            for index in 0..<random.below(40) {
                now += 20 * millisecond
                let header = RTPHeader(payloadType: 0, sequence: sequence, timestamp: timestamp, source: source)
                let stamp = isOwn ? stream.next(samples: 160, payloadBytes: 160, at: now) : stream.relay(header, at: now)
                sequence &+= 1
                timestamp &+= 160
                guard let stamp else {
                    Issue.record("a packet in order was dropped")
                    return
                }
                #expect(stamp.sequence == last.sequence &+ 1)
                let step = stamp.timestamp &- last.timestamp
                #expect(index == 0 ? step >= 160 && step < 16000 : step == 160)
                #expect(stamp.marker == (index == 0))
                last = (stamp.sequence, stamp.timestamp)
            }
        }
    }

    @Test("Loss stays visible, reordering is kept, what is withheld closes up, what is from before the switch is dropped")
    func order() {
        var stream = OutgoingStream(source: 5, sequence: 99, timestamp: 0)
        func relay(_ sequence: UInt16, source: UInt32 = 1) -> UInt16? {
            let header = RTPHeader(payloadType: 0, sequence: sequence, timestamp: UInt32(sequence) * 160, source: source)
            return stream.relay(header, at: UInt64(sequence) * 20_000_000)?.sequence
        }
        #expect([10, 11, 14, 13].map { relay($0) } == [100, 101, 104, 103])
        stream.withhold(RTPHeader(payloadType: 101, sequence: 15, timestamp: 0, source: 1))
        stream.withhold(RTPHeader(payloadType: 101, sequence: 16, timestamp: 0, source: 1))
        #expect([17, 18].map { relay($0) } == [105, 106])
        stream.interrupt()
        #expect([30, 29, 31].map { relay($0) } == [107, nil, 108])
        // Another source and a wild jump both go on with the next number.
        #expect(relay(5000, source: 2) == 109)
        #expect(relay(40000, source: 2) == 110)
    }

    private let phone = TransportAddress(ipv4: 0xC000_0201, port: 4000)
    private let nat = TransportAddress(ipv4: 0xCB00_7105, port: 33000)
    private let stranger = TransportAddress(ipv4: 0xC633_6407, port: 4000)

    private func packet(_ sequence: UInt16, _ source: UInt32 = 1) -> RTPHeader {
        RTPHeader(payloadType: 0, sequence: sequence, timestamp: 0, source: source)
    }

    @Test("The announced address locks at once, even while another one is being learnt") func announced() {
        var latch = SourceLatch(announced: phone, at: 0)
        #expect(latch.judge(packet(1), from: stranger, at: 1) == .learning)
        #expect(latch.judge(packet(2), from: stranger, at: 2) == .learning)
        #expect(latch.judge(packet(900), from: phone, at: 3) == .locked)
        #expect(latch.judge(packet(3), from: stranger, at: 4) == .stranger)
        #expect(latch.judge(packet(901), from: phone, at: 5) == .accepted)
        #expect(latch.locked == phone)
    }

    @Test("Another address is learnt from three packets in order within three seconds, and nobody pushes it aside")
    func learning() {
        var latch = SourceLatch(announced: phone, at: 0)
        #expect(latch.judge(packet(1), from: nat, at: 1) == .learning)
        #expect(latch.judge(packet(7), from: stranger, at: 1) == .stranger)
        #expect(latch.judge(packet(2), from: nat, at: 1) == .learning)
        #expect(latch.judge(packet(3), from: nat, at: 1) == .locked)
        #expect(latch.judge(packet(9), from: phone, at: 1) == .stranger)
        var jumping = SourceLatch(announced: phone, at: 0)
        #expect(
            [1, 2, 5, 6, 7].map { jumping.judge(packet($0), from: nat, at: 1) } == [
                .learning, .learning, .learning, .learning, .locked,
            ])
        let late = SourceLatch.learningNanoseconds
        var missed = SourceLatch(announced: phone, at: 0)
        #expect([1, 2].map { missed.judge(packet($0), from: nat, at: 1) } == [.learning, .learning])
        #expect(missed.judge(packet(3), from: nat, at: late) == .stranger)
        #expect(missed.judge(packet(3), from: phone, at: late * 2) == .locked)
    }

    @Test("One packet that went astray does not keep a phone from being learnt; one that goes on is not pushed aside")
    func astray() {
        var latch = SourceLatch(announced: phone, at: 0)
        #expect(latch.judge(packet(70), from: stranger, at: 0) == .learning)
        #expect(latch.judge(packet(1), from: nat, at: 99 * millisecond) == .stranger)
        #expect(
            [2, 3, 4].map { latch.judge(packet($0), from: nat, at: (80 + 20 * UInt64($0)) * millisecond) } == [
                .learning, .learning, .locked,
            ])
        // Packets out of order do not hold the place either.
        var held = SourceLatch(announced: phone, at: 0)
        for turn: UInt64 in 0..<5 {
            #expect(held.judge(packet(70), from: stranger, at: turn * 20 * millisecond) == .learning)
        }
        #expect(held.judge(packet(1), from: nat, at: 100 * millisecond) == .learning)
        #expect(held.judge(packet(2), from: nat, at: 150 * millisecond) == .learning)
        // The 100 ms count from the last packet in order, not from the first.
        #expect(held.judge(packet(70), from: stranger, at: 249 * millisecond) == .stranger)
        #expect(held.judge(packet(3), from: nat, at: 249 * millisecond) == .locked)
    }

    @Test("After a move the old source is a stranger for a second, then no better than another") func moved() {
        var old = SourceLatch(announced: stranger, at: 0)
        #expect(old.judge(packet(1), from: stranger, at: 1) == .locked)
        let start = 10_000 * millisecond
        var latch = old.moved(to: phone, at: start)
        for index: UInt16 in 0..<50 {
            #expect(latch.judge(packet(index), from: stranger, at: start + 19 * millisecond * UInt64(index)) == .stranger)
        }
        var late = latch
        #expect(latch.judge(packet(1), from: phone, at: start + 990 * millisecond) == .locked)
        #expect([50, 51, 52].map { late.judge(packet($0), from: stranger, at: start + 1000 * millisecond) }.last == .locked)
        // Somebody else behind NAT is learnt at once, and a second move forgets nobody.
        var again = old.moved(to: phone, at: start).moved(to: nat, at: start)
        #expect(again.judge(packet(1), from: stranger, at: start) == .stranger)
        #expect([1, 2, 3].map { again.judge(packet($0), from: phone, at: start) }.last == .locked)
    }

    @Test("A description that says the same keeps the source and lets another way through the NAT be learnt") func reopened() {
        var latch = SourceLatch(announced: phone, at: 0)
        #expect([1, 2, 3].map { latch.judge(packet($0), from: nat, at: 1) }.last == .locked)
        var same = latch.reopened(at: 9_000 * millisecond).reopened(at: 9_000 * millisecond)
        var other = same
        #expect(same.locked == nil && same.judge(packet(99), from: nat, at: 13_000 * millisecond) == .locked)
        #expect([7, 8, 9].map { other.judge(packet($0), from: stranger, at: 9_001 * millisecond) }.last == .locked)
    }
}
