// A real browser with agents' pages, led by a test.

import Foundation
import Synchronization
import Testing

/// Runs `Tests/AgentPage/pilot.py`, which drives the browser. It ends with its house.
final class AgentBrowser: Sendable {
    enum Kind: String, CaseIterable, Sendable { case chromium, firefox }

    struct Answer: Sendable {
        /// Milliseconds of CLOCK_MONOTONIC when the act began; a phone's events have the same clock.
        var t: Double
        /// JSON, or a string as it is.
        var value: String
    }

    struct Cookie: Decodable, Equatable {
        var name: String
        var secure: Bool
        var httpOnly: Bool
        var sameSite: String
    }

    /// Where the programs around the page are.
    static let scripts: String = {
        let tests = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        return tests.appendingPathComponent("AgentPage").path
    }()

    static let python = "/usr/bin/python3"

    let kind: Kind
    let program: Program
    private let orders = Mutex(0)

    fileprivate init(_ kind: Kind, _ program: Program) async throws {
        self.kind = kind
        self.program = program
        _ = try await answer(0, to: "start", within: .seconds(180))
    }

    /// Lets the browser do something, and waits until it is done.
    @discardableResult
    func does(_ act: String, _ fields: [String: any Sendable] = [:], within: Duration = .seconds(180)) async throws -> Answer {
        let number = orders.withLock { number in
            number += 1
            return number
        }
        let order = try JSONSerialization.data(withJSONObject: fields.merging(["id": number, "do": act]) { $1 })
        try program.say(String(decoding: order, as: UTF8.self))
        return try await answer(number, to: "\(act) \(fields)", within: within)
    }

    private func answer(_ number: Int, to act: String, within: Duration) async throws -> Answer {
        guard
            let line = await program.output.line(within: within, where: { $0.hasPrefix("{\"id\": \(number),") }),
            let answer = try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any],
            let t = answer["t"] as? Double
        else { throw Failure("the browser did not answer to \(act):\n" + program.errors.lines.joined(separator: "\n")) }
        guard let value = answer["value"] as? String else { throw Failure("\(act): \(answer["error"] ?? "no value")") }
        return Answer(t: t, value: value)
    }

    /// A new page; `script` runs before the page's own.
    func page(_ address: String, script: String = "") async throws -> DeskPage {
        let answer = try await does("page", ["address": address, "script": script])
        return DeskPage(browser: self, number: try #require(Int(answer.value)))
    }

    /// Another tab in front of the page that was opened last.
    func cover() async throws { try await does("cover") }

    /// From now on nothing comes from it, as if its cable were pulled; or it goes on. When that began, in milliseconds.
    func hangs(_ on: Bool) async throws -> Double { try await does("hang", ["on": on]).t }

    /// All its processes at once, without a word to anybody.
    func isKilled() async throws { try await does("kill") }
}

extension House {
    /// A browser whose microphone hears a tone, and which takes the house's certificate for a good one.
    func browser(_ kind: AgentBrowser.Kind = .chromium, tone: Int) async throws -> AgentBrowser {
        let arguments =
            [AgentBrowser.scripts + "/pilot.py", kind.rawValue, folder + "/browser", "\(tone)"] + (trusted.map { [$0] } ?? [])
        return try await AgentBrowser(kind, keep(try Program(AgentBrowser.python, arguments)))
    }
}
