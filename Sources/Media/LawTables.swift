// G.711 as the packet path needs it: at fixed addresses.

internal import Audio

/// 256 bytes for each question; a media plane's, never freed.
nonisolated struct LawTables {
    private let toA: UnsafeMutablePointer<UInt8>
    private let toMu: UnsafeMutablePointer<UInt8>
    private let loudMu: UnsafeMutablePointer<Bool>
    private let loudA: UnsafeMutablePointer<Bool>
    private let mu = LawConverter(.mu)
    private let a = LawConverter(.a)

    init() {
        func table<Value>(_ values: [Value]) -> UnsafeMutablePointer<Value> {
            let pointer = UnsafeMutablePointer<Value>.allocate(capacity: 256)
            for index in 0..<256 { (pointer + index).initialize(to: values[index]) }
            return pointer
        }
        toA = table(G711.transcodingTable(from: .mu))
        toMu = table(G711.transcodingTable(from: .a))
        loudMu = table(G711.decodingTable(.mu).map { $0.magnitude > Loudness.silenceMax })
        loudA = table(G711.decodingTable(.a).map { $0.magnitude > Loudness.silenceMax })
    }

    func converter(_ law: G711.Law) -> LawConverter { law == .mu ? mu : a }

    /// Changes `count` bytes to the other law.
    func transcode(_ bytes: UnsafeMutableRawPointer, count: Int, from law: G711.Law) {
        let table = law == .mu ? toA : toMu
        let payload = bytes.assumingMemoryBound(to: UInt8.self)
        for index in 0..<count { payload[index] = table[Int(payload[index])] }
    }

    /// Whether there is sound, judged by one sample of each eight, not always the same, or a tone of 1000 Hz would be none.
    func isSilent(_ bytes: UnsafeRawPointer, count: Int, law: G711.Law) -> Bool {
        let table = law == .mu ? loudMu : loudA
        let payload = bytes.assumingMemoryBound(to: UInt8.self)
        var loud = 0
        for group in 0..<count >> 3 where table[Int(payload[group << 3 | (group * group & 7)])] { loud += 1 }
        return loud < 2
    }
}
