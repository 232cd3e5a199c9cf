// The floor as `/v1/floor` tells it; only what the table shows.

internal import Foundation

/// Queues, agents and calls at one moment.
nonisolated struct Floor: Decodable, Hashable, Sendable {
    struct Status: Decodable, Hashable, Sendable {
        var now: Date
        var startedAt: Date
        var registeredDevices: Int
    }

    struct Queue: Decodable, Hashable, Sendable {
        struct ServiceLevel: Decodable, Hashable, Sendable {
            /// From 0 to 1; nil before the first contact that counts.
            var value: Double?
            var thresholdSeconds: Int
        }

        struct Figures: Decodable, Hashable, Sendable {
            var offered: Int
            var answered: Int
            var abandoned: Int
        }

        var id: String
        var waiting: Int
        var longestWaitSeconds: Double
        var expectedWaitSeconds: Double?
        var membersSignedIn: Int
        var membersReady: Int
        var serviceLevel: ServiceLevel
        var figures: Figures
    }

    struct Agent: Decodable, Hashable, Sendable {
        struct Work: Decodable, Hashable, Sendable {
            /// ringing, talking, held, wrap-up.
            var kind: String
            var contact: Int
            var since: Date?
            var until: Date?
        }

        var id: String
        /// offline, available, pause.
        var state: String
        var reason: String?
        var since: Date
        var idleSince: Date
        var answered: Int
        var work: [Work]
    }

    struct Call: Decodable, Hashable, Sendable {
        var id: Int
        var state: String
        var queue: String?
        var agent: String?
        var arrivedAt: Date
        /// What happened to it last: another one means that there is something to read.
        var last: StoryLine?
    }

    var status: Status
    var queues: [Queue]
    var agents: [Agent]
    var calls: [Call]
    var callsLeftOut: Int
}

/// One line of a contact's story, as `/v1/contacts/{id}` tells it.
nonisolated struct StoryLine: Decodable, Hashable, Sendable {
    struct Why: Decodable, Hashable, Sendable {
        struct Candidate: Decodable, Hashable, Sendable { var agent: String }

        var keys: [String]
        var others: [Candidate]
    }

    var at: Date
    var kind: String
    var number: String?
    var key: String?
    var queue: String?
    var position: Int?
    var cause: String?
    var waitSeconds: Double?
    var agent: String?
    var why: Why?
    var outcome: String?
    var by: String?
}

/// A contact with its story.
nonisolated struct Story: Decodable, Hashable, Sendable {
    var id: Int
    var timeline: [StoryLine]
}

extension JSONDecoder {
    /// For the API's times, such as `2026-11-22T04:18:14.123Z`.
    nonisolated static var ofAPI: JSONDecoder {
        let decoder = JSONDecoder()
        decoder.dateDecodingStrategy = .custom { decoder in
            let text = try decoder.singleValueContainer().decode(String.self)
            return try Date(text, strategy: Date.ISO8601FormatStyle(includingFractionalSeconds: true))
        }
        return decoder
    }
}
