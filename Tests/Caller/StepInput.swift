// Steps that come by standard input while the program runs.

import Glibc

struct StepInput {
    private var unread: [UInt8] = []

    /// Hands on every whole line; a line that is no step fails the script. The end of input ends the script.
    mutating func read(into runner: ScriptRunner) {
        var buffer = [UInt8](repeating: 0, count: 4096)
        let count = Glibc.read(STDIN_FILENO, &buffer, buffer.count)
        if count > 0 { unread += buffer.prefix(count) } else { runner.isOpen = false }
        while let end = unread.firstIndex(of: UInt8(ascii: "\n")) {
            let line = String(decoding: unread[..<end], as: UTF8.self)
            unread.removeFirst(end + 1)
            do { runner.append(try StepParser.steps(of: line)) } catch { runner.fail("\(error)") }
        }
    }
}
