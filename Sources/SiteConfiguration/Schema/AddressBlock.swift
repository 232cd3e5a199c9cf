// Networks as ranges of numbers, so that two of them can be compared.

/// The addresses of a network in CIDR notation (RFC 4632, RFC 4291 section 2.3), or a single address.
struct AddressBlock {
    let isV6: Bool
    /// Bits that all of its addresses share.
    let prefixLength: Int
    let first: UInt128
    let last: UInt128

    /// nil unless `text` is a numeric address, or one with `/` and the length of a prefix.
    init?(_ text: String) {
        let parts = text.split(separator: "/", omittingEmptySubsequences: false)
        guard parts.count <= 2, let address = parts.first, let bytes = NetworkAddress.bytes(String(address)) else { return nil }
        let bits = bytes.count * 8
        if parts.count == 2 {
            guard parts[1].utf8.allSatisfy(NameRule.isDigit), let length = Int(parts[1]), length <= bits else { return nil }
            prefixLength = length
        } else {
            prefixLength = bits
        }
        isV6 = bytes.count == 16
        // A shift by all bits gives 0 in Swift, so that a prefix of 0 bits holds everything.
        let below = UInt128.max >> UInt128(128 - bits + prefixLength)
        let number = bytes.reduce(UInt128(0)) { $0 << 8 | UInt128($1) }
        first = number & ~below
        last = number | below
    }

    func contains(_ other: AddressBlock) -> Bool { isV6 == other.isV6 && first <= other.first && other.last <= last }
}
