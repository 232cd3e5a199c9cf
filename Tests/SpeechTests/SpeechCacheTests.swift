// Every text is spoken once, nothing waits for it on the loop.

import Foundation
import MainLoop
import Synchronization
import Testing

@testable import Speech

@Suite("Speech cache") struct SpeechCacheTests {
    let folder = TestFolder()
    private let sentence = "Thank you for calling. Please hold the line."

    @Test("a text is spoken once, then comes from memory, and in the next process from disk")
    func once() async throws {
        let engine = CountingEngine()
        let cache = SpeechCache(folder: folder.path, engine: engine)
        #expect(cache.samples(for: sentence) == nil)
        let first = try await cache.speech(of: sentence)
        #expect(cache.samples(for: sentence) == first)
        #expect(try await cache.speech(of: "  Thank you\u{7} for\ncalling.  Please hold the line. ") == first)
        #expect(engine.texts == [sentence])
        #expect(cache.figures.rendered == 1)

        let next = SpeechCache(folder: folder.path, engine: engine)
        #expect(next.samples(for: sentence) == nil)
        #expect(try await next.speech(of: sentence) == first)
        #expect(engine.texts.count == 1)
        #expect(next.figures.fromDisk == 1)
        let rights = try FileManager.default.attributesOfItem(atPath: folder.path)[.posixPermissions]
        #expect(rights as? Int == 0o700)
    }

    @Test("another voice does not get the first one's files")
    func identity() async throws {
        let engine = CountingEngine()
        _ = try await SpeechCache(folder: folder.path, engine: engine).speech(of: "Hello.")
        let other = CountingEngine(identity: "other voice")
        _ = try await SpeechCache(folder: folder.path, engine: other).speech(of: "Hello.")
        #expect(other.texts == ["Hello."])
        #expect(folder.files.count == 2)
    }

    nonisolated enum Damage: CaseIterable, Sendable { case flippedBit, cutOff, emptied, foreign, longer }

    @Test("a damaged file is noticed and rendered anew", arguments: Damage.allCases)
    func damaged(damage: Damage) async throws {
        let engine = CountingEngine()
        let first = try await SpeechCache(folder: folder.path, engine: engine).speech(of: sentence)
        let file = try #require(folder.files.first)
        var data = try Data(contentsOf: file)
        switch damage {
        case .flippedBit: data[data.count / 2] ^= 0x10
        case .cutOff: data = data.prefix(data.count / 2)
        case .emptied: data = Data()
        case .foreign: data = Data(repeating: 0x55, count: data.count)
        case .longer: data.append(0)
        }
        try data.write(to: file)
        let again = SpeechCache(folder: folder.path, engine: engine)
        let second = try await again.speech(of: sentence)
        // flite's noise is random, so the samples are not the same again.
        #expect(second.count > first.count / 2)
        #expect(engine.texts.count == 2)
        #expect(again.figures.fromDisk == 0)
        #expect(try await SpeechCache(folder: folder.path, engine: engine).speech(of: sentence) == second)
        #expect(engine.texts.count == 2)
        #expect(folder.files.count == 1)
    }

    @Test("a hundred requests for the same text at once render it once, and all are answered")
    func shared() async throws {
        let engine = CountingEngine()
        let cache = SpeechCache(folder: folder.path, engine: engine)
        var answers: [[Int16]?] = []
        await withCheckedContinuation { continuation in
            for _ in 0..<100 {
                cache.request("One of many.") { answer in
                    answers.append(try? answer.get())
                    if answers.count == 100 { continuation.resume() }
                }
            }
        }
        #expect(answers.count == 100)
        #expect(Set(answers).count == 1)
        #expect(answers.first.flatMap(\.self)?.isEmpty == false)
        #expect(engine.texts.count == 1)
    }

    @Test("prepare renders what is missing, shares with requests, and names what fails")
    func prepare() async throws {
        let engine = CountingEngine()
        let cache = SpeechCache(folder: folder.path, engine: engine)
        _ = try await cache.speech(of: "One.")
        let long = String(repeating: "a ", count: 600)
        let failures = await cache.prepared(["One.", "Two.", "", "Three.", "Two.", "...", long])
        #expect(Set(failures.map(\.reason)) == [.empty, .silent, .tooLong(characters: 1200, max: 1000)])
        #expect(failures.contains { $0.text == "..." })
        #expect(engine.texts.sorted() == ["...", "One.", "Three.", "Two."])
        for text in ["One.", "Two.", "Three."] { #expect(cache.samples(for: text) != nil) }
        #expect(await cache.prepared(["One.", "Two."]).isEmpty)
        #expect(await cache.prepared([]).isEmpty)
        #expect(engine.texts.count == 4)
    }

    @Test("a text that a call waits for goes before those of prepare")
    func urgent() async throws {
        let engine = CountingEngine()
        let cache = SpeechCache(folder: folder.path, engine: engine)
        let texts = (1...20).map { "Prompt number \($0)." }
        async let failures = cache.prepared(texts)
        await Task.yield()
        _ = try await cache.speech(of: "Now.")
        #expect(engine.texts.count <= 3)
        _ = try await cache.speech(of: texts[19])
        #expect(engine.texts.count <= 5)
        #expect(await failures.isEmpty)
        #expect(engine.texts.count == 21)
        #expect(Set(engine.texts).count == 21)
    }

    @Test("empty and endless texts and a broken engine are refused with their reason")
    func refused() async throws {
        let cache = SpeechCache(folder: folder.path)
        await #expect(throws: SpeechFailure(text: " \n\u{0}", reason: .empty)) { try await cache.speech(of: " \n\u{0}") }
        let endless = String(repeating: "x", count: 1_000_000)
        await #expect { try await cache.speech(of: endless) } throws: { error in
            (error as? SpeechFailure)?.reason == .tooLong(characters: 1_000_000, max: 1000)
        }
        let broken = SpeechCache(folder: folder.path, engine: BrokenEngine())
        await #expect(throws: SpeechFailure(text: "Hello.", reason: .engine("no voice today"))) {
            try await broken.speech(of: "Hello.")
        }
        #expect(broken.figures.failed == 1)
        #expect(folder.files.isEmpty)
    }

    @Test("more waiting texts than allowed are refused, the others are served")
    func overloaded() async throws {
        var limits = SpeechLimits()
        limits.waitingTextsMax = 3
        let cache = SpeechCache(folder: folder.path, engine: CountingEngine(), limits: limits)
        var served = 0
        var refused = 0
        await withCheckedContinuation { continuation in
            for number in 0..<10 {
                cache.request("Text \(number).") { answer in
                    switch answer {
                    case .success: served += 1
                    case .failure(let failure):
                        #expect(failure.reason == .overloaded(max: 3))
                        refused += 1
                    }
                    if served + refused == 10 { continuation.resume() }
                }
            }
        }
        // One is being rendered, three wait.
        #expect(served == 4)
        #expect(refused == 6)
    }

    @Test("memory is bounded: what was used longest ago goes, and comes back from disk")
    func bounded() async throws {
        let engine = CountingEngine()
        var limits = SpeechLimits()
        limits.memoryBytesMax = 100_000
        let cache = SpeechCache(folder: folder.path, engine: engine, limits: limits)
        let texts = (1...12).map { "This is prompt number \($0)." }
        _ = try await cache.speech(of: texts[0])
        for text in texts {
            _ = try await cache.speech(of: text)
            #expect(cache.samples(for: texts[0]) != nil)
        }
        let kept = texts.filter { cache.samples(for: $0) != nil }
        #expect(kept.count < 6)
        #expect(kept.contains(texts[11]))
        _ = try await cache.speech(of: texts[1])
        #expect(engine.texts.count == 12)
        #expect(cache.figures.fromDisk == 1)
    }

    @Test("the disk is bounded: at the next start what was not used for longest is deleted, drafts too")
    func pruned() async throws {
        let engine = CountingEngine()
        let cache = SpeechCache(folder: folder.path, engine: engine)
        for number in 1...5 { _ = try await cache.speech(of: "Number \(number).") }
        let stored = SpeechFolder(path: folder.path, identity: engine.identity)
        for (index, number) in [3, 1, 2, 5, 4].enumerated() {
            let time = Date(timeIntervalSince1970: 1_700_000_000 + Double(index))
            try FileManager.default.setAttributes([.modificationDate: time], ofItemAtPath: stored.file(of: "Number \(number)."))
        }
        try Data("half".utf8).write(to: URL(fileURLWithPath: folder.path + "/left.draft"))
        let bytes = folder.files.map { (try? Data(contentsOf: $0).count) ?? 0 }.reduce(0, +)
        var limits = SpeechLimits()
        limits.diskBytesMax = bytes / 2
        let next = SpeechCache(folder: folder.path, engine: engine, limits: limits)
        _ = try await next.speech(of: "Number 4.")
        #expect(next.figures.fromDisk == 1)
        #expect(!folder.files.contains { $0.pathExtension == "draft" })
        _ = try await next.speech(of: "Number 3.")
        #expect(next.figures.rendered == 1)
    }

    @Test("a disk that refuses the file costs nothing but the file")
    func unwritable() async throws {
        try FileManager.default.createDirectory(atPath: folder.path, withIntermediateDirectories: true)
        let path = folder.path + "/file"
        try Data().write(to: URL(fileURLWithPath: path))
        let cache = SpeechCache(folder: path, engine: CountingEngine())
        let samples = try await cache.speech(of: "Still spoken.")
        #expect(!samples.isEmpty)
        #expect(cache.figures.unsaved == 1)
        #expect(cache.samples(for: "Still spoken.") == samples)
    }

    @Test("the loop keeps its beat while a long text is rendered")
    func beat() async throws {
        let loop = MainLoop(driver: .runLoop)
        // The engine begins only when the loop has beaten ten times since it was called: it would never, on the loop.
        let beaten = DispatchSemaphore(value: 0)
        let called = Mutex(false)
        let engine = CountingEngine { _ in
            called.withLock { $0 = true }
            #expect(beaten.wait(timeout: .now() + 20) == .success)
        }
        let cache = SpeechCache(folder: folder.path, engine: engine)
        let text = String(repeating: "Please hold the line, the next free agent is yours. ", count: 15)
        var beats = 0
        var timer: OneShotTimer?
        timer = OneShotTimer(on: loop) {
            if called.withLock(\.self) { beats += 1 }
            if beats == 10 { beaten.signal() }
            timer?.due = MonotonicClock.now + 5_000_000
        }
        timer?.due = MonotonicClock.now + 5_000_000
        let samples = try await cache.speech(of: text)
        if let timer { loop.remove(timer) }
        timer = nil
        #expect(samples.count > 8000 * 30)
        // It took a quarter of a second at the very least, in which the loop beat on.
        #expect(beats > 15, "\(beats) beats")
    }
}
