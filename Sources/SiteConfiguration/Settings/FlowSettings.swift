// `flows/*.yaml`: reads voice menus into the form that the interpreter walks.

internal import Basics
internal import IVR
internal import Yams

/// One flow file. The steps are IVR's own values; only what YAML says differently has a form of its own here.
struct FlowSettings {
    /// What stands behind `do:`.
    enum Kind: String, CaseIterable {
        case menu, play, collect, queue, hours, set, branch, split, voicemail, transfer
        case hangUp = "hang_up"
    }

    var start: NodeID = ""
    var nodes: [Node] = []

    static let nodesMax = 500
    /// A transfer that records gets a node in front of it that says so; admins' names have no dots.
    static let announcedSuffix = ".connect"

    static var schema: Schema<FlowSettings> {
        Schema(
            "a flow",
            [Field("start", \.start, .reference, required: true), Field("nodes", \.nodes, nodesValue, required: true)])
    }

    private static var nodesValue: Value<[Node]> {
        let entries = Value<[[Node]]>.named(
            "node", countMax: nodesMax, keys: optionKeys, write: { $0.map(\.id.rawValue).joined(separator: " ") },
            read: { name, node, path, reading in nodes(named: name, node, path, &reading) })
        return entries.map(to: { $0.flatMap(\.self) }, from: { $0.map { [$0] } })
    }

    /// The options of every kind of node, for the test that they are explained.
    private static var optionKeys: [OptionKey] {
        let below =
            MenuSettings.schema.fields.map(\.key) + Play.schema.fields.map(\.key)
            + Collect.schema.fields.map(\.key) + EnterQueue.schema.fields.map(\.key) + CheckHours.schema.fields.map(\.key)
            + SetAttribute.schema.fields.map(\.key) + Branch.schema.fields.map(\.key) + Voicemail.schema.fields.map(\.key)
            + SplitSettings.schema.fields.map(\.key) + TransferSettings.schema.fields.map(\.key)
            + HangUp.schema.fields.map(\.key)
        return below + [OptionKey(name: "do", below: [])]
    }

    /// What one entry under `nodes:` becomes.
    private static func nodes(named name: String, _ node: YAMLNode, _ path: Path, _ reading: inout Reading) -> [Node]? {
        guard case .mapping(let mapping) = node else {
            reading.error("`\(name)` is \(node.described)", at: path, mend: "write `do:` and the keys of the step")
            return nil
        }
        guard let entry = mapping.first(where: { $0.key.text == "do" }), !entry.value.isEmpty else {
            reading.error("`\(name)` has no `do`", at: path, mend: "add `do:` with \(Value<Kind>.word.expected)")
            return nil
        }
        reading.note(entry.value, at: path / "do")
        guard let kind = Value<Kind>.word.read(entry.value, path / "do", &reading) else { return nil }
        let id = NodeID(name)
        func read<T>(_ schema: Schema<T>, _ initial: T) -> T {
            var value = initial
            schema.read(node, at: path, into: &value, ignoring: ["do"], &reading)
            return value
        }
        let action: Action
        switch kind {
        case .menu: action = .menu(read(MenuSettings.schema, MenuSettings()).compiled)
        case .play: action = .play(read(Play.schema, Play(prompts: [], next: "")))
        case .collect:
            action = .collect(
                read(
                    Collect.schema,
                    Collect(prompt: .text(""), attribute: "", lengthMin: 1, lengthMax: 20, next: "", otherwise: "")))
        case .queue: action = .queue(read(EnterQueue.schema, EnterQueue(queue: "")))
        case .hours: action = .hours(read(CheckHours.schema, CheckHours(hours: "", open: "", closed: "")))
        case .set: action = .set(read(SetAttribute.schema, SetAttribute(attribute: "", value: "", next: "")))
        case .branch: action = .branch(read(Branch.schema, Branch(attribute: "", cases: [], otherwise: "")))
        case .split: action = .split(read(SplitSettings.schema, SplitSettings()).compiled)
        case .voicemail: action = .voicemail(read(Voicemail.schema, Voicemail(prompt: .text(""), mailbox: "")))
        case .transfer:
            let settings = read(TransferSettings.schema, TransferSettings())
            return settings.nodes(id: id, at: path, &reading)
        case .hangUp: action = .hangUp(read(HangUp.schema, HangUp()))
        }
        return [Node(id: id, action: action)]
    }
}
