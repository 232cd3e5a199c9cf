// Scores against the recommendation's own figures.

import RTP
import Testing

struct MeanOpinionScoreTests {
    @Test(
        "G.107, annex B: ratings and their scores",
        arguments: [
            (93.2, 4.41), (90.0, 4.34), (80.0, 4.02), (70.0, 3.60), (60.0, 3.10), (50.0, 2.58), (0.0, 1.0), (100.0, 4.5),
        ])
    func score(_ rating: Double, _ expected: Double) {
        #expect(abs(MeanOpinionScore.score(rating: rating) - expected) < 0.006)
    }

    @Test("Loss and delay lower the rating, and never below the scale") func impairments() {
        let rating = MeanOpinionScore.rating(lossPercent:oneWayMilliseconds:)
        #expect(rating(0, 0) == 93.2)
        // G.711 with concealment: 5 % of loss cost 95 * 5 / (5 + 25.1).
        #expect(abs(rating(5, 0) - (93.2 - 15.78)) < 0.01)
        #expect(abs(rating(0, 100) - 90.8) < 0.01)
        #expect(abs(rating(0, 300) - (93.2 - 7.2 - 13.497)) < 0.01)
        #expect(rating(100, 10_000) == 0)
        #expect(MeanOpinionScore.score(lossPercent: 100, jitterMilliseconds: 500, roundTripMilliseconds: 9000) == 1)
        #expect(MeanOpinionScore.score(lossPercent: 0, jitterMilliseconds: 0, roundTripMilliseconds: 0) > 4.3)
    }
}
