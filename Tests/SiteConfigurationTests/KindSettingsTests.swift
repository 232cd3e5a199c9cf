// Kinds of work and what agents have room for: what is written becomes what the router weighs, and mistakes are named.

import ACD
import Basics
import ContactCenter
import Testing

@testable import SiteConfiguration

@Suite struct KindSettingsTests {
    private static let kinds = """
        kinds:
          chat:
            channel: chat
            weight: 20
            interrupted_by: [call, mail]
            per_agent_max: 5
            concurrency: {least: 2, most: 5, raise_at_waiting: 10, lower_at_waiting: 3, satisfaction_below: 80}
          mail: {channel: email, weight: 60, priority_class: -1, boost_seconds: 5, kept_seconds_max: 7200, handle_seconds_max: 600}
          ticket: {channel: ticket, weight: all}

        """

    private static func agents(_ anna: String) -> String {
        """
        agents:
          anna:
            \(anna)
            devices: {anna-desk: {ha1: file:a}}
          ben:
            devices: {ben-desk: {ha1: file:b}}

        """
    }

    private func load(
        kinds: String = kinds, queue: String = "[call, chat, mail, ticket]", anna: String = "capacity: 100"
    ) throws -> LoadedConfiguration {
        try ConfigurationFolder([
            "routing.yaml": kinds, "agents.yaml": Self.agents(anna),
            "queues.yaml": "queues:\n  sales:\n    members: [anna, ben]\n    kinds: \(queue)\n",
        ]).load()
    }

    @Test("kinds, what queues take, and the limits of agents arrive as the router needs them")
    func everything() throws {
        let loaded = try load(anna: "capacity: 150\n    kinds: [call, chat]\n    most: {chat: 3}")
        #expect(loaded.findings.filter { $0.severity == .error }.map(\.description) == [])
        let compiled = loaded.configuration.compile(now: Instant(seconds: 1_795_000_000))
        let chat = WorkKind(
            id: "chat", channel: .chat, weight: 20, interruptedBy: [.call, "mail"], perAgentMax: 5,
            concurrency: .init(least: 2, most: 5, raiseAtWaiting: 10, lowerAtWaiting: 3, satisfactionBelow: 80))
        let mail = WorkKind(
            id: "mail", channel: .email, weight: 60, priorityClass: -1, boostSeconds: 5, keptSecondsMax: 7200,
            handleSecondsMax: 600)
        #expect(compiled.kinds == [chat, mail, WorkKind(id: "ticket", channel: .ticket)])
        #expect(compiled.queues.first?.kinds == [.call, "chat", "mail", "ticket"])
        let limits = AgentLimits(capacity: 150, kinds: [.call, "chat"], most: [.init(kind: "chat", count: 3)])
        #expect(compiled.agents.map(\.limits) == [limits, nil])
    }

    @Test("who says nothing of kinds has calls alone, and the version of before")
    func nothingNew() throws {
        let compiled = try ConfigurationFolder().load().configuration.compile(now: Instant(seconds: 1_795_000_000))
        #expect(compiled.kinds.isEmpty && compiled.queues.map(\.kinds) == [[.call]])
        #expect(compiled.agents.allSatisfy { $0.limits == nil })
    }

    /// What is written, and the file, the line and a part of the text of its finding.
    nonisolated private static let mistakes: [(kinds: String, queue: String, anna: String, finding: String)] = [
        ("kinds: {chat: {channel: chat, weight: 0}}", "[call]", "capacity: 100", "out of range"),
        ("kinds: {chat: {channel: chat, weight: -5}}", "[call]", "capacity: 100", "out of range"),
        (
            "kinds: {chat: {channel: chat, weight: 120}}", "[call]", "capacity: 100",
            "takes 120 units, and no agent has more than 100"
        ),
        ("kinds: {chat: {channel: chat, interrupted_by: [cal]}}", "[call]", "capacity: 100", "unknown kind of work `cal`"),
        (
            "kinds: {chat: {channel: chat, interrupted_by: [chat]}}", "[call]", "capacity: 100",
            "kind `chat` would come on top of itself"
        ),
        ("kinds: {chat: {weight: 20}}", "[call]", "capacity: 100", "has no channel"),
        ("kinds: {chat: {channel: voice}}", "[call]", "capacity: 100", "only `call` comes over voice"),
        ("kinds: {call: {channel: chat}}", "[call]", "capacity: 100", "calls come over voice"),
        (
            "kinds: {chat: {channel: chat, concurrency: {least: 4, most: 2, raise_at_waiting: 9, lower_at_waiting: 3}}}",
            "[call]",
            "capacity: 100", "the least number of `chat` is 4 and the most 2"
        ),
        (
            "kinds: {chat: {channel: chat, concurrency: {least: 1, most: 2, raise_at_waiting: 3, lower_at_waiting: 9}}}",
            "[call]",
            "capacity: 100", "up and down for ever"
        ),
        (kinds, "[call, fax]", "capacity: 100", "unknown kind of work `fax`"),
        (kinds, "[]", "capacity: 100", "takes no kind of work"),
        (kinds, "[chat]", "capacity: 100", "queue `sales` takes no calls"),
        (kinds, "[call]", "kinds: [call, fax]", "unknown kind of work `fax`"),
        (kinds, "[call]", "most: {fax: 1}", "unknown kind of work `fax`"),
        (kinds, "[call]", "capacity: 0", "out of range"),
        (kinds, "[call]", "{capacity: 30, kinds: [call, mail]}", "has 30 units, and a piece of `mail` takes 60"),
    ]

    @Test("each mistake is an error at its place", arguments: mistakes)
    func mistake(kinds: String, queue: String, anna: String, finding: String) throws {
        let lines = anna.hasPrefix("{") ? "capacity: 30\n    kinds: [call, mail]" : anna
        let errors = try load(kinds: kinds + "\n", queue: queue, anna: lines).findings.filter { $0.severity == .error }
        #expect(errors.contains { $0.description.contains(finding) }, "\(errors.map(\.description))")
    }

    @Test("a queue whose members do none of its work is an error")
    func nobody() throws {
        let agents = """
            agents:
              anna: {kinds: [call], devices: {anna-desk: {ha1: file:a}}}
              ben: {most: {ticket: 0}, devices: {ben-desk: {ha1: file:b}}}

            """
        let folder = try ConfigurationFolder([
            "routing.yaml": Self.kinds, "agents.yaml": agents,
            "queues.yaml": "queues:\n  sales:\n    members: [anna, ben]\n    kinds: [call, ticket]\n",
        ])
        let errors = folder.load().findings.filter { $0.severity == .error }.map(\.description)
        #expect(
            errors.count == 1 && errors.first?.contains("nobody in queue `sales` does work of the kind `ticket`") == true,
            "\(errors)")
    }
}
