// `switchboard staff`, `channels`, `roi`, `cost` and `simulate`: figures on the command line, and errors that say what to do.

import Foundation
import Testing

extension EndToEnd {
    struct PlannerTests {
        private func rows(_ house: House, _ command: String) async throws -> [String: Double] {
            let answer = try await house.command(command.split(separator: " ").map(String.init))
            #expect(answer.status == 0, "\(answer)")
            var rows: [String: Double] = [:]
            for line in answer.lines {
                let parts = line.components(separatedBy: ": ")
                if parts.count == 2, let value = Double(parts[1]) { rows[parts[0]] = value }
            }
            return rows
        }

        @Test("the calculators print the examples of the requirements, each with its formula")
        func calculators() async throws {
            let house = try House()
            let staff = try await rows(house, "staff --calls-per-hour 200 --aht 180 --target 0.8 --within 20 --shrinkage 0.3")
            #expect(staff["agents"] == 14 && staff["positions"] == 20 && staff["abandon"] == 0)
            #expect(staff["pw"] == 0.1741319 && staff["sl"] == 0.88835 && staff["occupancy"] == 0.7142857)
            let impatient = try await rows(house, "staff --calls-per-hour 2880 --aht 60 --agents 50 --patience 120")
            #expect(abs((impatient["abandon"] ?? 0) - 0.0309) < 5e-5 && abs((impatient["asa_s"] ?? 0) - 3.71) < 0.005)
            let channels = try await rows(house, "channels --calls-per-hour 12000 --aht 360")
            #expect(channels["concurrent"] == 1200 && channels["channels"] == 1440)
            let roi = try await rows(
                house,
                "roi --contacts 1000000 --share 0.25 --agent-cost 6 --self-service-cost 0.5 --one-time 250000 --monthly 10000")
            #expect(roi["savings_per_year"] == 1_375_000 && roi["net"] == 1_005_000)
            let loss = try await rows(
                house, "roi --contacts 1200 --share 0.5 --agent-cost 1 --self-service-cost 2 --one-time 1000 --monthly 10")
            #expect(loss["net"] == -1720 && loss["payback_months"] == nil)
            let cost = try await rows(house, "cost --agents 150 --contacts 180000 --per-agent 100 --one-time 36000")
            #expect(cost["per_month"] == 16_000)
            let json = try await house.command(["staff", "--calls-per-hour", "200", "--aht", "180", "--json"])
            let object = try JSONSerialization.jsonObject(with: Data(json.lines.joined(separator: "\n").utf8))
            let fields = try #require(object as? [String: Any])
            #expect(fields["agents"] as? Int == 14 && (fields["formulas"] as? [String])?.first?.contains("Pw = B") == true)
        }

        @Test(
            "what cannot be worked out ends with 64 and a mend",
            arguments: [
                ("staff --calls-per-hour 0 --aht 180", "calls per hour is 0.0"),
                ("staff --calls-per-hour 200 --aht nan", "is not a finite number; give one"),
                ("staff --calls-per-hour 200 --aht 180 --agents 10", "give more agents than load"),
                ("staff --calls-per-hour 1e9 --aht 180", "the load in Erlangs"),
                ("simulate --calls-per-hour 200 --aht 180 --agents 5", "it would grow all day"),
                ("simulate --calls-per-hour 1e9 --aht 180 --agents 5 --patience 60", "simulate fewer hours"),
                ("simulate --runs 0 --calls-per-hour 1 --aht 1 --agents 1", "--runs takes"), ("simulate", "give --workload"),
                ("simulate --day never", "--day takes today"),
                ("simulate --day yesterday --hours 3", "--hours goes with --calls-per-hour"),
                ("simulate --workload day.yaml --queue sales", "--queue goes with"),
                ("simulate --workload day.yaml --state here", "--state goes with --day"),
                ("simulate --day yesterday --like anna", "give --add-agents"),
                ("simulate --calls-per-hour 30000 --aht 1 --agents 30 --runs 10000", "fewer runs"),
                ("simulate --calls-per-hour 1 --aht 1 --agents 1 --skill anna:french=3", "give --config, or --day"),
            ])
        func errors(command: String, text: String) async throws {
            let program = try Program("switchboard", command.split(separator: " ").map(String.init))
            #expect(try await program.status(within: .seconds(30)) == 64)
            #expect(await program.errors.line(within: .seconds(10)) { $0.contains(text) } != nil, "\(program.errors.lines)")
        }

        @Test("the same seed simulates the same days; a wrong file is named with its line")
        func simulate() async throws {
            let house = try House()
            let command = ["simulate", "--calls-per-hour", "120", "--aht", "180", "--agents", "7", "--patience", "120"]
            let first = try await house.command(command + ["--hours", "2", "--runs", "4"])
            #expect(first.status == 0 && first.lines.contains { $0.hasPrefix("all") && $0.contains(" % (") }, "\(first)")
            #expect(try await house.command(command + ["--hours", "2", "--runs", "4"]).lines == first.lines)
            #expect(try await house.command(command + ["--hours", "2", "--runs", "4", "--seed", "9"]).lines != first.lines)
            let figures = try await house.command(command + ["--hours", "1", "--runs", "2", "--figures"])
            for name in ["service level A1", "quality of service (Wazo)", "AHT"] {
                #expect(figures.lines.contains { $0.hasPrefix(name) && $0.contains(" / ") }, "\(name): \(figures)")
            }
            let file = house.state + "/day.yaml"
            try FileManager.default.createDirectory(atPath: house.state, withIntermediateDirectories: true)
            let text = "queues:\n  sales:\n    calls_per_hour: 10\n    ath: 100\n"
            try text.write(toFile: file, atomically: true, encoding: .utf8)
            let wrong = try await house.command(["simulate", "--workload", file])
            #expect(wrong.status == 1 && wrong.lines.contains { $0.contains("day.yaml:4:5: error:") }, "\(wrong)")
        }

        @Test("a described day on the house's own rules, with other skills and rules, each fault named")
        func rules() async throws {
            let house = try House([
                "skills.yaml": "skills: {french: French}\n",
                "agents.yaml": """
                agents:
                  anna: {skills: {french: 80}, devices: {anna-desk: {ha1: file:secrets/anna-desk}}}
                  ben: {skills: {french: 10}, devices: {ben-desk: {ha1: file:secrets/ben-desk}}}

                """,
                "queues.yaml": """
                queues:
                  sales:
                    members: [anna, ben]
                    require: ["skill(french) >= 50"]
                    wrap_up_seconds: 0

                """,
            ])
            let start = [
                "simulate", "--config", house.configuration, "--queue", "sales", "--calls-per-hour", "30", "--aht", "120",
                "--patience", "60", "--hours", "4", "--runs", "4", "--json",
            ]
            func abandons(_ more: String...) async throws -> Double {
                let answer = try await house.command(start + more)
                #expect(answer.status == 0, "\(answer)")
                let json = answer.lines.drop { $0 != "{" }.joined(separator: "\n")
                let object = try JSONSerialization.jsonObject(with: Data(json.utf8)) as? [String: Any]
                let day = object?["day"] as? [String: Any]
                #expect((object?["intervals"] as? [[String: Any]])?.count == 8)
                return try #require((day?["abandon_rate"] as? [String: Any])?["mean"] as? Double)
            }
            let one = try await abandons()
            let trained = try await abandons("--skill", "ben:french=60")
            let open = try await abandons("--require", "sales=any", "--strategy", "sales=ring-all")
            #expect(trained < 0.7 * one && open < 0.7 * one, "\(one), \(trained), \(open)")
            for (change, text) in [
                (["--skill", "carla:french=1"], "there is no agent carla"), (["--skill", "ben=1"], "--skill takes"),
                (["--skill", "ben:french=101"], "a grade from 0 to 100"),
                (["--strategy", "sales=magic"], "give one of: linear"),
                (["--require", "sales=skill("], "write it like"), (["--require", "nobody=any"], "there is no queue nobody"),
                (["--skill", "anna:french=0"], "nobody in queue sales meets what is required"),
            ] {
                let answer = try await house.command(start + change)
                #expect(answer.status == 64 && answer.lines.contains { $0.contains(text) }, "\(change): \(answer)")
            }
        }

        @Test("a day of the journal is lived again, with other staffing")
        func again() async throws {
            let queue = "queues:\n  sales: {members: [anna], announce_every_seconds: never, music: hold.wav}\n"
            let house = try House(["queues.yaml": queue])
            try ToneFile.write(1200, seconds: 30, to: house.configuration + "/prompts/hold.wav")
            try await house.hosts {
                // Nobody is signed in, so all of them hang up in the queue, where the music is.
                for _ in 1...3 {
                    let caller = try house.call("100", "wait answered; press 1; hear tone 1200; hang up")
                    try await caller.succeeds()
                }
                try await house.eventually("all have given up") {
                    try house.rows("SELECT id FROM contacts WHERE outcome = 'abandoned'").count == 3
                }
                let date = try house.day(of: 1)
                // A day that is not over reaches to the last whole second.
                let now = Date().timeIntervalSince1970
                try await Task.sleep(for: .seconds(now.rounded(.down) + 1.01 - now))
                func day(_ more: [String] = []) async throws -> [String: Any] {
                    let command = ["simulate", "--day", date, "--state", house.state, "--runs", "2", "--json"] + more
                    let answer = try await house.command(command)
                    #expect(answer.status == 0, "\(answer)")
                    let object = try JSONSerialization.jsonObject(with: Data(answer.lines.joined(separator: "\n").utf8))
                    return try #require((object as? [String: Any])?["day"] as? [String: Any])
                }
                func mean(_ figure: String, _ day: [String: Any]) -> Double? {
                    (day[figure] as? [String: Any])?["mean"] as? Double
                }
                let was = try await day()
                #expect(mean("offered", was) == 3 && mean("abandon_rate", was) == 1, "\(was)")
                let better = try await day(["--add-agents", "3"])
                #expect(mean("offered", better) == 3 && mean("abandon_rate", better) == 0, "\(better)")
                let strict = try await house.command(
                    [
                        "simulate", "--day", date, "--state", house.state, "--add-agents", "1", "--require",
                        "sales=skill(x) >= 1",
                    ])
                #expect(strict.status == 64 && strict.lines.contains { $0.contains("say with --like") }, "\(strict)")
                let drop = ["simulate", "--day", date, "--state", house.state, "--drop-agent", "x"]
                let nobody = try await house.command(drop)
                #expect(nobody.status == 64 && nobody.lines.contains { $0.contains("was not there that day") }, "\(nobody)")
            }
        }
    }
}

extension House {
    /// The day on which a contact arrived, as `--day` takes it: the test may run over midnight.
    fileprivate func day(of contact: Int) throws -> String {
        let row = try #require(try rows("SELECT arrived FROM contacts WHERE id = \(contact)").first)
        let arrived = Date(timeIntervalSince1970: try #require(row["arrived"].flatMap(Double.init)) / 1e6)
        let format = DateFormatter()
        format.locale = Locale(identifier: "en_US_POSIX")
        format.timeZone = TimeZone(identifier: "Europe/Berlin")
        format.dateFormat = "yyyy-MM-dd"
        return format.string(from: arrived)
    }
}
