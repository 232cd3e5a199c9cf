// Who asks for a callback, when and twice, and who calls again meanwhile (definitions.md 3.7).

import ACD
import Basics
import ContactCenter
import IVR
import Simulation
import Testing

struct CallbackRequestStories {
    @Test("who calls again while parked has the old place on the line, and nobody is called any more")
    func reattached() throws {
        var floor = CallbackCenter.floor()
        floor.set(.aux(reason: "break"), for: "alice")
        let first = floor.caller(1)
        floor.advance(seconds: 1)
        let id = try floor.askForCallback(first)
        let other = floor.caller(2)
        floor.advance(seconds: 60)
        let again = floor.caller(1)
        #expect(floor.contact(of: again)?.id == id)
        #expect(floor.center.contacts[id]?.stateName == "queued")
        #expect(floor.figures().count(of: .reattached) == 1 && floor.keptNumbers.isEmpty)
        floor.signIn("alice")
        floor.answer(at: "alice")
        #expect(floor.contact(of: again)?.agent == "alice", "before who came after the first call")
        #expect(floor.contact(of: other)?.agent == nil)
        #expect(floor.center.queues["sales"]?.figures.answered == 1)
    }

    @Test("who calls while being called has the old place, and the phone stops ringing")
    func crossing() throws {
        var floor = CallbackCenter.floor(signedIn: [])
        let first = floor.caller(1)
        floor.advance(seconds: 1)
        let id = try floor.askForCallback(first)
        floor.signIn("alice")
        #expect(floor.dialled.count == 1)
        let again = floor.caller(1)
        #expect(floor.dialled.isEmpty && floor.contact(of: again)?.id == id)
        #expect(floor.ringing(at: "alice").count == 1)
    }

    @Test("who calls in meanwhile and hangs up again has all the tries again, the last of which was cut off by that call")
    func triesBeginAnew() throws {
        var floor = CallbackCenter.floor(CallbackCenter.configuration(terms: { $0.attemptsMax = 1 }), signedIn: [])
        let first = floor.caller(1)
        floor.advance(seconds: 1)
        let id = try floor.askForCallback(first)
        floor.signIn("alice")
        #expect(floor.center.contacts[id]?.callback?.attempts == 1)
        let again = floor.caller(1)
        floor.hangUp(again)
        #expect(floor.center.contacts[id]?.callback?.isOpen == true)
        #expect(floor.dialled.count == 1, "alice is free: called at once")
        #expect(floor.center.contacts[id]?.callback?.attempts == 1)
    }

    @Test("over another number the caller comes to the same queue: the call goes on as the first contact")
    func mergedByQueue() throws {
        var floor = CallbackCenter.floor()
        floor.set(.aux(reason: "break"), for: "alice")
        let first = floor.caller(1)
        floor.advance(seconds: 1)
        let id = try floor.askForCallback(first)
        let again = floor.caller(1, to: "100")
        #expect(floor.contact(of: again)?.id != id, "still in the menu")
        floor.press("1", on: again)
        #expect(floor.contact(of: again)?.id == id)
        #expect(floor.closed.last?.state == .ended(.merged))
        #expect(floor.legs[again] != nil)
    }

    @Test("two requests of one number are one callback, at the better place")
    func duplicates() throws {
        var floor = CallbackCenter.floor(signedIn: [])
        let first = floor.caller(1)
        let second = floor.caller(1)
        floor.advance(seconds: 1)
        let id = try floor.askForCallback(first)
        #expect(floor.contact(of: second)?.id != id, "was on the line before")
        floor.press("1", on: second)
        floor.advance(seconds: 5)
        #expect(floor.legs[second] == nil)
        #expect(floor.closed.last?.state == .ended(.merged))
        #expect(floor.center.openCallbacks == [id] && floor.figures().merged == 1 && floor.figures().requested == 1)
        // Tomorrow's wish is brought forward by a request for now.
        let tomorrow = CallbackRequest(
            caller: "customer-9", queue: "sales", wishedAt: floor.now + .seconds(86_400), hasConsented: true)
        floor.schedule(tomorrow)
        let wished = try #require(floor.center.callback(of: "customer-9", in: "sales"))
        #expect(floor.callback(wished)?.deadline == floor.now + .seconds(86_400))
        floor.schedule(CallbackRequest(caller: "customer-9", queue: "sales", hasConsented: true))
        #expect(floor.center.callback(of: "customer-9", in: "sales") == wished)
        if case .ready = floor.callback(wished)?.phase {} else { Issue.record("is not due") }
    }

    @Test("a wish is for within 30 days and inside the hours, with consent; each refusal has its name")
    func refusals() {
        // Open from 8 to 18 UTC every day; 1_760_000_000 is 08:53:20 UTC.
        let office = OpeningHours(id: "office", week: Array(repeating: [.init(start: 28_800, end: 64_800)], count: 7))
        var floor = CallbackCenter.floor(CallbackCenter.configuration(hours: [office], terms: { $0.hours = "office" }))
        func refusal(_ seconds: Int?, consent: Bool = true, queue: QueueID = "sales") -> CallbackRefusal? {
            floor.center.refusal(
                of: CallbackRequest(
                    caller: "customer", queue: queue, wishedAt: seconds.map { floor.now + .seconds($0) }, hasConsented: consent),
                at: floor.now)
        }
        #expect(refusal(3600) == nil)
        #expect(refusal(nil) == nil)
        #expect(refusal(-1) == .past)
        #expect(refusal(31 * 86_400) == .tooFar)
        #expect(refusal(12 * 3600) == .closed)
        #expect(refusal(3600, consent: false) == .noConsent)
        #expect(refusal(3600, queue: "support") == .notOffered)
        #expect(refusal(3600, queue: "none") == .unknownQueue)
        floor.schedule(
            CallbackRequest(caller: "customer", queue: "sales", wishedAt: floor.now + .seconds(3600), hasConsented: true))
        floor.advance(seconds: 3599)
        #expect(floor.dialled.isEmpty)
        floor.advance(seconds: 1)
        #expect(floor.dialled.count == 1, "at the time wished, as an agent is free")
    }

    @Test("nobody is called while the line is closed: the callback rests until it opens")
    func closedOvernight() throws {
        let office = OpeningHours(id: "office", week: Array(repeating: [.init(start: 28_800, end: 36_000)], count: 7))
        var floor = CallbackCenter.floor(
            CallbackCenter.configuration(hours: [office], terms: { $0.hours = "office" }), signedIn: [])
        let leg = floor.caller(1)
        floor.advance(seconds: 1)
        let id = try floor.askForCallback(leg)
        // 10:00 UTC is 4000 s after the begin at 08:53:20.
        floor.advance(seconds: 4100)
        floor.signIn("alice")
        #expect(floor.dialled.isEmpty)
        let opening = Instant(seconds: 1_760_000_000 + 4000 + 22 * 3600)
        #expect(floor.callback(id)?.phase == .resting(until: opening))
        floor.advance(by: opening - floor.now)
        #expect(floor.dialled.count == 1)
    }

    @Test("a promise that cannot be kept ends: after a day by default, or taken back")
    func expiry() throws {
        var floor = CallbackCenter.floor(CallbackCenter.configuration(terms: { $0.giveUpSeconds = 3600 }), signedIn: [])
        let first = floor.caller(1), second = floor.caller(2)
        floor.advance(seconds: 1)
        let id = try floor.askForCallback(first)
        let other = try floor.askForCallback(second)
        floor.submit(.callbackCancelled(other))
        #expect(floor.center.contacts[other] == nil && floor.figures().count(of: .cancelled) == 1)
        floor.advance(seconds: 3600)
        #expect(floor.center.contacts[id] == nil && floor.figures().count(of: .expired) == 1)
        #expect(floor.keptNumbers.isEmpty && floor.center.queues["sales"]?.waiting.isEmpty == true)
    }

    @Test("who cannot be called back, or has not been offered it, presses the key for nothing")
    func notOffered() {
        var floor = CallbackCenter.floor(CallbackCenter.configuration(terms: { $0.offerAfterSeconds = 30 }), signedIn: [])
        let anonymous = floor.call("101", from: "anonymous")
        let known = floor.caller(1)
        floor.advance(seconds: 10)
        #expect(!floor.center.awaitsKey(on: known))
        floor.press("1", on: known)
        #expect(floor.center.openCallbacks.isEmpty)
        floor.advance(seconds: 21)
        #expect(floor.center.awaitsKey(on: known) && !floor.center.awaitsKey(on: anonymous))
        floor.press("1", on: anonymous)
        floor.press("1", on: known)
        #expect(floor.center.openCallbacks.count == 1)
    }

    @Test("by the expected wait: offered when more is expected than the limit, by what is known of the queue")
    func offeredByExpectedWait() {
        var floor = CallbackCenter.floor(
            CallbackCenter.configuration(terms: { $0.offerWhenExpectedWaitOver = 100 }))
        let first = floor.caller(0)
        floor.answer(at: "alice")
        floor.advance(seconds: 50)
        floor.hangUp(first)
        floor.submit(.wrapUpCompleted("alice", disposition: nil))
        floor.caller(1)
        floor.answer(at: "alice")
        // 60 s each: the first in the queue waits 60 s, the second 120 s.
        let short = floor.caller(2), long = floor.caller(3)
        floor.advance(seconds: 1)
        #expect(!floor.center.awaitsKey(on: short) && floor.center.awaitsKey(on: long))
    }

    @Test("a flow can park the call itself; who shows no number waits on the line instead")
    func byFlow() throws {
        var configuration = CallbackCenter.configuration()
        configuration.flows.append(
            Flow(
                id: "call-me", start: "queue",
                nodes: [Node(id: "queue", action: .queue(EnterQueue(queue: "sales", asCallback: true)))]))
        configuration.numbers.append(NumberRules(number: "200", flow: "call-me"))
        var floor = CallbackCenter.floor(configuration, signedIn: [])
        let shown = floor.caller(1, to: "200"), withheld = floor.call("200", from: "anonymous")
        #expect(floor.contact(of: shown)?.callback?.isOpen == true)
        #expect(floor.contact(of: withheld)?.callback == nil && floor.hearsLoop(withheld))
        floor.advance(seconds: 3)
        #expect(floor.legs[shown] == nil && floor.legs[withheld] != nil)
    }
}
