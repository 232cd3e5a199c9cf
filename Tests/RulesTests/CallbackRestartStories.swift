// Promises outlive the process, the configuration and old snapshots.

import ACD
import Basics
import ContactCenter
import Foundation
import IVR
import Simulation
import Testing

struct CallbackRestartStories {
    private func restarted(_ floor: inout VirtualFloor) throws {
        floor.restart(with: try JSONDecoder().decode(Center.self, from: JSONEncoder().encode(floor.center)))
    }

    @Test(
        "parked over a restart: the same contact at the same place, called when its turn comes",
        arguments: [
            CallbackRules.Mode.customerFirst, .agentFirst,
        ])
    func parked(mode: CallbackRules.Mode) throws {
        var floor = CallbackCenter.floor(CallbackCenter.configuration(mode: mode), signedIn: [])
        let leg = floor.caller(1)
        floor.advance(seconds: 1)
        let id = try floor.askForCallback(leg)
        let key = floor.center.contacts[id]?.entry?.key
        let live = floor.caller(2)
        floor.advance(seconds: 60)
        try restarted(&floor)
        #expect(floor.contact(of: live) == nil, "whoever was on the line is lost")
        #expect(floor.center.contacts[id]?.isParked == true && floor.center.contacts[id]?.entry?.key == key)
        #expect(floor.keptNumbers == ["customer-1"])
        floor.advance(seconds: 10)
        floor.signIn("alice")
        if mode == .agentFirst { floor.answer(at: "alice") }
        let customer = try #require(floor.dialled.first)
        floor.answer(customer)
        if mode == .customerFirst { floor.answer(at: "alice") }
        #expect(floor.center.agents["alice"]?.activeContact == id && floor.figures().reached == 1)
    }

    @Test(
        "a call to the customer that a restart cut off is made again after the pause, and was no try",
        arguments: [
            CallbackRules.Mode.customerFirst, .agentFirst,
        ])
    func dialled(mode: CallbackRules.Mode) throws {
        var floor = CallbackCenter.floor(
            CallbackCenter.configuration(mode: mode, terms: { $0.attemptsMax = 1 }), signedIn: [])
        let leg = floor.caller(1)
        floor.advance(seconds: 1)
        let id = try floor.askForCallback(leg)
        floor.signIn("alice")
        if mode == .agentFirst { floor.answer(at: "alice") }
        #expect(floor.dialled.count == 1 && floor.callback(id)?.attempts == 1)
        try restarted(&floor)
        #expect(floor.center.contacts[id]?.isParked == true && floor.callback(id)?.attempts == 0)
        #expect(floor.callback(id)?.deadline == floor.now + .seconds(600))
        #expect(floor.center.agents["alice"]?.work.isEmpty == true)
        floor.signIn("alice")
        #expect(floor.dialled.isEmpty && floor.ringing(at: "alice").isEmpty)
        floor.advance(seconds: 600)
        if mode == .agentFirst { floor.answer(at: "alice") }
        #expect(floor.dialled.count == 1)
    }

    @Test("who was on the line after being called, and was cut off by a restart, is called again when the turn comes")
    func holding() throws {
        var floor = CallbackCenter.floor()
        floor.caller(0)
        floor.answer(at: "alice")
        let leg = floor.caller(1)
        floor.advance(seconds: 1)
        let id = try floor.askForCallback(leg)
        floor.advance(seconds: 70)
        floor.answer(try #require(floor.dialled.first))
        #expect(floor.center.contacts[id]?.stateName == "queued")
        try restarted(&floor)
        #expect(floor.center.contacts[id]?.isParked == true)
        floor.signIn("alice")
        #expect(floor.dialled.count == 1)
    }

    @Test("a reload under parked callbacks: new terms count, a queue without any keeps its promises, one that is gone does not")
    func reload() throws {
        var floor = CallbackCenter.floor(signedIn: [])
        let leg = floor.caller(1)
        floor.advance(seconds: 1)
        let id = try floor.askForCallback(leg)
        floor.apply(CallbackCenter.configuration(version: "2", terms: { $0.trunk = "second" }))
        #expect(floor.callback(id)?.terms.trunk == "second")
        floor.apply(CallbackCenter.configuration(version: "3", sales: { $0.callback = nil }))
        #expect(floor.callback(id)?.terms.mode == .agentFirst && floor.center.contacts[id]?.isParked == true)
        floor.signIn("alice")
        #expect(floor.ringing(at: "alice").count == 1)
        var without = CallbackCenter.configuration(version: "4")
        without.queues.removeFirst()
        without.flows = []
        without.numbers = []
        floor.apply(without)
        #expect(floor.center.contacts[id] == nil && floor.ringing(at: "alice").isEmpty)
        #expect(floor.closed.last?.state == .ended(.callbackFailed) && floor.keptNumbers.isEmpty)
    }

    @Test("a queue that goes while a customer is being called knows of that one when it comes again", arguments: [true, false])
    func removedWhileReaching(comesAgain: Bool) throws {
        var floor = CallbackCenter.floor(CallbackCenter.configuration(mode: .agentFirst))
        floor.schedule(CallbackRequest(caller: "customer-1", queue: "sales", hasConsented: true))
        _ = try floor.answered(at: "alice")
        var without = CallbackCenter.configuration(mode: .agentFirst, version: "2")
        without.queues.removeFirst()
        without.flows = []
        without.numbers = []
        floor.apply(without)
        #expect(floor.center.queues["sales"]?.isRemoved == true && floor.figures().open == 1)
        if comesAgain { floor.apply(CallbackCenter.configuration(mode: .agentFirst, version: "3")) }
        #expect(floor.center.queues["sales"]?.isRemoved == !comesAgain)
        floor.answer(try #require(floor.dialled.first))
        #expect(floor.center.openCallbacks.isEmpty)
        #expect(floor.center.queues["sales"].map { $0.figures.callbacks.reached } == (comesAgain ? 1 : nil))
    }

    @Test("what is foreseen of the wait is measured against the wait: of those who had to wait and were answered")
    func expectedWaitAccuracy() throws {
        var floor = SmallCenter.floor(signedIn: ["alice"])
        let first = floor.call("101")
        floor.answer(at: "alice")
        floor.advance(seconds: 50)
        floor.hangUp(first)
        #expect(floor.center.queues["sales"]?.figures.expectedWaitAccuracy.count == 0, "nobody had to wait")
        // 60 s for a contact with its wrap-up; two wait behind the wrap-up of 10 s.
        let second = floor.call("101"), third = floor.call("101"), fourth = floor.call("101")
        #expect(floor.contact(of: second)?.entry?.expectedSeconds == 60)
        #expect(floor.contact(of: fourth)?.entry?.expectedSeconds == 180)
        floor.hangUp(fourth)
        floor.advance(seconds: 10)
        floor.answer(at: "alice")
        floor.advance(seconds: 50)
        floor.hangUp(second)
        floor.advance(seconds: 10)
        floor.answer(at: "alice")
        #expect(floor.contact(of: third)?.agent == "alice")
        // Waits of 10 and 70 s, where 60 and 120 were expected; who gave up does not count.
        let accuracy = try #require(floor.center.queues["sales"]?.figures.expectedWaitAccuracy)
        #expect(accuracy.count == 2 && accuracy.meanSeconds == 50)
        #expect(accuracy.p90Seconds == 50)
    }

    @Test("mean and bound of errors by hand, and nothing before the first")
    func accuracy() {
        var accuracy = EstimateAccuracy()
        #expect(accuracy.meanSeconds == nil && accuracy.p90Seconds == nil)
        // Nine errors of 10 s in both directions, one of 100 s: nine of ten are within 10 s, all within 100 s.
        for number in 0..<9 { accuracy.note(error: .seconds(number % 2 == 0 ? 10 : -10)) }
        accuracy.note(error: .seconds(100))
        #expect(accuracy.meanSeconds == 19)
        #expect(accuracy.p90Seconds == 10)
        #expect(accuracy.secondsAtMost(share: 1) == 100)
        accuracy.note(error: .seconds(7200))
        #expect(accuracy.secondsAtMost(share: 1) == 7200)
    }

    @Test("opening hours know when they open and close next, over nights, exceptions and the change of local time")
    func hours() {
        // 2025-10-09 is a Thursday. Thursdays 8 to 18, Friday the 10th closed by exception, Mondays 9 to 12.
        var week = Array(repeating: [OpeningHours.Span](), count: 7)
        week[3] = [.init(start: 28_800, end: 64_800)]
        week[4] = [.init(start: 0, end: 86_400)]
        week[0] = [.init(start: 32_400, end: 43_200)]
        let friday = 20_371
        let hours = OpeningHours(
            id: "office", week: week, exceptions: [.init(day: friday, spans: [])],
            offsets: [.init(from: .epoch, seconds: 7200), .init(from: Instant(seconds: 1_761_440_400), seconds: 3600)])
        // 10:53:20 local.
        let now = Instant(seconds: 1_760_000_000)
        #expect(hours.nextOpening(notBefore: now) == now)
        let closing = Instant(seconds: Int64(friday - 1) * 86_400 + 64_800 - 7200)
        #expect(hours.nextClosing(notBefore: now) == closing)
        let monday = Instant(seconds: Int64(friday + 3) * 86_400 + 32_400 - 7200)
        #expect(hours.nextOpening(notBefore: closing) == monday)
        // Monday the 27th, after the change: an hour later in UTC.
        let late = Instant(seconds: Int64(friday + 15) * 86_400)
        let afterChange = Instant(seconds: Int64(friday + 17) * 86_400 + 32_400 - 3600)
        #expect(hours.nextOpening(notBefore: late + .seconds(86_400)) == afterChange)
        #expect(OpeningHours(id: "never", week: []).nextOpening(notBefore: now) == nil)
        #expect(
            OpeningHours(id: "always", week: Array(repeating: [.init(start: 0, end: 86_400)], count: 7))
                .nextClosing(notBefore: now) == nil)
    }
}
