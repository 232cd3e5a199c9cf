// What a first start does with secrets.

import Foundation
import Testing

extension EndToEnd {
    struct StartTests {
        private func run(_ house: House, _ more: String...) async throws -> (status: Int32, lines: [String]) {
            try await house.command(["run", "--config", house.configuration, "--state", house.state] + more)
        }

        @Test("a start without the secrets that nobody makes is refused, says how to make them, and leaves nothing behind")
        func missingSecrets() async throws {
            let house = try House()
            let refused = try await run(house)
            #expect(refused.status == 1)
            #expect(refused.lines.contains { $0.contains("secrets/anna-desk` is missing") && $0.contains("--make-secrets") })
            #expect(!FileManager.default.fileExists(atPath: house.state))
        }

        @Test("no secrets are made for a configuration with errors")
        func errorsFirst() async throws {
            let house = try House(["queues.yaml": "queues:\n  sales: {members: [nobody]}\n"])
            let refused = try await run(house, "--make-secrets")
            #expect(refused.status == 1 && refused.lines.contains { $0.contains("unknown agent `nobody`") }, "\(refused)")
            #expect(!refused.lines.contains { $0.contains("password") })
            #expect(!FileManager.default.fileExists(atPath: house.state))
        }

        @Test("a password is not hashed for a realm that nobody named")
        func unknownRealm() async throws {
            let nowhere = NSTemporaryDirectory() + "switchboard-nowhere-" + UUID().uuidString
            func password(_ arguments: [String]) async throws -> (status: Int32, lines: [String]) {
                let program = try Program("switchboard", ["password", "center-1", "--config", nowhere] + arguments)
                try program.type("secret\n")
                let status = try await program.status(within: .seconds(10))
                return (status, program.output.lines + program.errors.lines)
            }
            let refused = try await password([])
            #expect(refused.status != 0 && refused.lines.contains { $0.contains("--realm") }, "\(refused)")
            let made = try await password(["--realm", "SIP: it's ours"])
            #expect(made.status == 0 && made.lines.contains { $0.hasPrefix("center-1:SIP: it's ours:") }, "\(made)")
        }
    }
}
