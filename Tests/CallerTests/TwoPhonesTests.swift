// Two of the test phones call each other, as real processes.

import Foundation
import Testing

struct TwoPhonesTests {
    /// Lines that a phone printed, and its exit status.
    struct Outcome {
        var lines: [Substring]
        var status: Int32

        func has(_ text: String) -> Bool { lines.contains { $0.contains(text) } }
    }

    private final class Phone {
        private let process = Process()
        private let output = Pipe()

        init(_ arguments: [String]) throws {
            let folder = Bundle.main.bundleURL.deletingLastPathComponent()
            let candidates = [folder, Bundle.main.bundleURL].map { $0.appendingPathComponent("Caller") }
            process.executableURL = candidates.first { FileManager.default.isExecutableFile(atPath: $0.path) }
            process.arguments = arguments
            process.standardOutput = output
            try process.run()
        }

        /// The first line, which says where the phone listens.
        func firstLine() -> String {
            var line = Data()
            let input = output.fileHandleForReading
            while let byte = try? input.read(upToCount: 1), byte.first != UInt8(ascii: "\n") { line += byte }
            return String(decoding: line, as: UTF8.self)
        }

        func outcome() -> Outcome {
            let data = output.fileHandleForReading.readDataToEndOfFile()
            process.waitUntilExit()
            return Outcome(
                lines: String(decoding: data, as: UTF8.self).split(separator: "\n"), status: process.terminationStatus)
        }
    }

    private func call(_ callersScript: String, _ answerersScript: String) throws -> (caller: Outcome, answerer: Outcome) {
        let answerer = try Phone(["phone", "--user", "200", "--tone", "880", "--script", answerersScript])
        let address = try #require(answerer.firstLine().firstMatch(of: /"sip":"([0-9.:]+)"/)?.1)
        let caller = try Phone(["call", "--to", "sip:200@\(address)", "--tone", "440", "--script", callersScript])
        return (caller.outcome(), answerer.outcome())
    }

    @Test("both hear the other's tone and keys, and the one who is hung up on notices")
    func conversation() throws {
        let (caller, answerer) = try call(
            "wait answered; hear tone 880; press 12#; hear silence; hang up",
            "wait invite; ring 100ms; answer; hear tone 440; hear digits 12#; say silence; wait bye")
        #expect(caller.status == 0, "\(caller.lines)")
        #expect(answerer.status == 0, "\(answerer.lines)")
        #expect(answerer.has("\"lost\":0"))
    }

    @Test("holding stops the other's packets, and resuming brings them back")
    func hold() throws {
        let (caller, answerer) = try call(
            "wait answered; hear tone 880; hold; hear nothing within 3s; resume; hear tone 880; hang up",
            "wait invite; answer; wait bye")
        #expect(caller.status == 0, "\(caller.lines)")
        #expect(answerer.has("\"direction\":\"sendonly\""))
    }

    @Test("a caller who gives up is cancelled, and a refusal is told with its status")
    func withoutConversation() throws {
        let cancelled = try call("wait ringing; hang up", "wait invite; ring; wait cancelled")
        #expect(cancelled.caller.status == 0 && cancelled.answerer.status == 0, "\(cancelled)")
        let refused = try call("wait refused 603", "wait invite; decline 603")
        #expect(refused.caller.status == 0 && refused.answerer.status == 0, "\(refused)")
    }

    @Test("a script that hears something else fails, says what it heard, and ends the call")
    func failure() throws {
        let (caller, answerer) = try call(
            "wait answered; hear tone 880; hear tone 1000 within 500ms", "wait invite; answer; wait bye")
        #expect(caller.status == 1)
        #expect(caller.lines.last?.contains("heard only tone 880") == true, "\(caller.lines)")
        #expect(answerer.status == 0)
    }
}
