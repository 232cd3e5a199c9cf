// Where the log goes: standard error, as text for people or as one JSON object a line for machines.

internal import Foundation
internal import Logging
public import SiteConfiguration

/// Sets up logging once for the process. No personal data and no digits get here: callers of `Logger` keep to that.
public nonisolated enum HouseLog {
    public static func bootstrap(_ log: SiteSettings.Log) {
        let level = Logger.Level(rawValue: log.level.rawValue) ?? .info
        let format = log.format
        LoggingSystem.bootstrap { label in
            switch format {
            case .text:
                var handler = StreamLogHandler.standardError(label: label)
                handler.logLevel = level
                return handler
            case .json:
                return JSONLogHandler(label: label, logLevel: level)
            }
        }
    }
}

/// One object a line: `time`, `level`, `message`, `label`, and the metadata as they are.
nonisolated struct JSONLogHandler: LogHandler {
    let label: String
    var logLevel: Logger.Level
    var metadata: Logger.Metadata = [:]

    subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { metadata[key] }
        set { metadata[key] = newValue }
    }

    func log(event: LogEvent) {
        var fields = metadata.merging(event.metadata ?? [:]) { $1 }.mapValues { "\($0)" }
        fields["time"] = Date().formatted(Date.ISO8601FormatStyle(includingFractionalSeconds: true))
        fields["level"] = event.level.rawValue
        fields["message"] = "\(event.message)"
        fields["label"] = label
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        guard var line = try? encoder.encode(fields) else { return }
        line.append(0x0A)
        // A line that finds no room is lost; the process is not.
        try? FileHandle.standardError.write(contentsOf: line)
    }
}
