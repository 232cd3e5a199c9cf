// What callers and agents say to one another, as sound files that a phone can play.

internal import Audio
internal import Foundation
internal import MainLoop
internal import Speech

/// Sentences rendered once by the daemon's own voice and kept.
nonisolated struct SpokenLines: Sendable {
    static let ofCallers = [
        "Hello. I would like to know where my order is.",
        "Yes. I ordered it on Monday, and nothing has come.",
        "The number is four seven one one.",
        "That is good to hear. Thank you very much.",
        "One more question. Can I change the address?",
    ]
    static let ofAgents = [
        "Hello, you are speaking with Switchboard. What can I do for you?",
        "Let me look that up for you. One moment, please.",
        "I see it here. It will be with you tomorrow morning.",
        "I have made a note of that. Is there anything else?",
        "You are welcome. Thank you for calling.",
    ]

    /// Paths of sound files, in the order of the sentences above.
    let callers: [String]
    let agents: [String]

    init(in folder: String) {
        callers = Self.ofCallers.indices.map { "\(folder)/caller-\($0 + 1).wav" }
        agents = Self.ofAgents.indices.map { "\(folder)/agent-\($0 + 1).wav" }
    }

    /// Renders what is missing, on flite's own worker: about a fifth of a second for a sentence.
    func render() async throws {
        let wanted = Array(zip(callers + agents, Self.ofCallers + Self.ofAgents))
        try await FliteEngine.worker.run {
            for (path, text) in wanted where !FileManager.default.fileExists(atPath: path) {
                let folder = (path as NSString).deletingLastPathComponent
                try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
                let file = WAVFile(sampleRate: 8000, channels: [try FliteEngine().synthesise(text)])
                try Data(file.bytes).write(to: URL(fileURLWithPath: path), options: .atomic)
            }
        }
    }
}
