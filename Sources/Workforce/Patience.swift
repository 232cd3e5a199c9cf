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
        for _ in 0..<Int(pieces) { served = advance(served, beats: beats, rate: rate) }
        return served
    }

    /// The mixture of the chain after n beats, with n from Poisson's distribution of mean `beats`.
    private func advance(_ start: [Double], beats: Double, rate: Double) -> [Double] {
        var after = start
        var weight = exp(-beats), seen = weight
        var mixture = after.map { $0 * weight }
        var beat = 1.0
        while 1 - seen > 1e-14, beat < 3 * Self.stepsInPiece {
            for j in stride(from: waiting - 1, through: 0, by: -1) {
                let leaving = (agents + Double(j + 1) * impatience) / rate
                let moving = (agents + Double(j) * impatience) / rate
                after[j] = after[j] * (1 - leaving) + moving * (j > 0 ? after[j - 1] : 1)
            }
            weight *= beats / beat
            seen += weight
            for j in mixture.indices { mixture[j] += weight * after[j] }
            beat += 1
        }
        return mixture
    }
}
