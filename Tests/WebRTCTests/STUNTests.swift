// STUN messages, against the vectors of RFC 5769.

import RTP
import Testing
import WebRTC

struct STUNTests {
    /// RFC 5769, section 2: the password of all three short-term vectors.
    private static let password = Array("VOkJxbRl1RmTxUk/WvJxBt".utf8)

    private static func bytes(_ text: String) -> [UInt8] {
        text.split(whereSeparator: \.isWhitespace).compactMap { UInt8($0, radix: 16) }
    }

    static let request = bytes(
        """
        00 01 00 58 21 12 a4 42 b7 e7 a7 01 bc 34 d6 86 fa 87 df ae 80 22 00 10 53 54 55 4e 20 74 65 73 74 20 63 6c
        69 65 6e 74 00 24 00 04 6e 00 01 ff 80 29 00 08 93 2f f9 b1 51 26 3b 36 00 06 00 09 65 76 74 6a 3a 68 36 76
        59 20 20 20 00 08 00 14 9a ea a7 0c bf d8 cb 56 78 1e f2 b5 b2 d3 f2 49 c1 b5 71 a2 80 28 00 04 e5 7a 3b cf
        """)
    static let responseIPv4 = bytes(
        """
        01 01 00 3c 21 12 a4 42 b7 e7 a7 01 bc 34 d6 86 fa 87 df ae 80 22 00 0b 74 65 73 74 20 76 65 63 74 6f 72 20
        00 20 00 08 00 01 a1 47 e1 12 a6 43 00 08 00 14 2b 91 f5 99 fd 9e 90 c3 8c 74 89 f9 2a f9 ba 53 f0 6b e7 d7
        80 28 00 04 c0 7d 4c 96
        """)
    static let responseIPv6 = bytes(
        """
        01 01 00 48 21 12 a4 42 b7 e7 a7 01 bc 34 d6 86 fa 87 df ae 80 22 00 0b 74 65 73 74 20 76 65 63 74 6f 72 20
        00 20 00 14 00 02 a1 47 01 13 a9 fa a5 d3 f1 79 bc 25 f4 b5 be d2 b9 d9 00 08 00 14 a3 82 95 4e 4b e6 7b f1
        17 84 c9 7c 82 92 c2 75 bf e3 ed 41 80 28 00 04 c8 fb 0b 4c
        """)

    static func read(_ bytes: [UInt8]) throws -> STUNMessage { try bytes.withUnsafeBytes { try STUNMessage($0) } }

    @Test("RFC 5769, 2.1: the request is read and its two sums agree") func requestVector() throws {
        let message = try Self.read(Self.request)
        #expect(message.kind == .request)
        #expect(message.method == STUNMessage.binding)
        #expect(message.username == Array("evtj:h6vY".utf8))
        #expect(message.hasFingerprint)
        #expect(message.claimsControlled)
        #expect(!message.isNominating)
        #expect(message.unknownRequired == [])
        #expect(message.isAuthentic(password: Self.password))
        #expect(!message.isAuthentic(password: Array("VOkJxbRl1RmTxUk/WvJxBT".utf8)))
    }

    @Test("RFC 5769, 2.2 and 2.3: the mapped address is read, and written just so") func responseVectors() throws {
        let four = TransportAddress(ipv4: 0xC000_0201, port: 32853)
        let six = TransportAddress(family: .ipv6, high: 0x2001_0DB8_1234_5678, low: 0x0011_2233_4455_6677, port: 32853)
        for (vector, address) in [(Self.responseIPv4, four), (Self.responseIPv6, six)] {
            let message = try Self.read(vector)
            #expect(message.kind == .success)
            #expect(message.mappedAddress == address)
            #expect(message.isAuthentic(password: Self.password))
            // Our own differs by the SOFTWARE attribute alone, whose padding the RFC's vector fills with a blank.
            var writer = STUNWriter(.success, transaction: message.transaction)
            writer.append(mapped: address)
            let own = writer.finish(password: Self.password)
            #expect(Array(own[20..<own.count - 32]) == Array(vector[36..<vector.count - 32]))
            let back = try Self.read(own)
            #expect(back.mappedAddress == address)
            #expect(back.hasFingerprint)
            #expect(back.isAuthentic(password: Self.password))
        }
    }

    @Test("One changed bit anywhere breaks the fingerprint or the shape")
    func everyBit() throws {
        for bit in 0..<Self.request.count * 8 {
            var changed = Self.request
            changed[bit / 8] ^= 1 << UInt8(bit % 8)
            // A changed type hides the fingerprint: then there is none.
            if let message = try? Self.read(changed) { #expect(!message.hasFingerprint) }
        }
    }

    @Test("Every shorter form is refused") func cut() {
        for count in 0..<Self.request.count {
            #expect(throws: STUNMessage.Malformation.self) { try Self.read(Array(Self.request[..<count])) }
        }
    }

    @Test("Unknown attributes from 0x8000 on are passed over, lower ones are named") func unknownAttributes() throws {
        var writer = STUNWriter(.request, transaction: Array(0..<12))
        writer.append(0xC057, [0, 0, 0, 1])
        writer.append(0x7777, [1])
        let message = try Self.read(writer.finish(password: nil))
        #expect(message.unknownRequired == [0x7777])
        #expect(!message.hasIntegrity)
    }

    @Test("A datagram is told by its first byte") func demultiplexing() {
        func kind(_ bytes: [UInt8]) -> DatagramKind { bytes.withUnsafeBytes { DatagramKind($0) } }
        #expect(kind([0, 1]) == .stun)
        #expect(kind([3]) == .stun)
        #expect(kind([4]) == .foreign)
        #expect(kind([19]) == .foreign)
        #expect(kind([20]) == .dtls)
        #expect(kind([63]) == .dtls)
        #expect(kind([64]) == .foreign)
        #expect(kind([127]) == .foreign)
        #expect(kind([128, 111]) == .rtp)
        #expect(kind([0x80, 0x80 | 111]) == .rtp)
        #expect(kind([0x80, 200]) == .rtcp)
        #expect(kind([191, 223]) == .rtcp)
        #expect(kind([192]) == .foreign)
        #expect(kind([]) == .foreign)
    }
}
