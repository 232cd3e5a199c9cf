// Folders, engines that can be counted and held up, and what tests look at in samples.

import Foundation
import MainLoop
import Speech
import Synchronization

nonisolated final class TestFolder: Sendable {
    let path = NSTemporaryDirectory() + "switchboard-speech-" + UUID().uuidString
    deinit { try? FileManager.default.removeItem(atPath: path) }

    var files: [URL] {
        let all = FileManager.default.enumerator(at: URL(fileURLWithPath: path), includingPropertiesForKeys: nil)
        return (all?.compactMap { $0 as? URL } ?? []).filter { !$0.hasDirectoryPath }
    }
}

/// The real flite, with a count of what it was asked to say.
nonisolated final class CountingEngine: SpeechEngine {
    private let flite = FliteEngine()
    private let spoken = Mutex<[String]>([])
    let identity: String
    /// Called on the worker before a text is spoken.
    private let before: @Sendable (String) -> Void

    init(identity: String = FliteEngine().identity, before: @escaping @Sendable (String) -> Void = { _ in }) {
        self.identity = identity
        self.before = before
    }

    var texts: [String] { spoken.withLock(\.self) }

    func synthesise(_ text: String) throws -> [Int16] {
        spoken.withLock { $0.append(text) }
        before(text)
        return try flite.synthesise(text)
    }
}

nonisolated struct BrokenEngine: SpeechEngine {
    struct Failure: Error, CustomStringConvertible { let description = "no voice today" }
    let identity = "broken"
    func synthesise(_ text: String) throws -> [Int16] { throw Failure() }
}

extension SpeechCache {
    func speech(of text: String) async throws(SpeechFailure) -> [Int16] {
        let answer = await withCheckedContinuation { continuation in
            request(text) { continuation.resume(returning: $0) }
        }
        return try answer.get()
    }

    func prepared(_ texts: [String]) async -> [SpeechFailure] {
        await withCheckedContinuation { continuation in prepare(texts) { continuation.resume(returning: $0) } }
    }
}

extension [Int16] {
    nonisolated var peak: Int { map { abs(Int($0)) }.max() ?? 0 }
    nonisolated var rms: Double { (map { Double($0) * Double($0) }.reduce(0, +) / Double(Swift.max(1, count))).squareRoot() }

    /// The power of `frequency` at `rate` samples per second, relative to the whole (1: nothing but it).
    nonisolated func share(of frequency: Double, rate: Double = 8000) -> Double {
        var (real, imaginary) = (0.0, 0.0)
        for (index, sample) in enumerated() {
            let angle = 2 * Double.pi * frequency * Double(index) / rate
            real += Double(sample) * cos(angle)
            imaginary += Double(sample) * sin(angle)
        }
        let total = map { Double($0) * Double($0) }.reduce(0, +)
        return total == 0 ? 0 : 2 * (real * real + imaginary * imaginary) / (Double(count) * total)
    }
}
