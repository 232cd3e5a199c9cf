// What flows make of a call in odd moments: digits that do not come, messages that are not kept, ground that gives way.

import ACD
import Basics
import ContactCenter
import IVR
import Simulation
import Testing

struct FlowStories {
    private static func configuration(_ nodes: [Node], recording: Bool = false) -> CenterConfiguration {
        var configuration = SmallCenter.configuration(numbers: [
            NumberRules(
                number: "120", flow: "flow", recording: recording ? .init(announcement: "This call is recorded.") : nil)
        ])
        configuration.flows.append(Flow(id: "flow", start: nodes[0].id, nodes: nodes))
        return configuration
    }

    private static let message = Voicemail(prompt: .text("Speak."), mailbox: "sales", secondsMax: 30, next: "thanks")
    private static let messageNodes = [
        Node(id: "message", action: .voicemail(message)),
        Node(id: "thanks", action: .play(Play(prompts: [.text("Thank you.")], next: "bye"))),
        Node(id: "bye", action: .hangUp(HangUp())),
    ]

    private static let collect = Collect(
        prompt: .text("Number."), attribute: "account", lengthMin: 4, lengthMax: 8, firstDigitTimeoutMilliseconds: 8000,
        nextDigitTimeoutMilliseconds: 4000, tries: 2, next: "support", otherwise: "sales")
    private static let collectNodes = [
        Node(id: "collect", action: .collect(collect)),
        Node(id: "sales", action: .queue(EnterQueue(queue: "sales"))),
        Node(id: "support", action: .queue(EnterQueue(queue: "support"))),
    ]

    // MARK: Collecting

    @Test("digits are asked for again after a bad entry, and after the last try a person is rung")
    func collectTries() {
        var floor = SmallCenter.floor(Self.configuration(Self.collectNodes), signedIn: ["alice"])
        let caller = floor.call("120")
        #expect(floor.commands.contains(.collect(caller, Self.collect)))
        floor.submit(.collected(caller, token: "", length: 2, valid: false))
        #expect(floor.commands.contains(.collect(caller, Self.collect)))
        floor.submit(.collected(caller, token: "", length: 0, valid: false))
        #expect(floor.ringing(at: "alice").count == 1)
    }

    @Test("an edge that never brings the digits holds nobody: after all its times a try counts as failed")
    func collectDeadline() {
        var floor = SmallCenter.floor(Self.configuration(Self.collectNodes), signedIn: ["alice"])
        let caller = floor.call("120")
        // 300 s for the prompt, 8 s to the first digit, eight times 4 s.
        floor.advance(seconds: 339)
        #expect(floor.contact(of: caller)?.interpreter.state == .collecting("collect", attempt: 1))
        floor.advance(seconds: 1)
        #expect(floor.contact(of: caller)?.interpreter.state == .collecting("collect", attempt: 2))
        floor.advance(seconds: 340)
        #expect(floor.contact(of: caller)?.queue == "sales")
        #expect(floor.ringing(at: "alice").count == 1)
        floor.submit(.collected(caller, token: "late", length: 4, valid: true))
        #expect(floor.contact(of: caller)?.attribute("account") == nil)
    }

    @Test("digits in time wake nobody later")
    func collectInTime() {
        var floor = SmallCenter.floor(Self.configuration(Self.collectNodes))
        let caller = floor.call("120")
        floor.submit(.collected(caller, token: "abc", length: 4, valid: true))
        #expect(floor.contact(of: caller)?.queue == "support")
        floor.advance(seconds: 1000)
        #expect(floor.contact(of: caller)?.queue == "support")
    }

    // MARK: Messages

    @Test("a message counts on a number that is recorded, too", arguments: [false, true])
    func messageOnRecordedNumber(hangsUpAfterwards: Bool) {
        var floor = SmallCenter.floor(Self.configuration(Self.messageNodes, recording: true))
        let caller = floor.call("120")
        // The announcement, then the prompt and the tone.
        floor.advance(seconds: 7)
        #expect(floor.contact(of: caller)?.recordings.isEmpty == false)
        floor.press("#", on: caller)
        if hangsUpAfterwards { floor.hangUp(caller) } else { floor.advance(seconds: 10) }
        #expect(floor.outcome(of: caller) == .voicemail)
    }

    @Test("a caller who hung up before the message was not recorded leaves none", arguments: [false, true])
    func noMessage(isRecorded: Bool) {
        var floor = SmallCenter.floor(Self.configuration(Self.messageNodes, recording: isRecorded))
        let caller = floor.call("120")
        floor.advance(seconds: isRecorded ? 3 : 1)
        floor.hangUp(caller)
        #expect(floor.outcome(of: caller) == .hungUpInMenu)
    }

    @Test("a message that could not be kept was not left: the flow goes on, and the outcome says so", arguments: [false, true])
    func messageNotKept(isLater: Bool) throws {
        var floor = SmallCenter.floor(Self.configuration(Self.messageNodes))
        let caller = floor.call("120")
        floor.advance(seconds: 4)
        let recording = try #require(floor.contact(of: caller)?.recordings.last)
        if isLater { floor.press("#", on: caller) }
        floor.submit(.recordingFailed(recording, reason: "disk"))
        #expect(floor.contact(of: caller)?.interpreter.node == "thanks")
        floor.advance(seconds: 10)
        #expect(floor.outcome(of: caller) == .selfService)
    }

    // MARK: Ground that gives way

    @Test("a leg of which nothing is heard any more is hung up, and its conversation ends", arguments: [true, false])
    func silent(isCaller: Bool) throws {
        var floor = SmallCenter.floor(signedIn: ["alice"])
        let caller = floor.call("101")
        let answered = floor.answer(at: "alice")
        let phone = try #require(answered)
        floor.submit(.legSilent(isCaller ? caller : phone))
        #expect(floor.commands.contains(.hangUp(isCaller ? caller : phone, .noAudio)))
        #expect(floor.commands.contains(.hangUp(isCaller ? phone : caller, .normal)))
        #expect(floor.outcome(of: caller) == .handled)
        let late = floor.center.figures.lateEvents
        floor.submit(.legSilent(phone))
        #expect(floor.center.figures.lateEvents == late + 1)
    }

    @Test("a silence that nobody asked about changes nothing")
    func quietWhileTalking() {
        var floor = SmallCenter.floor(signedIn: ["alice"])
        let caller = floor.call("101")
        floor.answer(at: "alice")
        floor.submit(.legQuiet(caller))
        #expect(floor.contact(of: caller)?.conversation != nil)
    }

    @Test("a queue taken out of the configuration gives its callers back to their flow, and a flow that names it goes on")
    func withdrawnQueue() {
        var floor = SmallCenter.floor()
        let waiting = floor.call("101")
        #expect(floor.contact(of: waiting)?.queue == "sales")
        var reduced = SmallCenter.configuration(version: "2")
        reduced.queues.removeFirst()
        floor.apply(reduced)
        #expect(floor.center.queues["sales"] == nil)
        #expect(floor.contact(of: waiting)?.entry?.queue == "support")
        #expect(floor.happenings(of: waiting).contains(.diverted("sales", .withdrawn)))
        let next = floor.call("101")
        #expect(floor.contact(of: next)?.entry?.queue == "support")
        #expect(floor.happenings(of: next).contains(.diverted("sales", .withdrawn)))
    }

    @Test("queues that hand a caller round and round end in a sentence, not in an endless turn")
    func diversionsInTurn() {
        let nodes = [
            Node(id: "a", action: .queue(EnterQueue(queue: "gone", otherwise: "b"))),
            Node(id: "b", action: .queue(EnterQueue(queue: "gone", otherwise: "a"))),
        ]
        var floor = SmallCenter.floor(Self.configuration(nodes))
        let caller = floor.call("120")
        #expect(
            floor.commands.contains {
                if case .play(caller, _, [.phrase(.technicalDifficulty)], _, _) = $0 { true } else { false }
            })
        let diversions = floor.happenings(of: caller).count { if case .diverted = $0 { true } else { false } }
        #expect(diversions == Center.diversionsInTurnMax)
        floor.advance(seconds: 3)
        #expect(floor.outcome(of: caller) == .selfService)
    }

    // MARK: The record

    @Test("a story longer than is kept still has its recordings and its end")
    func longStory() {
        var contact = Contact(
            id: ContactID(rawValue: 1),
            arrival: Arrival(leg: LegID(rawValue: 3), number: "100", caller: "caller", trunk: "carrier", channel: 1),
            flow: "main", flowVersion: 1, at: .epoch)
        for _ in 0..<400 { contact.note(.visited(flow: "main", node: "menu"), at: .epoch) }
        contact.note(.recordingStarted(RecordingID(rawValue: 7)), at: .epoch)
        contact.note(.ended(.handled, by: .agent), at: .epoch)
        #expect(contact.recordings == [RecordingID(rawValue: 7)])
        #expect(contact.timeline.last?.what == .ended(.handled, by: .agent))
        #expect(contact.timeline.count == Contact.timelineEntriesMax + 1)
        #expect(contact.timelineEntriesLeftOut == 102)
    }
}
