// The page against its test double: what needs no daemon.

import Foundation
import Testing

extension EndToEnd {
    struct AgentPageTests {
        @Test("the page in Chromium against a double of the daemon: Tests/AgentPage/page_test.py")
        func page() async throws {
            let test = try Program(AgentBrowser.python, [AgentBrowser.scripts + "/page_test.py"])
            do {
                let status = try await test.status(within: .seconds(600))
                #expect(status == 0, "\(test.errors.lines.joined(separator: "\n"))")
                #expect(test.errors.lines.contains { $0.hasPrefix("Ran ") }, "\(test.errors.lines)")
            } catch {
                test.signal(9)
                throw error
            }
        }
    }
}
