// `switchboard demo`, as a newcomer starts it.

import Foundation
import Glibc
import Testing

extension EndToEnd {
    struct DemoTests {
        @Test("the demo's callers reach its agents, and it ends by itself when its time is up")
        func callsFlow() async throws {
            let folder = NSTemporaryDirectory() + "switchboard-demo-" + UUID().uuidString
            defer { try? FileManager.default.removeItem(atPath: folder) }
            let demo = try Program(
                "switchboard",
                [
                    "demo", "--state", folder, "--sip-port", "13900", "--http-port", "13901", "--rtp-port", "20000",
                    "--every", "1", "--seconds", "25",
                ])
            do {
                #expect(try await demo.status(within: .seconds(240)) == 0, "\(demo.output.lines) \(demo.errors.lines)")
            } catch {
                demo.signal(SIGKILL)
                throw error
            }
            let replay = try Program("switchboard", ["replay", "--state", folder + "/state"])
            #expect(try await replay.status(within: .seconds(30)) == 0)
            let told = replay.output.lines
            #expect(told.count { $0.contains(" call to 100 on leg ") } >= 5, "\(demo.output.lines)")
            #expect(told.contains { $0.contains("-> bridge legs ") }, "\(demo.output.lines)")
            #expect(demo.output.lines.contains { $0.contains("calls were made") })
        }
    }
}
