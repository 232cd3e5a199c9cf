// How many requests one token or session may send.

import Basics
import Foundation
import TLS
import TLSTestKit
import Testing

@testable import API
@testable import SiteConfiguration

@Suite struct RequestLimiterTests {
    private let anna = Principal(name: "anna", role: .agent)
    private let start = Instant(seconds: 1_760_000_000)

    @Test("A burst passes, the next one waits as long as one request takes, and no longer")
    func burst() {
        var limiter = RequestLimiter(perSecondMax: 10, burstMax: 5)
        for _ in 0..<5 { #expect(limiter.take(anna, at: start) == nil) }
        #expect(limiter.take(anna, at: start) == .milliseconds(100))
        #expect(limiter.take(anna, at: start + .milliseconds(40)) == .milliseconds(60))
        #expect(limiter.take(anna, at: start + .milliseconds(100)) == nil)
        #expect(limiter.take(anna, at: start + .milliseconds(100)) == .milliseconds(100))
        // Full again, and no fuller.
        for _ in 0..<5 { #expect(limiter.take(anna, at: start + .seconds(60)) == nil) }
        #expect(limiter.take(anna, at: start + .seconds(60)) != nil)
    }

    @Test("In the long run exactly the rate passes, however fast they come")
    func rate() {
        var limiter = RequestLimiter(perSecondMax: 100, burstMax: 200)
        var passed = 0
        for millisecond in 0..<10_000 {
            if limiter.take(anna, at: start + .milliseconds(millisecond)) == nil { passed += 1 }
        }
        #expect((1199...1201).contains(passed), "\(passed): 200 at once and 100 in each of ten seconds")
        var calm = RequestLimiter(perSecondMax: 100, burstMax: 1)
        for request in 0..<1000 { #expect(calm.take(anna, at: start + .milliseconds(10 * request)) == nil) }
    }

    @Test("Each token and each session has its own bucket")
    func principals() {
        var limiter = RequestLimiter(perSecondMax: 1, burstMax: 1)
        let session = Principal(name: "anna", role: .agent, session: SecretDigest("one"))
        let other = Principal(name: "anna", role: .agent, session: SecretDigest("two"))
        for principal in [anna, session, other, Principal(name: "ben", role: .agent)] {
            #expect(limiter.take(principal, at: start) == nil)
            #expect(limiter.take(principal, at: start) == .seconds(1))
        }
    }

    @Test("It remembers a bounded number of buckets, and forgets full ones first")
    func bounded() {
        var limiter = RequestLimiter(perSecondMax: 1, burstMax: 2)
        func principal(_ number: Int) -> Principal { Principal(name: "p\(number)", role: .reader) }
        _ = limiter.take(anna, at: start + .seconds(10))
        for number in 0..<RequestLimiter.principalsMax - 1 { _ = limiter.take(principal(number), at: start) }
        _ = limiter.take(anna, at: start + .seconds(10))
        #expect(limiter.count == RequestLimiter.principalsMax)
        #expect(limiter.take(principal(-1), at: start + .seconds(10)) == nil)
        #expect(limiter.count == 2, "the others were full again")
        #expect(limiter.take(anna, at: start + .seconds(10)) == .seconds(1), "anna's was not")
        var most = 0
        for number in 0..<10_000 {
            _ = limiter.take(principal(number), at: start + .seconds(10))
            most = max(most, limiter.count)
        }
        #expect(most == RequestLimiter.principalsMax)
        #expect(limiter.take(anna, at: start + .seconds(10)) == .seconds(1), "the emptiest is remembered")
    }

    @Test("A clock that was set back locks nobody out")
    func setBack() {
        var limiter = RequestLimiter(perSecondMax: 1, burstMax: 2)
        #expect(limiter.take(anna, at: start + .seconds(86_400)) == nil)
        for _ in 0..<2 { #expect(limiter.take(anna, at: start) == nil) }
        #expect(limiter.take(anna, at: start) == .seconds(1))
    }
}

@Suite("Too many requests", .timeLimit(.minutes(1))) @MainActor struct ThrottlingTests {
    @Test("Beyond its burst a token hears 429 with Retry-After, others and /healthz do not, and after the wait it goes on")
    func throttled() async throws {
        // The house's clock stands still.
        let house = try await House(requestsBurstMax: 3)
        for _ in 0..<3 { #expect(try await house.get("/v1/status", as: "metrics").status == 200) }
        for _ in 0..<2 {
            let refused = try await house.get("/v1/status", as: "metrics")
            #expect(refused.status == 429 && refused.fields["retry-after"] == "1" && refused.isProblem)
            #expect(refused.json["type"] as? String == "urn:switchboard:problem:too_many_requests")
        }
        #expect(house.rest.throttled == 2)
        #expect(try await house.get("/v1/status", as: "root").status == 200)
        #expect(try await house.get("/healthz", as: "metrics").status == 200)
        // Whoever may not do it is counted all the same.
        for expected in [403, 403, 403, 429] { #expect(try await house.get("/v1/audit", as: "super").status == expected) }
        house.backend.elapsed = .milliseconds(10)
        #expect(try await house.get("/v1/status", as: "metrics").status == 200)
        #expect(try await house.get("/v1/status", as: "metrics").status == 429)
        await house.close()
    }

    @Test("Sessions of the page have buckets of their own")
    func sessions() async throws {
        let house = try await House(requestsBurstMax: 2)
        let (one, two) = (try await house.signIn(), try await house.signIn())
        for (cookie, expected) in [(one, 200), (one, 200), (one, 429), (two, 200), (two, 200), (two, 429)] {
            #expect(try await house.send("GET", "/v1/status", ["cookie": cookie]).status == expected)
        }
        await house.close()
    }
}

@Suite("Cookies over TLS", .timeLimit(.minutes(1))) @MainActor struct SecureCookieTests {
    @Test("Over TLS the cookie of a session is for TLS only")
    func secure() async throws {
        let paper = try TestCertificate()
        let certificate = try ServerCertificate(
            chain: Array(Data(contentsOf: URL(fileURLWithPath: paper.chain))),
            key: Array(Data(contentsOf: URL(fileURLWithPath: paper.key))))
        let house = try await House(certificate: certificate)
        let body = #"{"code":"\#(try house.rest.makeOneTimeCode())"}"#
        let answer = try Answer(
            await OpenSSLClient.exchange(
                "POST /v1/sessions HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\ncontent-type: application/json\r\n"
                    + "content-length: \(body.utf8.count)\r\n\r\n\(body)", port: house.port, trusting: paper.chain))
        #expect(answer.status == 200)
        #expect(answer.fields["set-cookie"]?.hasSuffix("; Secure") == true, "\(answer)")
        await house.close()
    }
}
