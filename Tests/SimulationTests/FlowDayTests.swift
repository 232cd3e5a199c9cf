// Simulated days on a house's own flows, with chats beside calls, and with callers who are called back.

import ACD
import Basics
import ContactCenter
import IVR
import KPI
import Simulation
import Testing

struct FlowDayTests {
    private static func agent(_ name: String) -> AgentRules { AgentRules(id: AgentID(name), devices: [DeviceID(name)]) }

    /// Whom `sales` does not answer within 30 seconds goes on to `help`; whom `help` does not take leaves a message.
    private func house(_ change: (inout CenterConfiguration) -> Void = { _ in }) -> CenterConfiguration {
        var house = CenterConfiguration(
            version: "1",
            queues: [
                QueueRules(id: "sales", members: [.init(agent: "anna")], wrapUpSeconds: 0, waitSecondsMax: 30),
                QueueRules(id: "help", members: [.init(agent: "ben")], wrapUpSeconds: 0, waitingMax: 1),
            ], agents: [Self.agent("anna"), Self.agent("ben")],
            flows: [
                Flow(
                    id: "welcome", start: "menu",
                    nodes: [
                        Node(
                            id: "menu",
                            action: .menu(
                                Menu(prompt: .text("hello"), choices: [.init(key: "1", next: "in")], otherwise: "in"))),
                        Node(
                            id: "in",
                            action: .queue(EnterQueue(queue: "sales", priorityClass: 2, boostSeconds: 5, otherwise: "sorry"))),
                        Node(
                            id: "sorry",
                            action: .play(Play(prompts: [.text(String(repeating: "sorry ", count: 10))], next: "on"))),
                        Node(id: "on", action: .queue(EnterQueue(queue: "help", otherwise: "message"))),
                        Node(id: "message", action: .voicemail(Voicemail(prompt: .text("speak"), mailbox: "sales"))),
                    ])
            ], numbers: [NumberRules(number: "100", flow: "welcome")])
        change(&house)
        return house
    }

    private func workload(_ change: (inout Workload.Queue) -> Void = { _ in }) -> Workload {
        var queue = Workload.Queue(
            id: "sales", callsPerHour: [40], handle: .exponential(mean: 180), patience: .fixed(3600))
        change(&queue)
        return Workload(queues: [queue], intervals: 8)
    }

    private func day(_ workload: Workload, rules: CenterConfiguration?, trace: DayTrace? = nil) throws -> SimulatedDay {
        var day = try SimulatedDay(workload, rules: rules, trace: trace, seed: 3, keepsRecords: true)
        _ = try day.run()
        #expect(Invariants.violations(in: day.center).isEmpty)
        return day
    }

    @Test("whom a queue gives back goes on in the house's own flow: to the next queue, and from there to the voicemail")
    func overflow() throws {
        let day = try day(workload(), rules: house())
        #expect(day.figures.queues == ["sales", "help"])
        let (sales, help) = (day.figures.total(of: 0), day.figures.total(of: 1))
        #expect(sales.offered == day.figures.contacts && sales.counts.flowedOut > 20)
        // Everybody who was sent on came there, but for those who came after the last interval.
        #expect(abs(help.offered - sales.counts.flowedOut) <= 2)
        #expect(help.counts.answered > 20 && help.counts.flowedOut > 5)
        #expect(day.closed.count { $0.agent == "ben" } >= help.counts.answered)
        #expect(abs(day.closed.count { $0.hasMessage } - help.counts.flowedOut) <= 2)
        for id in day.figures.queues {
            let own = try #require(day.center.queues[id]?.figures), place = try #require(day.figures.queues.firstIndex(of: id))
            let counts = day.figures.total(of: place).counts
            #expect(abs(own.answered - counts.answered) <= 1 && abs(own.divertedInAll - counts.flowedOut) <= 2)
        }
        // The way there takes as long as what is read out: 60 letters, four seconds.
        let story = try #require(day.closed.first { $0.agent == "ben" }?.timeline)
        let left = try #require(story.first { if case .diverted("sales", .timeout) = $0.what { true } else { false } }?.at)
        let came = try #require(story.first { if case .enqueued("help", _) = $0.what { true } else { false } }?.at)
        #expect((came - left).inSeconds == 4)
        // Without the house's flow there is nowhere to go.
        var alone = house()
        alone.flows = []
        let without = try self.day(workload(), rules: alone)
        #expect(without.figures.queues == ["sales"] && without.closed.allSatisfy { $0.agent != "ben" })
    }

    @Test("callers have the place that their flow and number give them, and kinds beside it")
    func priority() throws {
        let rules = house { $0.numbers[0].boostSeconds = 7 }
        let kinds: [Workload.Kind] = [
            .init(name: "usual", share: 0.5, boostSeconds: 100), .init(name: "high", share: 0.5, priorityClass: 9),
        ]
        let center = try day(workload { $0.kinds = kinds }, rules: rules).center.configuration
        let enter = center.flows.compactMap { flow -> EnterQueue? in
            if case .queue(let enter)? = flow.node("#queue")?.action { enter } else { nil }
        }.filter { $0.queue == "sales" }
        #expect(enter.map(\.priorityClass) == [2, 2, 9] && enter.map(\.boostSeconds) == [12, 112, 12])
    }

    @Test("a recording announcement holds the caller back before anybody is rung, unless it was heard with the number")
    func announcement() throws {
        // 150 letters: ten seconds.
        let recording = QueueRules.Recording(announcement: String(repeating: "abcdefghij", count: 15))
        func waits(_ rules: CenterConfiguration) throws -> [Double] {
            try day(workload { $0.callsPerHour = [4] }, rules: rules).closed.compactMap { contact in
                for case .answered(_, "sales", let wait) in contact.timeline.map(\.what) { return wait }
                return nil
            }
        }
        let said = try waits(house { $0.queues[0].recording = recording })
        #expect(!said.isEmpty && said.allSatisfy { $0 >= 10 })
        let heard = try waits(
            house {
                $0.queues[0].recording = recording
                $0.numbers[0].recording = recording
            })
        #expect(heard.contains(0))
    }

    @Test("chats come beside calls, several at once, and one at a time takes longer")
    func chats() throws {
        func day(atOnce: Int) throws -> SimulatedDay {
            let chat = Workload.Work(
                kind: "chat", perHour: [30], handle: .exponential(mean: 400), patience: .exponential(mean: 200), atOnce: atOnce)
            let mail = Workload.Work(kind: "mail", perHour: [6], handle: .fixed(120), hasSession: false)
            return try self.day(
                Workload(
                    queues: [
                        .init(id: "sales", callsPerHour: [10], handle: .fixed(100), patience: .fixed(900), work: [chat, mail])
                    ], teams: [.init(name: "all", agents: [3], queues: ["sales"])], intervals: 8), rules: nil)
        }
        let (one, three) = (try day(atOnce: 1), try day(atOnce: 3))
        let kinds = Set(three.closed.map(\.kind))
        #expect(kinds == [.call, "chat", "mail"])
        #expect(three.figures.total.offered == three.figures.contacts)
        #expect(three.figures.total.counts.abandoned < one.figures.total.counts.abandoned)
        let most = three.closed.filter { $0.kind == "chat" }.map { chat in
            three.closed.count { other in
                guard other.kind == "chat", other.agent == chat.agent, let at = chat.answeredAt, let began = other.answeredAt
                else { return false }
                return began <= at && other.endedAt.map { $0 > at } == true
            }
        }.max()
        #expect(most == 3)
        // Mails have no patience: none is lost.
        #expect(three.closed.filter { $0.kind == "mail" }.allSatisfy { $0.agent != nil })
        #expect(three.figures.byInterval.allSatisfy { ($0.occupancy ?? 0) <= 1 })
    }

    @Test("who takes the offer of a callback is called when it is the turn, and counts neither as answered nor as lost")
    func callbacks() throws {
        func day(_ callbacks: Workload.Callbacks?) throws -> SimulatedDay {
            try self.day(
                Workload(
                    queues: [
                        .init(
                            id: "sales", callsPerHour: [40, 40, 0], handle: .exponential(mean: 180),
                            patience: .exponential(mean: 300), callbacks: callbacks)
                    ], teams: [.init(name: "all", agents: [2], queues: ["sales"])], intervals: 8), rules: nil)
        }
        let none = try day(nil).figures.total, half = try day(.init(share: 0.5)), total = half.figures.total
        #expect(none.callbacksRequested == 0 && total.callbacksRequested > 5)
        #expect(total.counts.abandoned < none.counts.abandoned)
        #expect(total.callbacksReached > total.callbacksRequested / 2)
        #expect(total.callbacksReached + total.callbacksGivenUp == total.callbacksRequested)
        let own = try #require(half.center.queues["sales"]?.figures)
        #expect(own.callbacks.requested == total.callbacksRequested && own.callbacks.reached == total.callbacksReached)
        #expect(own.callbacks.attempts == total.callbackAttempts)
        #expect(own.answered == total.counts.answered && own.abandoned == total.counts.abandoned)
        #expect(total.offered + total.callbacksRequested == half.figures.contacts)
        // Nobody picks up: three tries each, then it is over.
        let deaf = try day(.init(share: 1, reached: 0)).figures.total
        #expect(deaf.callbacksReached == 0 && deaf.callbackAttempts == 3 * deaf.callbacksGivenUp)
        #expect(throws: WorkloadError.noCallbacks("sales")) {
            try self.day(workload { $0.callbacks = .init(share: 0.5) }, rules: house())
        }
    }

    private func trace(of day: SimulatedDay) throws -> DayTrace {
        let from = try #require(day.journal.first?.at)
        var trace = DayTrace(from: from, to: from + .seconds(8 * 1800)), center = Center()
        trace.begin(with: center)
        for (at, event) in day.journal {
            var commands: [Command] = []
            center.handle(event, at: at, into: &commands)
            trace.note(event, commands, in: center, at: at)
        }
        trace.finish(with: center)
        return trace
    }

    @Test("chats and callbacks of a day that was come again as what they were, and rules that offer none change them")
    func again() throws {
        let chat = Workload.Work(kind: "chat", perHour: [20], handle: .fixed(300), patience: .exponential(mean: 300), atOnce: 2)
        let was = try day(
            Workload(
                queues: [
                    .init(
                        id: "sales", callsPerHour: [40, 40, 0], handle: .exponential(mean: 180),
                        patience: .exponential(mean: 300), work: [chat], callbacks: .init(share: 0.5))
                ], teams: [.init(name: "all", agents: [3], queues: ["sales"])], intervals: 8), rules: nil)
        let trace = try trace(of: was)
        let chats = trace.arrivals.filter { $0.work == "chat" }, asked = trace.arrivals.filter { $0.end == .callback }
        #expect(chats.count == was.closed.count { $0.kind == "chat" } && chats.allSatisfy(\.hasSession))
        #expect(asked.count == was.figures.total.callbacksRequested && asked.count > 5)
        #expect(trace.callbackCalls == was.figures.total.callbackAttempts)
        let workload = try trace.workload(intervalSeconds: 1800)
        #expect(workload.queues[0].work.map(\.kind) == ["chat"])
        let same = try day(workload, rules: trace.configuration, trace: trace)
        #expect(same.closed.count { $0.kind == "chat" } == chats.count)
        let (before, after) = (was.figures.total.callbacksRequested, same.figures.total.callbacksRequested)
        #expect(abs(before - after) <= max(3, before / 4), "\(before), again \(after)")
        var without = trace.configuration
        without.queues[0].callback = nil
        let changed = try day(workload, rules: without, trace: trace)
        #expect(changed.figures.total.callbacksRequested == 0)
        #expect(
            workload.simplifications(rules: without, trace: trace).contains { $0.contains("callback in sales") })
    }

    @Test("agents who are added without what the queue requires are of no use, and that is said")
    func added() throws {
        let was = try day(workload { $0.patience = .exponential(mean: 120) }, rules: house())
        let trace = try trace(of: was)
        var rules = trace.configuration
        rules.queues[0].require = [RequirementStep(.skill("french", .atLeast, 50))]
        for index in rules.agents.indices {
            rules.agents[index].skills = AgentSkills(grades: [.init(skill: "french", grade: 60)])
        }
        var workload = try trace.workload(intervalSeconds: 1800)
        workload.teams = [.init(name: "added", agents: [2], queues: ["sales"])]
        #expect(throws: WorkloadError.ofNoUse("sales")) { try day(workload, rules: rules, trace: trace) }
        workload.teams[0].skills = AgentSkills(grades: [.init(skill: "french", grade: 50)])
        let better = try day(workload, rules: rules, trace: trace)
        #expect(better.closed.contains { $0.agent == "added-1" })
        #expect(better.figures.total.counts.abandoned < was.figures.total.counts.abandoned)
    }

    @Test("what a described day leaves out is said with it, and the opening hours are one of these")
    func notes() throws {
        let closed = OpeningHours(id: "office", week: [[OpeningHours.Span]](repeating: [], count: 7))
        let rules = house {
            $0.hours = [closed]
            $0.queues[0].limits = QueueLimits(hours: "office")
        }
        let notes = workload().simplifications(rules: rules, trace: nil)
        #expect(notes.contains { $0.contains("always open") } && notes.contains { $0.contains("behind the voice menu") })
        #expect(try day(workload(), rules: rules).figures.total.counts.answered > 20)
        // Of a day that was the hours are those of that day.
        let trace = try trace(of: day(workload(), rules: house()))
        let shut = try day(trace.workload(intervalSeconds: 1800), rules: rules, trace: trace)
        #expect(shut.figures.total(of: 0).counts.answered == 0 && shut.figures.total(of: 0).counts.flowedOut > 100)
        #expect(workload().simplifications(rules: nil, trace: nil).count == 1)
    }

    @Test("kinds of work that nobody has described, or that contradict each other, are named")
    func errors() throws {
        func error(rules: CenterConfiguration? = nil, _ change: (inout Workload) -> Void) -> WorkloadError? {
            var workload = workload { $0.work = [.init(kind: "chat", perHour: [1], handle: .fixed(10), patience: .fixed(10))] }
            workload.teams = [.init(name: "all", agents: [5], queues: ["sales"])]
            change(&workload)
            do throws(WorkloadError) { _ = try SimulatedDay(workload, rules: rules, seed: 1) } catch { return error }
            return nil
        }
        #expect(error { _ in } == nil)
        #expect(error(rules: house()) { _ in } == .unknownKind("chat"))
        let chats = house { $0.kinds = [WorkKind(id: "chat", channel: .chat)] }
        #expect(error(rules: chats) { _ in } == .kindNotTaken("sales", "chat"))
        #expect(error { $0.queues[0].work[0].kind = .call } == .unknownKind(.call))
        #expect(error { $0.queues[0].work.append($0.queues[0].work[0]) } == .kindDescribedTwice("chat"))
        for rate in [Double.nan, -1, 1e300, .infinity] { #expect(error { $0.queues[0].work[0].perHour = [rate] } != nil) }
        for atOnce in [0, -1, Int.max] { #expect(error { $0.queues[0].work[0].atOnce = atOnce } != nil) }
        for share in [-0.1, 1.1, .nan] { #expect(error { $0.queues[0].callbacks = .init(share: share) } != nil) }
        #expect(
            error {
                $0.queues[0].work[0].patience = nil
                $0.queues[0].work[0].perHour = [3600]
            } == .overloaded("sales", loadErlangs: 10, agents: 5))
        #expect(throws: WorkloadError.tooManyContacts(expected: 16_000_000, max: Workload.contactsOfRunsMax)) {
            try workload { $0.callsPerHour = [4000] }.check(runs: 1000)
        }
    }
}

extension Contact {
    fileprivate var hasMessage: Bool { messages?.isEmpty == false }
}
