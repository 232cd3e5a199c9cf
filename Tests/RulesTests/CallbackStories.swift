// Callbacks that keep their place (definitions.md 3.7), and what other systems get wrong (asks.md 13, 14).

import ACD
import Basics
import ContactCenter
import IVR
import Simulation
import Testing

/// One agent or two, one queue that calls back.
enum CallbackCenter {
    static func configuration(
        mode: CallbackRules.Mode = .customerFirst, members: [AgentID] = ["alice"], hours: [OpeningHours] = [],
        version: String = "1", sales: (inout QueueRules) -> Void = { _ in }, terms: (inout CallbackRules) -> Void = { _ in }
    ) -> CenterConfiguration {
        SmallCenter.configuration(
            sales: { queue in
                var callback = CallbackRules(trunk: "carrier", key: "1", mode: mode)
                terms(&callback)
                queue.members = members.map { QueueRules.Member(agent: $0) }
                queue.callback = callback
                sales(&queue)
            }, hours: hours, version: version)
    }

    static func floor(_ configuration: CenterConfiguration = configuration(), signedIn: [AgentID] = ["alice"]) -> VirtualFloor {
        SmallCenter.floor(configuration, signedIn: signedIn)
    }
}

extension VirtualFloor {
    /// The legs that ring at customers now.
    var dialled: [LegID] { legs.filter { $0.value == .dialling }.map(\.key) }

    @discardableResult
    mutating func caller(_ number: Int, to dialled: String = "101") -> LegID {
        call(dialled, from: CallerKey("customer-\(number)"), showsNumber: true)
    }

    /// The caller hears the offer out, presses the key, and is gone.
    @discardableResult
    mutating func askForCallback(_ leg: LegID, key: String = "1") throws -> ContactID {
        let id = contact(of: leg)?.id
        press(key, on: leg)
        hangUp(leg)
        return try #require(id)
    }

    mutating func answered(at agent: AgentID) throws -> LegID {
        let leg = answer(at: agent)
        return try #require(leg)
    }

    func callback(_ id: ContactID?) -> Callback? { id.flatMap { center.contacts[$0]?.callback } }

    /// The agent's conversation ends and the wrap-up passes.
    mutating func finishTalk(of agent: AgentID) {
        guard let contact = center.agents[agent]?.activeContact, let leg = center.contacts[contact]?.leg else { return }
        hangUp(leg)
        submit(.wrapUpCompleted(agent, disposition: nil))
    }

    func figures(_ queue: QueueID = "sales") -> CallbackFigures { center.queues[queue]?.figures.callbacks ?? CallbackFigures() }
}

struct CallbackStories {
    @Test(
        "of ten who wait the fourth takes a callback and hangs up: served are 1, 2, 3, 4, 5 ...",
        arguments: [
            CallbackRules.Mode.customerFirst, .agentFirst,
        ])
    func order(mode: CallbackRules.Mode) throws {
        var floor = CallbackCenter.floor(CallbackCenter.configuration(mode: mode))
        // Somebody talks, so that the ten wait and the time of a talk is known.
        let before = floor.caller(0)
        floor.answer(at: "alice")
        floor.advance(seconds: 60)
        floor.hangUp(before)
        floor.submit(.wrapUpCompleted("alice", disposition: nil))
        floor.set(.aux(reason: "break"), for: "alice")
        var ids: [ContactID] = [], legs: [LegID] = []
        for number in 1...10 {
            let leg = floor.caller(number)
            legs.append(leg)
            ids.append(try #require(floor.contact(of: leg)?.id))
            floor.advance(seconds: 1)
        }
        let asked = try floor.askForCallback(legs[3])
        #expect(asked == ids[3])
        #expect(floor.center.contacts[ids[3]]?.isParked == true)
        let key = try #require(floor.center.contacts[ids[3]]?.entry?.key)
        #expect(floor.center.queues["sales"]?.position(of: key) == 4)
        var served: [ContactID] = []
        floor.set(.available, for: "alice")
        for _ in 0..<400 where served.count < 10 {
            for leg in floor.dialled { floor.answer(leg) }
            if floor.answer(at: "alice") != nil {
                served.append(try #require(floor.center.agents["alice"]?.activeContact))
                for leg in floor.dialled { floor.answer(leg) }
                floor.advance(seconds: 40)
                for leg in floor.dialled { floor.answer(leg) }
                floor.finishTalk(of: "alice")
            }
            floor.advance(seconds: 1)
        }
        #expect(served == ids)
        let figures = try #require(floor.center.queues["sales"]?.figures)
        #expect(figures.abandoned == 0 && figures.answered == 10, "nine and the one before; the callback is counted apart")
        #expect(figures.callbacks.requested == 1 && figures.callbacks.reached == 1 && figures.callbacks.attempts == 1)
        #expect(figures.callbacks.promise.count == 0, "nobody was there when it was asked for, so nothing was promised")
        #expect(figures.callbacks.reachRate == 1)
        #expect(floor.keptNumbers.isEmpty, "nobody needs the number any more")
    }

    @Test("the promise is what was said: requested, said as a range, measured when it is kept")
    func promise() throws {
        var floor = CallbackCenter.floor()
        let first = floor.caller(1)
        floor.answer(at: "alice")
        floor.advance(seconds: 110)
        floor.hangUp(first)
        // 110 s of talk and 10 s of wrap-up; in the wrap-up the next two come.
        let second = floor.caller(2), third = floor.caller(3)
        floor.advance(seconds: 3)
        floor.press("1", on: third)
        let played = floor.commands.compactMap { command -> [Announcement]? in
            if case .play(third, _, let announcements, _, _) = command { announcements } else { nil }
        }
        // Alice is in two queues' worth of nothing else: 120 s for each of two places, 240 s in all.
        #expect(played == [[.phrase(.callbackPromised), .expectedWait(.minutes(from: 3, to: 5))]])
        #expect(floor.commands.contains(.keepNumber("customer-3", of: third)))
        let id = try #require(floor.contact(of: third)?.id)
        let promised = try #require(floor.callback(id)?.promisedAt)
        #expect(promised - floor.now == .seconds(240))
        let askedAt = floor.now
        floor.advance(seconds: 4)
        #expect(floor.legs[third] == nil, "the line is let go of after the last word")
        #expect(floor.center.contacts[id]?.stateName == "parked")
        // Wrap-up over: the second is served at once, for 50 s; alice is expected to be free 120 s after its begin.
        floor.advance(seconds: 3)
        floor.answer(at: "alice")
        let answeredAt = floor.now
        floor.advance(seconds: 50)
        #expect(floor.dialled.isEmpty, "expected to be free in 70 s, and the lead time is 30")
        floor.advance(seconds: 40)
        let dialled = floor.dialled
        #expect(dialled.count == 1, "30 s before")
        floor.answer(dialled[0])
        #expect(floor.center.contacts[id]?.stateName == "queued")
        #expect(floor.ringing(at: "alice").isEmpty)
        floor.hangUp(second)
        floor.submit(.wrapUpCompleted("alice", disposition: nil))
        #expect(floor.answer(at: "alice") != nil)
        #expect(floor.now - answeredAt == .seconds(90))
        #expect(floor.center.agents["alice"]?.activeContact == id)
        let promise = floor.figures().promise
        #expect(promise.meanSeconds == abs((floor.now - askedAt - .seconds(240)).inSeconds))
    }

    @Test("many callbacks and one agent: never more customers are called than agents, and live callers are not passed over")
    func noMoreThanAgents() throws {
        var floor = CallbackCenter.floor(signedIn: [])
        var parked: [ContactID] = []
        for number in 1...5 {
            let leg = floor.caller(number)
            floor.advance(seconds: 1)
            parked.append(try floor.askForCallback(leg))
        }
        let live = floor.caller(6)
        #expect(floor.dialled.isEmpty, "nobody is there")
        floor.signIn("alice")
        #expect(floor.dialled.count == 1 || !floor.ringing(at: "alice").isEmpty)
        floor.advance(seconds: 5)
        #expect(floor.dialled.count <= 1, "one agent, one customer (FreePBX#621)")
        // The live caller has the agent, who had nobody else to talk to: the callbacks keep their places before later callers.
        #expect(floor.answer(at: "alice") != nil)
        #expect(floor.contact(of: live)?.agent == "alice")
        let later = floor.caller(7)
        #expect(floor.dialled.isEmpty, "she has just begun to talk")
        floor.hangUp(live)
        #expect(floor.dialled.count == 1, "in the wrap-up")
        let customer = try #require(floor.dialled.first)
        floor.answer(customer)
        #expect(floor.contact(of: customer)?.id == parked[0])
        floor.submit(.wrapUpCompleted("alice", disposition: nil))
        #expect(floor.answer(at: "alice") != nil)
        #expect(floor.center.agents["alice"]?.activeContact == parked[0], "before who came later, with no priority of its own")
        #expect(floor.contact(of: later)?.entry?.offer == nil)
    }

    @Test(
        "live callers come before callbacks that were asked for later (twilio plugin #9)",
        arguments: [
            CallbackRules.Mode.customerFirst, .agentFirst,
        ])
    func noJump(mode: CallbackRules.Mode) throws {
        var floor = CallbackCenter.floor(CallbackCenter.configuration(mode: mode), signedIn: [])
        let live = floor.caller(1)
        floor.advance(seconds: 3)
        let leg = floor.caller(2)
        floor.advance(seconds: 3)
        let id = try floor.askForCallback(leg)
        floor.signIn("alice")
        floor.answer(at: "alice")
        #expect(floor.contact(of: live)?.agent == "alice")
        #expect(floor.center.contacts[id]?.isParked == true)
    }

    @Test("three tries with a pause between them, and then it is given up")
    func attempts() throws {
        var floor = CallbackCenter.floor(signedIn: [])
        let leg = floor.caller(1)
        floor.advance(seconds: 1)
        let id = try floor.askForCallback(leg)
        floor.signIn("alice")
        for attempt in 1...3 {
            let customer = try #require(floor.dialled.first)
            #expect(floor.callback(id)?.attempts == attempt)
            if attempt == 1 { floor.fail(customer, .busy) } else { floor.advance(seconds: 30) }
            #expect(floor.dialled.isEmpty)
            if attempt == 3 { break }
            floor.advance(seconds: attempt == 1 ? 599 : 598)
            #expect(floor.dialled.isEmpty, "not before the pause is over")
            floor.advance(seconds: 2)
        }
        #expect(floor.center.contacts[id] == nil)
        #expect(floor.closed.last?.state == .ended(.callbackFailed))
        #expect(floor.figures().count(of: .notReached) == 1 && floor.figures().reachRate == 0)
        #expect(floor.center.queues["sales"]?.figures.abandoned == 0)
        #expect(floor.keptNumbers.isEmpty)
    }

    @Test("agent first: whoever has accepted hears the ringing tone, is free again when nobody answers, and tries count then")
    func agentFirst() throws {
        var floor = CallbackCenter.floor(CallbackCenter.configuration(mode: .agentFirst), signedIn: [])
        let leg = floor.caller(1)
        floor.advance(seconds: 1)
        let id = try floor.askForCallback(leg)
        #expect(floor.dialled.isEmpty)
        floor.signIn("alice")
        #expect(floor.ringing(at: "alice").count == 1 && floor.callback(id)?.attempts == 0)
        let desk = try floor.answered(at: "alice")
        #expect(floor.dialled.count == 1 && floor.hearsLoop(desk))
        let buttons: [Event] = [
            .holdRequested("alice", true), .muteRequested("alice", true), .transferRequested("alice", .queue("support")),
        ]
        for refused in buttons {
            #expect(floor.center.refusal(of: refused) == .noCall)
        }
        floor.advance(seconds: 30)
        #expect(floor.dialled.isEmpty && floor.legs[desk] == nil)
        #expect(floor.center.agents["alice"]?.refusal == nil, "free at once, without a wrap-up")
        #expect(floor.center.contacts[id]?.isParked == true && floor.ringing(at: "alice").isEmpty)
        floor.advance(seconds: 600)
        let second = try floor.answered(at: "alice")
        let customer = try #require(floor.dialled.first)
        floor.answer(customer)
        #expect(floor.isBridged(customer, second))
        #expect(floor.figures().reached == 1 && floor.figures().attempts == 2)
        floor.hangUp(customer)
        #expect(floor.closed.last?.state == .ended(.handled))
    }

    @Test("agent first: an agent who hangs up before the customer answers gives the customer back to the queue")
    func agentHangsUp() throws {
        var floor = CallbackCenter.floor(CallbackCenter.configuration(mode: .agentFirst), signedIn: [])
        let leg = floor.caller(1)
        floor.advance(seconds: 1)
        let id = try floor.askForCallback(leg)
        floor.signIn("alice")
        let desk = try floor.answered(at: "alice")
        floor.hangUp(desk)
        #expect(floor.dialled.isEmpty, "the customer's phone stops ringing in the same turn")
        #expect(floor.center.contacts[id]?.isParked == true)
        #expect(floor.center.agents["alice"]?.work.isEmpty == true)
    }

    @Test("agent first in a recorded queue: a customer who has not heard it hears the announcement before the agent")
    func recorded() throws {
        let announcement = "This call is recorded."
        var floor = CallbackCenter.floor(
            CallbackCenter.configuration(mode: .agentFirst, sales: { $0.recording = .init(announcement: announcement) }))
        floor.schedule(CallbackRequest(caller: "customer-1", queue: "sales", hasConsented: true))
        let desk = try floor.answered(at: "alice")
        let customer = try #require(floor.dialled.first)
        floor.answer(customer)
        #expect(!floor.isBridged(customer, desk))
        #expect(!floor.commands.contains { if case .startRecording = $0 { true } else { false } })
        floor.advance(seconds: 4)
        #expect(floor.isBridged(customer, desk))
        #expect(floor.contact(of: customer)?.recording != nil)
    }
}
