// What agents wrote about a contact, part of `/v1/contacts/{id}`.

internal import Basics
internal import Storage

enum NoteResource {
    static let shape = Shape<NoteRecord>.object(
        "Note", "What an agent wrote about a contact in wrap-up.",
        [
            Member("agent", .text, "Who wrote it.") { $0.agent.rawValue },
            Member("wrapUpSince", .time, "When the wrap-up began.") { $0.began },
            Member("disposition", Shape<String>.text.orNull, "A code of dispositions.yaml.") { $0.disposition },
            Member("text", .text, "") { $0.text },
        ])
}
