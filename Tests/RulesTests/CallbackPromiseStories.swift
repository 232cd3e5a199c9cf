// Promises over nights, reloads and faults: none is lost for the time that the line was closed, and none binds agents in vain.

import ACD
import Basics
import ContactCenter
import Foundation
import IVR
import Simulation
import Testing

struct CallbackPromiseStories {
    @Test("asked for on Friday, closed until Monday: it is not given up over the weekend, but soon after the opening")
    func weekend() throws {
        // Open from 8 to 18 UTC on weekdays. The story begins on Thursday the 9th at 08:53:20; Friday 17:53:20 is 33 h later.
        let day = [OpeningHours.Span(start: 28_800, end: 64_800)]
        let office = OpeningHours(id: "office", week: [day, day, day, day, day, [], []])
        var floor = CallbackCenter.floor(
            CallbackCenter.configuration(hours: [office], terms: { $0.hours = "office" }), signedIn: [])
        floor.advance(seconds: 33 * 3600)
        let first = floor.caller(1)
        floor.advance(seconds: 1)
        let id = try floor.askForCallback(first)
        let monday = Instant(seconds: 1_760_000_000 - 3200 + 4 * 86_400)
        floor.advance(by: monday - .seconds(1) - floor.now)
        #expect(floor.callback(id)?.phase == .resting(until: monday))
        floor.advance(seconds: 1)
        #expect(floor.callback(id)?.givesUpAt == monday + .seconds(3600))
        floor.signIn("alice")
        #expect(floor.dialled.count == 1)
        // Nobody answers; the second try comes 10 minutes later, and with nobody there it is given up an hour after opening.
        floor.set(.offline, for: "alice")
        floor.advance(seconds: 3600)
        #expect(floor.center.openCallbacks.isEmpty && floor.figures().count(of: .expired) == 1)
    }

    @Test("a reload of a thousand callbacks reaches them some in each turn, in one order, and all of them in the end")
    func waves() throws {
        var floor = CallbackCenter.floor(signedIn: [])
        floor.afterEvent = nil
        for number in 1...1000 {
            floor.schedule(CallbackRequest(caller: CallerKey("customer-\(number)"), queue: "sales", hasConsented: true))
        }
        floor.apply(CallbackCenter.configuration(version: "2", terms: { $0.trunk = "second" }))
        func reached() -> Int {
            floor.center.openCallbacks.count { floor.callback($0)?.terms.trunk == "second" }
        }
        #expect(reached() == 50)
        floor.submit(.deadlinesPassed)
        #expect(reached() == 50, "the next part is due a microsecond later")
        // A restart in the middle goes on where it was.
        floor.restart(with: try JSONDecoder().decode(Center.self, from: JSONEncoder().encode(floor.center)))
        floor.advance(seconds: 1)
        #expect(reached() == 1000)
        #expect(Invariants.violations(in: floor.center).isEmpty)
    }

    @Test("agent first: while the trunk makes no calls agents are not asked to wait for customers")
    func pausedForAgents() throws {
        var floor = CallbackCenter.floor(CallbackCenter.configuration(mode: .agentFirst), signedIn: [])
        floor.customersRing = false
        for number in 1...3 {
            floor.schedule(CallbackRequest(caller: CallerKey("customer-\(number)"), queue: "sales", hasConsented: true))
        }
        floor.signIn("alice")
        _ = try floor.answered(at: "alice")
        floor.fail(try #require(floor.dialled.first), .notMade)
        #expect(floor.ringing(at: "alice").isEmpty, "two more are ready, and the trunk is at fault")
        floor.advance(seconds: 29)
        #expect(floor.ringing(at: "alice").isEmpty)
        floor.advance(seconds: 1)
        #expect(floor.ringing(at: "alice").count == 1)
        #expect(floor.figures().attempts == 0)
    }

    @Test("agent first: an agent who hangs up before anything rang has cost the customer no try")
    func agentHangsUp() throws {
        var floor = CallbackCenter.floor(CallbackCenter.configuration(mode: .agentFirst, terms: { $0.attemptsMax = 1 }))
        floor.customersRing = false
        floor.schedule(CallbackRequest(caller: "customer-1", queue: "sales", hasConsented: true))
        let id = try #require(floor.center.openCallbacks.first)
        let key = floor.center.contacts[id]?.orderKey
        floor.hangUp(try floor.answered(at: "alice"))
        #expect(floor.callback(id)?.attempts == 0 && floor.center.contacts[id]?.isParked == true)
        #expect(floor.center.contacts[id]?.entry?.key == key && floor.center.queues["sales"]?.callbacksPausedUntil == nil)
        floor.advance(seconds: 29)
        #expect(floor.ringing(at: "alice").isEmpty)
        floor.advance(seconds: 1)
        #expect(floor.ringing(at: "alice").count == 1)
    }

    @Test("a promise is kept if it comes about within the range that was said, by hand for each border")
    func kept() throws {
        #expect(WaitRange(seconds: 240).contains(seconds: 180) && WaitRange(seconds: 240).contains(seconds: 300))
        #expect(!WaitRange(seconds: 240).contains(seconds: 179) && !WaitRange(seconds: 240).contains(seconds: 301))
        #expect(WaitRange(seconds: 20).contains(seconds: 0) && !WaitRange(seconds: 20).contains(seconds: 61))
        #expect(WaitRange(seconds: 4000).contains(seconds: 9000) && !WaitRange(seconds: 4000).contains(seconds: 3599))
        for (late, isKept) in [(0, 1), (300, 1), (400, 0)] {
            var floor = CallbackCenter.floor(signedIn: [])
            floor.schedule(
                CallbackRequest(caller: "customer-1", queue: "sales", wishedAt: floor.now + .seconds(3600), hasConsented: true))
            floor.advance(seconds: 3600 + late)
            floor.signIn("alice")
            floor.answer(try #require(floor.dialled.first))
            floor.answer(at: "alice")
            #expect(floor.figures().promisesKept == isKept, "\(late) s")
            #expect(floor.figures().promise.count == 1 && floor.figures().promise.meanSeconds == Double(late))
        }
    }
}
