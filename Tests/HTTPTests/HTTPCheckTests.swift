// The HTTP server in a process with a loop of its own, under either driver.

import LoopTestKit
import MainLoop
import Testing

@Suite(.serialized, .timeLimit(.minutes(1))) struct HTTPCheckTests {
    @Test("requests, crowds and the end under both drivers", arguments: MainLoop.Driver.allCases)
    func http(_ driver: MainLoop.Driver) async throws {
        let run = try await CheckProgram.run(driver: driver.rawValue, subject: "http")
        #expect(run.failures == [])
        #expect(run.status == 0)
        #expect(run.lines.count > 13, "\(run.lines)")
    }
}
