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
        // Not as pipes, of which Foundation would close our end when the program runs.
        let ends = [Self.pipe(into: output), Self.pipe(into: errors)]
        process.standardOutput = ends[0]
        process.standardError = ends[1]
        process.terminationHandler = { [end] process in
            // Behind all that it printed itself; whatever a child of it prints later is not waited for.
            for end in ends { Self.markEnd(of: end) }
            let status = process.terminationReason == .uncaughtSignal ? -process.terminationStatus : process.terminationStatus
            end.append(Data("\(status)\n".utf8))
        }
        do { try process.run() } catch {
            for end in ends { Self.markEnd(of: end) }
            throw error
        }
    }

    /// Where SwiftPM puts the programs: the folder of the test bundle.
    static let buildFolder: String = {
        let places = [Bundle.main.bundleURL, Bundle.main.bundleURL.deletingLastPathComponent()].map(\.path)
        return places.first { FileManager.default.isExecutableFile(atPath: $0 + "/Caller") } ?? places[0]
    }()

    /// Reads whatever comes on a thread of its own. Foundation's `readabilityHandler` is told no more once the program has
    /// ended, and then what is beyond the first 8 KiB in the pipe is lost, and its end (corelibs-foundation#3275).
    ///
    /// - Returns: the end to write to, which no other program inherits.
    private static func pipe(into transcript: Transcript) -> FileHandle {
        let pipe = Pipe()
        _ = fcntl(pipe.fileHandleForWriting.fileDescriptor, F_SETFD, FD_CLOEXEC)
        Thread.detachNewThread {
            while true {
                let data = pipe.fileHandleForReading.availableData
                transcript.append(data)
                if data.isEmpty { return }
            }
        }
        return pipe.fileHandleForWriting
    }

    private static func markEnd(of pipe: FileHandle) {
        var mark = Transcript.endMark[...]
        while !mark.isEmpty {
            let count = mark.withUnsafeBytes { write(pipe.fileDescriptor, $0.baseAddress, $0.count) }
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { break }
            mark = mark.dropFirst(count)
        }
        try? pipe.close()
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
        // What it printed last may still be in the pipes, and it is judged by that.
        for transcript in [output, errors] { _ = await transcript.line(within: .seconds(20)) { _ in false } }
        return status
    }

    /// The first line of standard output that contains `text`.
    @discardableResult
    func line(_ text: String, from first: Int = 0, within: Duration = .seconds(10)) async throws -> String {
        guard let line = await output.line(from: first, within: within, where: { $0.contains(text) }) else {
            throw Failure("\(name) did not say \(text) within \(within):\n" + output.lines.joined(separator: "\n"))
        }
        return line
    }
}
