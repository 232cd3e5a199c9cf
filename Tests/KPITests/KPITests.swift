// The vectors of the definitions, and what must hold whatever is counted.

import ACD
import Basics
import KPI
import Testing

private func isNear(_ value: Double?, _ wanted: Double, _ tolerance: Double = 5e-5) -> Bool {
    value.map { abs($0 - wanted) <= tolerance } ?? false
}

struct ServiceLevelTests {
    /// ICMI and callcentrehelper.
    private func published() throws -> QueueCounts {
        try QueueCounts(answered: 1000, answeredInTime: 860, abandoned: 60, abandonedInTime: 20, abandonedShort: 10)
    }

    @Test(
        "the published vector by every variant",
        arguments: [
            (ServiceLevel.a1, 0.8302), (.a2, 0.86), (.a3, 0.8113), (.a4, 0.8269), (.a5, 0.8208), (.switchboard, 0.8190),
            (.asterisk, 0.86), (.asterisk2, 0.8302), (.wazo, 0.86), (.genesys(.init()), 0.8113),
        ])
    func vector(level: ServiceLevel, wanted: Double) throws {
        #expect(isNear(level.value(of: try published()), wanted))
        #expect(level.figure(of: try published()).formula == level.formula)
    }

    @Test("the published vector again, counted by the router")
    func counted() throws {
        var figures = QueueFigures()
        let threshold = Duration.seconds(20)
        for number in 0..<1000 { figures.noteAnswer(after: .seconds(number < 860 ? 20 : 21), threshold: threshold) }
        for number in 0..<60 {
            figures.noteAbandon(after: .seconds(number < 10 ? 5 : number < 20 ? 20 : 30), threshold: threshold)
        }
        figures.noteDiversion(.timeout, after: .seconds(90))
        let counts = QueueCounts(figures, waitingBeyondThreshold: 7)
        var wanted = try published()
        (wanted.flowedOut, wanted.waitingBeyondThreshold) = (1, 7)
        wanted.waitOfAnswered = 860 * 20 + 140 * 21
        #expect(counts == wanted)
    }

    @Test("Cisco's three ways with abandons: 70 answered and 10 abandoned in time, 20 beyond, of 100")
    func cisco() throws {
        // Those beyond are answered late, abandoned late, or still wait.
        for (late, lost, waiting) in [(20, 0, 0), (5, 10, 5), (0, 0, 20)] {
            let counts = try QueueCounts(
                answered: 70 + late, answeredInTime: 70, abandoned: 10 + lost, abandonedInTime: 10, abandonedShort: 0,
                waitingBeyondThreshold: waiting)
            #expect(isNear(ServiceLevel.ciscoAbandonsIgnored.value(of: counts), 0.778, 5e-4))
            #expect(isNear(ServiceLevel.ciscoAbandonsNegative.value(of: counts), 0.7, 1e-12))
            #expect(isNear(ServiceLevel.ciscoAbandonsPositive.value(of: counts), 0.8, 1e-12))
        }
    }

    @Test("each of Genesys' switches changes the denominator, and its formula says so")
    func genesys() throws {
        var counts = try published()
        counts.flowedOut = 40
        func level(_ flowOuts: Bool, _ short: Bool, _ all: Bool) -> Double? {
            ServiceLevel.genesys(
                .init(includesFlowOuts: flowOuts, excludesShortAbandons: short, excludesAbandons: all)
            ).value(of: counts)
        }
        #expect(isNear(level(false, false, false), 860 / 1060))
        #expect(isNear(level(true, false, false), 860 / 1100))
        #expect(isNear(level(false, true, false), 860 / 1050))
        #expect(isNear(level(true, true, false), 860 / 1090))
        #expect(isNear(level(false, false, true), 0.86))
        #expect(isNear(level(false, true, true), 0.86))
        let formulas = [(false, false), (true, false), (false, true), (true, true)].map {
            ServiceLevel.genesys(.init(includesFlowOuts: $0.0, excludesAbandons: $0.1)).formula
        }
        #expect(Set(formulas).count == 4)
    }

    @Test("without anybody there is no service level, and never a zero")
    func nothing() {
        for level in ServiceLevel.all { #expect(level.value(of: .none) == nil) }
        #expect(QueueCounts.none.averageSpeedOfAnswer.value == nil)
        #expect(QueueCounts.none.abandonRate.value == nil)
    }

    @Test("every variant stays between 0 and 1, whatever is counted")
    func bounds() throws {
        var random = SeededRandom(seed: 4)
        for _ in 0..<2000 {
            let (answered, abandoned) = (random.below(50), random.below(50))
            let short = random.below(abandoned + 1)
            let counts = try QueueCounts(
                answered: answered, answeredInTime: random.below(answered + 1), abandoned: abandoned,
                abandonedInTime: short + random.below(abandoned - short + 1), abandonedShort: short,
                flowedOut: random.below(10), waitingBeyondThreshold: random.below(10))
            for level in ServiceLevel.all {
                guard let value = level.value(of: counts) else { continue }
                #expect((0...1).contains(value), "\(level.name) of \(counts)")
            }
        }
    }

    @Test("counts that contradict one another are refused by name")
    func contradictions() {
        #expect(throws: KPIError.partExceedsWhole(part: "answered in time", whole: "answered")) {
            try QueueCounts(answered: 1, answeredInTime: 2, abandoned: 0, abandonedInTime: 0, abandonedShort: 0)
        }
        #expect(throws: KPIError.negative("abandoned")) {
            try QueueCounts(answered: 1, answeredInTime: 1, abandoned: -1, abandonedInTime: -1, abandonedShort: -1)
        }
        #expect(throws: KPIError.notFinite("the wait of those answered")) {
            try QueueCounts(
                answered: 1, answeredInTime: 1, abandoned: 0, abandonedInTime: 0, abandonedShort: 0, waitOfAnswered: .nan)
        }
    }

    @Test("a count that no center can have is refused by name, and never taken for a smaller one")
    func tooLarge() throws {
        let most = 1 << 50
        func counts(_ answered: Int) throws -> QueueCounts {
            try QueueCounts(answered: answered, answeredInTime: answered, abandoned: 0, abandonedInTime: 0, abandonedShort: 0)
        }
        #expect(try counts(most).answered == most)
        for count in [most + 1, .max] {
            #expect(throws: KPIError.tooLarge("answered", max: most)) { try counts(count) }
        }
        // Sums of such counts do not trap.
        let sum = try counts(most) + counts(most)
        #expect(ServiceLevel.switchboard.value(of: sum) == 1)
        #expect(KPIError.tooLarge("answered", max: most).description.contains(";"))
    }

    @Test("sums of intervals are sums of counts; waiting and leaving")
    func sums() throws {
        let part = try QueueCounts(
            answered: 4, answeredInTime: 3, abandoned: 1, abandonedInTime: 1, abandonedShort: 1, flowedOut: 5,
            waitOfAnswered: 40)
        let all = part + part
        #expect(all.averageSpeedOfAnswer.value == 10)
        #expect(all.abandonRate.value == 0.1)
        #expect(all.abandonRate(countsFlowOuts: false).value == 0.2)
        #expect(all.shortAbandonRate.value == 0.1)
        #expect(all.abandonRateWithoutShort.value == 0)
        #expect(all.answerRate.value == 0.4)
        #expect(all.offered(countsFlowOuts: false) == 10)
    }
}

struct AgentFigureTests {
    @Test("AHT and its parts")
    func handling() throws {
        let counts = try HandlingCounts(handled: 10, talk: 1500, hold: 100, wrapUp: 200)
        #expect(counts.averageHandleTime.value == 180)
        #expect(counts.averageTalk.value == 150 && counts.averageHold.value == 10 && counts.averageWrapUp.value == 20)
        #expect(try HandlingCounts(handled: 0, talk: 0, hold: 0, wrapUp: 0).averageHandleTime.value == nil)
    }

    @Test("chats side by side share the agent's time")
    func concurrency() throws {
        // One from 0 to 10 alone until 4, with the second until 8, then alone again; the third by itself.
        let spans = try [Span(start: 0, end: 10), Span(start: 4, end: 8), Span(start: 20, end: 26)]
        #expect(ConcurrentHandling.seconds(of: spans) == [8, 2, 6])
        #expect(isNear(ConcurrentHandling.averageHandleTime(of: spans).value, 16 / 3))
        #expect(ConcurrentHandling.averageHandleTime(of: []).value == nil)
        var random = SeededRandom(seed: 1)
        for _ in 0..<200 {
            let many = try (0..<20).map { _ in
                let start = Double(random.below(50))
                return try Span(start: start, end: start + Double(random.below(20)))
            }
            // Together they are the time in which there was anything to do.
            let busy = (0..<80).count { second in
                many.contains { $0.start <= Double(second) && Double(second + 1) <= $0.end }
            }
            #expect(isNear(ConcurrentHandling.seconds(of: many).reduce(0, +), Double(busy), 1e-9))
        }
    }

    @Test("occupancy by what ringing counts as")
    func occupancy() throws {
        let time = try AgentTime(talk: 500, hold: 50, wrapUp: 40, dialling: 10, ringing: 100, idle: 300, aux: 500, paid: 2000)
        #expect(isNear(time.occupancy().value, 700 / 1000))
        #expect(isNear(time.occupancy(ringing: .isLeftOut).value, 600 / 900))
        #expect(isNear(time.occupancy(ringing: .isIdle).value, 600 / 1000))
        #expect(isNear(time.utilisation.value, 0.5))
        #expect(isNear(time.shrinkage.value, 0.5))
        #expect(throws: KPIError.negative("idle")) { try AgentTime(idle: -1) }
        #expect(try AgentTime().occupancy().value == nil)
    }

    @Test("adherence counts the right class at the right time, conformance only the length")
    func schedule() throws {
        let plan = try [
            ScheduledSpan(Span(start: 0, end: 3600), "available"), ScheduledSpan(Span(start: 3600, end: 4500), "break"),
            ScheduledSpan(Span(start: 4500, end: 8100), "available"),
        ]
        // Ten minutes late, and the break begins five minutes late but has its length.
        let actual = try [
            ScheduledSpan(Span(start: 600, end: 3900), "available"), ScheduledSpan(Span(start: 3900, end: 4800), "break"),
            ScheduledSpan(Span(start: 4800, end: 9000), "available"),
        ]
        #expect(
            isNear(ScheduleComparison.adherence(scheduled: plan, actual: actual).value, (3000 + 600 + 3300) / 8100))
        #expect(isNear(try ScheduleComparison.conformance(worked: 7500, scheduled: 7200).value, 1.0417))
        #expect(throws: KPIError.endsBeforeItBegins("a span of time")) { try Span(start: 2, end: 1) }
    }

    @Test("offers answered and missed")
    func offers() throws {
        let counts = try OfferCounts(offered: 20, answered: 17, missed: 2)
        #expect(counts.answerRate.value == 0.85 && counts.missRate.value == 0.1)
    }
}

struct CustomerFigureTests {
    @Test("resolved is who has not come back about the same issue within seven days; pending until then")
    func resolution() {
        func contact(_ customer: String, _ issue: String, day: Int64, isFirstLevel: Bool = true) -> ResolvableContact {
            ResolvableContact(
                customer: customer, issue: issue, at: Instant(seconds: day * 86_400), isFirstLevel: isFirstLevel)
        }
        let contacts = [
            contact("a", "bill", day: 0), contact("a", "bill", day: 7), contact("b", "bill", day: 0),
            contact("b", "router", day: 1), contact("c", "router", day: 0), contact("c", "router", day: 8),
            contact("d", "recall", day: 2, isFirstLevel: false), contact("d", "recall", day: 3, isFirstLevel: false),
        ]
        let found = Resolution(of: contacts, at: Instant(seconds: 12 * 86_400))
        // Closed: a0 (came back on the seventh day), b, b, c0 (after the window), d2 (came back), d3.
        #expect(isNear(found.final.value, 4.0 / 6))
        #expect(found.pending == 2)
        #expect(isNear(found.provisional.value, 6.0 / 8))
        #expect(isNear(found.net.value, 3.0 / 4))
        #expect(Resolution(of: [], at: Instant(seconds: 0)).final.value == nil)
    }

    @Test("three questions, three scales")
    func surveys() throws {
        var satisfaction = Survey(.satisfaction)
        for answer in [5, 4, 3, 1] { try satisfaction.note(answer) }
        #expect(satisfaction.figure.value == 0.5)
        var effort = Survey(.effort)
        for answer in [1, 2, 3] { try effort.note(answer) }
        #expect(effort.figure.value == 2 && !effort.question.isHighGood)
        var recommendation = Survey(.recommendation)
        for answer in [10, 9, 8, 7, 6, 0, 9, 9, 10, 10] { try recommendation.note(answer) }
        #expect(isNear(recommendation.figure.value, 0.4))
        #expect(throws: KPIError.offTheScale(value: 6, min: 1, max: 5)) { try satisfaction.note(6) }
        #expect(throws: KPIError.self) { try recommendation.note(.max) }
        #expect(Survey(.satisfaction).figure.value == nil)
    }

    @Test("containment leaves out who hung up and who came back; the naive one does not")
    func containment() throws {
        let counts = try SelfServiceCounts(sessions: 100, completed: 40, completedAndBack: 8, hungUp: 15)
        #expect(isNear(counts.containment.value, 0.32))
        #expect(isNear(counts.naiveContainment.value, 0.55))
        #expect(throws: KPIError.self) {
            try SelfServiceCounts(sessions: 100, completed: 90, completedAndBack: 0, hungUp: 11)
        }
    }

    @Test("shares")
    func shares() throws {
        #expect(try Share.misroute(misrouted: 3, routed: 60).value == 0.05)
        #expect(try Share.intentSuccess(reachedGoal: 85, sessions: 100).value == 0.85)
        #expect(try Share.recordingSuccess(playable: 99, toBeRecorded: 100).value == 0.99)
        #expect(try Share.caseCreation(created: 0, inbound: 0).value == nil)
        #expect(throws: KPIError.self) { try Share.misroute(misrouted: 61, routed: 60) }
    }

    @Test("callbacks have a reach rate of their own")
    func callbacks() throws {
        let counts = try CallbackCounts(requested: 12, reached: 8, attempts: 15, givenUp: 2)
        #expect(counts.reachRate.value == 0.8 && counts.attemptsPerCallback.value == 1.5)
        #expect(throws: KPIError.self) { try CallbackCounts(requested: 3, reached: 2, attempts: 2, givenUp: 2) }
    }

    @Test("backlog by age, and its burn-down")
    func backlog() throws {
        let backlog = try Backlog(agesInHours: [1, 4, 5, 24, 25, 100, 1000])
        #expect(backlog.counts == [2, 2, 1, 1, 1])
        #expect(isNear(backlog.overDayShare.value, 3.0 / 7))
        #expect(Backlog.burnDown(opened: [5, 5, 1], closed: [3, 6, 4]) == [2, 1, -2])
        #expect(throws: KPIError.self) { try Backlog(agesInHours: [.nan]) }
    }
}

struct AgentTimeTests {
    private func spell(_ state: Activity.State, _ since: Int64, _ until: Int64?) -> ActivitySpell {
        ActivitySpell(
            activity: Activity(state), since: Instant(seconds: since), until: until.map { Instant(seconds: $0) })
    }

    @Test("a timeline is clipped at the borders of its intervals, by hand")
    func clipped() {
        let spells = [
            spell(.offline, 0, 100), spell(.available, 100, 850), spell(.ringing, 850, 860), spell(.talking, 860, 1000),
            spell(.held, 1000, 1030), spell(.talking, 1030, 1100), spell(.wrapUp, 1100, 1130), spell(.pause, 1130, 1700),
            spell(.lost, 1700, 1710), spell(.unknown, 1710, 1720), spell(.available, 1720, nil),
        ]
        let intervals = AgentTime.intervals(of: spells, from: .epoch, to: Instant(seconds: 2000), seconds: 900)
        #expect(intervals.map { ($0.to - $0.from).inSeconds } == [900, 900, 200])
        let (first, second, third) = (intervals[0].time, intervals[1].time, intervals[2].time)
        #expect(first.idle == 750 && first.ringing == 10 && first.talk == 40 && first.paid == 800)
        #expect(second.talk == 170 && second.hold == 30 && second.wrapUp == 30 && second.aux == 580 && second.idle == 80)
        #expect(second.paid == 890 && third.idle == 200 && third.paid == 200)
        #expect(isNear(first.occupancy().value, 50.0 / 800, 1e-12))
        let whole = AgentTime(of: spells, from: .epoch, to: Instant(seconds: 2000))
        #expect(whole.paid == 1890 && whole.talk == 210 && whole.idle == 1030)
        #expect(AgentTime(of: spells, from: Instant(seconds: 50), to: Instant(seconds: 50)) == .none)
        #expect(AgentTime.intervals(of: [], from: .epoch, to: Instant(seconds: 10), seconds: 5).map(\.time) == [.none, .none])
    }

    @Test("the intervals of a timeline add up to the whole, however it is cut")
    func sums() {
        var random = SeededRandom(seed: 5), spells: [ActivitySpell] = [], at: Int64 = 0
        for _ in 0..<2000 {
            let next = at + 1 + Int64(random.below(400))
            spells.append(spell(Activity.State.allCases[random.below(Activity.State.allCases.count)], at, next))
            at = next
        }
        let (from, to) = (Instant(seconds: 777), Instant(seconds: at - 333))
        let whole = AgentTime(of: spells, from: from, to: to)
        for seconds in [60, 900, 3601] {
            let parts = AgentTime.intervals(of: spells, from: from, to: to, seconds: seconds).map(\.time)
            #expect(isNear(parts.reduce(0) { $0 + $1.paid }, whole.paid, 1e-6))
            #expect(isNear(parts.reduce(0) { $0 + $1.talk }, whole.talk, 1e-6))
            #expect(parts.allSatisfy { isNear($0.onContacts + $0.ringing + $0.idle + $0.aux, $0.paid, 1e-6) })
        }
    }
}
