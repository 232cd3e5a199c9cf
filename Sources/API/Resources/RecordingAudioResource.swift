// `/v1/recordings/{id}/audio`: listening.

internal import Basics
internal import HTTP
internal import HTTPTypes
internal import SiteConfiguration
internal import Storage

enum RecordingAudioResource {
    private static let pieceBytes = 128 * 1024

    static let routes = [
        Route(
            method: .get, path: "/v1/recordings/{id}/audio", access: .role(.agent), summary: "The sound of a recording",
            notes: """
                A WAV file of two channels, the caller left and all others right, 8000 Hz, 16 bits; decrypted while it is sent. \
                With `tracks=parties` it has a channel for each party, in the order of `tracks` of the recording, at most eight: \
                whoever comes later shares the last one. \
                `Range` of one part is answered by 206, `If-None-Match` and `If-Range` are heeded. Who may listen stands in \
                recordings.yaml (`listen`); agents hear their own recordings at most. Every access gets a line in the audit \
                log before the first byte.
                """,
            parameters: [
                .path("id", .integer(0...UInt64(Int64.max)), "The id of the recording."),
                .query("tracks", .word(["stereo", "parties"]), "What the channels are; default: `stereo`."),
            ],
            answer: AnswerForm(
                status: .ok, description: "The WAV file.", contentType: "audio/wav",
                schema: ["type": "string", "format": "binary"], definitions: [:]),
            problems: [.notFound, .conflict, .gone, .rangeNotSatisfiable, .internalServerError, .serviceUnavailable],
            handle: audio)
    ]

    private static func audio(_ rest: RESTInterface, _ call: Call) async throws -> Reply {
        let record = try await RecordingResource.found(rest, call)
        switch record.state {
        case "saved": break
        case "recording": throw notFinished
        case "failed": throw noSound
        default: throw gone
        }
        let archive = rest.onLoop { rest.backend.recordings }
        guard let principal = call.principal, rest.onLoop({ archive.listener }) != .admin || principal.role >= .admin else {
            throw Problem.roleTooLow(needed: .admin)
        }
        let audio: any RecordingAudio
        do {
            audio = try await archive.open(record, call.text("tracks") == "parties" ? .parties : .stereo)
        } catch {
            switch error {
            case .fileMissing: throw noSound
            case .unreadable: throw unreadable
            }
        }
        let tag = "\"\(audio.tag)\""
        let fields: HTTPFields = [.eTag: tag, .acceptRanges: "bytes"]
        if let known = call.headers[.ifNoneMatch], lists(known, tag) { return Reply(status: .notModified, headers: fields) }
        // Parts of another file do not fit together (RFC 9110, 13.1.5).
        let isSame = call.headers[.ifRange].map { $0 == tag } ?? true
        let asked = ByteRange(isSame ? call.headers[.range] : nil, of: audio.byteCount)
        guard asked != .unsatisfiable else { throw behindTheEnd(audio.byteCount) }
        try await audit(rest, call, record.id, asked)
        var reply = Reply(headers: fields, contentType: "audio/wav")
        var range = 0..<audio.byteCount
        if case .part(let part) = asked {
            range = part
            reply.status = .partialContent
            reply.headers[.contentRange] = "bytes \(part.lowerBound)-\(part.upperBound - 1)/\(audio.byteCount)"
        }
        reply.pieces = Reply.Pieces(range: range, bytesMax: pieceBytes) { try await audio.bytes(in: $0) }
        return reply
    }

    /// Shown only once the audit line is on the disk: an access that nobody can prove does not happen.
    private static func audit(_ rest: RESTInterface, _ call: Call, _ id: RecordingID, _ range: ByteRange) async throws {
        var detail: [String: String] = [:]
        if case .part(let part) = range { detail["bytes"] = "\(part.lowerBound)-\(part.upperBound - 1)" }
        let entry = AuditEntry(
            actor: call.principal?.name ?? "", role: call.principal?.role.rawValue ?? "", action: "recording.listened",
            object: "recording/\(id)", detail: detail)
        if case .failure = await rest.backend.record(entry) { throw Problem.lookNotAudited }
    }

    private static func lists(_ field: String, _ tag: String) -> Bool {
        field.split(separator: ",").contains { one in
            let one = one.filter { $0 != " " }
            return one == "*" || one == tag || one == "W/" + tag
        }
    }

    // MARK: What can go wrong

    private static let notFinished = Problem(
        .conflict, code: "recording_running", detail: "The recording is not finished yet.",
        mend: "Try again a moment after the call has ended.", headers: [.retryAfter: "5"])

    private static let noSound = Problem(
        .notFound, code: "recording_without_sound", detail: "The recording failed, or its file is not there.",
        mend: "`switchboard recordings check` says which files are missing.")

    private static let gone = Problem(
        .gone, code: "recording_deleted", detail: "The recording was deleted when its time had passed.",
        mend: "Look at `deletedAt` in GET /v1/recordings/{id}.")

    private static let unreadable = Problem(
        .internalServerError, code: "recording_unreadable",
        detail: "The file of the recording is damaged, or its key is not here.",
        mend: "Ask the administrator for `switchboard recordings check`.")

    private static func behindTheEnd(_ count: Int) -> Problem {
        Problem(
            .rangeNotSatisfiable, code: "range_behind_the_end", detail: "The file has \(count) bytes.", field: "range",
            mend: "Ask for a part that begins before its end.", headers: [.contentRange: "bytes */\(count)"])
    }
}
