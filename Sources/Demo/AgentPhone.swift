// A simulated agent's phone: a `Caller` process and the script that it follows.

internal import Foundation

/// Feeds what the phone reports to the agent's script, and the script's steps to the phone.
final class AgentPhone {
    /// A phone that breaks off is switched on again this often in a row, without a sign-in, and then given up.
    static let restartsMax = 50
    static let restartSeconds = 2.0

    private struct Report: Decodable {
        var event: String
        var done: String?
    }

    private let program: String
    private let arguments: [String]
    private let agenda: Agenda
    private var script: AgentScript
    private var process: ChildProcess?
    private var restarts = 0
    private var isOff = false
    private let onGivenUp: () -> Void

    init(program: String, arguments: [String], script: AgentScript, agenda: Agenda, onGivenUp: @escaping () -> Void) {
        self.onGivenUp = onGivenUp
        self.program = program
        self.arguments = arguments
        self.script = script
        self.agenda = agenda
    }

    func switchOn() throws {
        let process = try ChildProcess(
            program, arguments, onLine: { [unowned self] in take($0) }, onExit: { [unowned self] _ in exited() })
        self.process = process
        process.write(script.begin())
    }

    func switchOff() {
        isOff = true
        process?.signal(SIGKILL)
    }

    private func take(_ line: String) {
        guard let report = try? JSONDecoder().decode(Report.self, from: Data(line.utf8)) else { return }
        switch report.event {
        case "step": process?.write(script.take(.done(report.done ?? "")))
        case "invited": process?.write(script.take(.invited))
        case "ended": process?.write(script.take(.ended))
        default: break
        }
        if script.isFree { restarts = 0 }
    }

    /// A step that could not be done ends the program, such as an answer to a caller who has just hung up.
    private func exited() {
        guard !isOff else { return }
        guard restarts < Self.restartsMax else { return onGivenUp() }
        restarts += 1
        agenda.after(Self.restartSeconds) { [weak self] in
            guard let self, !isOff else { return }
            do { try switchOn() } catch { exited() }
        }
    }
}
