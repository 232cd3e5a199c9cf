// Digits on their way, seen by nobody.

internal import Basics
internal import Glibc

/// One collect step of one leg.
struct DigitCollection {
    /// More digits than a flow may ask for are cut here.
    static let digitsMax = 64

    let step: NodeID
    let lengthMin: Int
    let lengthMax: Int
    let terminator: Character?
    /// Nanoseconds.
    let nextDigitTimeout: UInt64
    /// Monotonic nanoseconds at which the collection ends with what it has.
    private(set) var deadline: UInt64
    /// ASCII; as long as it can get from the beginning, so that nothing is left behind by growing.
    private var digits: [UInt8] = []

    init(
        step: NodeID, lengthMin: Int, lengthMax: Int, terminator: Character?, firstDigitTimeout: UInt64,
        nextDigitTimeout: UInt64, at now: UInt64
    ) {
        self.step = step
        self.lengthMin = max(0, lengthMin)
        self.lengthMax = min(max(1, lengthMax), Self.digitsMax)
        self.terminator = terminator
        self.nextDigitTimeout = nextDigitTimeout
        deadline = now &+ firstDigitTimeout
        digits.reserveCapacity(Self.digitsMax)
    }

    /// Takes a key; `true`: the collection is complete.
    mutating func take(_ key: Character, at now: UInt64) -> Bool {
        if key == terminator { return true }
        if let byte = key.asciiValue { digits.append(byte) }
        deadline = now &+ nextDigitTimeout
        return digits.count >= lengthMax
    }

    /// `false`: the first digit has come already.
    mutating func awaitFirst(until deadline: UInt64) -> Bool {
        guard digits.isEmpty else { return false }
        self.deadline = deadline
        return true
    }

    /// What was collected; the digits are not here any more.
    mutating func result(for leg: LegID) -> MediaEvent {
        let secret = SecretDigits(digits)
        wipe()
        return .collected(
            leg, step: step, digits: secret, valid: secret.count >= lengthMin && secret.count <= lengthMax)
    }

    mutating func wipe() {
        digits.withUnsafeMutableBytes { bytes in
            if let start = bytes.baseAddress { explicit_bzero(start, bytes.count) }
        }
        digits.removeAll(keepingCapacity: true)
    }
}
