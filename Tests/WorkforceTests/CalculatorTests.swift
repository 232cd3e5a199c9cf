// Staffing, channels, return and cost: the examples of the requirements.

import Testing
import Workforce

struct CalculatorTests {
    @Test("200 calls an hour of three minutes, 80 % in 20 s, 30 % shrinkage: 14 agents, 20 positions")
    func staffing() throws {
        let traffic = try Traffic(callsPerHour: 200, handleSeconds: 180)
        let plan = try Staffing(traffic: traffic, target: 0.8, within: 20, shrinkage: 0.3)
        #expect(plan.model == .erlangC)
        #expect((plan.agents, plan.positions) == (14, 20))
        #expect(plan.abandonProbability == 0)
        let impatient = try Staffing(traffic: traffic, target: 0.8, within: 20, patienceSeconds: 300)
        #expect(impatient.model == .erlangA)
        #expect(impatient.agents == 13 && impatient.positions == 13)
        let given = try Staffing(traffic: traffic, target: 0.8, within: 20, agents: 13)
        #expect(abs(given.serviceLevel - 0.7956) < 5e-5)
        let overloaded = try Staffing(traffic: traffic, target: 0.8, within: 20, agents: 5, patienceSeconds: 60)
        #expect(overloaded.abandonProbability > 0.5 && overloaded.occupancy > 0.95)
    }

    @Test("12,000 calls an hour of six minutes: 1,200 at once, 1,440 channels")
    func channels() throws {
        let plan = try TrunkChannels(traffic: Traffic(callsPerHour: 12_000, handleSeconds: 360), blockingMax: 0.001)
        #expect(plan.concurrent == 1200)
        #expect(plan.channels == 1440)
        #expect(plan.blocking < 1e-9)
        let wanted = try #require(plan.channelsForBlocking)
        #expect((1200..<1440).contains(wanted))
    }

    @Test("a million contacts, a quarter of them deflected: 1,375,000 saved, 1,005,000 net, paid back in 2.18 or 2.39 months")
    func returnOnInvestment() throws {
        let plan = try ReturnOnInvestment(
            contactsPerYear: 1_000_000, share: 0.25, costWithAgent: 6, costOfSelfService: 0.5, oneTimeCost: 250_000,
            monthlyCost: 10_000)
        #expect(plan.savingsPerYear == 1_375_000)
        #expect(plan.firstYearCost == 370_000)
        #expect(plan.net == 1_005_000)
        #expect(abs(try #require(plan.paybackMonths) - 2.18) < 0.005)
        #expect(abs(try #require(plan.paybackMonthsWithRunningCost) - 2.39) < 0.005)
    }

    @Test("a loss is an answer: what is never paid back has no month for it")
    func loss() throws {
        func plan(_ withAgent: Double, _ selfService: Double, _ monthly: Double) throws -> ReturnOnInvestment {
            try ReturnOnInvestment(
                contactsPerYear: 1200, share: 0.5, costWithAgent: withAgent, costOfSelfService: selfService, oneTimeCost: 1000,
                monthlyCost: monthly)
        }
        // 600 contacts, each of which costs one more than before.
        let worse = try plan(1, 2, 10)
        #expect(worse.savingsPerYear == -600 && worse.firstYearCost == 1120 && worse.net == -1720)
        #expect(abs(try #require(worse.returnRate) - -1720 / 1120) < 1e-12)
        #expect(worse.paybackMonths == nil && worse.paybackMonthsWithRunningCost == nil)
        // 50 are saved each month and 50 are paid: by the usual sum after 20 months, in truth never.
        let even = try plan(2, 1, 50)
        #expect(even.net == -1000 && even.paybackMonths == 20 && even.paybackMonthsWithRunningCost == nil)
        #expect(try plan(2, 2, 0).paybackMonths == nil)
    }

    @Test("150 agents and 180,000 contacts: 25,548.33 a month, 0.1419 each")
    func cost() throws {
        // The totals are those of S0-70; how they are made up is our example.
        let plan = try CostOfOwnership(
            agents: 150, contactsPerMonth: 180_000, minutesPerMonth: 540_000,
            prices: .init(perAgent: 120, perMinute: 0.008, fixed: 1145, oneTime: 25_000, months: 12))
        #expect(abs(plan.perMonth - 25_548.33) < 0.005)
        #expect(abs(plan.perContact - 0.1419) < 5e-5)
    }

    @Test("what cannot be is said by name, and never worked on without an end")
    func errors() throws {
        #expect(throws: WorkforceError.outOfRange(.callsPerHour, value: 0, min: 1e-9, max: 1e12)) {
            try Traffic(callsPerHour: 0, handleSeconds: 180)
        }
        #expect(throws: WorkforceError.notFinite(.handleSeconds)) { try Traffic(callsPerHour: 1, handleSeconds: .nan) }
        #expect(throws: WorkforceError.notFinite(.callsPerHour)) { try Traffic(callsPerHour: .infinity, handleSeconds: 1) }
        #expect(throws: WorkforceError.outOfRange(.load, value: 1e7, min: 1e-9, max: 100_000)) {
            try Traffic(callsPerHour: 200_000_000, handleSeconds: 180)
        }
        let traffic = try Traffic(callsPerHour: 200, handleSeconds: 180)
        #expect(throws: WorkforceError.overloaded(loadErlangs: 10, agents: 10)) {
            try ErlangC(traffic: traffic, agents: 10)
        }
        #expect(throws: WorkforceError.overloaded(loadErlangs: 10, agents: 3)) {
            try Staffing(traffic: traffic, target: 0.8, within: 20, agents: 3)
        }
        for agents in [0, -1, Int.min, Int.max] {
            #expect(throws: WorkforceError.self) { try ErlangC(traffic: traffic, agents: agents) }
            #expect(throws: WorkforceError.self) { try ErlangA(traffic: traffic, agents: agents, patienceSeconds: 60) }
        }
        for target in [-0.1, 1, 80, .nan] {
            #expect(throws: WorkforceError.self) { try Staffing(traffic: traffic, target: target, within: 20) }
            #expect(throws: WorkforceError.self) { try Staffing(traffic: traffic, target: target, within: 20, agents: 14) }
        }
        for seconds in [-1, .nan, .infinity, 1e12] {
            #expect(throws: WorkforceError.self) { try Staffing(traffic: traffic, target: 0.8, within: seconds) }
            #expect(throws: WorkforceError.self) {
                try Staffing(traffic: traffic, target: 0.8, within: seconds, patienceSeconds: 60)
            }
        }
        for patience in [0, -5, .nan, 1e12] {
            #expect(throws: WorkforceError.self) {
                try Staffing(traffic: traffic, target: 0.8, within: 20, patienceSeconds: patience)
            }
        }
        for shrinkage in [-0.1, 1, 30, .nan] {
            #expect(throws: WorkforceError.self) { try Staffing.positions(for: 14, shrinkage: shrinkage) }
        }
        #expect(throws: WorkforceError.tooManyStates(max: ErlangA.waitingMax)) {
            try ErlangA(traffic: traffic, agents: 1, patienceSeconds: 1e9)
        }
        for value in [Double.nan, -1, 1e300, .infinity] {
            #expect(throws: WorkforceError.self) {
                try ReturnOnInvestment(
                    contactsPerYear: 1000, share: 0.25, costWithAgent: value, costOfSelfService: 2, oneTimeCost: 10,
                    monthlyCost: 0)
            }
        }
        #expect(throws: WorkforceError.self) {
            try CostOfOwnership(agents: 150, contactsPerMonth: 0, prices: .init())
        }
        for error in [WorkforceError.overloaded(loadErlangs: 10, agents: 3), .tooManySteps(max: 1)] {
            #expect("\(error)".contains(";"), "every error says what would mend it")
        }
    }

    @Test("the greatest allowed values end soon, with an answer or a name")
    func extremes() throws {
        let huge = try Traffic(callsPerHour: 2_000_000, handleSeconds: 180)
        #expect(try Staffing(traffic: huge, target: 0.8, within: 20).agents > 100_000)
        let impatient = try Staffing(traffic: huge, target: 0.8, within: 20, patienceSeconds: 120)
        #expect((80_000..<100_000).contains(impatient.agents) && impatient.serviceLevel >= 0.8)
        // With as many agents as load, a patient crowd waits in more states than are worked out; with some more it does not.
        let patient = try Staffing(
            traffic: Traffic(callsPerHour: 2000, handleSeconds: 180), target: 0.8, within: 20, patienceSeconds: 1e9)
        #expect(patient.agents == 107 && patient.serviceLevel >= 0.8)
        let clock = ContinuousClock()
        let took = clock.measure {
            _ = try? Staffing(traffic: huge, target: 0.8, within: 604_800, patienceSeconds: 1e9)
            _ = try? Staffing(traffic: huge, target: 0.999999, within: 0)
        }
        #expect(took < .seconds(60))
    }
}
