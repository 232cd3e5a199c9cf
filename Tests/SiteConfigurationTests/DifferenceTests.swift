// What `switchboard check --diff` prints.

import SiteConfiguration
import Testing

@Suite struct DifferenceTests {
    private func changes(_ files: [String: String?], from old: [String: String?] = [:]) throws -> [String] {
        let before = try ConfigurationFolder(old).load()
        let after = try ConfigurationFolder(old.merging(files, uniquingKeysWith: { $1 })).load()
        #expect(after.findings.filter { $0.severity == .error }.map(\.text) == [])
        return SiteConfiguration.difference(from: before.configuration, to: after.configuration).map(\.description)
    }

    @Test("The same configuration differs in nothing, whatever its comments") func nothing() throws {
        #expect(try changes(["site.yaml": "# Much to say.\n\ntime_zone: \"Europe/Berlin\"\n"]) == [])
    }

    @Test("A changed queue touches its agents, old and new, and the flows to it") func queue() throws {
        #expect(
            try changes(["queues.yaml": "queues:\n  sales:\n    members: [anna]\n    wrap_up_seconds: 30\n"]) == [
                "queue sales: members anna, ben → anna; touches agent anna, agent ben, flow main",
                "queue sales: wrap_up_seconds 15 → 30; touches agent anna, agent ben, flow main",
            ])
    }

    @Test("Added and removed agents touch their queues") func agents() throws {
        let agents = """
            agents:
              anna:
                name: Anna Berg
                devices:
                  anna-desk:
                    ha1: file:secrets/anna-desk
              carla:
                devices:
                  carla-desk:
                    ha1: file:secrets/carla-desk

            """
        #expect(
            try changes(["agents.yaml": agents, "queues.yaml": "queues:\n  sales:\n    members: [anna, carla]\n"]) == [
                "agent ben: removed; touches queue sales",
                "agent anna: name anna → Anna Berg; touches queue sales",
                "agent carla: added; touches queue sales",
                "queue sales: members anna, ben → anna, carla; touches agent anna, agent ben, agent carla, flow main",
            ])
    }

    @Test("Whatever is read at the start only needs a restart, and is told until there was one") func restart() throws {
        let old = ["site.yaml": "limits: {calls_max: 300}\n"]
        let new = [
            "listeners.yaml":
                "sip: {port: 5070, ban_seconds: 60}\nrtp: {no_rtp_seconds_max: 30}\nwebrtc: {agent_codec: opus}\nhttp: {idle_seconds: 30}\n",
            "site.yaml": "limits: {calls_max: 400, unsaved_turns_max: 5000, events_per_turn_max: 100}\nlog: {level: debug}\n",
        ]
        let restarts = [
            "site: log format text, level info → format text, level debug; needs a restart",
            "limits: calls_max 300 → 400; needs a restart",
            "limits: unsaved_turns_max 10000 → 5000; needs a restart",
            "sip: port 5060 → 5070; needs a restart",
            "sip: ban_seconds 300 → 60; needs a restart",
            "rtp: no_rtp_seconds_max 60 → 30; needs a restart",
            "webrtc: agent_codec auto → opus; needs a restart",
            "http: idle_seconds 60 → 30; needs a restart",
        ]
        var all = restarts
        all.insert("limits: events_per_turn_max 256 → 100", at: 2)
        #expect(try changes(new, from: old) == all)
        #expect(try changes(old, from: new).contains("limits: calls_max 400 → 300"), "fewer calls are taken at once")

        let started = try ConfigurationFolder(old).load().configuration
        let files = try ConfigurationFolder(new).load().configuration
        let running = files.keepingStart(of: started)
        #expect(SiteConfiguration.difference(from: running, to: files).map(\.description) == restarts)
        #expect(running.site.limits.eventsPerTurnMax == 100)
    }

    @Test("The log is told what changes, but neither names nor numbers") func summary() throws {
        let before = try ConfigurationFolder().load().configuration
        var after = before
        after.agents[0].name = "Anna Berg"
        after.listeners.sip.port = 5070
        #expect(
            SiteConfiguration.difference(from: before, to: after).map(\.summary) == [
                "sip: port changed; needs a restart", "agent anna: name changed",
            ])
    }

    @Test("A transfer that is recorded from now on is still the same step") func recordedTransfer() throws {
        func flow(_ more: String) -> String {
            "start: a\nnodes:\n  a: {do: transfer, trunk: carrier, number: \"1\"\(more), otherwise: b}\n  b: {do: hang_up}\n"
        }
        #expect(
            try changes(
                ["flows/main.yaml": flow(", record: true, record_announcement: We listen.")],
                from: ["flows/main.yaml": flow("")])
                == [
                    "flow main node a: record false → true; touches number 100",
                    "flow main node a: record_announcement none → We listen.; touches number 100",
                ])
    }

    @Test("A changed flow touches its numbers and names the step") func flows() throws {
        let flow = """
            start: menu
            nodes:
              menu:
                do: menu
                say: Press 2.
                choices: {"2": sales}
                otherwise: sales
              sales:
                do: queue
                queue: sales
                otherwise: goodbye
              goodbye:
                do: hang_up

            """
        #expect(
            try changes(["flows/main.yaml": flow]) == [
                "flow main node menu: say \"Press 1.\" → \"Press 2.\"; touches number 100",
                "flow main node menu: choices 1 sales → 2 sales; touches number 100",
                "flow main node sales: otherwise none → goodbye; touches number 100",
                "flow main node goodbye: added; touches number 100",
            ])
    }

    @Test("A changed hash is seen, but never shown") func secrets() throws {
        func agents(_ digit: Character) -> String {
            let hash = String(repeating: digit, count: 32)
            return "agents:\n  anna:\n    devices: {anna-desk: {ha1: \"anna-desk:switchboard:\(hash)\"}}\n"
        }
        let queues: [String: String?] = ["queues.yaml": "queues: {sales: {members: [anna]}}\n", "agents.yaml": agents("a")]
        let lines = try changes(["agents.yaml": agents("b")], from: queues)
        #expect(lines.count == 1)
        #expect(lines.allSatisfy { $0.hasPrefix("agent anna: devices ") && !$0.contains("aaaa") && !$0.contains("bbbb") })
    }
}
