// What most suites need: a folder, a loop, a store, a turn.

import ContactCenter
import Foundation
import Logging
import MainLoop
import Storage

@testable import Switchboard

let testLoop = MainLoop(driver: .runLoop)
let silentLogger = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }

/// A folder that goes with the last reference to it.
nonisolated final class TestFolder: Sendable {
    let path: String

    init() throws {
        path = NSTemporaryDirectory() + "switchboard-house-" + UUID().uuidString
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    }

    deinit { try? FileManager.default.removeItem(atPath: path) }
}

extension TestFolder {
    func store() async throws -> Store { try await Store.open(folder: path, on: testLoop) }
}

extension Turn {
    /// Serves the inbox once, without a limit of time.
    func serveOnce() { serve(until: .max) }
}
