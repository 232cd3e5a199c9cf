// How a connection sounds, computed from what is measured (ITU-T G.107, the E-model).

/// The parts of the E-model that a network changes; all else has the recommendation's default values.
package enum MeanOpinionScore {
    /// The rating of a connection without any impairment (G.107, table 3, all defaults).
    package static let ratingMax = 93.2
    /// Robustness of G.711 with concealment against random loss (G.113, appendix I, table I.4). Opus has no published
    /// figure; its own concealment does no worse.
    private static let lossRobustness = 25.1
    /// A packet's length, and what a browser holds back at least, in milliseconds.
    private static let fixedDelayMilliseconds = 40.0

    /// The rating R, 0...93.2.
    package static func rating(lossPercent: Double, oneWayMilliseconds delay: Double) -> Double {
        // Delay: the usual approximation of Idd (Cole and Rosenbluth, 2001), within one point up to 400 ms.
        let late = max(0, delay - 177.3)
        let delayImpairment = 0.024 * max(0, delay) + 0.11 * late
        // Loss: G.107, equation 7-29 for random loss (BurstR 1) and Ie = 0.
        let loss = min(100, max(0, lossPercent))
        let lossImpairment = 95 * loss / (loss + lossRobustness)
        return min(ratingMax, max(0, ratingMax - delayImpairment - lossImpairment))
    }

    /// The mean opinion score of a rating, 1...4.5 (G.107, annex B, equation B-4).
    package static func score(rating: Double) -> Double {
        guard rating > 0 else { return 1 }
        guard rating < 100 else { return 4.5 }
        // The cubic falls below 1 for ratings under 6.5.
        return max(1, 1 + 0.035 * rating + rating * (rating - 60) * (100 - rating) * 7e-6)
    }

    /// The score of what is measured: the buffer that evens out jitter is taken as twice the jitter.
    package static func score(lossPercent: Double, jitterMilliseconds: Double, roundTripMilliseconds: Double) -> Double {
        let delay = roundTripMilliseconds / 2 + 2 * jitterMilliseconds + fixedDelayMilliseconds
        return score(rating: rating(lossPercent: lossPercent, oneWayMilliseconds: delay))
    }
}
