// `Scripts/check` finds what it bans and lets the rest pass: a checker that finds nothing would be green for ever.

import Foundation
import Testing

@Suite struct HouseRulesTests {
    /// Runs the script over a tree with these files; gives its exit status and the findings, without the steps it announces.
    private func check(_ files: [String: String]) throws -> (status: Int32, findings: [String]) {
        let root = URL(fileURLWithPath: NSTemporaryDirectory() + "/house-" + UUID().uuidString)
        defer { try? FileManager.default.removeItem(at: root) }
        for (name, text) in files.merging(
            ["Sources/ACD/A.swift": "// A.\n", "Tests/T.swift": "// T.\n", "Package.swift": "// P.\n"],
            uniquingKeysWith: { a, _ in a })
        {
            let file = root.appendingPathComponent(name)
            try FileManager.default.createDirectory(at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
            try Data(text.utf8).write(to: file)
        }
        try FileManager.default.copyItem(
            atPath: Repository.root + "/.swift-format", toPath: root.appendingPathComponent(".swift-format").path)
        let process = Process()
        process.executableURL = URL(fileURLWithPath: Repository.root + "/Scripts/check")
        process.arguments = ["--root", root.path]
        let pipe = Pipe()
        process.standardOutput = pipe
        process.standardError = pipe
        try process.run()
        let output = String(decoding: pipe.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
        process.waitUntilExit()
        let lines = output.split(separator: "\n").map(String.init)
        return (process.terminationStatus, lines.filter { $0.contains(":") })
    }

    @Test("A clean tree passes") func clean() throws {
        let text = """
            // Uses what is allowed.

            /// `Set<Int>`, print(x) and try! in a comment are no code.
            struct A {
                var list: [Int] = [1, 2]
                var pairs: [(id: Int, name: String)] = []
                var settings: Settings
                mutating func set(_ a: [Int]) { list = a }
            }

            """
        let (status, findings) = try check(["Sources/ACD/A.swift": text])
        #expect(findings == [])
        #expect(status == 0)
    }

    @Test(
        "Each ban is found at its line and says what to do instead",
        arguments: [
            ("Sources/RTP/A.swift", "internal import Foundation", "a pure target imports no system library; hand the value in"),
            ("Sources/IVR/A.swift", "let now = Date()", "time is an argument (Basics.Instant)"),
            ("Sources/IVR/A.swift", "let n = Int.random(in: 1...6)", "randomness is an argument (Basics.SeededRandom)"),
            ("Sources/ACD/A.swift", "let a: [Int: String] = b", "use a sorted array, a slot table or an OrderedDictionary"),
            ("Sources/ACD/A.swift", "let a = [AgentID: Int]()", "use a sorted array, a slot table or an OrderedDictionary"),
            ("Sources/ACD/A.swift", "let a = Set<Int>()", "use a sorted array, a slot table or an OrderedDictionary"),
            (
                "Sources/ACD/A.swift", "let a = Dictionary(grouping: b) { $0 }",
                "use a sorted array, a slot table or an OrderedDictionary"
            ),
            ("Sources/SIP/A.swift", "let a = b as! Int", "use as? and say what happens otherwise"),
            (
                "Sources/Daemon/A.swift", "func f() { fatalError(\"x\") }",
                "return an error; a broken invariant is a precondition with a message"
            ),
            ("Sources/SIP/A.swift", "func f() { usleep(1) }", "wait for an event or a deadline"),
            (
                "Sources/SIP/A.swift", "func f() async throws { try await Task.sleep(for: .seconds(1)) }",
                "wait for an event or a deadline"
            ),
            ("Sources/SIP/A.swift", "let q = DispatchQueue(label: \"x\")", "use MainLoop's WorkerQueue"),
            ("Sources/Media/A.swift", "final class A: @unchecked Sendable {}", "let the compiler prove it"),
            ("Sources/SIP/A.swift", "func f() { print(1) }", "log by swift-log, or return it"),
        ])
    func ban(_ file: String, _ line: String, _ mend: String) throws {
        let (status, findings) = try check([file: "// A.\n\n\(line)\n"])
        #expect(findings == ["\(file):3: \(line); \(mend)"])
        #expect(status == 1)
    }

    @Test(
        "What is banned elsewhere is allowed where it belongs",
        arguments: [
            ("Sources/MainLoop/A.swift", "let q = DispatchQueue(label: \"x\")"),
            ("Sources/Audio/A.swift", "internal import Glibc"),
            ("Sources/Daemon/A.swift", "func f() { print(1) }"), ("Sources/Storage/A.swift", "let a: [Int: String] = [:]"),
            ("Sources/SIP/A.swift", "final class A: @unchecked Sendable {}"),
            ("Sources/ACD/A.swift", "func f(_ r: inout SeededRandom) -> Int { Int.random(in: 1...6, using: &r) }"),
        ])
    func allowed(_ file: String, _ line: String) throws {
        let (status, findings) = try check([file: "// A.\n\n\(line)\n"])
        #expect(findings == [])
        #expect(status == 0)
    }

    @Test("Format, top level and file length are held") func others() throws {
        let long = "// Long.\n" + String(repeating: "//\n", count: 400)
        let (status, findings) = try check([
            "Sources/SIP/A.swift": "let  a = 1\n", "Sources/SIP/B.swift": long, "notes.txt": "",
        ])
        #expect(findings.count == 3, "\(findings)")
        #expect(
            findings.contains {
                $0.hasPrefix("Sources/SIP/A.swift:1:") && $0.hasSuffix("; run `swift format -i` on it, or mend it by hand")
            })
        #expect(findings.contains("notes.txt:1: not in the agreed top level; move it below Sources, Tests, Config or Scripts"))
        #expect(findings.contains("Sources/SIP/B.swift:400: 401 lines, more than 400; split it by subject"))
        #expect(status == 1)
    }

    @Test("A forced try is found by the script and by the formatter") func forcedTry() throws {
        let findings = try check(["Sources/SIP/A.swift": "// A.\n\nlet a = try! f()\n"]).findings
        #expect(findings.contains("Sources/SIP/A.swift:3: let a = try! f(); catch the error, or let it through"))
    }
}
