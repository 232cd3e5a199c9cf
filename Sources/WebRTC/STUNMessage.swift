// Reads a STUN message (RFC 8489, sections 5 and 14).

package import RTP

/// One message, checked as far as it can be without a password.
package nonisolated struct STUNMessage: Sendable {
    package enum Class: UInt16, Sendable { case request = 0, indication = 1, success = 2, error = 3 }

    /// Why bytes are no message that we would look at.
    package enum Malformation: Error, Hashable, Sendable {
        case tooLong, noHeader, wrongLength, attributeOverrun, malformedAttribute, wrongFingerprint
    }

    /// No connectivity check comes near this.
    package static let bytesMax = 1280
    package static let attributesMax = 32
    static let headerBytes = 20
    static let cookie: UInt32 = 0x2112_A442
    package static let binding: UInt16 = 1

    package let kind: Class
    /// `binding` is the only one that is served.
    package let method: UInt16
    /// 12 bytes that an answer repeats.
    package let transaction: [UInt8]
    package private(set) var username: [UInt8]?
    package private(set) var isNominating = false
    /// The sender says that it is the controlled agent, which is our part.
    package private(set) var claimsControlled = false
    package private(set) var hasFingerprint = false
    package private(set) var mappedAddress: TransportAddress?
    /// 300...699.
    package private(set) var errorCode: Int?
    /// Types below 0x8000 that we don't know.
    package private(set) var unknownRequired: [UInt16] = []
    private var integrityOffset: Int?
    private let bytes: [UInt8]

    package init(_ datagram: UnsafeRawBufferPointer) throws(Malformation) {
        guard datagram.count <= Self.bytesMax else { throw .tooLong }
        let bytes = [UInt8](datagram)
        guard bytes.count >= Self.headerBytes, bytes[0] & 0xC0 == 0, Self.word(bytes, 4) == Self.cookie else {
            throw .noHeader
        }
        guard Int(Self.half(bytes, 2)) + Self.headerBytes == bytes.count, bytes.count % 4 == 0 else { throw .wrongLength }
        self.bytes = bytes
        let type = Self.half(bytes, 0)
        // The class is two bits in the midst of the method (section 5, figure 3).
        kind = Class(rawValue: (type >> 4 & 1) | (type >> 7 & 2)) ?? .request
        method = (type & 0xF) | (type >> 1 & 0x70) | (type >> 2 & 0xF80)
        transaction = Array(bytes[8..<20])
        try readAttributes()
    }

    /// Whether the message has a MESSAGE-INTEGRITY at all.
    package var hasIntegrity: Bool { integrityOffset != nil }

    /// Whether its MESSAGE-INTEGRITY was made with `password`.
    package func isAuthentic(password: [UInt8]) -> Bool {
        guard let offset = integrityOffset else { return false }
        // The sum is over what precedes it, under a length as if it were the last attribute (section 14.5).
        var head = Array(bytes[..<offset])
        let length = UInt16(truncatingIfNeeded: offset - Self.headerBytes + 4 + STUNIntegrity.bytes)
        head[2] = UInt8(length >> 8)
        head[3] = UInt8(length & 0xFF)
        let found = Array(bytes[offset + 4..<offset + 4 + STUNIntegrity.bytes])
        return STUNIntegrity.areEqual(found, STUNIntegrity.sum(of: head, password: password))
    }

    private mutating func readAttributes() throws(Malformation) {
        var offset = Self.headerBytes
        var count = 0
        while offset < bytes.count {
            count += 1
            guard count <= Self.attributesMax, bytes.count - offset >= 4 else { throw .attributeOverrun }
            let type = Self.half(bytes, offset)
            let length = Int(Self.half(bytes, offset + 2))
            guard length <= bytes.count - offset - 4 else { throw .attributeOverrun }
            if type == STUNAttribute.fingerprint {
                try checkFingerprint(at: offset, length: length)
            } else if integrityOffset == nil {
                // What stands behind the integrity isn't covered by it, and is passed over (section 14.5).
                try read(type, bytes[offset + 4..<offset + 4 + length], at: offset)
            }
            offset += 4 + (length + 3) & ~3
        }
    }

    private mutating func read(_ type: UInt16, _ value: ArraySlice<UInt8>, at offset: Int) throws(Malformation) {
        switch type {
        case STUNAttribute.username:
            guard value.count <= 513 else { throw .malformedAttribute }
            if username == nil { username = Array(value) }
        case STUNAttribute.messageIntegrity:
            guard value.count == STUNIntegrity.bytes else { throw .malformedAttribute }
            integrityOffset = offset
        case STUNAttribute.errorCode:
            guard value.count >= 4 else { throw .malformedAttribute }
            let number = Array(value.prefix(4))
            errorCode = Int(number[2] & 7) * 100 + Int(number[3])
        case STUNAttribute.xorMappedAddress: mappedAddress = try address(Array(value))
        case STUNAttribute.useCandidate: isNominating = true
        case STUNAttribute.controlled: claimsControlled = true
        case STUNAttribute.priority, STUNAttribute.controlling, STUNAttribute.unknownAttributes: break
        default: if type < STUNAttribute.optionalFirst { unknownRequired.append(type) }
        }
    }

    private mutating func checkFingerprint(at offset: Int, length: Int) throws(Malformation) {
        guard length == 4, offset + 8 == bytes.count else { throw .malformedAttribute }
        guard Self.word(bytes, offset + 4) == CRC32.of(bytes[..<offset]) ^ Self.fingerprintMask else {
            throw .wrongFingerprint
        }
        hasFingerprint = true
    }

    /// XOR-MAPPED-ADDRESS (section 14.2).
    private func address(_ value: [UInt8]) throws(Malformation) -> TransportAddress {
        guard value.count >= 8 else { throw .malformedAttribute }
        let port = Self.half(value, 2) ^ UInt16(Self.cookie >> 16)
        switch (value[1], value.count) {
        case (1, 8): return TransportAddress(ipv4: Self.word(value, 4) ^ Self.cookie, port: port)
        case (2, 20):
            let mask = Self.addressMask(transaction)
            return TransportAddress(
                family: .ipv6, high: Self.double(value, 4) ^ mask.high, low: Self.double(value, 12) ^ mask.low, port: port)
        default: throw .malformedAttribute
        }
    }

    static let fingerprintMask: UInt32 = 0x5354_554E

    /// With what an IPv6 address is mixed: cookie and transaction.
    static func addressMask(_ transaction: [UInt8]) -> (high: UInt64, low: UInt64) {
        (UInt64(cookie) << 32 | UInt64(word(transaction, 0)), double(transaction, 4))
    }

    // The callers have checked that the bytes are there.
    private static func half(_ bytes: [UInt8], _ at: Int) -> UInt16 { UInt16(bytes[at]) << 8 | UInt16(bytes[at + 1]) }
    private static func word(_ bytes: [UInt8], _ at: Int) -> UInt32 {
        UInt32(half(bytes, at)) << 16 | UInt32(half(bytes, at + 2))
    }
    private static func double(_ bytes: [UInt8], _ at: Int) -> UInt64 {
        UInt64(word(bytes, at)) << 32 | UInt64(word(bytes, at + 4))
    }
}
