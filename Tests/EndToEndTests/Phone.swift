// A test phone (Tests/Caller): the caller, the agent's desk phone, the carrier.

import Foundation
import Testing

/// One line that a phone printed.
struct PhoneEvent: Sendable {
    /// Milliseconds of CLOCK_MONOTONIC, the same for all processes.
    var t: Double
    var name: String
    var fields: [String: String]

    init?(_ line: String) {
        guard let object = try? JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any],
            let t = object["t"] as? Double, let name = object["event"] as? String
        else { return nil }
        self.t = t
        self.name = name
        fields = object.mapValues { "\($0)" }
    }
}

/// A phone that follows a script.
struct Phone: Sendable {
    let program: Program

    init(_ arguments: [String]) throws { program = try Program("Caller", arguments) }

    var events: [PhoneEvent] { program.output.lines.compactMap { PhoneEvent($0) } }

    /// Waits until a step of the script is done for the first time.
    func reaches(_ step: String, within: Duration = .seconds(20)) async throws {
        try await program.line("\"done\":\"\(step)\"", within: within)
    }

    /// When a step was done, in milliseconds.
    func time(of step: String) throws -> Double {
        try #require(events.first { $0.name == "step" && $0.fields["done"] == step }?.t, "no step \(step)")
    }

    /// The first event of that name, behind a time.
    func event(_ name: String, after: Double = 0, where matches: (PhoneEvent) -> Bool = { _ in true }) throws -> PhoneEvent {
        try #require(
            events.first { $0.name == name && $0.t >= after && matches($0) }, "no \(name) in \(program.output.lines)")
    }

    /// Waits for the end of the script, and expects that every step was fulfilled.
    func succeeds(within: Duration = .seconds(30), _ location: SourceLocation = #_sourceLocation) async throws {
        let status = try await program.status(within: within)
        #expect(status == 0, "\n\(program.output.lines.joined(separator: "\n"))", sourceLocation: location)
    }

    /// The phone is gone without a word.
    func vanishes() { program.signal(9) }
}
