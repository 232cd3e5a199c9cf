// Runs the program LoopChecks, which has a loop of its own under either driver.

internal import Foundation
internal import Glibc

/// One run of LoopChecks.
public struct CheckProgram: Sendable {
    public let status: Int32
    /// One line for each check: "ok   name" or "FAIL name", and a last one.
    public let lines: [String]

    /// `driver`: own or runLoop; `subject`: loop or http.
    public static func run(driver: String, subject: String) async throws -> CheckProgram {
        let testBundle = URL(fileURLWithPath: CommandLine.arguments.first ?? ".").resolvingSymlinksInPath()
        let program = Process()
        program.executableURL = testBundle.deletingLastPathComponent().appendingPathComponent("LoopChecks")
        program.arguments = [driver, subject]
        let output = Pipe()
        program.standardOutput = output
        program.standardError = output
        let text = try await Client.elsewhere { [output] in
            try program.run()
            let data = output.fileHandleForReading.readDataToEndOfFile()
            program.waitUntilExit()
            return String(decoding: data, as: UTF8.self)
        }
        return CheckProgram(status: program.terminationStatus, lines: text.split(separator: "\n").map(String.init))
    }

    public var failures: [String] { lines.filter { !$0.hasPrefix("ok ") && !$0.hasPrefix("done ") } }
}
