// Writes a STUN message (RFC 8489, sections 5 and 14).

package import RTP

/// Appends attributes in their order; `finish` adds the two that cover the others.
package nonisolated struct STUNWriter: Sendable {
    private var bytes: [UInt8]
    private let transaction: [UInt8]

    /// `transaction` has 12 bytes.
    package init(_ kind: STUNMessage.Class, method: UInt16 = STUNMessage.binding, transaction: [UInt8]) {
        precondition(transaction.count == 12, "a transaction has 12 bytes")
        self.transaction = transaction
        let type =
            (method & 0xF) | (method & 0x70) << 1 | (method & 0xF80) << 2 | (kind.rawValue & 1) << 4
            | (kind.rawValue & 2) << 7
        bytes = []
        put(type)
        put(UInt16(0))
        put(STUNMessage.cookie)
        bytes += transaction
    }

    /// Appends an attribute, filled up to a border of four bytes.
    package mutating func append(_ type: UInt16, _ value: [UInt8]) {
        put(type)
        put(UInt16(truncatingIfNeeded: value.count))
        bytes += value
        while bytes.count % 4 != 0 { bytes.append(0) }
    }

    package mutating func append(mapped address: TransportAddress) {
        var value: [UInt8] = [0, address.family == .ipv4 ? 1 : 2]
        func add<Number: FixedWidthInteger>(_ number: Number) {
            for shift in stride(from: Number.bitWidth - 8, through: 0, by: -8) {
                value.append(UInt8(truncatingIfNeeded: number >> Number(shift)))
            }
        }
        add(address.port ^ UInt16(STUNMessage.cookie >> 16))
        switch address.family {
        case .ipv4: add(UInt32(truncatingIfNeeded: address.low) ^ STUNMessage.cookie)
        case .ipv6:
            let mask = STUNMessage.addressMask(transaction)
            add(address.high ^ mask.high)
            add(address.low ^ mask.low)
        }
        append(STUNAttribute.xorMappedAddress, value)
    }

    /// `code` is 300...699.
    package mutating func append(error code: Int, reason: String) {
        let head: [UInt8] = [0, 0, UInt8(truncatingIfNeeded: code / 100), UInt8(truncatingIfNeeded: code % 100)]
        append(STUNAttribute.errorCode, head + Array(reason.utf8))
    }

    /// The message with MESSAGE-INTEGRITY, if there is a password, and FINGERPRINT.
    package consuming func finish(password: [UInt8]?) -> [UInt8] {
        if let password {
            setLength(adding: 4 + STUNIntegrity.bytes)
            append(STUNAttribute.messageIntegrity, STUNIntegrity.sum(of: bytes, password: password))
        }
        setLength(adding: 8)
        let sum = CRC32.of(bytes) ^ STUNMessage.fingerprintMask
        put(STUNAttribute.fingerprint)
        put(UInt16(4))
        put(sum)
        return bytes
    }

    /// Both sums are made over a header that counts them already.
    private mutating func setLength(adding more: Int) {
        let length = UInt16(truncatingIfNeeded: bytes.count - STUNMessage.headerBytes + more)
        bytes[2] = UInt8(length >> 8)
        bytes[3] = UInt8(length & 0xFF)
    }

    private mutating func put(_ number: UInt16) { bytes += [UInt8(number >> 8), UInt8(number & 0xFF)] }
    private mutating func put(_ number: UInt32) {
        put(UInt16(number >> 16))
        put(UInt16(number & 0xFFFF))
    }
}
