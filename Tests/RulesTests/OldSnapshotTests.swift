// What earlier versions stored of the rules is read.

import ACD
import Basics
import ContactCenter
import Foundation
import Simulation
import Testing

struct OldSnapshotTests {
    /// An agent as a snapshot of November 2026 has it, before an agent's own calls were counted.
    private static let agent = #"""
        {"answered":3,"devices":["anna-desk"],"id":"anna","idleSince":1795324706925129,"isRemoved":false,"missesInARow":0,
        "presence":{"available":{}},"presenceSince":1795324616978396,"registeredDevices":["anna-desk"],"work":[]}
        """#

    @Test("an agent from before its own calls were counted has none, and can be offered a contact")
    func agent() throws {
        let agent = try JSONDecoder().decode(Agent.self, from: Data(Self.agent.utf8))
        #expect(agent.callsToCenter == 0 && agent.refusal == nil)
        #expect(agent.answered == 3)
    }

    /// What else a snapshot and a compiled configuration of November 2026 have where the browser brought something new.
    private static let conversation = #"{"leg":12,"other":{"agent":{"_0":"anna","_1":"sales"}},"since":1795324616978396}"#
    private static let entry = #"""
        {"announceAt":9223372036854775807,"enqueuedAt":1795324616978396,"exclusions":[],"isRoutable":true,"key":{"contact":7,
        "effectiveEnqueuedAt":1795324616978396,"priorityClass":0},"limitAt":9223372036854775807,"queue":"sales"}
        """#
    private static let configuration = #"""
        {"agents":[],"featureCodes":{"available":"*11","offline":"*10","pauses":[]},"flows":[],"hours":[],"numbers":[],
        "pauseReasons":["break"],"queues":[{"announceEverySeconds":60,"id":"sales","joinEmpty":true,"keys":["level"],
        "leaveEmpty":false,"members":[],"missesMax":2,"offerSeconds":20,"serviceLevelSeconds":20,"weight":0,
        "wrapUpSeconds":15}],"version":"36778eee3c04cca8"}
        """#

    private func bytes(_ text: String) -> Data { Data(text.replacing("\n", with: "").utf8) }

    @Test("a conversation and a place in a queue from before there were browsers are read, neither lost nor personal")
    func conversation() throws {
        let conversation = try JSONDecoder().decode(Conversation.self, from: bytes(Self.conversation))
        #expect(!conversation.isLost && !conversation.isMuted && conversation.device == nil)
        let entry = try JSONDecoder().decode(QueueEntry.self, from: bytes(Self.entry))
        #expect(entry.personal == nil)
    }

    @Test("a center from before there were strategies goes on where it was: who waited is offered to whoever becomes free")
    func center() throws {
        var floor = SmallCenter.floor(signedIn: ["alice"])
        floor.call("101")
        let waiting = floor.call("101")
        let phone = floor.answer(at: "alice")
        let whole = try JSONSerialization.jsonObject(with: JSONEncoder().encode(floor.center))
        var members = try #require(whole as? [String: Any])
        for name in ["random", "lastAgents", "trials"] { #expect(members.removeValue(forKey: name) != nil) }
        var center = try JSONDecoder().decode(Center.self, from: JSONSerialization.data(withJSONObject: members))
        #expect(Invariants.violations(in: center).isEmpty)
        var commands: [Command] = []
        center.handle(.legEnded(try #require(phone)), at: floor.now, into: &commands)
        center.handle(.deadlinesPassed, at: floor.now + .seconds(10), into: &commands)
        let rung = commands.compactMap { if case .ring(let ring) = $0 { ring.callerLeg } else { nil } }
        #expect(rung == [waiting])
    }

    @Test("a center from before there were callbacks goes on: its contacts have none, its figures start at nothing")
    func callbacks() throws {
        var floor = SmallCenter.floor(signedIn: ["alice"])
        floor.call("101")
        floor.call("101")
        floor.answer(at: "alice")
        let text = try #require(String(data: JSONEncoder().encode(floor.center), encoding: .utf8))
        for name in ["callback", "canBeCalledBack", "callbackRules", "callbackCounts", "callbacksDueAt", "wantsCallback"] {
            #expect(!text.contains("\"\(name)\""), "\(name) is only stored where there is something to store")
        }
        let center = try JSONDecoder().decode(Center.self, from: Data(text.utf8))
        #expect(Invariants.violations(in: center).isEmpty)
        #expect(center.queues["sales"]?.figures.callbacks == CallbackFigures())
    }

    @Test("figures from before abandons within the threshold were counted have none, and go on counting")
    func figures() throws {
        let text = #"""
            {"abandoned":3,"abandonedShort":1,"answered":9,"answeredInTime":7,"diverted":[],"endedBySystem":0,"entries":12,
            "waitOfAll":[0,0],"waitOfAnswered":[0,0]}
            """#
        var figures = try JSONDecoder().decode(QueueFigures.self, from: bytes(text))
        #expect(figures.abandoned == 3 && figures.abandonedInTime == 0)
        figures.noteAbandon(after: .seconds(8), threshold: .seconds(20))
        figures.noteAbandon(after: .seconds(20), threshold: .seconds(20))
        figures.noteAbandon(after: .seconds(21), threshold: .seconds(20))
        #expect(figures.abandoned == 6 && figures.abandonedInTime == 2 && figures.abandonedShort == 1)
        let again = try JSONDecoder().decode(QueueFigures.self, from: JSONEncoder().encode(figures))
        #expect(again == figures)
    }

    @Test("a compiled configuration from before there were browsers is read, and keeps its version: written, it is the same")
    func configuration() throws {
        let configuration = try JSONDecoder().decode(CenterConfiguration.self, from: bytes(Self.configuration))
        #expect(configuration.lostGraceSeconds == 60 && configuration.dispositions.isEmpty)
        #expect(configuration.queues.first?.isWrapUpExtendable == true)
        #expect(configuration.queues.first?.isDispositionRequired == false)
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        #expect(try encoder.encode(configuration) == bytes(Self.configuration))
    }
}
