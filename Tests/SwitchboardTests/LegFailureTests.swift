// What a call that did not come about is said to have failed of.

import ContactCenter
import SIP
import Testing

@testable import Switchboard

struct LegFailureTests {
    @Test(
        "the telephone network's own cause counts more than the status that a gateway made of it (RFC 3398)",
        arguments: [
            (480, 17, LegFailure.busy), (503, 17, .busy), (500, 21, .declined), (503, 19, .unreachable), (500, 1, .unreachable),
            (480, 34, .failed), (486, 16, .busy), (480, 31, .unreachable),
        ])
    func cause(status: Int, cause: Int, expected: LegFailure) {
        #expect(LegFailure(status: status, Q850Cause(cause)) == expected)
    }

    @Test(
        "an agent is told that a number does not exist, and otherwise what any call fails of",
        arguments: [
            (404, nil, LegFailure.noSuchNumber), (484, nil, .noSuchNumber), (500, 1, .noSuchNumber), (404, 17, .busy),
            (486, nil, .busy), (603, nil, .declined), (480, nil, .unreachable), (503, nil, .failed),
        ] as [(Int, Int?, LegFailure)])
    func outside(status: Int, cause: Int?, expected: LegFailure) {
        #expect(LegFailure(ofOutside: status, cause.flatMap { Q850Cause($0) }) == expected)
    }

    @Test("of a customer who is called back only what the customer's network says was a try; the rest is the trunk's fault")
    func callback() {
        #expect(LegFailure(ofCallback: 503, Q850Cause(17), hasRung: false) == .busy)
        #expect(LegFailure(ofCallback: 500, Q850Cause(19), hasRung: false) == .unreachable)
        #expect(LegFailure(ofCallback: 480, Q850Cause(34), hasRung: true) == .notMade)
        #expect(LegFailure(ofCallback: 503, nil, hasRung: true) == .notMade)
        #expect(LegFailure(ofCallback: 603, Q850Cause(16), hasRung: true) == .declined)
    }
}
