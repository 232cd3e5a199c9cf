// Which file holds what. One table for reading, for unknown files and for the test that every option is explained.

internal import Basics
internal import Foundation
internal import Yams

/// One of the files with a fixed name.
struct ConfigurationFile {
    let name: String
    let read: (YAMLNode, Path, inout SiteConfiguration, inout Reading) -> Void
    let keys: [OptionKey]

    /// A file whose top keys are the schema's.
    private init<T>(_ name: String, _ place: WritableKeyPath<SiteConfiguration, T>, settings: Schema<T>) {
        self.name = name
        read = { node, path, configuration, reading in
            settings.read(node, at: path, into: &configuration[keyPath: place], &reading)
        }
        keys = settings.fields.map(\.key)
    }

    /// A file with one top key, under which entries stand by their names.
    private init<T>(_ key: String, _ place: WritableKeyPath<SiteConfiguration, [T]>, _ entries: Value<[T]>, file: String? = nil)
    {
        name = file ?? "\(key).yaml"
        let table = Schema<SiteConfiguration>(name, [Field(key, place, entries)])
        read = { node, path, configuration, reading in table.read(node, at: path, into: &configuration, &reading) }
        keys = table.fields.map(\.key)
    }

    static let entriesMax = 10_000

    static var all: [ConfigurationFile] {
        [
            ConfigurationFile("site.yaml", \.site, settings: SiteSettings.schema),
            ConfigurationFile("listeners.yaml", \.listeners, settings: ListenerSettings.schema),
            ConfigurationFile("tokens", \.tokens, tokens, file: "api.yaml"),
            ConfigurationFile("trunks", \.trunks, trunks),
            ConfigurationFile("numbers", \.numbers, numbers),
            ConfigurationFile("agents", \.agents, agents),
            ConfigurationFile("queues", \.queues, queues),
            ConfigurationFile("hours", \.hours, hours),
            ConfigurationFile("dispositions.yaml", \.dispositions, settings: DispositionSettings.schema),
            ConfigurationFile("skills.yaml", \.skills, settings: SkillSettings.schema),
            ConfigurationFile("routing.yaml", \.routing, settings: RoutingSettings.schema),
            ConfigurationFile("recordings.yaml", \.recordings, settings: RecordingSettings.schema),
        ]
    }

    static var tokens: Value<[TokenSettings]> {
        .named(TokenSettings.schema, what: "token", countMax: 1000, initial: { TokenSettings(name: $0) }, nameOf: \.name)
    }

    static var trunks: Value<[TrunkSettings]> {
        .named(
            TrunkSettings.schema, what: "trunk", countMax: 1000, initial: { TrunkSettings(id: TrunkID($0)) },
            nameOf: \.id.rawValue)
    }

    static var numbers: Value<[NumberSettings]> {
        .named(
            NumberSettings.schema, what: "number", name: .number, countMax: entriesMax, initial: { NumberSettings(number: $0) },
            nameOf: \.number)
    }

    static var agents: Value<[AgentSettings]> {
        .named(
            AgentSettings.schema, what: "agent", countMax: entriesMax, initial: { AgentSettings(id: AgentID($0), name: $0) },
            nameOf: \.id.rawValue)
    }

    static var queues: Value<[QueueSettings]> {
        .named(
            QueueSettings.schema, what: "queue", countMax: 1000, initial: { QueueSettings(id: QueueID($0)) },
            nameOf: \.id.rawValue)
    }

    static var hours: Value<[HoursSettings]> {
        .named(
            HoursSettings.schema, what: "line's hours", countMax: 1000, initial: { HoursSettings(id: HoursID($0)) },
            nameOf: \.id.rawValue)
    }
}
