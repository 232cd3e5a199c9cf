// The race between a waiting caller's patience and the callers in front.

internal import func Glibc.exp

/// S(j, T) of definitions.md 3.5: whether a caller with j others in front is answered within T. Time in handling times.
struct Patience {
    let agents: Double
    /// θ in units of μ.
    let impatience: Double
    /// Places for which it is worked out: 0 ..< waiting.
    let waiting: Int
    /// Steps on average in one piece of time: e to its negative power is still far from the smallest number.
    private static let stepsInPiece = 400.0

    init(agents: Double, impatience: Double, waiting: Int) {
        self.agents = agents
        self.impatience = impatience
        self.waiting = waiting
    }

    /// Solves S'(j) = −(N+(j+1)θ)·S(j) + (N+jθ)·S(j−1), S(−1) = 1, S(j, 0) = 0.
    ///
    /// The equations belong to a chain that moves at most at a rate Λ. Seen at the beats of a clock of that rate it is a
    /// sequence of additions of positive numbers (uniformisation), exact to the last digits whatever the rates, where a
    /// step-by-step solution would be stiff.
    func servedShares(within time: Double, stepsMax: Int) throws(WorkforceError) -> [Double] {
        var served = [Double](repeating: 0, count: waiting)
        guard waiting > 0, time > 0 else { return served }
        let rate = agents + Double(waiting) * impatience
        let pieces = (rate * time / Self.stepsInPiece).rounded(.up)
        guard pieces * 1.6 * Self.stepsInPiece * Double(waiting) < Double(stepsMax) else {
            throw .tooManySteps(max: stepsMax)
        }
        let beats = rate * time / pieces
        // Of place j, the shares that stay and that move up by one at a beat; the rest has hung up.
        let stay = (0..<waiting).map { 1 - (agents + Double($0 + 1) * impatience) / rate }
        let move = (0..<waiting).map { (agents + Double($0) * impatience) / rate }
        for _ in 0..<Int(pieces) { served = advance(served, beats: beats, stay, move) }
        return served
    }

    /// The mixture of the chain after n beats, with n from Poisson's distribution of mean `beats`.
    private func advance(_ start: [Double], beats: Double, _ stay: [Double], _ move: [Double]) -> [Double] {
        var before = start, after = start
        var weight = exp(-beats), seen = weight
        var mixture = start.map { $0 * weight }
        var beat = 1.0
        while 1 - seen > 1e-14, beat < 3 * Self.stepsInPiece {
            swap(&before, &after)
            weight *= beats / beat
            seen += weight
            Self.beat(before, &after, weight, &mixture, stay, move)
            beat += 1
        }
        return mixture
    }

    /// One beat. All six are of one length, which is checked once and not at every place.
    private static func beat(
        _ before: [Double], _ after: inout [Double], _ weight: Double, _ mixture: inout [Double], _ stay: [Double],
        _ move: [Double]
    ) {
        let count = before.count
        precondition(after.count == count && mixture.count == count && stay.count == count && move.count == count)
        before.withUnsafeBufferPointer { before in
            stay.withUnsafeBufferPointer { stay in
                move.withUnsafeBufferPointer { move in
                    after.withUnsafeMutableBufferPointer { after in
                        mixture.withUnsafeMutableBufferPointer { mixture in
                            guard count > 0 else { return }
                            after[0] = before[0] * stay[0] + move[0]
                            for j in 1..<count { after[j] = before[j] * stay[j] + before[j - 1] * move[j] }
                            for j in 0..<count { mixture[j] += weight * after[j] }
                        }
                    }
                }
            }
        }
    }
}
