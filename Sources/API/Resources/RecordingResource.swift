// `/v1/recordings`: the index of recordings.

internal import Basics
internal import HTTP
internal import HTTPTypes
internal import SiteConfiguration
internal import Storage

enum RecordingResource {
    static let summary = Shape<RecordingRecord>.object(
        "Recording", "A recording of a contact.",
        [
            Member("id", .identifier, "") { $0.id.rawValue },
            Member("contact", .identifier, "See /v1/contacts/{id}.") { $0.contact.rawValue },
            Member("queue", Shape<String>.text.orNull, "") { $0.queue?.rawValue },
            Member("agent", Shape<String>.text.orNull, "") { $0.agent?.rawValue },
            Member("dialled", Shape<String>.text.orNull, "") { $0.dialled },
            Member("channel", .text, "`voice`.") { $0.channel },
            Member("startedAt", .time, "") { $0.started },
            Member("endedAt", Shape<Instant>.time.orNull, "") { $0.ended },
            Member("seconds", Shape<Double>.seconds.orNull, "Length of the audio.") { $0.seconds },
            Member("state", .text, "`recording`, `saved` or `failed`.") { $0.state },
            Member("file", .text, "Below the folder of recordings.") { $0.file },
        ])

    static let list = Shape<Page<RecordingRecord>>.object(
        "RecordingList", "A page of recordings, newest first.", Page.members(summary))

    static let routes = [
        Route(
            method: .get, path: "/v1/recordings", access: .role(.supervisor), summary: "Recordings, newest first",
            parameters: [
                .query("contact", .integer(0...UInt64(Int64.max)), "Only those of this contact."),
                .query("queue", .name, "Only those of this queue."), .query("agent", .name, "Only those of this agent."),
            ] + Parameter.page(200), answer: .json(list, "A page."), problems: [.serviceUnavailable]
        ) { rest, call in
            let reader = rest.onLoop { rest.backend.reader }
            let limit = call.limit
            let found: [RecordingRecord]
            do {
                found = try await reader.recordings(
                    before: call.cursor.map { RecordingID(rawValue: $0) }, limit: limit + 1,
                    contact: call.text("contact").flatMap { UInt64($0) }.map { ContactID(rawValue: $0) },
                    queue: call.text("queue").map { QueueID($0) }, agent: call.text("agent").map { AgentID($0) })
            } catch {
                throw Problem.historyUnreadable
            }
            return try await rest.later(list) { Page(found, limit: limit) { String($0.id.rawValue) } }
        }
    ]
}
