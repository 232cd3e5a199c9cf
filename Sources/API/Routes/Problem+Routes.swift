// Problems that several routes have.

internal import HTTP
internal import HTTPTypes
internal import Storage

extension Problem {
    static func unknown(_ kind: String, see list: String) -> Problem {
        Problem(
            .notFound, code: "\(kind)_unknown", detail: "There is no such \(kind).", field: "id",
            mend: "See the ids in GET \(list).")
    }

    /// Nothing promises that the change survives a crash now.
    static func notStored(_ error: StoreError) -> Problem {
        if error == .overloaded { return overloaded }
        return Problem(
            .serviceUnavailable, code: "storage_degraded",
            detail: "The change has been made, but it could not be stored for good: the disk does not take it at present.",
            mend: "Look at the storage in GET /v1/status; repeat the request when it is good again.",
            headers: [.retryAfter: "5"])
    }

    /// No look at personal data without its line in the audit log.
    static let notAudited = Problem(
        .serviceUnavailable, code: "storage_degraded",
        detail: "The number cannot be shown, because the access could not be written to the audit log.",
        field: "callerNumber", mend: "Leave `callerNumber` out, or wait until the storage in GET /v1/status is good.",
        headers: [.retryAfter: "5"])

    /// The same where all that was asked for is personal.
    static let lookNotAudited = Problem(
        .serviceUnavailable, code: "storage_degraded",
        detail: "This cannot be shown, because the access could not be written to the audit log.",
        mend: "Wait until the storage in GET /v1/status is good.", headers: [.retryAfter: "5"])

    static let overloaded = Problem(
        .serviceUnavailable, code: "overloaded",
        detail: "The change has not been made: more waits to be done than can be taken on.", mend: "Repeat the request.",
        headers: [.retryAfter: "1"])

    static let historyUnreadable = Problem(
        .serviceUnavailable, code: "history_unreadable", detail: "History cannot be read from the disk at present.",
        mend: "Look at the storage in GET /v1/status, and try again.", headers: [.retryAfter: "5"])
}
