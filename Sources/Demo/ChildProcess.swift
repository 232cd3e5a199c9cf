// A program that the demo starts and ends.

internal import Foundation

/// One child. It ends with the demo, however the demo ends: the kernel sees to that (prctl(2), PR_SET_PDEATHSIG).
final class ChildProcess {
    /// From Debian's util-linux.
    private static let setpriv = "/usr/bin/setpriv"

    /// Of standard output, line by line; nil: it is not read.
    private let onLine: ((String) -> Void)?
    private let onExit: (Int32) -> Void
    private let process = Process()
    private let input = Pipe()
    private let output = Pipe()
    private var unread = Data()
    private(set) var hasExited = false

    /// - Parameters:
    ///   - deathSignal: what the child gets when the demo is gone: TERM or KILL.
    ///   - log: gets its standard error; nil: nobody does.
    ///   - onExit: gets the exit status, after the last line.
    init(
        _ program: String, _ arguments: [String], deathSignal: String = "KILL", log: FileHandle? = nil,
        onLine: ((String) -> Void)? = nil, onExit: @escaping (Int32) -> Void
    ) throws {
        self.onLine = onLine
        self.onExit = onExit
        process.executableURL = URL(fileURLWithPath: Self.setpriv)
        process.arguments = ["--pdeathsig", deathSignal, program] + arguments
        process.standardInput = input
        process.standardOutput = onLine == nil ? FileHandle.nullDevice : output
        process.standardError = log ?? FileHandle.nullDevice
        let (pieces, feed) = AsyncStream.makeStream(of: Piece.self)
        if onLine != nil {
            // Not by `readabilityHandler`, which is told no more once the child has ended, however much is still in the pipe
            // (corelibs-foundation#3275).
            let source = output.fileHandleForReading
            Thread.detachNewThread {
                while true {
                    let data = source.availableData
                    // An empty read is the end.
                    if data.isEmpty { return }
                    feed.yield(.output(data))
                }
            }
        }
        process.terminationHandler = { feed.yield(.exit($0.terminationStatus)) }
        try process.run()
        Task { for await piece in pieces { if take(piece) { break } } }
    }

    var identifier: Int32 { process.processIdentifier }

    /// Writes lines to its standard input.
    func write(_ lines: [String]) {
        guard !hasExited else { return }
        // A child that has just gone is told by `onExit`; here its pipe is only closed.
        try? input.fileHandleForWriting.write(contentsOf: Data(lines.map { $0 + "\n" }.joined().utf8))
    }

    func signal(_ number: Int32) {
        if !hasExited { kill(process.processIdentifier, number) }
    }

    private enum Piece: Sendable {
        case output(Data)
        case exit(Int32)
    }

    /// True for the last piece.
    private func take(_ piece: Piece) -> Bool {
        switch piece {
        case .output(let data):
            unread += data
            while let end = unread.firstIndex(of: 0x0A) {
                let line = String(decoding: unread[..<end], as: UTF8.self)
                unread = unread[unread.index(after: end)...]
                onLine?(line)
            }
            return false
        case .exit(let status):
            hasExited = true
            try? input.fileHandleForWriting.close()
            onExit(status)
            return true
        }
    }
}
