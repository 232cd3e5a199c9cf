// Erlang B, C and A against published values and against one another.

import Testing
import Workforce

private func isNear(_ value: Double, _ wanted: Double, _ tolerance: Double) -> Bool { abs(value - wanted) <= tolerance }

struct ErlangBTests {
    @Test(
        "blocking of ten Erlangs",
        arguments: [(15, 0.0365, 5e-5), (16, 0.0223, 5e-5), (17, 0.01295, 5e-6), (18, 0.00714, 5e-6)])
    func tenErlangs(channels: Int, blocking: Double, tolerance: Double) throws {
        let value = try ErlangB.blocking(loadErlangs: 10, channels: channels)
        #expect(isNear(value, blocking, tolerance))
    }

    @Test("the fewest channels are those at which the blocking is first low enough")
    func channels() throws {
        for load in [0.1, 1, 10, 200, 5000] {
            for wanted in [0.5, 0.05, 0.001] {
                let channels = try ErlangB.channels(loadErlangs: load, blockingMax: wanted)
                #expect(try ErlangB.blocking(loadErlangs: load, channels: channels) <= wanted)
                #expect(try ErlangB.blocking(loadErlangs: load, channels: max(0, channels - 1)) > wanted)
            }
        }
    }

    @Test("far beyond the largest factorial")
    func large() throws {
        let blocking = try ErlangB.blocking(loadErlangs: 100_000, channels: 100_000)
        // √(2/(π·A)) for as many channels as load.
        #expect(isNear(blocking, (2 / (Double.pi * 100_000)).squareRoot(), 1e-4))
    }
}

struct ErlangCTests {
    /// 100 calls in half an hour of 180 s each: pyworkforce's and callcentrehelper's worked example, T = 20 s.
    static func tenErlangs() throws -> Traffic { try Traffic(callsPerHour: 200, handleSeconds: 180) }

    @Test("the published example to seven digits")
    func published() throws {
        let team = try ErlangC(traffic: Self.tenErlangs(), agents: 14)
        #expect(isNear(team.waitProbability, 0.1741319, 5e-8))
        #expect(isNear(try team.serviceLevel(within: 20), 0.8883500, 5e-8))
        #expect(isNear(team.occupancy, 0.7142857, 5e-8))
        #expect(try Staffing.positions(for: 14, shrinkage: 0.3) == 20)
    }

    @Test(
        "the same load with other teams",
        arguments: [
            (11, 0.6821, 122.8, 0.3896), (12, 0.4494, 40.4, 0.6402), (13, 0.2853, 17.1, 0.7956), (15, 0.1020, 3.67, 0.9415),
            (16, 0.0573, 1.72, 0.9706),
        ])
    func teams(agents: Int, wait: Double, seconds: Double, level: Double) throws {
        let team = try ErlangC(traffic: Self.tenErlangs(), agents: agents)
        #expect(isNear(team.waitProbability, wait, 6e-5))
        #expect(isNear(team.meanWaitSeconds, seconds, seconds > 10 ? 0.06 : 0.006))
        #expect(isNear(try team.serviceLevel(within: 20), level, 6e-5))
    }

    @Test("48 Erlangs, 55 agents, 15 seconds")
    func fortyEight() throws {
        let team = try ErlangC(traffic: Traffic(callsPerHour: 720, handleSeconds: 240), agents: 55)
        #expect(isNear(team.waitProbability, 0.23870, 5e-6))
        #expect(isNear(team.meanWaitSeconds, 8.18, 0.005))
        #expect(isNear(try team.serviceLevel(within: 15), 0.84588, 5e-6))
        #expect(isNear(team.occupancy, 0.8727, 5e-5))
    }

    @Test(
        "the probability of waiting for small and large loads",
        arguments: [
            (1, 2, 0.333333), (2, 3, 0.444444), (0.5, 1, 0.5), (5, 6, 0.587516), (10, 12, 0.449388), (18, 21, 0.395872),
            (20, 25, 0.209103), (200, 210, 0.375615),
        ] as [(Double, Int, Double)])
    func waiting(load: Double, agents: Int, probability: Double) throws {
        let team = try ErlangC(traffic: Traffic(callsPerHour: load * 20, handleSeconds: 180), agents: agents)
        #expect(isNear(team.waitProbability, probability, 5e-7))
    }

    @Test(
        "agents for 80 % in 20 s with calls of 180 s",
        arguments: [
            (1, 3), (2, 4), (3, 5), (5, 8), (8, 11), (10, 14), (15, 19), (20, 24), (30, 35), (40, 45), (50, 56), (75, 82),
            (100, 107), (150, 158), (200, 208), (500, 510),
        ])
    func required(load: Int, agents: Int) throws {
        let traffic = try Traffic(callsPerHour: Double(load) * 20, handleSeconds: 180)
        #expect(try ErlangC.smallestTeam(for: traffic, target: 0.8, within: 20).agents == agents)
    }

    @Test("1,200 Erlangs need between 1,210 and 1,220 agents")
    func seed() throws {
        let traffic = try Traffic(callsPerHour: 12_000, handleSeconds: 360)
        #expect(isNear(try ErlangC(traffic: traffic, agents: 1210).serviceLevel(within: 20), 0.607, 1e-3))
        #expect(isNear(try ErlangC(traffic: traffic, agents: 1220).serviceLevel(within: 20), 0.851, 5e-4))
        #expect((1211..<1220).contains(try ErlangC.smallestTeam(for: traffic, target: 0.8, within: 20).agents))
    }

    @Test("more agents never make the service level worse")
    func monotone() throws {
        for load in [0.7, 10, 123.4, 900] {
            let traffic = try Traffic(callsPerHour: load * 20, handleSeconds: 180)
            let levels = try (1...40).map { try ErlangC(traffic: traffic, agents: Int(load) + $0).serviceLevel(within: 20) }
            #expect(zip(levels, levels.dropFirst()).allSatisfy { $0 <= $1 })
        }
    }
}

struct ErlangATests {
    @Test("48 calls a minute of one minute each, 50 agents, patience of two minutes")
    func garnett() throws {
        let team = try ErlangA(traffic: Traffic(callsPerHour: 2880, handleSeconds: 60), agents: 50, patienceSeconds: 120)
        #expect(isNear(team.waitProbability, 0.46777, 5e-6))
        #expect(isNear(team.abandonProbability, 0.0309, 5e-5))
        #expect(isNear(team.meanWaitSeconds, 3.71, 0.005))
        #expect(isNear(team.meanWaiting, 2.97, 0.005))
        #expect(isNear(team.occupancy, 0.930, 5e-4))
        let patient = try ErlangC(traffic: Traffic(callsPerHour: 2880, handleSeconds: 60), agents: 50)
        #expect(isNear(patient.meanWaitSeconds, 20.83, 0.005))
        #expect(isNear(patient.occupancy, 0.96, 1e-12))
    }

    @Test("ten Erlangs, 13 agents, patience of five minutes")
    func thirteen() throws {
        let team = try ErlangA(traffic: ErlangCTests.tenErlangs(), agents: 13, patienceSeconds: 300)
        #expect(isNear(team.waitProbability, 0.22580, 5e-6))
        #expect(isNear(team.abandonProbability, 0.02496, 5e-6))
        #expect(isNear(team.meanWaitSeconds, 7.489, 5e-4))
        #expect(isNear(try team.serviceLevel(within: 20), 0.8582, 5e-5))
        #expect(isNear(team.occupancy, 0.750, 5e-4))
        // pyworkforce prints values about one per cent off.
        #expect(isNear(team.waitProbability, 0.2265, 0.02 * 0.2265) && isNear(team.meanWaitSeconds, 7.55, 0.02 * 7.55))
    }

    @Test("as impatient as calls are long, callers make no queue: the state is Poisson's")
    func poisson() throws {
        let team = try ErlangA(traffic: ErlangCTests.tenErlangs(), agents: 12, patienceSeconds: 180)
        #expect(isNear(team.waitProbability, 0.30322, 5e-6))
    }

    @Test("endless patience is Erlang C")
    func patient() throws {
        let team = try ErlangA(traffic: ErlangCTests.tenErlangs(), agents: 14, patienceSeconds: 1e8)
        #expect(isNear(team.waitProbability, 0.1741319, 1e-6))
        #expect(isNear(try team.serviceLevel(within: 20), 0.8883500, 1e-6))
        #expect(isNear(team.meanWaitOfAnsweredSeconds, team.meanWaitSeconds, 1e-4))
    }

    @Test("what is offered is answered or abandoned, whatever the load and the patience")
    func sums() throws {
        for (load, agents, patience) in [(10.0, 13, 300.0), (10, 5, 30), (300, 250, 60), (300, 310, 2), (0.2, 1, 900)] {
            let traffic = try Traffic(callsPerHour: load * 20, handleSeconds: 180)
            let team = try ErlangA(traffic: traffic, agents: agents, patienceSeconds: patience)
            // After a week everybody is answered who ever will be.
            let answered = try team.serviceLevel(within: 36_000)
            #expect(isNear(answered, 1 - team.abandonProbability, 1e-9))
            #expect(isNear(team.occupancy * Double(agents), load * answered, 1e-9 * load))
            #expect(isNear(try team.serviceLevel(within: 0), 1 - team.waitProbability, 1e-12))
            let levels = try [0, 1, 5, 20, 60, 300].map { try team.serviceLevel(within: $0) }
            #expect(zip(levels, levels.dropFirst()).allSatisfy { $0 <= $1 + 1e-12 })
            #expect(
                try team.serviceLevel(within: 20)
                    <= ErlangA(
                        traffic: traffic, agents: agents + 1, patienceSeconds: patience
                    ).serviceLevel(within: 20))
        }
    }

    @Test("the smallest team reaches the target and one agent less does not")
    func required() throws {
        for (load, target, patience) in [(10.0, 0.8, 300.0), (10, 0.5, 20), (200, 0.9, 60), (1, 0.95, 600), (10, 0.8, 1)] {
            let traffic = try Traffic(callsPerHour: load * 20, handleSeconds: 180)
            let team = try ErlangA.smallestTeam(for: traffic, patienceSeconds: patience, target: target, within: 20)
            #expect(try team.serviceLevel(within: 20) >= target)
            if team.agents > 1 {
                let smaller = try ErlangA(traffic: traffic, agents: team.agents - 1, patienceSeconds: patience)
                #expect(try smaller.serviceLevel(within: 20) < target)
            }
        }
    }

    @Test("a team with whom the queue would grow out of sight is only too small: the search goes on")
    func endlessPatience() throws {
        let traffic = try Traffic(callsPerHour: 190, handleSeconds: 180)
        let team = try ErlangA.smallestTeam(for: traffic, patienceSeconds: 1e9, target: 0.2, within: 20)
        #expect(team.agents == 10)
        #expect(throws: WorkforceError.self) { try ErlangA(traffic: traffic, agents: 9, patienceSeconds: 1e9) }
    }
}
