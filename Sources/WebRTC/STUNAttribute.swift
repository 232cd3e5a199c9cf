// The attributes of STUN that a browser's connectivity checks use.

/// Attribute types (RFC 8489, section 18.3; RFC 8445, section 16.1).
package nonisolated enum STUNAttribute {
    package static let username: UInt16 = 0x0006
    package static let messageIntegrity: UInt16 = 0x0008
    package static let errorCode: UInt16 = 0x0009
    package static let unknownAttributes: UInt16 = 0x000A
    package static let xorMappedAddress: UInt16 = 0x0020
    package static let priority: UInt16 = 0x0024
    package static let useCandidate: UInt16 = 0x0025
    package static let fingerprint: UInt16 = 0x8028
    package static let controlled: UInt16 = 0x8029
    package static let controlling: UInt16 = 0x802A
    /// From here on whoever doesn't know a type passes over it.
    package static let optionalFirst: UInt16 = 0x8000
}
