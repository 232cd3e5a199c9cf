// Checks that prompts can be played.

internal import ACD
internal import Foundation
internal import IVR

extension Checker {
    static let promptBytesMax = 32 << 20

    mutating func check(_ prompt: Prompt, at path: Path) {
        switch prompt {
        case .text: break
        case .file(let name): checkFile(name, at: path)
        }
    }

    mutating func checkFile(_ name: String, at path: Path) {
        guard !name.isEmpty else { return }
        let file = reading.file("\(SiteConfiguration.promptsFolder)/\(name)")
        guard FileManager.default.fileExists(atPath: file) else {
            reading.error("there is no prompt `\(name)`", at: path, mend: "put the file at `\(file)`")
            return
        }
        guard let content = RegularFile(file, bytesMax: Self.promptBytesMax) else {
            reading.error(
                "the prompt `\(name)` cannot be read, or is larger than \(Self.promptBytesMax) bytes", at: path,
                mend: "check its rights and size")
            return
        }
        if let problem = WAVHeader.problem(in: content.bytes) {
            reading.error(
                "the prompt `\(name)` \(problem)", at: path,
                mend: "convert it: `sox IN.wav -r 8000 -c 1 -b 16 -e signed-integer OUT.wav`")
        }
    }

    /// A recording needs an announcement, and an announcement without a recording is probably a slip.
    mutating func checkRecording(_ record: Bool, announcement: String?, what: String, at path: Path) {
        if record, announcement == nil {
            reading.error(
                "\(what) is recorded without an announcement", at: path / "record",
                mend: "add `record_announcement:` with what callers are told")
        }
        if !record, announcement != nil {
            reading.warning(
                "\(what) has an announcement but is not recorded", at: path / "record_announcement",
                mend: "write `record: true`, or remove the announcement")
        }
    }
}
