// The registered phones, kept beside the database.

internal import Basics
internal import Foundation
internal import Glibc
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
    /// The revision of the bindings that was saved last; nil: what stands in the file is not known.
    private var saved: UInt64?
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
        guard saved != sip.bindingsRevision else { return }
        Task { await saveNow() }
    }

    /// Returns when what is registered now stands in the file, or could not be written.
    func saveNow() async {
        let bindings = sip.savedBindings(at: clock.now)
        let path = path
        saved = sip.bindingsRevision
        do {
            try await worker.run { try Self.write(JSONEncoder().encode(bindings), to: path) }
        } catch {
            saved = nil
            logger.warning("bindings not saved", metadata: ["reason": "\(error)"])
        }
    }

    /// Nobody else may read, at any moment, where people's phones are.
    private nonisolated static func write(_ data: Data, to path: String) throws {
        let fresh = path + ".new"
        unlink(fresh)
        let descriptor = open(fresh, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw CocoaError(.fileWriteNoPermission) }
        let file = FileHandle(fileDescriptor: descriptor, closeOnDealloc: true)
        try file.write(contentsOf: data)
        try file.synchronize()
        guard rename(fresh, path) == 0 else { throw CocoaError(.fileWriteUnknown) }
    }
}
