// A workload's file: what it may say, and where it is wrong.

import ACD
import Basics
import Foundation
import Simulation
import SiteConfiguration
import Testing

struct WorkloadFileTests {
    private func read(_ text: String) throws -> (workload: Workload?, findings: [String]) {
        let path = FileManager.default.temporaryDirectory.appendingPathComponent("workload-\(UUID().uuidString).yaml").path
        try text.write(toFile: path, atomically: true, encoding: .utf8)
        defer { try? FileManager.default.removeItem(atPath: path) }
        let (workload, findings) = WorkloadFile.read(path)
        return (workload, findings.map { $0.description.replacingOccurrences(of: path, with: "day.yaml") })
    }

    @Test("everything that can be said of a day")
    func whole() throws {
        let (workload, findings) = try read(
            """
            intervals: 4
            interval_seconds: 900
            warm_up_seconds: 600
            answer: {fixed: 3}
            queues:
              sales:
                calls_per_hour: [100, 140.5]
                aht: {mean: 200, variation: 0.6}
                patience: 90
                within: 30
                agents: [6, 8]
              support: {calls_per_hour: 40, aht: 300}
            teams:
              both: {agents: 5, queues: [sales, support], level: 2}
            """)
        #expect(findings == [])
        #expect(
            workload
                == Workload(
                    queues: [
                        .init(
                            id: "sales", callsPerHour: [100, 140.5], handle: .logNormal(mean: 200, variation: 0.6),
                            patience: .exponential(mean: 90), thresholdSeconds: 30),
                        .init(id: "support", callsPerHour: [40], handle: .exponential(mean: 300)),
                    ],
                    teams: [
                        .init(name: "sales", agents: [6, 8], queues: ["sales"]),
                        .init(name: "both", agents: [5], queues: ["sales", "support"], level: 2),
                    ], intervals: 4, intervalSeconds: 900, warmUpSeconds: 600, answer: .fixed(3)))
    }

    @Test("skills that callers need and agents have, and how a queue chooses")
    func skills() throws {
        let (workload, findings) = try read(
            """
            queues:
              sales:
                calls_per_hour: 100
                aht: 180
                strategy: best-skills
                require: ["skill($language) >= 50", {expression: any, after_seconds: 60}]
                kinds:
                  french: {share: 0.3, attributes: {language: french}, priority: 1, head_start: 20}
            teams:
              both: {agents: 5, queues: [sales], skills: {french: 60, german: 90}, tags: [senior]}
            """)
        #expect(findings == [])
        let queue = try #require(workload?.queues.first), team = try #require(workload?.teams.first)
        #expect(queue.strategy == .bestSkills)
        #expect(
            queue.require == [
                RequirementStep(.skill("$language", .atLeast, 50)), RequirementStep(.anybody, afterSeconds: 60),
            ])
        #expect(
            queue.kinds == [
                .init(
                    name: "french", share: 0.3, attributes: [.init(name: "language", value: "french")], priorityClass: 1,
                    boostSeconds: 20)
            ])
        #expect(team.skills.grade(of: "german") == 90 && team.skills.tags == ["senior"])
    }

    @Test("chats and mails beside calls, or without any, and how many take a callback")
    func work() throws {
        let (workload, findings) = try read(
            """
            queues:
              sales:
                calls_per_hour: 100
                aht: 180
                callbacks: {share: 0.3, reached: 0.8}
                work:
                  chat: {per_hour: [40, 20], aht: 600, patience: 120, at_once: 3}
              post:
                callbacks: 0
                work:
                  mail: {per_hour: 10, aht: {fixed: 300}, session: false}
            """)
        #expect(findings == [])
        let queues = try #require(workload?.queues)
        #expect(queues[0].callbacks == .init(share: 0.3, reached: 0.8) && queues[1].callbacks == .init(share: 0))
        #expect(
            queues[0].work == [
                .init(
                    kind: "chat", perHour: [40, 20], handle: .exponential(mean: 600), patience: .exponential(mean: 120),
                    atOnce: 3)
            ])
        #expect(queues[1].work == [.init(kind: "mail", perHour: [10], handle: .fixed(300), hasSession: false)])
        #expect(queues[1].callsPerHour == [])
    }

    @Test(
        "what is wrong is said with its line and what would mend it",
        arguments: [
            ("queues:\n  sales:\n    calls_per_hour: 10\n    ath: 180\n", "4:5: error", "did you mean `aht`"),
            ("queues:\n  sales:\n    calls_per_hour: nan\n    aht: 180\n", "3:21: error", "a number from 0.0"),
            ("queues:\n  sales:\n    calls_per_hour: [1, -1]\n    aht: 180\n", "3:25: error", "a number from 0.0"),
            ("queues:\n  sales:\n    calls_per_hour: 1\n    aht: {fixed: 1, mean: 2}\n", "4:5: error", "is not one time"),
            ("queues:\n  sales:\n    calls_per_hour: 1e300\n    aht: 180\n", "3:21: error", "a number from 0.0"),
            ("queues:\n  sales:\n    aht: 180\n", "error", "write `calls_per_hour:`"),
            ("intervals: 0\n", "1:12: error", "a whole number from 1 to 2000"), ("", "1:1: error", "write `queues:`"),
            ("queues: [1", "error", "YAML cannot be read"),
            ("queues:\n  sales: {calls_per_hour: 1, aht: 1, require: [\"skill(\"]}\n", "2:48: error", "write it like"),
            ("queues:\n  sales: {calls_per_hour: 1, aht: 1, require: [any, any]}\n", "error", "add `after_seconds:`"),
            ("queues:\n  sales: {calls_per_hour: 1, aht: 1, strategy: magic}\n", "error", "one of linear"),
            ("queues:\n  sales: {calls_per_hour: 1, aht: 1, kinds: {a: {share: 2}}}\n", "error", "a number from 0.0 to 1.0"),
            ("queues:\n  sales: {calls_per_hour: 1, aht: 1, kinds: {a: {}}}\n", "error", "add `share:`"),
            ("queues:\n  sales: {work: {chat: {per_hour: 1}}}\n", "error", "add `aht:`"),
            ("queues:\n  sales: {work: {chat: {per_hour: 1, aht: 1, at_once: 0}}}\n", "error", "a whole number from 1"),
            ("queues:\n  sales: {calls_per_hour: 1, aht: 1, callbacks: 2}\n", "error", "a number from 0.0 to 1.0"),
            ("queues:\n  sales: {calls_per_hour: 1, aht: 1, callbacks: {reached: 1}}\n", "error", "add `share:`"),
            ("teams:\n  a: {agents: 1, queues: [sales], skills: {french: 0}}\n", "error", "from 1 to 100"),
        ])
    func errors(text: String, place: String, mend: String) throws {
        let (workload, findings) = try read(text)
        #expect(workload == nil)
        #expect(findings.contains { $0.contains(place) && $0.contains(mend) }, "\(findings)")
    }

    @Test("a file that is not there is said, and nothing hangs on a folder")
    func missing() {
        for path in ["/nowhere/day.yaml", "/tmp", "/dev/zero"] {
            let (workload, findings) = WorkloadFile.read(path)
            #expect(workload == nil && findings.count == 1 && findings[0].mend == "give a workload's path")
        }
    }
}
