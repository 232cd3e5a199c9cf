// The ground changes under the center: another configuration, another process.

import ACD
import Basics
import ContactCenter
import IVR
import Simulation
import Testing

struct ChangeStories {
    @Test("an agent under another name keeps the phone that is registered, though it says nothing new")
    func renamedAgent() {
        var floor = SmallCenter.floor(signedIn: ["alice"])
        var renamed = SmallCenter.configuration(version: "2")
        renamed.agents[0].id = "alicia"
        renamed.queues[0].members[0].agent = "alicia"
        floor.apply(renamed)
        floor.set(.available, for: "alicia")
        floor.call("101")
        #expect(floor.ringing(at: "alicia").count == 1)
    }

    @Test("a phone that left while its agent was out of the configuration is not taken for registered afterwards")
    func forgottenRegistration() {
        var floor = SmallCenter.floor(signedIn: ["alice"])
        let caller = floor.call("101")
        floor.answer(at: "alice")
        var reduced = SmallCenter.configuration(version: "2")
        reduced.agents.removeFirst()
        reduced.queues[0].members.removeFirst()
        floor.apply(reduced)
        floor.submit(.deviceUnregistered("alice-desk"))
        floor.apply(SmallCenter.configuration(version: "3"))
        floor.hangUp(caller)
        floor.advance(seconds: 10)
        #expect(floor.center.agents["alice"]?.refusal == .noDevice)
    }

    @Test("a reload that takes the last signed-in member out of a queue lets nobody wait there who shall not")
    func emptiedByReload() {
        var floor = SmallCenter.floor(SmallCenter.configuration(sales: { $0.leaveEmpty = true }), signedIn: ["alice"])
        floor.call("101")
        floor.answer(at: "alice")
        let second = floor.call("101")
        #expect(floor.contact(of: second)?.queue == "sales")
        var reduced = SmallCenter.configuration(sales: { $0.leaveEmpty = true }, version: "2")
        reduced.queues[0].members.removeFirst()
        floor.apply(reduced)
        #expect(floor.contact(of: second)?.queue == "support", "bob is not signed in")
    }

    @Test("a restart keeps who has been idle longest, and does not count the time without a process")
    func restartKeepsTime() throws {
        var floor = SmallCenter.floor(signedIn: ["bob", "alice"])
        floor.set(.aux(reason: "break"), for: "alice")
        floor.set(.aux(reason: "break"), for: "bob")
        let waiting = floor.call("101")
        floor.advance(seconds: 5)
        floor.call("999")
        let last = floor.now
        let before = floor.center
        floor.advance(seconds: 3600)
        floor.restart(with: before)
        let lost = try #require(floor.closed.last { $0.leg == waiting })
        #expect(lost.endedAt == last)
        #expect(floor.center.queues["sales"]?.figures.waitOfAll == .seconds(5))
        for agent in ["alice", "bob"] as [AgentID] { floor.signIn(agent) }
        floor.call("101")
        #expect(floor.ringing(at: "bob").count == 1, "bob had been idle longer before the restart")
    }

    @Test("a message that cannot be recorded ends, and the caller goes on in the flow")
    func messageWithoutDisk() throws {
        var configuration = SmallCenter.configuration(numbers: [NumberRules(number: "200", flow: "mailbox")])
        configuration.flows.append(
            Flow(
                id: "mailbox", start: "message",
                nodes: [
                    Node(
                        id: "message",
                        action: .voicemail(Voicemail(prompt: .text("Speak."), mailbox: "sales", next: "person"))),
                    Node(id: "person", action: .queue(EnterQueue(queue: "sales"))),
                ]))
        var floor = SmallCenter.floor(configuration)
        let caller = floor.call("200")
        floor.advance(seconds: 10)
        #expect(floor.center.awaitsKey(on: caller), "a key ends the message")
        floor.submit(.recordingFailed(RecordingID(rawValue: 1), reason: "no space left on device"))
        #expect(floor.contact(of: caller)?.entry?.queue == "sales")
    }

    @Test("only a menu and a message wait for keys; whatever else is pressed is nobody's business")
    func keysThatCount() throws {
        var floor = SmallCenter.floor(signedIn: ["alice"])
        let caller = floor.call("100")
        #expect(floor.center.awaitsKey(on: caller))
        floor.press("1", on: caller)
        #expect(!floor.center.awaitsKey(on: caller), "in the queue")
        let answered = floor.answer(at: "alice")
        #expect(!floor.center.awaitsKey(on: caller), "in the conversation")
        #expect(!floor.center.awaitsKey(on: try #require(answered)))
    }
}
