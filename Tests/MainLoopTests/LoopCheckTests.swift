// The promises of the loop, in a process with a loop of its own, under either driver.

import LoopTestKit
import MainLoop
import Testing

@Suite(.serialized, .timeLimit(.minutes(1))) struct LoopCheckTests {
    @Test("members, tasks, channels, connections and fairness under both drivers", arguments: MainLoop.Driver.allCases)
    func loop(_ driver: MainLoop.Driver) async throws {
        let run = try await CheckProgram.run(driver: driver.rawValue, subject: "loop")
        #expect(run.failures == [])
        #expect(run.status == 0)
        // A run that ends early must not look like a good one.
        #expect(run.lines.count > 60, "\(run.lines)")
    }
}
