// What answers may be a machine: without the key that was asked for no agent is bound and nobody was reached.

import ACD
import Basics
import ContactCenter
import Foundation
import IVR
import Simulation
import Testing

struct CallbackMachineStories {
    private func floor(
        _ mode: CallbackRules.Mode = .customerFirst, sales: (inout QueueRules) -> Void = { _ in },
        terms: (inout CallbackRules) -> Void = { _ in }
    ) -> VirtualFloor {
        CallbackCenter.floor(
            CallbackCenter.configuration(
                mode: mode, sales: sales,
                terms: {
                    $0.confirmKey = "1"
                    terms(&$0)
                }))
    }

    private func request(_ floor: inout VirtualFloor) throws -> ContactID {
        floor.schedule(CallbackRequest(caller: "customer-1", queue: "sales", hasConsented: true))
        return try #require(floor.center.openCallbacks.first)
    }

    @Test("a person presses the key, and only then an agent is rung; other keys and words do nothing")
    func person() throws {
        var floor = floor()
        let id = try request(&floor)
        let customer = try #require(floor.dialled.first)
        floor.answer(customer)
        #expect(
            floor.commands.contains {
                if case .play(customer, _, [.callbackConfirm(key: "1")], _, _) = $0 { true } else { false }
            })
        #expect(floor.ringing(at: "alice").isEmpty && floor.center.awaitsKey(on: customer))
        floor.advance(seconds: 7)
        #expect(floor.hearsAnything(customer), "it is said again")
        floor.press("5", on: customer)
        #expect(floor.ringing(at: "alice").isEmpty)
        floor.press("1", on: customer)
        #expect(floor.ringing(at: "alice").count == 1 && floor.figures().unproved == 0)
        floor.answer(at: "alice")
        #expect(floor.center.agents["alice"]?.activeContact == id && floor.figures().reached == 1)
        #expect(!floor.center.awaitsKey(on: customer), "what is pressed in a talk is nobody's business")
    }

    @Test("a mailbox presses nothing: after 25 s it was a try, no agent was rung, and the next one comes after the pause")
    func mailbox() throws {
        var floor = floor(terms: { $0.attemptsMax = 2 })
        let id = try request(&floor)
        let key = floor.center.contacts[id]?.entry?.key
        for attempt in 1...2 {
            let customer = try #require(floor.dialled.first)
            floor.advance(seconds: 1)
            floor.answer(customer)
            floor.advance(seconds: 24)
            #expect(floor.legs[customer] != nil && floor.ringing(at: "alice").isEmpty)
            floor.advance(seconds: 1)
            #expect(floor.legs[customer] == nil && floor.center.agents["alice"]?.refusal == nil)
            #expect(floor.figures().unproved == attempt)
            guard attempt == 1 else { break }
            #expect(floor.center.contacts[id]?.isParked == true && floor.center.contacts[id]?.entry?.key == key)
            floor.advance(seconds: 599)
            #expect(floor.dialled.isEmpty)
            floor.advance(seconds: 1)
        }
        #expect(floor.figures().count(of: .notReached) == 1 && floor.figures().reachRate == 0)
        #expect(floor.center.openCallbacks.isEmpty && floor.keptNumbers.isEmpty)
    }

    @Test("a mailbox that hangs up by itself was a try too, and the promise stands")
    func hangsUp() throws {
        var floor = floor()
        let id = try request(&floor)
        let customer = try #require(floor.dialled.first)
        floor.answer(customer)
        floor.hangUp(customer)
        #expect(floor.callback(id)?.attempts == 1 && floor.center.contacts[id]?.isParked == true)
        #expect(floor.figures().count(of: .hungUp) == 0 && floor.figures().unproved == 1)
    }

    @Test("agent first: the agent hears the ringing tone until the key comes, and is free again when none does")
    func agentFirst() throws {
        var floor = floor(.agentFirst, sales: { $0.recording = .init(announcement: "This call is recorded.") })
        let id = try request(&floor)
        let desk = try floor.answered(at: "alice")
        let machine = try #require(floor.dialled.first)
        floor.advance(seconds: 1)
        floor.answer(machine)
        #expect(floor.hearsLoop(desk) && !floor.isBridged(machine, desk))
        floor.advance(seconds: 25)
        #expect(floor.legs[desk] == nil && floor.legs[machine] == nil && floor.center.agents["alice"]?.refusal == nil)
        #expect(floor.figures().unproved == 1 && floor.figures().reached == 0)
        floor.advance(seconds: 600)
        let second = try floor.answered(at: "alice")
        let customer = try #require(floor.dialled.first)
        floor.answer(customer)
        floor.press("1", on: customer)
        #expect(!floor.isBridged(customer, second), "that the call is recorded is said first")
        floor.advance(seconds: 2)
        #expect(floor.isBridged(customer, second) && floor.figures().reached == 1)
        #expect(floor.center.agents["alice"]?.activeContact == id)
    }

    @Test("agent first: an agent who leaves while the key is awaited leaves the customer to the others")
    func agentLeaves() throws {
        var floor = floor(.agentFirst)
        let id = try request(&floor)
        let desk = try floor.answered(at: "alice")
        let customer = try #require(floor.dialled.first)
        floor.answer(customer)
        floor.hangUp(desk)
        #expect(floor.legs[customer] != nil && floor.center.awaitsKey(on: customer))
        floor.press("1", on: customer)
        #expect(floor.contact(of: customer)?.id == id && floor.ringing(at: "alice").count == 1)
    }

    @Test("a restart while the key is awaited: the call was no try, and it is made again")
    func restart() throws {
        var floor = floor()
        let id = try request(&floor)
        floor.answer(try #require(floor.dialled.first))
        floor.restart(with: try JSONDecoder().decode(Center.self, from: JSONEncoder().encode(floor.center)))
        #expect(floor.callback(id)?.attempts == 0 && floor.center.contacts[id]?.isParked == true)
        #expect(Invariants.violations(in: floor.center).isEmpty)
    }

    @Test("where there is no sound, and each question is over at once, it is asked once a second, and as often as before with")
    func withoutSound() throws {
        var floor = floor()
        _ = try request(&floor)
        let customer = try #require(floor.dialled.first)
        floor.answer(customer)
        var asked = 0
        while let playback = floor.commands.compactMap({ command -> PlaybackID? in
            if case .play(customer, let playback, [.callbackConfirm(key: "1")], _, _) = command { playback } else { nil }
        }).last {
            asked += 1
            floor.submit(.playbackEnded(customer, playback))
            #expect(!floor.commands.contains { if case .play = $0 { true } else { false } })
            floor.advance(seconds: 1)
            if asked > 30 { break }
        }
        // At once, and then after every second until the 25 are over.
        #expect(asked == 25)
        #expect(floor.legs[customer] == nil && floor.figures().unproved == 1)
    }

    @Test("who calls in while being called back is no machine, and talks without a key")
    func callsIn() throws {
        var floor = floor(.agentFirst)
        let id = try request(&floor)
        let desk = try floor.answered(at: "alice")
        let ringing = try #require(floor.dialled.first)
        let caller = floor.call("101", from: "customer-1", showsNumber: true)
        #expect(floor.contact(of: caller)?.id == id && floor.legs[ringing] == nil)
        #expect(floor.isBridged(caller, desk) && floor.figures().reached == 1)
        #expect(!floor.center.awaitsKey(on: caller))
    }
}
