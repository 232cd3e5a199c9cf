// `/v1/recordings`: the index of recordings, and how they fare.

internal import Basics
internal import HTTP
internal import HTTPTypes
internal import SiteConfiguration
internal import Storage

enum RecordingResource {
    private static let states = ["recording", "saved", "failed", "deleting", "deleted"]
    /// The time over which `health` counts if none is said.
    private static let healthSeconds = 86_400

    private static let hold = Shape<RecordingRecord.Hold>.object(
        "RecordingHold", "Why nobody may delete it.",
        [
            Member("reason", .text, "") { $0.reason }, Member("by", .text, "The name of the token.") { $0.by },
            Member("at", .time, "") { $0.at },
        ])

    private static let track = Shape<RecordingRecord.Track>.object(
        "RecordingTrack", "Whose voice it has.",
        [
            Member("party", .word(["caller", "agent", "supervisor", "other"]), "") { $0.party },
            Member("agent", Shape<String>.text.orNull, "") { $0.agent?.rawValue },
            Member("leg", .identifier, "On which the party first came.") { $0.leg.rawValue },
            Member("channel", .count, "Of the file with `tracks=parties`, from 0.") { $0.channel },
            Member("from", .time, "Since when the caller has heard the party.") { $0.from },
            Member("to", Shape<Instant>.time.orNull, "Until when at the latest; null: still.") { $0.to },
        ])

    static let summary = Shape<RecordingRecord>.object(
        "Recording", "A recording of a contact.",
        [
            Member("id", .identifier, "") { $0.id.rawValue },
            Member("contact", .identifier, "See /v1/contacts/{id}.") { $0.contact.rawValue },
            Member("queue", Shape<String>.text.orNull, "") { $0.queue?.rawValue },
            Member("agent", Shape<String>.text.orNull, "") { $0.agent?.rawValue },
            Member("dialled", Shape<String>.text.orNull, "The number of the center that was dialled.") { $0.dialled },
            Member("seat", Shape<String>.text.orNull, "The agent's device.") { $0.seat },
            Member("trunk", Shape<String>.text.orNull, "") { $0.trunk?.rawValue },
            Member("trunkChannel", Shape<Int>.count.orNull, "From 1.") { $0.trunkChannel },
            Member("callerKey", Shape<String>.text.orNull, "A keyed hash: the same caller has the same key.") {
                $0.caller?.rawValue
            },
            Member("direction", Shape<String>.word(["in", "out"]).orNull, "`out`: the center has called.") { $0.direction },
            Member("channel", .text, "`voice`.") { $0.channel },
            Member("startedAt", .time, "") { $0.started },
            Member("endedAt", Shape<Instant>.time.orNull, "") { $0.ended },
            Member("seconds", Shape<Double>.seconds.orNull, "Length of the audio.") { $0.seconds },
            Member("state", .word(states), "`deleted`: its time had passed; this row is what is left.") { $0.state },
            Member("file", .text, "Below the folder of recordings.") { $0.file },
            Member(
                "tracks", track.list, "The caller and whom the caller heard, in order; empty: made before they were noted."
            ) { $0.tracks ?? [] },
            Member("hold", hold.orNull, "Null: it may be deleted when its time has passed.") { $0.hold },
            Member("deletedAt", Shape<Instant>.time.orNull, "") { $0.deleted },
        ])

    static let list = Shape<Page<RecordingRecord>>.object(
        "RecordingList", "A page of recordings, newest first.", Page.members(summary))

    static let health = Shape<RecordingHealth>.object(
        "RecordingHealth", "How recordings fared that began in this time.",
        [
            Member("from", .time, "") { $0.from }, Member("to", .time, "") { $0.to },
            Member("toBeRecorded", .count, "Every contact that was to be recorded counts from its first second.") { $0.begun },
            Member("playable", .count, "Have a file as long as what was recorded, a second more or less.") { $0.playable },
            Member("wrongLength", .count, "Have a file of another length.") { $0.wrongLength },
            Member("failed", .count, "") { $0.failed },
            Member("running", .count, "Not over yet.") { $0.running },
            Member("deleted", .count, "After their time; they count above by what they were.") { $0.deleted },
            Member("held", .count, "Under legal hold.") { $0.held },
            Member(
                "successRate", Shape<Double>.share.orNull,
                "playable / (toBeRecorded - running); null before the first one is over."
            ) { $0.successRate },
        ])

    private static let filters: [Parameter] = [
        .query("contact", .integer(0...UInt64(Int64.max)), "Only those of this contact."),
        .query("queue", .name, "Only those of this queue."), .query("agent", .name, "Only those of this agent."),
        .query("dialled", .name, "Only those of calls to this number of the center."),
        .query("seat", .name, "Only those at this device of an agent."),
        .query("trunk", .name, "Only those over this trunk."),
        .query("trunkChannel", .integer(1...UInt64(Int32.max)), "Only those over this channel."),
        .query("callerKey", .name, "Only those of this caller, as `callerKey` shows it."),
        .query("direction", .word(["in", "out"]), "Only calls to the center, or only its own."),
        .query("state", .word(states), "Only those in this state."),
        .query("from", .time, "Only those begun at this time or later."),
        .query("to", .time, "Only those begun before this time."),
        .query("secondsMin", .integer(0...86_400), "Only those that are so long."),
        .query("secondsMax", .integer(0...86_400), "Only those that are no longer."),
        .query("held", .word(["true", "false"]), "Only those under legal hold, or not."),
    ]

    static let routes =
        [
            Route(
                method: .get, path: "/v1/recordings", access: .role(.supervisor), summary: "Recordings, newest first",
                notes: "Conditions can be combined; each narrows the list.", parameters: filters + Parameter.page(200),
                answer: .json(list, "A page."), problems: [.serviceUnavailable], handle: page),
            Route(
                method: .get, path: "/v1/recordings/health", access: .role(.supervisor),
                summary: "How many recordings succeeded",
                parameters: [
                    .query("from", .time, "Begun at this time or later; default: a day before `to`."),
                    .query("to", .time, "Begun before this time; default: now."),
                ], answer: .json(health, "The counts."), problems: [.serviceUnavailable], handle: figures),
            Route(
                method: .get, path: "/v1/recordings/{id}", access: .role(.agent), summary: "One recording",
                notes: "Agents are shown their own if they may listen to them (`listen` in recordings.yaml); of others 404.",
                parameters: [.path("id", .integer(0...UInt64(Int64.max)), "The id of the recording.")],
                answer: .json(summary, "The recording."), problems: [.notFound, .serviceUnavailable]
            ) { rest, call in Reply.json(summary, try await found(rest, call)) },
        ] + RecordingAudioResource.routes + RecordingHoldResource.routes

    private static func page(_ rest: RESTInterface, _ call: Call) async throws -> Reply {
        let reader = rest.onLoop { rest.backend.reader }
        let limit = call.limit
        let found: [RecordingRecord]
        do {
            found = try await reader.recordings(
                query(call), before: call.cursor.map { RecordingID(rawValue: $0) }, limit: limit + 1)
        } catch {
            throw Problem.historyUnreadable
        }
        return try await rest.later(list) { Page(found, limit: limit) { String($0.id.rawValue) } }
    }

    private static func query(_ call: Call) -> RecordingQuery {
        func number(_ name: String) -> Int? { call.text(name).flatMap { Int($0) } }
        var query = RecordingQuery()
        query.contact = call.text("contact").flatMap { UInt64($0) }.map { ContactID(rawValue: $0) }
        query.queue = call.text("queue").map { QueueID($0) }
        query.agent = call.text("agent").map { AgentID($0) }
        query.dialled = call.text("dialled")
        query.seat = call.text("seat")
        query.trunk = call.text("trunk").map { TrunkID($0) }
        query.trunkChannel = number("trunkChannel")
        query.caller = call.text("callerKey").map { CallerKey($0) }
        query.direction = call.text("direction")
        query.state = call.text("state")
        query.from = call.time("from")
        query.to = call.time("to")
        query.secondsMin = number("secondsMin").map(Double.init)
        query.secondsMax = number("secondsMax").map(Double.init)
        query.isHeld = call.text("held").map { $0 == "true" }
        return query
    }

    private static func figures(_ rest: RESTInterface, _ call: Call) async throws -> Reply {
        let (reader, now) = rest.onLoop { (rest.backend.reader, rest.backend.now) }
        let to = call.time("to") ?? now
        let from = call.time("from") ?? to - .seconds(healthSeconds)
        do {
            return Reply.json(health, try await reader.recordingHealth(from: from, to: to))
        } catch {
            throw Problem.historyUnreadable
        }
    }

    /// The recording, for who may listen to it; the others hear the same as of one that does not exist.
    static func found(_ rest: RESTInterface, _ call: Call) async throws -> RecordingRecord {
        let (reader, archive) = rest.onLoop { (rest.backend.reader, rest.backend.recordings) }
        let listener = rest.onLoop { archive.listener }
        let unknown = Problem.unknown("recording", see: "/v1/recordings")
        guard let principal = call.principal, principal.role >= .supervisor || listener == .agent else { throw unknown }
        let record: RecordingRecord?
        do {
            record = try await reader.recording(RecordingID(rawValue: call.number("id")))
        } catch {
            throw Problem.historyUnreadable
        }
        guard let record, principal.mayAct(for: record.agent) else { throw unknown }
        return record
    }
}
