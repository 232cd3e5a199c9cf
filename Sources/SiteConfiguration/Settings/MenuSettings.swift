// A menu as an admin writes it.

internal import Basics
internal import IVR
internal import Yams

/// A menu with the key that is its way out to a person.
struct MenuSettings {
    var menu = Menu(prompt: .text(""), choices: [], otherwise: "")
    /// nil: none of the keys.
    var optOut: String? = "0"

    var compiled: Menu {
        var menu = menu
        for index in menu.choices.indices { menu.choices[index].isOptOut = menu.choices[index].key == optOut }
        return menu
    }

    private static let keys = "0123456789*#"

    private static var key: Value<String> {
        .matching("a key: one of 0 to 9, `*`, `#`, in quotes") { $0.count == 1 && keys.contains($0) }
    }

    private static var optOutKey: Value<String?> {
        .init(
            expected: "\(key.expected), or `none`",
            read: { node, path, reading in
                if node.text == "none" { return .some(nil) }
                return key.read(node, path, &reading).map { .some($0) }
            }, write: { $0 ?? "none" })
    }

    private static var choices: Value<[Menu.Choice]> {
        .named(
            "key", name: key, countMax: keys.count, write: { "\($0.key) \($0.next)" },
            read: { key, node, path, reading in
                reading.note(node, at: path)
                return Value<NodeID>.reference.read(node, path, &reading).map { Menu.Choice(key: key, next: $0) }
            })
    }

    static var schema: Schema<MenuSettings> {
        Schema(
            "a menu",
            [
                Field("say", \.menu.prompt, .prompt, required: true),
                Field("choices", \.menu.choices, choices, required: true),
                Field("opt_out", \.optOut, optOutKey),
                Field("timeout_seconds", \.menu.timeoutMilliseconds, .milliseconds(500...60_000)),
                Field("tries", \.menu.tries, .integer(1...10)),
                Field("wrong_key", \.menu.wrongKey, .prompt), Field("no_key", \.menu.noKey, .prompt),
                Field("otherwise", \.menu.otherwise, .reference, required: true),
            ])
    }
}
