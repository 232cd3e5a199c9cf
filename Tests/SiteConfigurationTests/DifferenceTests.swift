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

    @Test("A changed listener needs a restart, a changed limit does not") func listeners() throws {
        #expect(
            try changes(["listeners.yaml": "sip:\n  port: 5070\n  ban_seconds: 60\nhttp:\n  port: 8081\n"]) == [
                "sip: port 5060 → 5070; needs a restart",
                "sip: ban_seconds 300 → 60",
                "http: port 8080 → 8081; needs a restart",
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
