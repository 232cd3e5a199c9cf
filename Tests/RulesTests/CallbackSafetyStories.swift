// What callbacks must not become: calls to anybody, calls without end, promises that get lost (definitions.md 3.7).

import ACD
import Basics
import ContactCenter
import Foundation
import IVR
import Simulation
import Testing

struct CallbackSafetyStories {
    /// Somebody is staffed, and nobody is called for the time being.
    private func onBreak(_ configuration: CenterConfiguration = CallbackCenter.configuration()) -> VirtualFloor {
        var floor = CallbackCenter.floor(configuration)
        floor.set(.aux(reason: "break"), for: "alice")
        return floor
    }

    @Test("numbers: those that begin as the queue allows, none that is short, made of one digit, abroad or the house's own")
    func numbers() {
        let terms = CallbackRules(trunk: "carrier", callerID: "+4930555000", allowedPrefixes: ["0", "+49"])
        for number in ["0301234567", "+4930123456", "004930123456"] {
            #expect(terms.allows(number, own: ["101"]), "\(number)")
        }
        let refused = [
            "", "112", "030123", "0900a11111", "00900123456", "+1900123456", "4930123456", "0000000", "+",
            "+4930555000", "030555000", String(repeating: "01", count: 11),
        ]
        for number in refused { #expect(!terms.allows(number, own: []), "\(number)") }
        #expect(!terms.allows("+4930777000", own: ["030777000"]))
        #expect(!CallbackRules(trunk: "carrier").allows("0301234567", own: []), "no `numbers:`, no calls")
    }

    @Test("a number that this queue may not call is not offered a callback, whatever another queue may")
    func otherQueue() {
        var floor = onBreak()
        for (leg, queues) in [(LegID(rawValue: 1001), ["support"]), (LegID(rawValue: 1003), ["sales"])] {
            floor.submit(
                .callArrived(
                    Arrival(
                        leg: leg, number: "101", caller: CallerKey("caller-\(leg)"), trunk: "carrier", channel: 1,
                        canBeCalledBack: true, callbackQueues: queues.map { QueueID($0) })))
            #expect(floor.center.awaitsKey(on: leg) == (queues == ["sales"]))
            floor.submit(.digit(leg, "1"))
        }
        #expect(floor.center.openCallbacks.count == 1)
    }

    @Test("three callbacks for one caller a day, and again the day after")
    func perDay() throws {
        var floor = onBreak()
        let request = CallbackRequest(caller: "customer-1", queue: "sales", hasConsented: true)
        for _ in 1...3 {
            #expect(floor.center.refusal(of: request, at: floor.now) == nil)
            floor.schedule(request)
            floor.submit(.callbackCancelled(try #require(floor.center.openCallbacks.first)))
        }
        #expect(floor.center.refusal(of: request, at: floor.now) == .tooMany)
        let leg = floor.caller(1), other = floor.caller(2)
        #expect(!floor.center.awaitsKey(on: leg) && floor.center.awaitsKey(on: other))
        let tomorrow = floor.now + .seconds(86_400)
        #expect(floor.center.refusal(of: request, at: tomorrow) == nil)
    }

    @Test("a fault of the trunk is nobody's try: the queue pauses for 30 s, then 60, and calls on when something rings")
    func trunkFault() throws {
        var floor = CallbackCenter.floor(
            CallbackCenter.configuration(members: ["alice", "bob"], terms: { $0.attemptsMax = 1 }), signedIn: [])
        floor.customersRing = false
        let first = floor.caller(1), second = floor.caller(2)
        floor.advance(seconds: 1)
        let ids = [try floor.askForCallback(first), try floor.askForCallback(second)]
        floor.signIn("alice")
        floor.signIn("bob")
        #expect(floor.dialled.count == 2)
        for leg in floor.dialled { floor.fail(leg, .notMade) }
        #expect(ids.allSatisfy { floor.callback($0)?.attempts == 0 } && floor.figures().attempts == 0)
        let faults = ids.compactMap { floor.center.contacts[$0] }.flatMap(\.timeline).count {
            if case .notConnected(.notMade) = $0.what { true } else { false }
        }
        #expect(faults == 1, "one fault, noted once")
        floor.advance(seconds: 29)
        #expect(floor.dialled.isEmpty)
        floor.advance(seconds: 1)
        #expect(floor.dialled.count == 2)
        // Nothing has rung within `ring_seconds`: nobody was called.
        floor.advance(seconds: 30)
        #expect(floor.dialled.isEmpty && ids.allSatisfy { floor.callback($0)?.attempts == 0 })
        floor.customersRing = true
        floor.advance(seconds: 59)
        #expect(floor.dialled.isEmpty)
        floor.advance(seconds: 1)
        #expect(floor.dialled.count == 2)
        for leg in floor.dialled { floor.fail(leg, .busy) }
        #expect(floor.figures().count(of: .notReached) == 2 && floor.figures().attempts == 2)
    }

    @Test("who asks while the first callback cannot be taken back waits on, and the API says so")
    func asksDuringConfirmation() throws {
        var floor = onBreak()
        let first = floor.caller(1), second = floor.caller(1)
        floor.advance(seconds: 1)
        floor.press("1", on: first)
        floor.press("1", on: second)
        #expect(floor.contact(of: second)?.stateName == "queued" && floor.figures().merged == 0)
        let request = CallbackRequest(caller: "customer-1", queue: "sales", hasConsented: true)
        #expect(floor.center.refusal(of: request, at: floor.now) == .underWay)
        floor.hangUp(first)
        floor.press("1", on: second)
        #expect(floor.figures().merged == 1)
    }

    @Test("tomorrow's wish that is brought forward waits from now on, and not from tomorrow")
    func broughtForward() throws {
        var floor = onBreak()
        floor.schedule(
            CallbackRequest(
                caller: "customer-1", queue: "sales", wishedAt: floor.now + .seconds(86_400), hasConsented: true))
        let id = try #require(floor.center.openCallbacks.first)
        floor.schedule(CallbackRequest(caller: "customer-1", queue: "sales", hasConsented: true))
        #expect(floor.center.contacts[id]?.entry?.enqueuedAt == floor.now)
        #expect(floor.center.contacts[id]?.firstEnqueuedAt == floor.now)
        floor.advance(seconds: 10)
        let leg = floor.caller(1)
        #expect(floor.contact(of: leg)?.id == id)
        floor.advance(seconds: 20)
        floor.set(.available, for: "alice")
        floor.answer(at: "alice")
        #expect(floor.center.queues["sales"]?.figures.waitOfAnswered == .seconds(20), "on the line")
        #expect(Invariants.violations(in: floor.center).isEmpty)
    }

    @Test("a number that nobody knows any more ends the callback, by that name")
    func notCallable() throws {
        var floor = CallbackCenter.floor()
        floor.schedule(CallbackRequest(caller: "customer-1", queue: "sales", hasConsented: true))
        floor.fail(try #require(floor.dialled.first), .notCallable)
        #expect(floor.center.openCallbacks.isEmpty && floor.figures().count(of: .notCallable) == 1)
        #expect(floor.figures().attempts == 0 && floor.keptNumbers.isEmpty)
    }

    @Test("who calls while nobody is staffed, or before the time wished, takes the usual way, and the promise stands")
    func comesBackTooEarly() throws {
        var floor = CallbackCenter.floor(signedIn: [])
        let first = floor.caller(1)
        floor.advance(seconds: 1)
        let id = try floor.askForCallback(first)
        #expect(floor.contact(of: floor.caller(1))?.id != id, "nobody is there")
        #expect(floor.center.contacts[id]?.isParked == true)
        var later = onBreak()
        later.schedule(
            CallbackRequest(caller: "customer-1", queue: "sales", wishedAt: later.now + .seconds(3600), hasConsented: true))
        let wished = try #require(later.center.openCallbacks.first)
        #expect(later.contact(of: later.caller(1, to: "100"))?.id != wished)
        #expect(later.center.contacts[wished]?.isParked == true)
    }

    @Test("who came back and hangs up before being served is parked again, at the same place")
    func parkedAgain() throws {
        var floor = onBreak()
        let first = floor.caller(1)
        floor.advance(seconds: 1)
        let id = try floor.askForCallback(first)
        let key = floor.center.contacts[id]?.entry?.key
        let again = floor.caller(1)
        #expect(floor.contact(of: again)?.id == id && floor.keptNumbers.isEmpty)
        floor.hangUp(again)
        #expect(floor.center.contacts[id]?.isParked == true && floor.center.contacts[id]?.entry?.key == key)
        #expect(floor.keptNumbers == ["customer-1"] && floor.center.queues["sales"]?.figures.abandoned == 0)
        floor.set(.available, for: "alice")
        #expect(floor.dialled.count == 1)
        #expect(Invariants.violations(in: floor.center).isEmpty)
    }

    @Test("a customer who answers when the last agent has left does not wait for nobody")
    func answersAnEmptyQueue() throws {
        var floor = CallbackCenter.floor(CallbackCenter.configuration(sales: { $0.leaveEmpty = true }))
        floor.schedule(CallbackRequest(caller: "customer-1", queue: "sales", hasConsented: true))
        let customer = try #require(floor.dialled.first)
        floor.set(.offline, for: "alice")
        floor.answer(customer)
        #expect(floor.figures().count(of: .diverted) == 1)
    }

    @Test("hours that are not configured are closed")
    func unknownHours() {
        let floor = CallbackCenter.floor(CallbackCenter.configuration(terms: { $0.hours = "nowhere" }))
        let request = CallbackRequest(
            caller: "customer-1", queue: "sales", wishedAt: floor.now + .seconds(60), hasConsented: true)
        #expect(floor.center.refusal(of: request, at: floor.now) == .closed)
    }

    @Test("a flow that parks the call parks it again: it is the callback that there is")
    func parkedByFlowTwice() throws {
        var configuration = CallbackCenter.configuration()
        configuration.flows.append(
            Flow(
                id: "call-me", start: "queue",
                nodes: [Node(id: "queue", action: .queue(EnterQueue(queue: "sales", asCallback: true)))]))
        configuration.numbers.append(NumberRules(number: "200", flow: "call-me"))
        var floor = onBreak(configuration)
        let first = floor.caller(1)
        floor.advance(seconds: 1)
        let id = try floor.askForCallback(first)
        floor.caller(1, to: "200")
        #expect(floor.figures().merged == 1 && floor.center.openCallbacks == [id])
        #expect(floor.figures().count(of: .reattached) == 0)
    }

    @Test("the last try cut off twice is over, and not one try more than allowed")
    func lastTryCutOff() throws {
        var floor = CallbackCenter.floor(CallbackCenter.configuration(terms: { $0.attemptsMax = 1 }))
        floor.schedule(CallbackRequest(caller: "customer-1", queue: "sales", hasConsented: true))
        for _ in 1...2 {
            #expect(floor.dialled.count == 1)
            floor.restart(with: try JSONDecoder().decode(Center.self, from: JSONEncoder().encode(floor.center)))
            floor.signIn("alice")
            floor.advance(seconds: 600)
        }
        #expect(floor.dialled.isEmpty && floor.center.openCallbacks.isEmpty)
        #expect(floor.figures().count(of: .notReached) == 1 && floor.figures().attempts == 1)
        #expect(floor.keptNumbers.isEmpty)
    }

    @Test("a process that dies with every call to a customer does not call for ever: one is forgiven")
    func crashLoop() throws {
        var floor = CallbackCenter.floor()
        floor.schedule(CallbackRequest(caller: "customer-1", queue: "sales", hasConsented: true))
        let id = try #require(floor.center.openCallbacks.first)
        for attempts in [0, 1] {
            #expect(floor.dialled.count == 1)
            floor.restart(with: try JSONDecoder().decode(Center.self, from: JSONEncoder().encode(floor.center)))
            #expect(floor.callback(id)?.attempts == attempts)
            floor.signIn("alice")
            floor.advance(seconds: 600)
        }
    }
}
