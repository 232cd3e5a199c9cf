// `/v1/status`, `/metrics`: how the daemon is.

internal import Basics
internal import ContactCenter
internal import HTTPTypes
internal import SiteConfiguration

enum StatusResource {
    struct View: Sendable {
        let now: Instant
        let status: SystemStatus
        let isFallbackOnly: Bool
        let contacts: Int
    }

    static let shape = Shape<View>.object(
        "Status", "How the daemon is.",
        [
            Member("version", .text, "Of the program.") { $0.status.version },
            Member("now", .time, "The time as the rules are told it.") { $0.now },
            Member("startedAt", .time, "") { $0.status.startedAt },
            Member("configurationVersion", .text, "The same configuration has the same version on every machine.") {
                $0.status.configurationVersion
            },
            Member("storage", .text, "`good`, or what is wrong with the disk.") { $0.status.storage },
            Member("unsavedTurns", .count, "What is in memory and not on the disk yet.") { $0.status.unsavedTurns },
            Member("admission", .word(["open", "fallback"]), "`fallback`: new calls take the fallback of their number.") {
                $0.isFallbackOnly ? "fallback" : "open"
            },
            Member("contacts", .count, "Contacts that have not ended.") { $0.contacts },
            Member("calls", .count, "Calls with SIP peers.") { $0.status.calls },
            Member("legs", .count, "Legs with media.") { $0.status.legs },
            Member("recordings", .count, "Recordings under way.") { $0.status.recordings },
            Member("registeredDevices", .count, "") { $0.status.registeredDevices },
            Member("invariantViolations", .count, "More than 0 is a fault of the program.") { $0.status.invariantViolations },
        ])

    static let routes = [
        Route(
            method: .get, path: "/v1/status", access: .role(.reader), summary: "How the daemon is",
            answer: .json(shape, "The state of the daemon.")
        ) { rest, _ in
            .json(
                shape,
                rest.onLoop {
                    let center = rest.backend.center
                    return View(
                        now: rest.backend.now, status: rest.backend.status, isFallbackOnly: center.isFallbackOnly,
                        contacts: center.contacts.count)
                })
        },
        Route(
            method: .get, path: "/metrics", access: .role(.reader), summary: "Metrics for Prometheus",
            notes: "An ordinary route and no hot path: a first token takes 20 to 50 ms of another thread to verify.",
            answer: .text("text/plain; version=0.0.4; charset=utf-8", "Prometheus' text format, version 0.0.4.")
        ) { rest, _ in .text("text/plain; version=0.0.4; charset=utf-8", rest.onLoop { rest.backend.metrics() }) },
    ]
}
