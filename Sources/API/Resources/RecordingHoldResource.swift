// `/v1/recordings/{id}/hold`: what nobody may delete.

internal import Basics
internal import HTTP
internal import HTTPTypes
internal import SiteConfiguration
internal import Storage

enum RecordingHoldResource {
    private static let parameters: [Parameter] = [
        .path("id", .integer(0...UInt64(Int64.max)), "The id of the recording.")
    ]

    static let routes = [
        Route(
            method: .post, path: "/v1/recordings/{id}/hold", access: .role(.admin), summary: "Put a recording under legal hold",
            notes: """
                Answers when the hold is on the disk, with its audit line. From then on nothing deletes the recording, \
                whatever its retention says.
                """, parameters: parameters,
            body: [BodyMember(name: "reason", description: "Why, for whoever asks later.", isRequired: true, lengthMax: 500)],
            answer: .json(RecordingResource.summary, "The recording."),
            problems: [.notFound, .conflict, .gone, .serviceUnavailable]
        ) { rest, call in
            try await change(rest, call, "recording.held") { archive, id, reason, audit throws(StoreError) in
                let (by, now) = rest.onLoop { (call.principal?.name ?? "", rest.backend.now) }
                return try await archive.hold(id, .init(reason: reason, by: by, at: now), audit: audit)
            }
        },
        Route(
            method: .post, path: "/v1/recordings/{id}/hold/lift", access: .role(.admin), summary: "Lift a legal hold",
            notes: "If the time of the recording has passed, it is deleted soon after.", parameters: parameters,
            body: [BodyMember(name: "reason", description: "Why, for whoever asks later.", isRequired: true, lengthMax: 500)],
            answer: .json(RecordingResource.summary, "The recording."),
            problems: [.notFound, .conflict, .gone, .serviceUnavailable]
        ) { rest, call in
            try await change(rest, call, "recording.hold.lifted") { archive, id, _, audit throws(StoreError) in
                try await archive.liftHold(id, audit: audit)
            }
        },
    ]

    private static func change(
        _ rest: RESTInterface, _ call: Call, _ action: String,
        _ act: (any RecordingArchive, RecordingID, String, AuditEntry) async throws(StoreError) -> Store.HoldOutcome
    ) async throws -> Reply {
        let id = RecordingID(rawValue: call.number("id"))
        let reason = call.member("reason") ?? ""
        guard reason.contains(where: { !$0.isWhitespace }) else {
            throw BodyMember.refusal("reason", "Say why in a few words.")
        }
        let (archive, reader) = rest.onLoop { (rest.backend.recordings, rest.backend.reader) }
        // A recording that has just begun has its row in a turn that is still on its way.
        _ = await rest.backend.settle()
        let audit = AuditEntry(
            actor: call.principal?.name ?? "", role: call.principal?.role.rawValue ?? "", action: action,
            object: "recording/\(id)", detail: ["reason": reason])
        let outcome: Store.HoldOutcome
        do {
            outcome = try await act(archive, id, reason, audit)
        } catch {
            throw notChanged
        }
        switch outcome {
        case .done: break
        case .unknown: throw Problem.unknown("recording", see: "/v1/recordings")
        case .deleted: throw gone
        case .unchanged: throw unchanged
        }
        do {
            guard let record = try await reader.recording(id) else { throw Problem.historyUnreadable }
            return Reply.json(RecordingResource.summary, record)
        } catch {
            throw Problem.historyUnreadable
        }
    }

    private static let notChanged = Problem(
        .serviceUnavailable, code: "storage_degraded", detail: "The hold has not been changed: the disk does not take it.",
        mend: "Wait until the storage in GET /v1/status is good, and repeat the request.", headers: [.retryAfter: "5"])

    private static let gone = Problem(
        .gone, code: "recording_deleted", detail: "The recording is deleted, or is being deleted at this moment.",
        mend: "Look at `deletedAt` in GET /v1/recordings/{id}.")

    private static let unchanged = Problem(
        .conflict, code: "hold_unchanged",
        detail: "The recording is under hold already; or under none, if one was to be lifted.",
        mend: "Look at `hold` in GET /v1/recordings/{id}.")
}
