// G.711 for whole frames at fixed addresses.

/// One law's tables where a packet path can read them without a check or a count. Their memory is never freed: whoever
/// makes one keeps it.
public struct LawConverter {
    public let law: G711.Law
    /// 256 samples, by byte.
    public let decoding: UnsafePointer<Int16>
    /// 16384 bytes, by the upper 14 bits of a sample.
    private let encoding: UnsafePointer<UInt8>

    public init(_ law: G711.Law) {
        self.law = law
        let samples = UnsafeMutablePointer<Int16>.allocate(capacity: 256)
        for index in 0..<256 { (samples + index).initialize(to: G711.decode(UInt8(index), law)) }
        decoding = UnsafePointer(samples)
        let bytes = UnsafeMutablePointer<UInt8>.allocate(capacity: 16384)
        for index in 0..<16384 {
            (bytes + index).initialize(to: G711.encode(Int16(bitPattern: UInt16(index) << 2), law))
        }
        encoding = UnsafePointer(bytes)
    }

    public func encode(_ samples: UnsafePointer<Int16>, count: Int, into target: UnsafeMutablePointer<UInt8>) {
        for index in 0..<count { target[index] = encoding[Int(UInt16(bitPattern: samples[index]) >> 2)] }
    }

    /// The sum of the squares of `count` samples.
    public func energy(_ bytes: UnsafePointer<UInt8>, count: Int) -> Int64 {
        var sum: Int64 = 0
        for index in 0..<count {
            let sample = Int32(decoding[Int(bytes[index])])
            sum &+= Int64(sample &* sample)
        }
        return sum
    }

    public func decode(_ bytes: UnsafePointer<UInt8>, count: Int, into target: UnsafeMutablePointer<Int16>) {
        for index in 0..<count { target[index] = decoding[Int(bytes[index])] }
    }
}
