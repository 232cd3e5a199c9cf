// One caller at a time, from the number to the end of the wrap-up.

import ACD
import Basics
import ContactCenter
import IVR
import Simulation
import Testing

struct CallStories {
    @Test("a caller chooses sales, is offered, answered, bridged, and the agent wraps up until the deadline")
    func main() throws {
        var floor = SmallCenter.floor(signedIn: ["alice"])
        let caller = floor.call("100")
        #expect(floor.contact(of: caller)?.interpreter.node == "menu")
        floor.press("1", on: caller)
        let phone = try #require(floor.ringing(at: "alice").first)
        floor.answer(phone)
        #expect(floor.commands.contains(.bridge(caller, phone)))
        floor.advance(seconds: 60)
        floor.hangUp(caller)
        #expect(floor.commands.contains(.hangUp(phone, .normal)))
        #expect(floor.outcome(of: caller) == .handled)
        #expect(floor.center.agents["alice"]?.refusal == .busy, "wrap-up keeps the agent")
        floor.advance(seconds: 9)
        #expect(floor.center.agents["alice"]?.refusal == .busy)
        floor.advance(seconds: 1)
        #expect(floor.center.agents["alice"]?.refusal == nil)
    }

    @Test("wrong and missing keys are asked again, then the caller is sent to a person")
    func wrongAndMissingKeys() {
        var floor = SmallCenter.floor(signedIn: ["alice"])
        let caller = floor.call("100")
        floor.press("7", on: caller)
        #expect(floor.contact(of: caller)?.interpreter.state == .menuPrompt("menu", attempt: 2))
        floor.advance(seconds: 8)
        #expect(floor.contact(of: caller)?.interpreter.state == .menuPrompt("menu", attempt: 3))
        floor.press("9", on: caller)
        #expect(floor.ringing(at: "alice").count == 1)
    }

    @Test("outside the opening hours the caller hears the closed message and nobody rings", arguments: [true, false])
    func hours(open: Bool) {
        // 1_760_000_000 is Thursday, 2025-10-09, 08:53:20 UTC: in Berlin, two hours ahead, 10:53.
        let day = open ? [OpeningHours.Span(start: 8 * 3600, end: 18 * 3600)] : [.init(start: 8 * 3600, end: 10 * 3600)]
        let hours = OpeningHours(
            id: "office", week: Array(repeating: day, count: 7), offsets: [.init(from: .epoch, seconds: 7200)])
        var floor = SmallCenter.floor(SmallCenter.configuration(hours: [hours]), signedIn: ["alice"])
        let caller = floor.call("103")
        #expect(floor.ringing(at: "alice").isEmpty == !open)
        floor.advance(seconds: 5)
        #expect(floor.outcome(of: caller) == (open ? nil : .selfService))
    }

    @Test("a transfer node rings outside and bridges; when it is busy there the flow goes on")
    func transfer() throws {
        var floor = SmallCenter.floor(signedIn: ["alice"])
        let first = floor.call("102")
        let dialled = try #require(floor.legs.first { $0.value == .dialling }?.key)
        floor.answer(dialled)
        #expect(floor.commands.contains(.bridge(first, dialled)))
        floor.hangUp(dialled)
        #expect(floor.outcome(of: first) == .transferred)

        let second = floor.call("102")
        let early = try #require(floor.legs.first { $0.value == .dialling }?.key)
        floor.submit(.legEarlyMedia(early))
        #expect(floor.commands.contains(.bridge(second, early)), "a carrier's announcement is heard before any answer")
        floor.fail(try #require(floor.legs.first { $0.value == .dialling }?.key), .busy)
        #expect(floor.contact(of: second)?.queue == "sales")
        #expect(floor.ringing(at: "alice").count == 1)

        let third = floor.call("102")
        floor.advance(seconds: 20)
        #expect(floor.contact(of: third)?.queue == "sales", "nobody answered outside within the ring time")
    }

    @Test("an unknown number is refused; with the store full, a number's fallback is dialled")
    func rejection() {
        var floor = SmallCenter.floor(
            SmallCenter.configuration(numbers: [
                NumberRules(number: "110", flow: "main", fallback: .init(trunk: "carrier", number: "555"))
            ]))
        let unknown = floor.call("999")
        #expect(floor.commands == [.reject(unknown, .unknownNumber)])
        floor.submit(.admissionChanged(fallback: true))
        let refused = floor.call("100")
        #expect(floor.commands == [.reject(refused, .unavailable)])
        floor.call("110")
        #expect(floor.legs.contains { $0.value == .dialling })
    }

    @Test("nothing is recorded before the announcement has been heard to its end")
    func recording() throws {
        let configuration = SmallCenter.configuration(sales: { $0.recording = .init(announcement: "This call is recorded.") })
        var floor = SmallCenter.floor(configuration, signedIn: ["alice"])
        let caller = floor.call("101")
        #expect(floor.ringing(at: "alice").isEmpty, "not routable while the announcement is played")
        floor.advance(seconds: 2)
        let phone = try #require(floor.ringing(at: "alice").first)
        floor.answer(phone)
        let started = floor.commands.contains {
            if case .startRecording(let start) = $0 { start.caller == caller && start.other == phone } else { false }
        }
        #expect(started)
        floor.hangUp(phone)
        #expect(floor.commands.contains { if case .stopRecording = $0 { true } else { false } })
        let happenings = floor.happenings(of: caller)
        #expect(happenings.contains { if case .recordingStopped = $0 { true } else { false } })
    }

    @Test("on hold the other side hears music, and the bridge comes back")
    func hold() throws {
        var floor = SmallCenter.floor(signedIn: ["alice"])
        let caller = floor.call("101")
        let answered = floor.answer(at: "alice")
        let phone = try #require(answered)
        floor.submit(.legHeld(phone, true))
        #expect(floor.commands.contains(.unbridge(caller, phone)))
        let hasMusic = floor.commands.contains {
            if case .play(caller, _, [.music(nil)], loops: true, stopsOnDigit: false) = $0 { true } else { false }
        }
        #expect(hasMusic)
        floor.submit(.legHeld(phone, false))
        #expect(floor.commands.contains(.bridge(caller, phone)))
    }

    @Test("a message is recorded until a key, and the recording stops")
    func voicemail() {
        let flow = Flow(
            id: "message", start: "message",
            nodes: [
                Node(id: "message", action: .voicemail(Voicemail(prompt: .text("Speak."), mailbox: "sales", secondsMax: 30)))
            ])
        var configuration = SmallCenter.configuration(numbers: [NumberRules(number: "120", flow: "message")])
        configuration.flows.append(flow)
        var floor = SmallCenter.floor(configuration)
        let caller = floor.call("120")
        floor.advance(seconds: 4)
        #expect(floor.happenings(of: caller).contains { if case .recordingStarted = $0 { true } else { false } })
        floor.press("#", on: caller)
        #expect(floor.commands.contains { if case .stopRecording = $0 { true } else { false } })
        floor.advance(seconds: 5)
        #expect(floor.outcome(of: caller) == .voicemail)
    }

    @Test("a recorded call's message is a recording of its own, and the call's recording goes on after it")
    func messageInRecordedCall() throws {
        let flow = Flow(
            id: "message", start: "message",
            nodes: [
                Node(
                    id: "message",
                    action: .voicemail(Voicemail(prompt: .text("Speak."), mailbox: "sales", secondsMax: 30, next: "sales"))),
                Node(id: "sales", action: .queue(EnterQueue(queue: "sales"))),
            ])
        var configuration = SmallCenter.configuration(numbers: [
            NumberRules(number: "120", flow: "message", recording: .init(announcement: "This call is recorded."))
        ])
        configuration.flows.append(flow)
        var floor = SmallCenter.floor(configuration, signedIn: ["alice"])
        let caller = floor.call("120")
        var started: Set<RecordingID> = [], stopped: Set<RecordingID> = [], most = 0
        var running: Set<RecordingID> { started.subtracting(stopped) }
        func count() {
            for command in floor.commands {
                switch command {
                case .startRecording(let start): started.insert(start.recording)
                case .stopRecording(let recording): stopped.insert(recording)
                default: break
                }
                most = max(most, running.count)
            }
        }
        func recordings() -> Int {
            floor.happenings(of: caller).count { if case .recordingStarted = $0 { true } else { false } }
        }
        while recordings() < 2, floor.outcome(of: caller) == nil {
            floor.advance(seconds: 1)
            count()
        }
        #expect(floor.contact(of: caller)?.recording == nil && running.count == 1, "only the message runs")
        floor.press("#", on: caller)
        count()
        let again = try #require(floor.contact(of: caller)?.recording)
        #expect(running == [again] && most == 1)
        let answered = floor.answer(at: "alice")
        #expect(floor.commands.contains(.record(again, [try #require(answered)])))
        #expect(recordings() == 3)
    }

    @Test("silence ends a message, and a caller who hangs up after that has left it")
    func voicemailEndsAtSilence() {
        let flow = Flow(
            id: "message", start: "message",
            nodes: [
                Node(
                    id: "message",
                    action: .voicemail(Voicemail(prompt: .text("Speak."), mailbox: "sales", silenceSeconds: 4, next: "thanks"))),
                Node(id: "thanks", action: .play(Play(prompts: [.text("Thank you.")], next: "thanks"))),
            ])
        var configuration = SmallCenter.configuration(numbers: [NumberRules(number: "120", flow: "message")])
        configuration.flows.append(flow)
        var floor = SmallCenter.floor(configuration)
        let caller = floor.call("120")
        floor.submit(.legQuiet(caller))
        #expect(!floor.happenings(of: caller).contains { if case .recordingStopped = $0 { true } else { false } })
        floor.advance(seconds: 4)
        let isWatched = floor.commands.contains {
            if case .startRecording(let start) = $0 { start.silenceSeconds == 4 } else { false }
        }
        #expect(isWatched)
        floor.submit(.legQuiet(caller))
        #expect(floor.commands.contains { if case .stopRecording = $0 { true } else { false } })
        floor.submit(.legEnded(caller))
        #expect(floor.outcome(of: caller) == .voicemail)
    }

    @Test("after a restart agents keep their state, and lost calls are closed as lost")
    func restart() {
        var floor = SmallCenter.floor(signedIn: ["alice"])
        floor.set(.aux(reason: "break"), for: "bob")
        let since = floor.center.agents["bob"]?.presenceSince
        let talking = floor.call("101")
        floor.answer(at: "alice")
        let waiting = floor.call("101")
        floor.advance(seconds: 30)
        floor.restart(with: floor.center)
        #expect(floor.outcome(of: talking) == .lost)
        #expect(floor.outcome(of: waiting) == .lost)
        #expect(floor.center.agents["alice"]?.presence == .available)
        #expect(floor.center.agents["bob"]?.presence == .aux(reason: "break"))
        #expect(floor.center.agents["bob"]?.presenceSince == since)
        #expect(floor.center.queues["sales"]?.figures.endedBySystem == 1)
    }
}
