// What callers hear, made ready and exchanged with the configuration.

import Audio
import Basics
import ContactCenter
import IVR
import SiteConfiguration
import Speech
import Testing

@testable import Switchboard

@Suite("PromptLibrary") struct PromptLibraryTests {
    /// Says as many samples as the text has characters.
    nonisolated struct Engine: SpeechEngine {
        let identity = "test"
        func synthesise(_ text: String) throws -> [Int16] { [Int16](repeating: 1000, count: text.count) }
    }

    let folder: TestFolder
    let library: PromptLibrary

    init() throws {
        folder = try TestFolder()
        library = PromptLibrary(speech: SpeechCache(folder: folder.path, engine: Engine()), logger: silentLogger)
    }

    private func prepare(_ text: String) async {
        var configuration = SiteConfiguration()
        configuration.flows = [
            Flow(
                id: "main", start: "play", nodes: [Node(id: "play", action: .play(Play(prompts: [.text(text)], next: "play")))])
        ]
        await withCheckedContinuation { continuation in
            library.prepare(configuration, folder: folder.path) { continuation.resume() }
        }
    }

    private func samples(_ announcements: [Announcement]) async -> [Int] {
        await withCheckedContinuation { continuation in
            library.clips(for: announcements) { continuation.resume(returning: $0.map(\.samples.count)) }
        }
    }

    @Test(
        "a reload keeps the sentences of the new configuration only, and the old ones are said nevertheless",
        .timeLimit(.minutes(1)))
    func reload() async {
        await prepare("Good morning, everybody.")
        #expect(library.sentences["Good morning, everybody."] != nil)
        let count = library.sentences.count
        for number in 0..<20 { await prepare("Good morning, caller \(number).") }
        #expect(library.sentences.count == count)
        #expect(library.sentences["Good morning, everybody."] == nil)
        #expect(await samples([.prompt(.text("Good morning, everybody."))]) == [24])
    }

    @Test("clips come in the order of the announcements, whether they are ready or not", .timeLimit(.minutes(1)))
    func order() async {
        await prepare("Ready.")
        let heard = await samples([
            .prompt(.text("Not ready yet.")), .prompt(.text("Ready.")), .prompt(.text("Neither.")), .prompt(.text("Ready.")),
        ])
        #expect(heard == [14, 6, 8, 6])
    }

    @Test("what cannot be had is left out", .timeLimit(.minutes(1)))
    func missing() async {
        await prepare("Ready.")
        #expect(await samples([.prompt(.file("none.wav")), .prompt(.text("Ready."))]) == [6])
    }
}
