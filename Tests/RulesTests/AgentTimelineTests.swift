// The agents' timelines: without a gap and without an overlap, whatever happens, over restart and reload.

import ACD
import Basics
import ContactCenter
import Foundation
import Simulation
import Testing

struct AgentTimelineTests {
    /// Rows as the store keeps them: of several changes at one moment the last one.
    private struct Rows {
        var byAgent: [AgentID: [ActivityChange]] = [:]

        mutating func keep(_ changes: [ActivityChange]) {
            for change in changes {
                var rows = byAgent[change.agent] ?? []
                if rows.last?.since == change.since { rows.removeLast() }
                rows.append(change)
                byAgent[change.agent] = rows
            }
        }

        func spells(of agent: AgentID) -> [ActivitySpell] {
            let rows = byAgent[agent] ?? []
            return rows.indices.map { index in
                ActivitySpell(
                    activity: rows[index].activity, since: rows[index].since,
                    until: index + 1 < rows.count ? rows[index + 1].since : nil)
            }
        }

        var last: [ActivityChange] { byAgent.values.compactMap(\.last) }
    }

    @Test("fuzzed days with reloads and restarts leave no moment of any agent untold, and none told twice")
    func fuzzedDays() throws {
        var states: Set<Activity.State> = []
        // Three days, and more until everything has been seen.
        for seed in UInt64(3)...9 where seed <= 5 || states.count < Activity.State.allCases.count {
            states.formUnion(try fuzzedDay(seed: seed))
        }
        #expect(states == Set(Activity.State.allCases), "the days have everything")
    }

    /// - Returns: what the agents did.
    private func fuzzedDay(seed: UInt64) throws -> Set<Activity.State> {
        var fuzzer = Fuzzer(seed: seed)
        // What else may be wrong with such a day is for the fuzzer's own tests to say.
        while fuzzer.floor.center.figures.events < 25_000 { try? fuzzer.run(events: 25_000) }
        var center = Center(), commands: [Command] = [], timelines = AgentTimelines(), rows = Rows()
        var down = Duration.zero, restarts = 0, reloads = 0
        for (time, event) in fuzzer.floor.journal {
            if case .restarted = event {
                // There was no process for a while, and the next one knows what is stored.
                down += .seconds(40)
                restarts += 1
                timelines = AgentTimelines(rows.last)
                center = try JSONDecoder().decode(Center.self, from: JSONEncoder().encode(center))
            }
            if case .configurationApplied = event { reloads += 1 }
            commands.removeAll(keepingCapacity: true)
            let lastSeen = center.now
            center.handle(event, at: time + down, into: &commands)
            rows.keep(timelines.note(event, commands, in: center, lastSeen: lastSeen))
            for agent in center.agents.map(\.value) where timelines.activity(of: agent.id) != agent.activity {
                Issue.record(
                    "\(agent.id) is \(agent.activity) after \(event), told: \(timelines.activity(of: agent.id) as Any)")
                return []
            }
            for agent in rows.byAgent.keys where center.agents[agent] == nil {
                guard timelines.activity(of: agent)?.state != .removed else { continue }
                Issue.record("\(agent) is gone after \(event) and told to be there")
                return []
            }
        }
        #expect(restarts > 10 && reloads > 50)
        var states: Set<Activity.State> = []
        for agent in rows.byAgent.keys {
            let spells = rows.spells(of: agent)
            let begin = try #require(spells.first?.since)
            for (spell, next) in zip(spells, spells.dropFirst()) {
                #expect(spell.until == next.since && spell.since < next.since, "\(agent): \(spell), \(next)")
            }
            #expect(spells.last?.until == nil)
            states.formUnion(spells.map(\.activity.state))
            let told = spells.reduce(Duration.zero) { $0 + (($1.until ?? center.now) - $1.since) }
            #expect(told == center.now - begin)
        }
        return states
    }

    @Test("the states of a call, with their contact, as they follow one another")
    func call() throws {
        var floor = SmallCenter.floor(), timelines = AgentTimelines(), rows = Rows()
        var taken = 0, replayed = Center()
        func follow() {
            for (at, event) in floor.journal[taken...] {
                var commands: [Command] = []
                let lastSeen = replayed.now
                replayed.handle(event, at: at, into: &commands)
                rows.keep(timelines.note(event, commands, in: replayed, lastSeen: lastSeen))
            }
            taken = floor.journal.count
        }
        floor.set(.available, for: "alice")
        floor.advance(seconds: 5)
        floor.register("alice-desk")
        floor.advance(seconds: 10)
        let caller = floor.call("101")
        floor.advance(seconds: 3)
        floor.answer(at: "alice")
        floor.advance(seconds: 60)
        floor.submit(.holdRequested("alice", true))
        floor.advance(seconds: 20)
        floor.submit(.holdRequested("alice", false))
        floor.advance(seconds: 5)
        floor.hangUp(caller)
        floor.advance(seconds: 30)
        floor.set(.aux(reason: "break"), for: "alice")
        floor.advance(seconds: 100)
        floor.set(.offline, for: "alice")
        follow()
        let spells = rows.spells(of: "alice")
        #expect(
            spells.map(\.activity.state) == [
                .available, .available, .ringing, .talking, .held, .talking, .wrapUp, .available, .pause, .offline,
            ])
        let seconds = spells.dropLast().map { (($0.until ?? $0.since) - $0.since).inSeconds }
        #expect(seconds == [5, 10, 3, 60, 20, 5, 10, 20, 100])
        #expect(spells[0].activity.reason == "no-device" && spells[1].activity.reason == nil)
        #expect(spells[2...6].allSatisfy { $0.activity.contact == ContactID(rawValue: 1) })
        #expect(spells[8].activity.reason == "break")
    }
}
