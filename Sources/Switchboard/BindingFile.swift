// The registered phones, kept beside the database.

internal import Basics
internal import Foundation
internal import Logging
internal import MainLoop
internal import SIP

/// Writes the bindings to `bindings.json` in the state folder whenever they have changed, at most every few seconds, and
/// reads them at the start.
final class BindingFile {
    static let secondsBetweenWrites = 2.0

    private let path: String
    private let sip: Endpoint
    private let clock: HouseClock
    private let logger: Logger
    private let worker = WorkerQueue(label: "bindings", serial: true)
    private var written: [SavedBinding] = []
    private var timer: OneShotTimer?

    init(folder: String, sip: Endpoint, clock: HouseClock, on loop: MainLoop, logger: Logger) {
        path = folder + "/bindings.json"
        self.sip = sip
        self.clock = clock
        self.logger = logger
        timer = OneShotTimer(on: loop) { [unowned self] in
            save()
            arm()
        }
        arm()
    }

    /// A file that cannot be read means phones that have to register again, and nothing worse.
    func restore() async {
        let path = path
        do {
            let saved = try await worker.run {
                FileManager.default.fileExists(atPath: path)
                    ? try JSONDecoder().decode([SavedBinding].self, from: Data(contentsOf: URL(fileURLWithPath: path))) : []
            }
            sip.restore(saved, at: clock.now)
        } catch {
            logger.warning("bindings not restored", metadata: ["reason": "\(error)"])
        }
    }

    private func arm() { timer?.due = MonotonicClock.now + UInt64(Self.secondsBetweenWrites * 1_000_000_000) }

    private func save() {
        let bindings = sip.savedBindings(at: clock.now)
        guard bindings != written else { return }
        written = bindings
        let path = path
        let logger = logger
        worker.run(
            {
                Result {
                    try JSONEncoder().encode(bindings).write(to: URL(fileURLWithPath: path), options: .atomic)
                    try FileManager.default.setAttributes([.posixPermissions: 0o600], ofItemAtPath: path)
                }.mapError { Failure(reason: "\($0)") }
            },
            then: { result in
                if case .failure(let failure) = result {
                    self.written = []
                    logger.warning("bindings not saved", metadata: ["reason": "\(failure.reason)"])
                }
            })
    }

    private nonisolated struct Failure: Error { var reason: String }
}
