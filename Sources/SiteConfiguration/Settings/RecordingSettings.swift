// `recordings.yaml`: how recordings are kept, for how long, and who may listen.

public import Basics
internal import Yams

/// The settings of `recordings.yaml`.
public struct RecordingSettings: Hashable, Sendable {
    /// From whom on one may listen.
    public enum Listener: String, Hashable, Sendable, CaseIterable {
        /// Agents to their own recordings, supervisors to all.
        case agent
        case supervisor
        case admin
    }

    public struct Retention: Hashable, Sendable {
        public struct Queue: Hashable, Sendable {
            public var queue: QueueID
            /// nil: for ever.
            public var days: Int?
        }

        /// Of queues that are not among `queues`, and of what came through none; nil: for ever.
        public var other: Int?
        public var queues: [Queue] = []
    }

    /// Made at the first start if it is not there and nothing was encrypted with it.
    public static let ownKey = SecretReference.file("secrets/recording-key")
    static let daysMax = 36_500

    public var encrypt = true
    public var key = RecordingSettings.ownKey
    /// Keys of earlier times, by which older recordings are read.
    public var oldKeys: [SecretReference] = []
    public var listen = Listener.supervisor
    public var retention = Retention()
    public var secureForms: [SecureFormSettings] = []

    public init() {}
}

extension RecordingSettings {
    static var schema: Schema<RecordingSettings> {
        Schema(
            "recordings.yaml",
            [
                Field("encrypt", \.encrypt, .flag),
                Field("key", \.key, .recordingKey),
                Field("old_keys", \.oldKeys, .list(.recordingKey, countMax: 100)),
                Field("listen", \.listen, .word),
                Field("retention", \.retention, .section(Retention.schema, initial: Retention())),
                Field(
                    "secure_forms", \.secureForms,
                    .named(
                        SecureFormSettings.schema, what: "secure form", countMax: 100,
                        initial: { SecureFormSettings(name: $0) }, nameOf: \.name)),
            ])
    }
}

extension RecordingSettings.Retention {
    static var schema: Schema<Self> {
        let queues: Value<[Queue]> = .named(
            "queue", countMax: 1000, write: { "\($0.queue) \(Value<Int?>.retention.write($0.days))" }
        ) { name, node, path, reading in
            Value<Int?>.retention.read(node, path, &reading).map { Queue(queue: QueueID(name), days: $0) }
        }
        return Schema("retention", [Field("default", \.other, .retention), Field("queues", \.queues, queues)])
    }
}

extension Value where T == Int? {
    /// Whole days, weeks or years as days; nil: for ever.
    static var retention: Value {
        let expected = "a time such as `90d`, `12w` or `5y`, or `forever`"
        let units: [(mark: Character, days: Int)] = [("d", 1), ("w", 7), ("y", 365)]
        return Value(
            expected: expected,
            read: { node, path, reading in
                if node.text == "forever" { return .some(nil) }
                guard let text = node.text, let unit = units.first(where: { $0.mark == text.last }),
                    let number = Int(text.dropLast()), number > 0, number <= RecordingSettings.daysMax / unit.days
                else {
                    reading.wrongType(node, at: path, expected: expected)
                    return nil
                }
                return .some(number * unit.days)
            }, write: { $0.map { "\($0)d" } ?? "forever" })
    }
}

extension Value where T == SecretReference {
    /// A reference to 64 hexadecimal digits.
    static var recordingKey: Value {
        let expected = "`file:PATH` or `env:NAME`, which holds 64 hexadecimal digits"
        return Value(
            expected: expected,
            read: { node, path, reading in
                let reference = node.text.map { SecretReference($0) }
                switch reference {
                case .file(let name)? where Secrets.isSafe(path: name): return reference
                case .environment(let name)? where Secrets.isVariable(name): return reference
                case .file, .environment, .inline, nil:
                    // What stands there may be a key, so it is not quoted.
                    reading.error("`\(path.last)` is no reference to a key", at: path, mend: "write \(expected)")
                    return nil
                }
            }, write: \.description)
    }
}
