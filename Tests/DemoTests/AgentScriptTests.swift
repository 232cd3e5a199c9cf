// A simulated agent's day, told as reports of the phone.

import Basics
import Testing

@testable import Demo

@Suite struct AgentScriptTests {
    /// An agent that has signed in, whose next offer is answered, or missed.
    private func agent(answers: Bool) throws -> (script: AgentScript, afterInvite: [String]) {
        for seed in UInt64(0)..<200 {
            var script = AgentScript(lines: ["a.wav", "b.wav"], seed: seed)
            #expect(script.begin() == ["register 3600 within 10s"])
            #expect(script.take(.done("register 3600 within 10s")).first == "dial *11")
            #expect(script.take(.ended).isEmpty)
            let steps = script.take(.invited)
            if (steps != ["ring"]) == answers { return (script, steps) }
        }
        throw DemoFailure("no seed gives such an agent")
    }

    @Test("an agent rings, answers, greets with the tone that callers wait for, and talks line by line until the end")
    func talks() throws {
        var (script, ring) = try agent(answers: true)
        #expect(ring.count == 1 && ring[0].hasPrefix("ring "))
        let answer = script.take(.done(ring[0]))
        #expect(answer == ["answer", "say tone \(AgentScript.greetingTone) for \(AgentScript.greetingMilliseconds)ms"])
        #expect(script.take(.done("answer")).isEmpty)
        #expect(script.take(.done(answer[1])) == ["say file a.wav for 4s"])
        let pause = script.take(.done("say file a.wav for 4s"))
        #expect(pause.count == 1 && pause[0].hasPrefix("pause "))
        #expect(script.take(.done(pause[0])) == ["say file b.wav for 4s"])
        // Nothing more to say: the line stays open until somebody hangs up.
        let last = script.take(.done("say file b.wav for 4s"))
        #expect(script.take(.done(last[0])).isEmpty)
    }

    @Test("a caller who gives up while it rings is not answered any more")
    func callerGivesUp() throws {
        var (script, ring) = try agent(answers: true)
        #expect(script.take(.ended).isEmpty)
        #expect(script.take(.done(ring[0])).isEmpty)
    }

    @Test("whoever misses two calls in a row comes back after a while and signs in again")
    func missesTwice() throws {
        for seed in UInt64(0)..<200 {
            var script = AgentScript(lines: [], seed: seed)
            _ = script.begin()
            _ = script.take(.done("register"))
            _ = script.take(.ended)
            guard script.take(.invited) == ["ring"] else { continue }
            #expect(script.take(.done("ring")).isEmpty)
            #expect(script.take(.ended).isEmpty)
            guard script.take(.invited) == ["ring"] else { continue }
            let pause = script.take(.ended)
            #expect(pause.count == 1 && pause[0].hasPrefix("pause "))
            #expect(script.take(.done(pause[0])).first == "dial *11")
            return
        }
        Issue.record("no agent misses twice")
    }
}
