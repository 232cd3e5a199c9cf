// Many desks at once, at clients that know nothing of our code.

import Foundation
import Testing

extension EndToEnd {
    /// `Scripts/test` installs aiortc and names the Python that has it.
    struct AiortcDeskTests {
        private static let python = ProcessInfo.processInfo.environment["SWITCHBOARD_AIORTC_PYTHON"]
        private static let count = 10

        /// One line of `desks.py`.
        private struct Line: Decodable, Sendable {
            var agent: String
            var did: String?
            var number: String?
            var heard: Int?

            init?(_ text: String) {
                guard let line = try? JSONDecoder().decode(Self.self, from: Data(text.utf8)) else { return nil }
                self = line
            }
        }

        @Test(
            "ten agents at aiortc and ten callers, each with a tone of its own: nobody hears anybody but the other side",
            .enabled(if: python != nil))
        func noCrossedAudio() async throws {
            let python = try #require(Self.python)
            let names = (0..<Self.count).map { "agent\($0)" }
            let agents = "agents:\n" + names.map { "  \($0): {password: file:secrets/\($0)-page}\n" }.joined()
            let queues = """
                queues:
                  sales:
                    members: [\(names.joined(separator: ", "))]
                    wrap_up_seconds: 0
                    announce_every_seconds: never
                    music: music.wav

                """
            try await House.openDesks(["agents.yaml": agents, "queues.yaml": queues]) { house in
                let callerTones = names.indices.map { 1300 + 60 * $0 }
                let agentTones = Dictionary(uniqueKeysWithValues: zip(names, names.indices.map { 500 + 60 * $0 }))
                let desks = house.keep(
                    try Program(
                        python,
                        [
                            AgentBrowser.scripts + "/desks.py", "\(house.httpPort)",
                            callerTones.map { "\($0)" }.joined(separator: ","),
                        ] + names.map { "\($0):\(try house.secret($0 + "-page")):\(agentTones[$0] ?? 0)" }))
                for name in names { try await wait(desks, name) { $0.did == "available" } }
                let callers = try callerTones.indices.map {
                    try house.call("100", tone: callerTones[$0], from: "493020\($0)", "-")
                }
                for name in names { try await wait(desks, name) { ($0.heard ?? 0) > 0 } }
                for caller in callers {
                    let heard = await caller.program.output.line(within: .seconds(30)) { Self.voice($0) != nil }
                    #expect(heard != nil, "\(caller.program.output.lines)")
                }
                // All ten talk at the same time; whatever is crossed would be heard by now.
                #expect(try await house.get("/v1/status", token: "admin").body.contains("\"calls\":10"))
                let lines = desks.output.lines.compactMap { Line($0) }
                for name in names {
                    let own = lines.filter { $0.agent == name }
                    let number = try #require(own.compactMap(\.number).first, "\(name) took no call")
                    let index = try #require(Int(number.suffix(1)))
                    let heard = Set(own.compactMap(\.heard).filter { $0 > 0 })
                    #expect(heard == [callerTones[index]], "\(name) with \(number): \(heard)")
                    let voices = Set(callers[index].program.output.lines.compactMap { Self.voice($0) })
                    let tone = agentTones[name] ?? 0
                    #expect(
                        !voices.isEmpty && voices.allSatisfy { abs($0 - tone) <= 12 }, "caller \(number) of \(name): \(voices)")
                }
                #expect(Set(lines.compactMap(\.number)).count == Self.count)
                for caller in callers { try await caller.hangsUp() }
                for name in names { try await wait(desks, name) { $0.did == "ended" } }
                try desks.type("")
                #expect(try await desks.status(within: .seconds(20)) == 0, "\(desks.errors.lines)")
            }
        }

        private func wait(
            _ desks: Program, _ agent: String, _ matches: @escaping @Sendable (Line) -> Bool
        ) async throws {
            let line = await desks.output.line(within: .seconds(60)) { text in
                Line(text).map { $0.agent == agent && matches($0) } ?? false
            }
            guard line != nil else {
                let told = (desks.output.lines + desks.errors.lines).joined(separator: "\n")
                throw Failure("\(agent) did not get there:\n" + told)
            }
        }

        /// The tone in Hz that a line of a caller tells of, if it is not the music.
        @Sendable private static func voice(_ line: String) -> Int? {
            guard let event = PhoneEvent(line), event.name == "heard", let what = event.fields["what"],
                what.hasPrefix("tone "), let tone = Int(what.dropFirst(5)), abs(tone - House.musicHertz) > 12
            else { return nil }
            return tone
        }
    }
}
