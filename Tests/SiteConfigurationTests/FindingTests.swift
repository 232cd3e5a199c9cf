// For every kind of mistake: the whole line that an admin gets to read.

import ACD
import Foundation
import Testing

@testable import SiteConfiguration

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
        arguments: yaml + keys + values + references + center + listeners + flows)
    func mistake(_ mistake: Mistake) throws {
        let findings = try ConfigurationFolder(mistake.files).findings()
        #expect(findings == mistake.findings, "\(findings.joined(separator: "\n"))")
    }

    @Test("A number that leads to an unreadable flow is not blamed for it") func unreadableFlow() throws {
        let findings = try ConfigurationFolder(["flows/main.yaml": "start: [\n"]).findings()
        #expect(findings.count == 1)
        #expect(findings.first?.hasPrefix("Config/flows/main.yaml:2:1: error: YAML cannot be read") == true)
    }

    @Test("Many warnings do not hide an error") func manyWarnings() throws {
        let numbers = (0...Reading.findingsMax).map { "  \"1\($0)\": {flow: main, record_announcement: Hear.}\n" }
        let folder = try ConfigurationFolder([
            "numbers.yaml": "numbers:\n" + numbers.joined(), "queues.yaml": "queues: {sales: {members: [anna, nobody]}}\n",
        ])
        let loaded = folder.load()
        #expect(loaded.hasErrors)
        #expect(loaded.findings.count == Reading.findingsMax + 1)
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
        // The thread's own time: other tests use the processors too.
        func seconds() -> Double {
            var time = timespec()
            clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time)
            return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
        }
        let start = seconds()
        loaded = folder.load()
        let time = seconds() - start
        #expect(loaded?.findings == [])
        #expect(loaded?.configuration.queues.map(\.rules.members.count) == Array(repeating: 500, count: 20))
        #expect(time < 3, "\(time) s")
    }

    static let mendYAML = "mend the YAML here or just above: indentation, quotes, a missing colon"

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
            "unknown key far from any", ["site.yaml": "log:\n  colour: red\n"],
            "Config/site.yaml:2:3: error: unknown key `colour` in log; known: format, level"),
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

    static let plainMend =
        "run `switchboard password NAME` and write what it prints, or a reference `file:secrets/NAME` or `env:NAME`"

    static func agents(ha1: String) -> String {
        "agents:\n  anna:\n    devices:\n      anna-desk:\n        ha1: \(ha1)\n  ben:\n    devices: {ben-desk: {ha1: file:secrets/ben}}\n"
    }

    static func toQueue(_ queue: String) -> String { "start: a\nnodes:\n  a:\n    do: queue\n    queue: \(queue)\n" }

    static func menu(keys: Int, wayOut: Bool = false) -> String {
        let choices = ((wayOut ? [0] : []) + Array(1...keys)).map { "\"\($0)\": a" }.joined(separator: ", ")
        return "start: menu\nnodes:\n  menu:\n    do: menu\n    say: Choose.\n    choices: {\(choices)}\n    otherwise: a\n"
            + "  a:\n    do: queue\n    queue: sales\n"
    }
}
