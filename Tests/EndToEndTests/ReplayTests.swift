// `switchboard replay`: what happened to whom.

import Foundation
import GRDB
import Testing

extension EndToEnd {
    struct ReplayTests {
        @Test("replay --contact tells the story of that contact and of no other, from the first line to the last")
        func oneContact() async throws {
            try await House.open { house in
                // Eleven callers, so that contact 1 is a part of the names of 10 and 11.
                for _ in 1...11 {
                    let caller = try house.call("100", "wait answered; pause 100ms; hang up")
                    try await caller.succeeds()
                }
                try await house.eventually("all are over") {
                    try house.rows("SELECT id FROM contacts WHERE ended IS NOT NULL").count == 11
                }
                func story(_ arguments: [String]) async throws -> [String] {
                    let replay = try await house.command(["replay", "--state", house.state] + arguments)
                    #expect(replay.status == 0)
                    return replay.lines
                }
                let all = try await story([])
                let first = try await story(["--contact", "1"])
                #expect(first.filter { $0.contains(" call to 100 on leg 3,") }.count == 1, "\(first)")
                #expect(
                    first.contains { $0.contains("-> answer leg 3") } && first.contains { $0.contains("leg 3 ended") },
                    "\(first)")
                #expect(first.last?.contains("contact 1 is over") == true, "\(first)")
                let others = try await (2...11).asyncMap { try await story(["--contact", "\($0)"]) }.flatMap(\.self)
                #expect(Set(first).intersection(others).filter { !$0.hasPrefix(" ") } == [])
                let arrivals = all.filter { $0.contains(" call to ") }
                #expect((first + others).filter { $0.contains(" call to ") } == arrivals)
                #expect(try await story(["--contact", "111"]) == [])
            }
        }

        @Test("replay --at shows queues and agents as they were, and steps forward event by event with the reason of an offer")
        func atAMoment() async throws {
            try await House.open { house in
                let phone = try await house.phone(
                    "anna-desk", tone: 880, "wait invite within 20s; ring 300ms; answer; wait bye within 20s")
                let caller = try house.call("100", "wait answered; press 1; hear tone 880 within 20s; hang up")
                try await caller.succeeds()
                try await phone.succeeds()
                try await house.eventually("it is over") {
                    try house.rows("SELECT id FROM contacts WHERE ended IS NOT NULL").count == 1
                }
                func replay(_ arguments: [String]) async throws -> [String] {
                    let replay = try await house.command(
                        ["replay", "--config", house.configuration, "--state", house.state] + arguments)
                    #expect(replay.status == 0, "\(replay)")
                    return replay.lines
                }
                // The moment before the key that leads into the queue.
                let digit = try #require(
                    try house.rows("SELECT at FROM journal WHERE kind = 'digit' ORDER BY sequence LIMIT 1").first)
                let text = Self.iso(try #require(digit["at"].flatMap { Int64($0) }) - 1)
                let state = try await replay(["--at", text])
                #expect(state.contains { $0.hasPrefix("sales ") && $0.contains("1 of 2") }, "\(state)")
                #expect(state.contains { $0.hasPrefix("anna ") && $0.contains("available") }, "\(state)")
                #expect(state.contains { $0.hasPrefix("ben ") && $0.contains("offline") }, "\(state)")
                #expect(!state.contains { $0.contains("offer ") }, "no step was asked for: \(state)")
                let steps = try await replay(["--at", text, "--steps", "1"])
                #expect(steps.count > state.count && steps.contains { $0.contains(" key 1 on leg ") })
                #expect(
                    steps.contains {
                        $0.contains("contact 1 offer 1 of sales to anna by level, longest-idle: anna (level 1, idle since ")
                            && $0.contains("not 1 offline")
                    }, "\(steps)")
                #expect(steps.contains { $0.contains("agent anna: available → ringing contact 1") }, "\(steps)")
                #expect(steps.contains { $0.contains("queue sales: 0 wait, 0 ring, 1 of 1 free") }, "\(steps)")
                // As JSON: the state, then one object for each step, to the end of the journal.
                let lines = try await replay(["--at", text, "--steps", "1000", "--json"])
                let objects = try lines.map {
                    try #require(try JSONSerialization.jsonObject(with: Data($0.utf8)) as? [String: Any])
                }
                let agents = objects[0]["agents"] as? [[String: Any]] ?? []
                #expect(agents.map { $0["state"] as? String } == ["available", "offline"])
                let sequences = objects.dropFirst().compactMap { $0["sequence"] as? Int }
                let last = try house.rows("SELECT max(sequence) AS last FROM journal").first?["last"].flatMap { Int($0) }
                #expect(sequences.first.map { Array($0...($0 + sequences.count - 1)) } == sequences)
                #expect(sequences.last ?? 0 >= (last ?? 1) - 2, "the daemon may have written on meanwhile")
                let decisions = objects.dropFirst().flatMap { $0["decisions"] as? [[String: Any]] ?? [] }
                let offer = decisions.first { $0["kind"] as? String == "contact.offered" }
                #expect(((offer?["why"] as? [String: Any])?["winner"] as? [String: Any])?["agent"] as? String == "anna")
                // Before the first event there is nothing, and behind the last there is the end.
                let empty = try await replay(["--at", "2001-01-01 00:00"])
                #expect(empty.count == 1 && empty[0].contains("behind event 0"), "\(empty)")
                let end = try await replay(["--at", "2099-12-31T23:59:59+01:00", "--steps", "5"])
                #expect(end.last == "the journal ends here", "\(end)")
            }
        }

        @Test("replay --at begins at the newest snapshot before, so that lines before that need not be there")
        func fromSnapshot() async throws {
            let house = try House()
            try await house.hosts {
                let phone = try await house.phone("anna-desk", tone: 880, "deregister")
                try await phone.succeeds()
                try await house.stop()
                // A stop takes a snapshot. What stands before it is not read any more.
                try await DatabaseQueue(path: house.state + "/switchboard.sqlite").write { database in
                    try database.execute(
                        sql: "UPDATE journal SET body = '{' WHERE sequence < (SELECT max(sequence) FROM snapshots)")
                    #expect(database.changesCount > 2)
                }
                let state = try await house.command(
                    ["replay", "--config", house.configuration, "--state", house.state, "--at", "2099-01-01 00:00"])
                #expect(state.status == 0 && state.lines.contains { $0.hasPrefix("anna ") }, "\(state)")
                let early = try await house.command(
                    ["replay", "--config", house.configuration, "--state", house.state, "--at", "2099-01-01 00:00", "--json"])
                #expect(early.lines.count == 1)
                try await house.start()
            }
        }

        @Test("at a terminal each Enter is one step")
        func interactive() async throws {
            try await House.open { house in
                let caller = try house.call("100", "wait answered; pause 100ms; hang up")
                try await caller.succeeds()
                try await house.eventually("it is over") {
                    try house.rows("SELECT id FROM contacts WHERE ended IS NOT NULL").count == 1
                }
                let command =
                    "'\(Program.buildFolder)/switchboard' replay --config '\(house.configuration)' --state '\(house.state)' "
                    + "--at '2001-01-01 00:00'"
                let terminal = house.keep(try Program("/usr/bin/script", ["-qec", command, "/dev/null"]))
                try await terminal.line("Enter: the next event")
                try terminal.say("")
                try await terminal.line("1 20", within: .seconds(10))
                try await terminal.line(" configuration ")
                try terminal.say("")
                try await terminal.line("2 20")
                #expect(!terminal.output.lines.contains { $0.hasPrefix("3 20") })
                try terminal.say("s")
                try await terminal.line("behind event 2")
                try terminal.say("q")
                #expect(try await terminal.status(within: .seconds(10)) == 0)
            }
        }

        @Test(
            "a time that is none is named, and so is what does not go together",
            arguments: [
                ("--at yesterday", "--at takes a time such as"), ("--at 2026-02-30T10:00:00Z", "--at takes a time such as"),
                ("--steps 3", "give --at"), ("--at 10:00 --steps=-1", "--steps takes"),
                ("--at 10:00 --contact 1", "leave --contact and --verify out"),
            ])
        func wrongTimes(arguments: String, text: String) async throws {
            try await House.open { house in
                let words = arguments.split(separator: " ").map(String.init)
                let wrong = try await house.command(
                    ["replay", "--config", house.configuration, "--state", house.state] + words)
                #expect(wrong.status == 64 && wrong.lines.contains { $0.contains(text) }, "\(wrong)")
            }
        }

        private static func iso(_ microseconds: Int64) -> String {
            let seconds = microseconds / 1_000_000, rest = String(microseconds % 1_000_000)
            let date = Date(timeIntervalSince1970: Double(seconds)).formatted(.iso8601)
            return date.dropLast() + "." + String(repeating: "0", count: 6 - rest.count) + rest + "Z"
        }

        @Test("without a database replay says that there is none yet")
        func noDatabase() async throws {
            let house = try House()
            let replay = try await house.command(["replay", "--state", house.state])
            #expect(replay.status == 1)
            #expect(replay.lines.contains { $0.contains("there is no database yet") }, "\(replay)")
        }

        @Test("an event that could not be written down is a gap for the next start, not the end of the house")
        func unencodable() async throws {
            let house = try House()
            try await house.hosts {
                let phone = try await house.phone("anna-desk", tone: 880, "deregister")
                try await phone.succeeds()
                try await house.stop()
                try await DatabaseQueue(path: house.state + "/switchboard.sqlite").write { database in
                    try database.execute(sql: "DELETE FROM snapshots")
                    try database.execute(
                        sql: """
                            UPDATE journal SET body = '{"unencodable":"Event"}'
                            WHERE sequence = (SELECT max(sequence) FROM journal WHERE kind = 'deviceUnregistered')
                            """)
                    #expect(database.changesCount == 1)
                }
                try await house.start()
                #expect(try await house.logged("ready").contains("gaps=1"))
                let told = try await house.command(["replay", "--state", house.state])
                #expect(told.lines.contains { $0.contains("an event that could not be written down") }, "\(told)")
            }
        }
    }
}

extension Sequence {
    fileprivate func asyncMap<T>(_ change: (Element) async throws -> T) async rethrows -> [T] {
        var changed: [T] = []
        for element in self { changed.append(try await change(element)) }
        return changed
    }
}
