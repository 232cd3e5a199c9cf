// Everything that can happen in the middle of a consultation happens at the same instant, in every order.

import ACD
import Basics
import ContactCenter
import Simulation
import Testing

struct CallRaceStories {
    private enum Act: CaseIterable {
        case answer, decline, callerGone, agentGone, lost, backOut, complete, merge, supervise, pause, flow, limit
    }

    @Test("three acts in every order at one instant end with a person, a queue or an end, and every leg has an owner")
    func orders() throws {
        var count = 0
        let colleague = Act.allCases.filter { $0 != .limit }
        for isOutside in [false, true] {
            let acts = isOutside ? Act.allCases : colleague
            for first in acts {
                for second in acts where second != first {
                    for third in acts where third != first && third != second {
                        try run([first, second, third], isOutside: isOutside)
                        count += 1
                    }
                }
            }
        }
        #expect(count == 11 * 10 * 9 + 12 * 11 * 10)
    }

    /// - Parameter isOutside: the caller is being transferred to a number; otherwise a colleague is asked.
    private func run(_ acts: [Act], isOutside: Bool) throws {
        var floor = VirtualFloor()
        floor.apply(
            SmallCenter.desks { $0.outside = [OutsideRules(trunk: "carrier", allowed: ["+49"], callsMax: 1, minutesMax: 1)] })
        for agent in ["alice", "bob", "carol"] as [AgentID] { floor.signIn(agent) }
        floor.set(.aux(reason: "break"), for: "bob")
        let (caller, alice) = try floor.talk(with: "alice")
        let id = try #require(floor.contact(of: caller)?.id)
        floor.set(.available, for: "bob")
        let carol: LegID
        if isOutside {
            floor.submit(.transferRequested("alice", .outside("carrier", "callee")))
            carol = try #require(floor.legs.first { $0.value == .dialling }?.key)
        } else {
            floor.submit(.consultRequested("alice", .begin(.agent("carol"))))
            carol = try #require(floor.ringing(at: "carol").first)
        }
        for act in acts {
            switch act {
            case .answer: floor.answer(carol)
            case .decline: floor.fail(carol, .declined)
            case .callerGone: floor.hangUp(caller)
            case .agentGone: floor.hangUp(alice)
            case .lost: floor.lose("alice-browser")
            case .backOut: floor.submit(.consultRequested("alice", .backOut))
            case .complete: floor.submit(.consultRequested("alice", .complete))
            case .merge: floor.submit(.consultRequested("alice", .merge))
            case .supervise:
                floor.submit(.supervisionRequested(Supervision(supervisor: "bob", contact: id, mode: .takeOver)))
                floor.answer(at: "bob")
            case .pause: floor.submit(.recordingPauseRequested("alice", true))
            case .flow: floor.submit(.transferRequested("alice", .flow("main")))
            case .limit: floor.advance(seconds: 60)
            }
            let violations = Invariants.violations(in: floor.center, withIndex: false)
            #expect(violations.isEmpty, "\(acts): \(violations)")
            #expect(floor.deadCommands.isEmpty, "\(acts)")
            if floor.legs[caller] != nil { #expect(floor.hearsAnything(caller), "\(acts): silence") }
        }
        // Whatever was left open comes to its end by itself.
        floor.advance(seconds: 200)
        if floor.legs[caller] != nil { #expect(floor.hearsAnything(caller), "\(acts): silence afterwards") }
        #expect(Invariants.violations(in: floor.center).isEmpty, "\(acts)")
        floor.hangUp(caller)
        #expect(floor.legs.allSatisfy { if case .ringing = $0.value { false } else { true } })
        #expect(floor.center.contacts.isEmpty && floor.legs.isEmpty, "\(acts)")
    }

    @Test("hanging up, answering and completing at each offset of ten milliseconds around the answer")
    func offsets() throws {
        for (hangUp, complete) in (0..<20).flatMap({ hangUp in (0..<20).map { (hangUp * 10, $0 * 10) } }) {
            var floor = VirtualFloor()
            floor.apply(SmallCenter.desks())
            for agent in ["alice", "carol"] as [AgentID] { floor.signIn(agent) }
            let (caller, _) = try floor.talk(with: "alice")
            floor.submit(.consultRequested("alice", .begin(.agent("carol"))))
            let carol = try #require(floor.ringing(at: "carol").first)
            var acts: [(at: Int, act: (inout VirtualFloor) -> Void)] = [
                (100, { $0.answer(carol) }), (hangUp, { $0.hangUp(carol) }),
                (complete, { $0.submit(.consultRequested("alice", .complete)) }),
            ]
            acts.sort { $0.at < $1.at }
            var last = 0
            for (at, act) in acts {
                floor.advance(by: .milliseconds(at - last))
                last = at
                act(&floor)
            }
            #expect(floor.center.contacts.isEmpty || floor.hearsAnything(caller), "\(hangUp) \(complete)")
            #expect(Invariants.violations(in: floor.center, withIndex: false).isEmpty, "\(hangUp) \(complete)")
        }
    }
}
