// A process beside the test.

import Foundation
import Glibc
import Testing

/// Runs a program, keeps what it prints, and knows its end.
final class Program: Sendable {
    let name: String
    let output = Transcript()
    let errors = Transcript()
    private let process = Process()
    private let input = Pipe()
    private let end = Transcript()

    /// `name`: one of ours, beside the tests in the build folder, or a path.
    init(_ name: String, _ arguments: [String], in folder: String? = nil) throws {
        self.name = name
        process.executableURL = URL(fileURLWithPath: name.hasPrefix("/") ? name : Self.buildFolder + "/" + name)
        process.arguments = arguments
        if let folder { process.currentDirectoryURL = URL(fileURLWithPath: folder) }
        process.environment = ProcessInfo.processInfo.environment.merging(["TERM": "dumb"]) { $1 }
        process.standardInput = input
        process.standardOutput = Self.pipe(into: output)
        process.standardError = Self.pipe(into: errors)
        process.terminationHandler = { [end] process in
            let status = process.terminationReason == .uncaughtSignal ? -process.terminationStatus : process.terminationStatus
            end.append(Data("\(status)\n".utf8))
        }
        try process.run()
    }

    /// Where SwiftPM puts the programs: the folder of the test bundle.
    static let buildFolder: String = {
        let places = [Bundle.main.bundleURL, Bundle.main.bundleURL.deletingLastPathComponent()].map(\.path)
        return places.first { FileManager.default.isExecutableFile(atPath: $0 + "/Caller") } ?? places[0]
    }()

    /// Reads whatever comes on a thread of its own. Foundation's `readabilityHandler` is told no more once the program has
    /// ended, and then what is beyond the first 8 KiB in the pipe is lost, and its end (corelibs-foundation#3275).
    private static func pipe(into transcript: Transcript) -> Pipe {
        let pipe = Pipe()
        Thread.detachNewThread {
            while true {
                let data = pipe.fileHandleForReading.availableData
                transcript.append(data)
                if data.isEmpty { return }
            }
        }
        return pipe
    }

    var pid: pid_t { process.processIdentifier }
    func signal(_ number: Int32) { if process.isRunning { kill(pid, number) } }

    /// One more line for it to read.
    func say(_ line: String) throws {
        // A pipe without a reader would end the test, too.
        guard process.isRunning else {
            throw Failure("\(name) has ended:\n" + (output.lines + errors.lines).joined(separator: "\n"))
        }
        try input.fileHandleForWriting.write(contentsOf: Data((line + "\n").utf8))
    }

    /// All that it will ever read.
    func type(_ text: String) throws {
        try input.fileHandleForWriting.write(contentsOf: Data(text.utf8))
        try input.fileHandleForWriting.close()
    }

    /// The exit status; negative: the signal that ended it.
    func status(within: Duration) async throws -> Int32 {
        guard let line = await end.line(within: within, where: { _ in true }), let status = Int32(line) else {
            throw Failure("\(name) (\(pid)) did not end within \(within)")
        }
        // What it printed last may still be in the pipe.
        await readToEnd(within: .seconds(2))
        return status
    }

    /// Waits for the end of standard output, which comes late where a child of the program still holds it.
    func readToEnd(within: Duration) async { _ = await output.line(within: within) { _ in false } }

    /// The first line of standard output that contains `text`.
    @discardableResult
    func line(_ text: String, from first: Int = 0, within: Duration = .seconds(10)) async throws -> String {
        guard let line = await output.line(from: first, within: within, where: { $0.contains(text) }) else {
            throw Failure("\(name) did not say \(text) within \(within):\n" + output.lines.joined(separator: "\n"))
        }
        return line
    }
}
