// Reads one YAML file into nodes with positions, or says what is wrong with it.

internal import Foundation
internal import Yams

/// One file of the configuration folder.
enum YAMLFile {
    static let bytesMax = 1 << 20

    /// The top node; nil if there is no such file, nothing in it, or a finding was added.
    static func read(_ name: String, _ reading: inout Reading) -> YAMLNode? {
        let path = reading.file(name)
        guard RegularFile.exists(path) else { return nil }
        guard let file = RegularFile(path, bytesMax: bytesMax) else {
            refuse(
                name, 1, 1, "the file cannot be read, or is larger than \(bytesMax) bytes", "check its rights and size",
                &reading)
            return nil
        }
        guard let text = String(validating: file.bytes, as: UTF8.self) else {
            refuse(name, 1, 1, "the file is not UTF-8 text", "save it as UTF-8", &reading)
            return nil
        }
        if let refusal = YAMLGuard.refusal(in: text) {
            refuse(name, refusal.line, refusal.column, refusal.text, refusal.mend, &reading)
            return nil
        }
        do {
            // Every plain text stays text: the schema says what it is. To find out for each key whether it looks like a
            // number or a date takes Yams longer than all the rest.
            return try Yams.compose(yaml: text, .basic, .default, .utf8)
        } catch let error as YamlError {
            report(error, in: name, text: text, &reading)
        } catch {
            refuse(name, 1, 1, "the YAML cannot be read", "check it with a YAML editor", &reading)
        }
        return nil
    }

    private static func refuse(
        _ name: String, _ line: Int, _ column: Int, _ text: String, _ mend: String, _ reading: inout Reading
    ) {
        reading.giveUp(on: name)
        reading.add(Finding(.error, at: Position(file: reading.file(name), line: line, column: column), text, mend: mend))
    }

    private static func report(_ error: YamlError, in name: String, text: String, _ reading: inout Reading) {
        let mend = "mend the YAML here or just above: indentation, quotes, a missing colon"
        switch error {
        case .scanner(let context, let problem, let mark, _), .parser(let context, let problem, let mark, _),
            .composer(let context, let problem, let mark, _):
            let what = [context?.text, problem].compactMap(\.self).joined(separator: ": ")
            refuse(name, mark.line, mark.column, "YAML cannot be read: \(what)", mend, &reading)
        case .duplicatedKeysInMapping(let duplicates, let context):
            let key = duplicates.first ?? ""
            let second = secondPlace(of: key, after: context.mark, in: text) ?? (context.mark.line, context.mark.column)
            refuse(
                name, second.line, second.column,
                "`\(key)` stands twice in the same mapping (first in line \(context.mark.line))",
                "keep one of them", &reading)
        case .no, .memory, .reader, .writer, .emitter, .representer, .dataCouldNotBeDecoded:
            refuse(name, 1, 1, "the YAML cannot be read", "look for control characters in the file", &reading)
        }
    }

    /// Yams tells where a key stands first; the admin wants to know where it stands again.
    private static func secondPlace(of key: String, after first: Mark, in text: String) -> (line: Int, column: Int)? {
        let indent = first.column - 1
        for (index, line) in text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline).enumerated()
        where index >= first.line {
            guard line.prefix(while: { $0 == " " }).count == indent else { continue }
            let rest = line.dropFirst(indent)
            for quote in ["", "\"", "'"] where rest.hasPrefix("\(quote)\(key)\(quote):") { return (index + 1, first.column) }
        }
        return nil
    }
}
