// `dispositions.yaml`: what a call was about, as agents say it in wrap-up.

internal import Yams

/// The codes of the house, and how wrap-up treats them.
public struct DispositionSettings: Hashable, Sendable {
    /// One code. Reports count the code; people read the label.
    public struct Code: Hashable, Sendable {
        public var code: String
        public var label: String

        public init(code: String, label: String) {
            self.code = code
            self.label = label
        }
    }

    static let codesMax = 100

    /// Whether the page lets nobody end a wrap-up without a code.
    public var required = false
    /// Whether an agent may have the time of a wrap-up again, once.
    public var extendable = true
    public var codes: [Code] = []
}

extension DispositionSettings {
    static var schema: Schema<DispositionSettings> {
        Schema(
            "dispositions.yaml",
            [
                Field("required", \.required, .flag), Field("extendable", \.extendable, .flag),
                Field("codes", \.codes, labelled),
            ])
    }

    private static var labelled: Value<[Code]> {
        .named("code", countMax: codesMax, write: { "\($0.code) \"\($0.label)\"" }) { code, node, path, reading in
            Value<String>.text(charactersMax: 100).read(node, path, &reading).map { Code(code: code, label: $0) }
        }
    }
}
