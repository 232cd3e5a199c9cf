// For every kind of mistake: the whole line that an admin gets to read.

import ACD
import Foundation
import SiteConfiguration
import Testing

@Suite struct FindingTests {
    /// One mistake: the files that differ from the sound center, and what is said.
    struct Mistake: CustomTestStringConvertible, Sendable {
        var testDescription: String
        var files: [String: String?]
        var findings: [String]

        init(_ name: String, _ files: [String: String?], _ findings: String...) {
            testDescription = name
            self.files = files
            self.findings = findings
        }
    }

    @Test("The center that the tests start from has no findings") func soundCenter() throws {
        #expect(try ConfigurationFolder().findings() == [])
    }

    @Test(
        "A mistake is found at its place, and its mend is told",
        arguments: yaml + keys + values + references + center + listeners)
    func mistake(_ mistake: Mistake) throws {
        let findings = try ConfigurationFolder(mistake.files).findings()
        #expect(findings == mistake.findings, "\(findings.joined(separator: "\n"))")
    }

    @Test("A mistake in a flow is found at its place, and its mend is told", arguments: flows)
    func mistakeInFlow(_ mistake: Mistake) throws {
        let findings = try ConfigurationFolder(mistake.files).findings()
        #expect(findings == mistake.findings, "\(findings.joined(separator: "\n"))")
    }

    @Test("A number that leads to an unreadable flow is not blamed for it") func unreadableFlow() throws {
        let findings = try ConfigurationFolder(["flows/main.yaml": "start: [\n"]).findings()
        #expect(findings.count == 1)
        #expect(findings.first?.hasPrefix("Config/flows/main.yaml:2:1: error: YAML cannot be read") == true)
    }

    @Test("A large center is read and checked in a time that a reload may take") func large() throws {
        let count = 2000
        var agents = "agents:\n"
        var queues = "queues:\n"
        for index in 0..<count { agents += "  a\(index):\n    devices:\n      d\(index): {ha1: file:secrets/d\(index)}\n" }
        for queue in 0..<20 {
            let members = (0..<500).map { "a\(($0 + queue * 75) % count)" }.joined(separator: ", ")
            queues += "  \(queue == 0 ? "sales" : "q\(queue)"):\n    members: [\(members)]\n"
        }
        let folder = try ConfigurationFolder(["agents.yaml": agents, "queues.yaml": queues])
        var loaded: LoadedConfiguration?
        let time = ContinuousClock().measure { loaded = folder.load() }
        #expect(loaded?.findings == [])
        #expect(loaded?.configuration.queues.map(\.rules.members.count) == Array(repeating: 500, count: 20))
        #expect(time < .seconds(20), "\(time)")
    }

    private static let mendYAML = "mend the YAML here or just above: indentation, quotes, a missing colon"

    static let yaml = [
        Mistake(
            "broken YAML", ["site.yaml": "name: \"open\nlog: {format: text}\n"],
            "Config/site.yaml:3:1: error: YAML cannot be read: while scanning a quoted scalar: found unexpected end of stream; \(mendYAML)"
        ),
        Mistake(
            "tab as indentation", ["site.yaml": "log:\n\tlevel: info\n"],
            "Config/site.yaml:2:1: error: YAML cannot be read: while scanning for the next token: found character that cannot start any token; \(mendYAML)"
        ),
        Mistake(
            "two documents", ["site.yaml": "name: a\n---\nname: b\n"],
            "Config/site.yaml:2:1: error: YAML cannot be read: expected a single document in the stream: but found another document; \(mendYAML)"
        ),
        Mistake(
            "duplicate key", ["site.yaml": "name: a\nlanguage: en\nname: b\n"],
            "Config/site.yaml:3:1: error: `name` stands twice in the same mapping (first in line 1); keep one of them"),
        Mistake(
            "duplicate agent",
            ["agents.yaml": "agents:\n  anna:\n    devices: {a: {ha1: env:A}}\n  anna:\n    devices: {b: {ha1: env:B}}\n"],
            "Config/agents.yaml:4:3: error: `anna` stands twice in the same mapping (first in line 2); keep one of them"),
        Mistake(
            "alias", ["site.yaml": "name: &a Center\nlanguage: *a\n"],
            "Config/site.yaml:1:7: error: an anchor (`&`) is not allowed here; write the value out, or put a text that begins with `&` in quotes"
        ),
        Mistake(
            "tag", ["site.yaml": "name: !!binary aGFsbG8=\n"],
            "Config/site.yaml:1:7: error: a tag (`!`) is not allowed here; write the value out, or put a text that begins with `!` in quotes"
        ),
        Mistake(
            "too deep", ["site.yaml": "name: " + String(repeating: "[", count: 20) + "\n"],
            "Config/site.yaml:1:23: error: brackets nested deeper than 16; write fewer of them"),
        Mistake(
            "too large", ["site.yaml": String(repeating: "# much\n", count: 200_000)],
            "Config/site.yaml:1:1: error: the file cannot be read, or is larger than 1048576 bytes; check its rights and size"),
        Mistake(
            "a list instead of keys", ["site.yaml": "- name\n"],
            "Config/site.yaml:1:1: error: `site.yaml` is a list; write the keys of site.yaml"),
        Mistake(
            "misspelt file", ["queue.yaml": "queues:\n"],
            "Config/queue.yaml:1:1: warning: `queue.yaml` is not read; did you mean `queues.yaml`?"),
    ]

    static let keys = [
        Mistake(
            "unknown key", ["site.yaml": "time_zon: Europe/Berlin\n"],
            "Config/site.yaml:1:1: error: unknown key `time_zon` in site.yaml; did you mean `time_zone`?"),
        Mistake(
            "unknown key far from any", ["site.yaml": "speech:\n  colour: red\n"],
            "Config/site.yaml:2:3: error: unknown key `colour` in speech; known: voice"),
        Mistake(
            "missing key", ["trunks.yaml": "trunks:\n  carrier:\n    channels: 3\n"],
            "Config/trunks.yaml:2:3: error: `carrier` has no `peer`; add `peer:`"),
        Mistake(
            "bad name", ["queues.yaml": "queues:\n  Sales:\n    members: [anna]\n", "flows/main.yaml": toQueue("sales")],
            "Config/flows/main.yaml:5:12: error: unknown queue `sales`; no queue is defined yet",
            "Config/queues.yaml:2:3: error: `Sales` cannot stand here; write a name: lower-case letters, digits, `-` and `_`, at most 64, not beginning with `-` or `_`"
        ),
    ]

    static let values = [
        Mistake(
            "wrong type", ["site.yaml": "limits:\n  calls_max: many\n"],
            "Config/site.yaml:2:14: error: `calls_max` is `many`; write a whole number from 1 to 10000"),
        Mistake(
            "a text where a number belongs", ["site.yaml": "limits:\n  calls_max: \"5\"\n"],
            "Config/site.yaml:2:14: error: `calls_max` is `5`; write a whole number from 1 to 10000"),
        Mistake(
            "out of range", ["site.yaml": "limits:\n  calls_max: 0\n"],
            "Config/site.yaml:2:14: error: `calls_max` is 0, out of range; write a whole number from 1 to 10000"),
        Mistake(
            "a mapping where a number belongs", ["site.yaml": "limits:\n  calls_max: {a: 1}\n"],
            "Config/site.yaml:2:3: error: `calls_max` is a mapping; write a whole number from 1 to 10000"),
        Mistake(
            "YAML 1.1 truth", ["queues.yaml": "queues:\n  sales:\n    members: [anna]\n    join_empty: yes\n"],
            "Config/queues.yaml:4:17: error: `join_empty` is `yes`; write `true` or `false`"),
        Mistake(
            "unknown word", ["site.yaml": "log:\n  level: inof\n"],
            "Config/site.yaml:2:10: error: `level` is `inof`; did you mean `info`?"),
        Mistake(
            "unknown time zone", ["site.yaml": "time_zone: Europe/Berlni\n"],
            "Config/site.yaml:1:12: error: there is no time zone `Europe/Berlni`; did you mean `Europe/Berlin`?"),
        Mistake(
            "host name as peer", ["trunks.yaml": "trunks:\n  carrier:\n    peer: sip.carrier.example:5060\n"],
            "Config/trunks.yaml:3:11: error: `peer` is `sip.carrier.example:5060`; write a numeric address and a port such as `192.0.2.1:5060` or `[2001:db8::1]:5060`"
        ),
        Mistake(
            "span over midnight", ["hours.yaml": "hours:\n  office:\n    monday: [\"22:00-06:00\"]\n"],
            "Config/hours.yaml:3:14: error: `22:00-06:00` ends before it begins; write `22:00-24:00` here and the rest on the next day"
        ),
        Mistake(
            "spans overlap", ["hours.yaml": "hours:\n  office:\n    monday: [\"09:00-12:00\", \"11:00-17:00\"]\n"],
            "Config/hours.yaml:3:13: error: `monday` has time spans that overlap; write each minute once"),
        Mistake(
            "no such date", ["hours.yaml": "hours:\n  office:\n    holidays:\n      2026-02-29: closed\n"],
            "Config/hours.yaml:4:7: error: `2026-02-29` cannot stand here; write a date such as `2026-12-25`"),
        Mistake(
            "plain password", ["agents.yaml": agents(ha1: "hunter2")],
            "Config/agents.yaml:5:14: error: `ha1` holds a plain secret; \(plainMend)"),
        Mistake(
            "password key", ["agents.yaml": agents(ha1: "env:A\n        password: hunter2")],
            "Config/agents.yaml:5:14: error: the environment has no `A`; set it before the daemon starts, to what `switchboard password anna-desk` prints",
            "Config/agents.yaml:6:9: error: `password` would be a plain secret, which never stands here; \(plainMend)"),
        Mistake(
            "plain token", ["api.yaml": "tokens:\n  admin:\n    role: admin\n    token: admin.0123456789\n"],
            "Config/api.yaml:4:12: error: `token` holds a plain secret; \(plainMend)"),
        Mistake(
            "secret outside the state folder", ["agents.yaml": agents(ha1: "file:../../etc/passwd")],
            "Config/agents.yaml:5:14: error: `ha1` names a file outside the state folder; write a path such as `file:secrets/NAME`, relative to the state folder"
        ),
        Mistake(
            "hash of another realm", ["agents.yaml": agents(ha1: "anna-desk:elsewhere:0123456789abcdef0123456789abcdef")],
            "Config/agents.yaml:5:14: error: the secret of `anna-desk` was made for user `anna-desk` in realm `elsewhere`, not for `anna-desk` in `switchboard`; make a new one with `switchboard password anna-desk`"
        ),
    ]

    static let references = [
        Mistake(
            "number without flow", ["numbers.yaml": "numbers:\n  \"100\":\n    record: false\n"],
            "Config/flows/main.yaml:1:1: warning: no number leads to flow `main`; write `flow: main` at a number in numbers.yaml, or remove the file",
            "Config/numbers.yaml:2:3: error: `100` has no `flow`; add `flow:`"),
        Mistake(
            "number to an unknown flow", ["numbers.yaml": "numbers:\n  \"100\":\n    flow: mian\n  \"101\":\n    flow: main\n"],
            "Config/numbers.yaml:3:11: error: unknown flow `mian`; did you mean `main`?"),
        Mistake(
            "fallback to an unknown trunk",
            ["numbers.yaml": "numbers:\n  \"100\":\n    flow: main\n    fallback: {trunk: carier, number: \"1\"}\n"],
            "Config/numbers.yaml:4:23: error: unknown trunk `carier`; did you mean `carrier`?"),
        Mistake(
            "unknown agent", ["queues.yaml": "queues:\n  sales:\n    members:\n      - anna\n      - {agent: bne, level: 2}\n"],
            "Config/queues.yaml:5:9: error: unknown agent `bne`; did you mean `ben`?"),
        Mistake(
            "unknown queue", ["flows/main.yaml": toQueue("slaes")],
            "Config/flows/main.yaml:5:12: error: unknown queue `slaes`; did you mean `sales`?"),
        Mistake(
            "nothing is said about references into an unreadable file", ["queues.yaml": "queues: [\n"],
            "Config/queues.yaml:2:1: error: YAML cannot be read: while parsing a flow node: did not find expected node content; \(mendYAML)"
        ),
    ]

    static let center = [
        Mistake(
            "number twice in different quotes", ["numbers.yaml": "numbers:\n  \"100\": {flow: main}\n  100: {flow: main}\n"],
            "Config/numbers.yaml:3:3: error: `100` stands twice among these; keep one of them"),
        Mistake(
            "language without a voice", ["site.yaml": "language: de\n"],
            "Config/site.yaml:1:11: warning: the built-in voices speak English, not `de`; give every prompt as a WAV file, or write `language: en`"
        ),
        Mistake(
            "queue without agents", ["queues.yaml": "queues:\n  sales:\n    weight: 1\n"],
            "Config/queues.yaml:2:3: error: queue `sales` has no agents; add `members:` with the names of agents"),
        Mistake(
            "agent twice in a queue", ["queues.yaml": "queues:\n  sales:\n    members: [anna, ben, anna]\n"],
            "Config/queues.yaml:3:26: error: agent `anna` is twice in queue `sales`; keep one of them"),
        Mistake(
            "agent without device",
            ["agents.yaml": "agents:\n  anna:\n    name: Anna\n  ben:\n    devices: {b: {ha1: file:b}}\n"],
            "Config/agents.yaml:2:3: error: agent `anna` has no device; add `devices:` with the user name of a telephone"),
        Mistake(
            "device of two agents",
            [
                "agents.yaml":
                    "agents:\n  anna:\n    devices: {desk: {ha1: file:a}}\n  ben:\n    devices: {desk: {ha1: file:b}}\n"
            ],
            "Config/agents.yaml:5:15: error: device `desk` is `anna`'s already; give each device a user name of its own, such as `ben-desk`"
        ),
        Mistake(
            "recording without announcement", ["queues.yaml": "queues:\n  sales:\n    members: [anna]\n    record: true\n"],
            "Config/queues.yaml:4:13: error: queue `sales` is recorded without an announcement; add `record_announcement:` with what callers are told"
        ),
        Mistake(
            "announcement without recording",
            ["numbers.yaml": "numbers:\n  \"100\":\n    flow: main\n    record_announcement: Hear.\n"],
            "Config/numbers.yaml:4:26: warning: number `100` has an announcement but is not recorded; write `record: true`, or remove the announcement"
        ),
        Mistake(
            "missing music", ["queues.yaml": "queues:\n  sales:\n    members: [anna]\n    music: waltz.wav\n"],
            "Config/queues.yaml:4:12: error: there is no prompt `waltz.wav`; put the file at `Config/prompts/waltz.wav`"),
        Mistake(
            "bad music",
            [
                "queues.yaml": "queues:\n  sales:\n    members: [anna]\n    music: waltz.wav\n",
                "prompts/waltz.wav": "MP3, in truth",
            ],
            "Config/queues.yaml:4:12: error: the prompt `waltz.wav` is no WAV file; convert it: `sox IN.wav -r 8000 -c 1 -b 16 -e signed-integer OUT.wav`"
        ),
    ]

    static let listeners = [
        Mistake(
            "open to the world", ["listeners.yaml": "sip:\n  address: 0.0.0.0\nhttp:\n  address: 192.0.2.7\n"],
            "Config/listeners.yaml:2:12: warning: SIP listens on `0.0.0.0` without TLS; keep it inside a private network, behind a firewall that admits only your trunks and telephones",
            "Config/listeners.yaml:4:12: warning: HTTP listens on `192.0.2.7` without TLS; listen on `127.0.0.1` and put a proxy with TLS in front"
        ),
        Mistake(
            "SIP among RTP", ["listeners.yaml": "sip:\n  port: 20010\n"],
            "Config/listeners.yaml:2:9: error: SIP's port 20010 lies among the RTP ports 20000 to 29999; move one of them"),
        Mistake(
            "odd first port", ["listeners.yaml": "rtp:\n  port_first: 20001\n"],
            "Config/listeners.yaml:2:15: error: `port_first` 20001 is odd; write an even port: RTP takes the even ones, RTCP the odd ones above (RFC 3550 section 11)"
        ),
        Mistake(
            "too few ports", ["listeners.yaml": "rtp:\n  port_first: 20000\n  port_last: 20399\n"],
            "Config/listeners.yaml:2:15: warning: 400 RTP ports are enough for 100 calls, not for `calls_max` 500; widen the range to 2000 ports, or lower `calls_max` in site.yaml"
        ),
        Mistake(
            "range upside down", ["listeners.yaml": "rtp:\n  port_first: 30000\n  port_last: 20000\n"],
            "Config/listeners.yaml:3:14: error: `port_last` 20000 is not after `port_first` 30000; write a port above 30000"),
        Mistake(
            "trunk to ourselves", ["trunks.yaml": "trunks:\n  carrier:\n    peer: 127.0.0.1:5060\n"],
            "Config/trunks.yaml:3:11: error: the peer of trunk `carrier` is our own SIP listener; write the carrier's address and port"
        ),
        Mistake(
            "one source at two trunks",
            [
                "trunks.yaml":
                    "trunks:\n  a: {peer: \"192.0.2.1:5060\", inbound: [192.0.2.1]}\n  b: {peer: \"192.0.2.2:5060\", inbound: [192.0.2.1]}\n"
            ],
            "Config/trunks.yaml:3:41: error: `192.0.2.1` is trunk `a`'s already; name each source at one trunk"),
    ]

    static let flows = [
        Mistake(
            "menu over the limit by one", ["flows/main.yaml": menu(keys: 5)],
            "Config/flows/main.yaml:6:5: warning: menu `menu` has 5 choices beside the way out to a person (S0-19: at most 4); split it into two menus, or join choices"
        ),
        Mistake(
            "menu over the limit by two", ["flows/main.yaml": menu(keys: 6)],
            "Config/flows/main.yaml:6:5: error: menu `menu` has 6 choices beside the way out to a person (S0-19: at most 4); split it into two menus, or join choices"
        ),
        Mistake("the way out is not counted", ["flows/main.yaml": menu(keys: 4, wayOut: true)]),
        Mistake("another limit", ["flows/main.yaml": menu(keys: 6), "site.yaml": "ivr:\n  choices_max: 6\n"]),
        Mistake(
            "unknown node", ["flows/main.yaml": toQueue("sales") + "    otherwise: goodby\n  goodbye:\n    do: hang_up\n"],
            "Config/flows/main.yaml:6:16: error: unknown node `goodby`; did you mean `goodbye`?",
            "Config/flows/main.yaml:7:3: error: no call reaches node `goodbye`; lead another node to it, or remove it"),
        Mistake(
            "unknown kind of step", ["flows/main.yaml": "start: a\nnodes:\n  a:\n    do: quue\n    queue: sales\n"],
            "Config/flows/main.yaml:1:8: error: unknown node `a`; no node is defined yet",
            "Config/flows/main.yaml:4:9: error: `do` is `quue`; did you mean `queue`?"),
        Mistake(
            "unknown hours",
            [
                "flows/main.yaml":
                    "start: a\nnodes:\n  a: {do: hours, hours: offise, open: b, closed: b}\n  b: {do: queue, queue: sales}\n"
            ],
            "Config/flows/main.yaml:3:25: error: unknown opening hours `offise`; did you mean `office`?"),
        Mistake(
            "no way to a person",
            ["flows/main.yaml": "start: a\nnodes:\n  a: {do: play, say: Hello., next: b}\n  b: {do: hang_up}\n"],
            "Config/flows/main.yaml:3:3: error: from node `a` there is no way to a person (S0-20: at most 2); lead it to a queue or transfer, or to a menu from which a key leads there"
        ),
        Mistake(
            "a person too far away",
            [
                "flows/main.yaml": """
                start: a
                nodes:
                  a: {do: menu, say: A?, choices: {"1": b}, otherwise: b}
                  b: {do: menu, say: B?, choices: {"1": c}, otherwise: c}
                  c: {do: menu, say: C?, choices: {"1": d}, otherwise: d}
                  d: {do: queue, queue: sales}

                """
            ],
            "Config/flows/main.yaml:3:3: error: from node `a` a person is 3 questions away (S0-20: at most 2); lead it to a queue or transfer, or to a menu from which a key leads there"
        ),
        Mistake(
            "the way out leads to no person",
            [
                "flows/main.yaml": """
                start: a
                nodes:
                  a: {do: menu, say: A?, choices: {"1": d, "0": b}, otherwise: d}
                  b: {do: hang_up}
                  d: {do: queue, queue: sales}

                """
            ],
            "Config/flows/main.yaml:3:49: error: key `0` is the way out to a person, but `b` is none and leads to none straight away; lead it to a queue or transfer, or write `opt_out: none`"
        ),
        Mistake(
            "endless loop",
            [
                "queues.yaml": "queues:\n  sales: {members: [anna]}\n  support: {members: [ben]}\n",
                "flows/main.yaml": """
                start: a
                nodes:
                  a: {do: queue, queue: sales, otherwise: b}
                  b: {do: queue, queue: support, otherwise: a}

                """,
            ],
            "Config/flows/main.yaml:3:3: error: calls would turn in circles without end: a → b → a; put a menu, a play or a voicemail step into the circle, or lead one of them elsewhere"
        ),
        Mistake(
            "missing prompt",
            [
                "flows/main.yaml":
                    "start: a\nnodes:\n  a: {do: play, say: {file: hi.wav}, next: b}\n  b: {do: queue, queue: sales}\n"
            ],
            "Config/flows/main.yaml:3:17: error: there is no prompt `hi.wav`; put the file at `Config/prompts/hi.wav`"),
        Mistake(
            "transfer recorded in secret",
            [
                "flows/main.yaml":
                    "start: a\nnodes:\n  a: {do: transfer, trunk: carrier, number: \"1\", record: true, otherwise: b}\n  b: {do: hang_up}\n"
            ],
            "Config/flows/main.yaml:3:3: error: `a` records without an announcement; add `record_announcement:` with what callers are told"
        ),
        Mistake(
            "empty flow", ["flows/main.yaml": "# nothing\n"],
            "Config/flows/main.yaml:1:1: error: the flow is empty; add `start:` and `nodes:`, or remove the file"),
        Mistake(
            "shortest entry above longest",
            [
                "flows/main.yaml": """
                start: a
                nodes:
                  a: {do: collect, say: Digits?, attribute: pin, length_min: 9, length_max: 4, next: d, otherwise: d}
                  d: {do: queue, queue: sales}

                """
            ],
            "Config/flows/main.yaml:3:62: error: `length_min` is 9, more than `length_max` 4; swap them"),
    ]

    private static let plainMend =
        "run `switchboard password NAME` and write what it prints, or a reference `file:secrets/NAME` or `env:NAME`"

    private static func agents(ha1: String) -> String {
        "agents:\n  anna:\n    devices:\n      anna-desk:\n        ha1: \(ha1)\n  ben:\n    devices: {ben-desk: {ha1: file:secrets/ben}}\n"
    }

    private static func toQueue(_ queue: String) -> String { "start: a\nnodes:\n  a:\n    do: queue\n    queue: \(queue)\n" }

    private static func menu(keys: Int, wayOut: Bool = false) -> String {
        let choices = ((wayOut ? [0] : []) + Array(1...keys)).map { "\"\($0)\": a" }.joined(separator: ", ")
        return "start: menu\nnodes:\n  menu:\n    do: menu\n    say: Choose.\n    choices: {\(choices)}\n    otherwise: a\n"
            + "  a:\n    do: queue\n    queue: sales\n"
    }
}
