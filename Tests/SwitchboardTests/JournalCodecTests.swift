// Events as lines: what is written can be read, by this version and of every version before.

import ACD
import Basics
import ContactCenter
import Foundation
import IVR
import Testing

@testable import Storage
@testable import Switchboard

@Suite("JournalCodec") struct JournalCodecTests {
    private static let leg = LegID(rawValue: 12)

    /// The example behind this one. A new kind of event cannot be forgotten here.
    private static func example(after event: Event) -> Event? {
        switch event {
        case .configurationApplied: .restarted
        case .restarted:
            .callArrived(Arrival(leg: leg, number: "100", caller: "ee0e7d03", trunk: "carrier", channel: 17))
        case .callArrived:
            .workArrived(
                WorkArrival(
                    kind: "mail", queue: "sales", overflow: ["support"], customer: "ee0e7d03",
                    attributes: [Attribute(name: "tier", value: "gold")], priorityClass: 1, boostSeconds: 30,
                    receivedAt: .epoch))
        case .workArrived: .channelsRequested("anna", opened: [.voice], closed: [.chat, .email])
        case .channelsRequested: .satisfactionReported("chat", "sales", percent: 82)
        case .satisfactionReported: .workCompleted("anna", ContactID(rawValue: 7))
        case .workCompleted: .workTransferRequested("anna", ContactID(rawValue: 7), .agent("ben"))
        case .workTransferRequested: .workWrapUpCompleted("anna", ContactID(rawValue: 7), disposition: "sold")
        case .workWrapUpCompleted: .workWrapUpExtended("anna", ContactID(rawValue: 7))
        case .workWrapUpExtended: .deviceCalled(DeviceCall(leg: leg, device: "anna-desk", dialled: "*11"))
        case .deviceCalled: .legRinging(leg)
        case .legRinging: .legEarlyMedia(leg)
        case .legEarlyMedia: .legAnswered(leg)
        case .legAnswered: .legFailed(leg, .unreachable)
        case .legFailed: .legEnded(leg)
        case .legEnded: .legSilent(leg)
        case .legSilent: .legQuiet(leg)
        case .legQuiet: .legHeld(leg, true)
        case .legHeld: .digit(leg, "#")
        case .digit: .playbackEnded(leg, PlaybackID(rawValue: 5))
        case .playbackEnded: .collected(leg, token: "abc", length: 4, valid: true)
        case .collected: .deviceRegistered("anna-desk")
        case .deviceRegistered: .deviceUnregistered("anna-desk")
        case .deviceUnregistered: .deviceLost("anna-browser")
        case .deviceLost: .presenceRequested("anna", .aux(reason: "break"))
        case .presenceRequested: .holdRequested("anna", true)
        case .holdRequested: .muteRequested("anna", true)
        case .muteRequested: .hangUpRequested("anna")
        case .hangUpRequested: .transferRequested("anna", .queue("sales"))
        case .transferRequested: .recordingPauseRequested("anna", true)
        case .recordingPauseRequested: .secureStepRequested("anna", "card")
        case .secureStepRequested: .consultRequested("anna", .begin(.outside("carrier", "ee0e7d03")))
        case .consultRequested:
            .supervisionRequested(Supervision(supervisor: "carla", contact: ContactID(rawValue: 7), mode: .privateWhisper))
        case .supervisionRequested: .supervisionEnded("carla")
        case .supervisionEnded: .wrapUpCompleted("anna", disposition: "sold")
        case .wrapUpCompleted: .wrapUpExtended("anna")
        case .wrapUpExtended: .wrapUpRequested("anna", ContactID(rawValue: 7), true)
        case .wrapUpRequested: .priorityChanged(ContactID(rawValue: 7), priorityClass: 2, boostSeconds: 60)
        case .priorityChanged: .withdrawRequested(ContactID(rawValue: 7))
        case .withdrawRequested:
            .callbackScheduled(
                CallbackRequest(
                    caller: "ee0e7d03", queue: "sales", wishedAt: Instant(seconds: 1_795_000_000), hasConsented: true))
        case .callbackScheduled: .callbackCancelled(ContactID(rawValue: 7))
        case .callbackCancelled: .recordingSaved(RecordingID(rawValue: 3), seconds: 2.5)
        case .recordingSaved: .recordingFailed(RecordingID(rawValue: 3), reason: "disk")
        case .recordingFailed: .admissionChanged(fallback: true)
        case .admissionChanged: .deadlinesPassed
        case .deadlinesPassed: nil
        }
    }

    @Test("every event is the same after it was a line, and every kind has a name of its own")
    func roundTrip() throws {
        let configuration = CenterConfiguration(version: "36778eee", queues: [QueueRules(id: "sales", members: [])])
        var names: [String] = []
        var event: Event? = .configurationApplied(configuration)
        while let current = event {
            let line = JournalCodec.line(current)
            let row = JournalRow(
                sequence: 1, at: .epoch, version: line.version, kind: line.kind,
                body: try JournalCodec.encoder.encode(AnyBody(line.body)))
            let read = try JournalCodec.event(row) { $0 == "36778eee" ? configuration : nil }
            #expect(read == current)
            names.append(line.kind)
            event = Self.example(after: current)
        }
        #expect(Set(names).count == names.count && names.count == 46)
    }

    /// Lines of a journal of November 2026, as they stood there.
    nonisolated private static let old = [
        ("restarted", #"{"restarted":{}}"#),
        (
            "callArrived",
            #"{"callArrived":{"_0":{"caller":"ee0e7d03e0ae7a390989b53196fb0e00","leg":71,"number":"100","channel":17,"trunk":"carrier"}}}"#
        ),
        ("deviceCalled", #"{"deviceCalled":{"_0":{"leg":51,"device":"eva-desk","dialled":"*12"}}}"#),
        ("deviceRegistered", #"{"deviceRegistered":{"_0":"anna-desk"}}"#),
        ("digit", #"{"digit":{"_1":"7","_0":25}}"#), ("legAnswered", #"{"legAnswered":{"_0":10}}"#),
        ("legEnded", #"{"legEnded":{"_0":13}}"#), ("legFailed", #"{"legFailed":{"_0":18,"_1":"busy"}}"#),
        ("legRinging", #"{"legRinging":{"_0":10}}"#), ("playbackEnded", #"{"playbackEnded":{"_0":11,"_1":5}}"#),
        ("deadlinesPassed", #"{"deadlinesPassed":{}}"#),
    ]

    @Test("lines of an old journal are read", arguments: old)
    func oldLines(kind: String, body: String) throws {
        let row = JournalRow(sequence: 1, at: .epoch, version: 1, kind: kind, body: Data(body.utf8))
        #expect(try JournalCodec.event(row) { _ in nil }.name == kind)
    }

    /// The compiled configuration of a house of November 2026, before silence could end a message; shortened to one of each.
    private static let oldConfiguration = #"""
        {"agents":[{"devices":["anna-desk"],"id":"anna"}],"featureCodes":{"available":"*11","offline":"*10","pauses":[{"code":
        "*12","reason":"break"}]},"flows":[{"id":"main","nodes":[{"action":{"hours":{"_0":{"closed":"message","hours":"office",
        "open":"sales"}}},"id":"opening-hours"},{"action":{"queue":{"_0":{"boostSeconds":0,"otherwise":"message",
        "priorityClass":0,"queue":"sales"}}},"id":"sales"},{"action":{"voicemail":{"_0":{"mailbox":"office","next":"goodbye",
        "prompt":{"text":{"_0":"Please leave a message."}},"secondsMax":120}}},"id":"message"},{"action":{"hangUp":{"_0":{
        "prompt":{"text":{"_0":"Goodbye."}}}}},"id":"goodbye"}],"start":"opening-hours"}],"hours":[{"exceptions":[{"day":20811,
        "spans":[{"end":43200,"start":28800}]}],"id":"office","offsets":[{"from":1735689600000000,"seconds":3600}],"week":[[{
        "end":72000,"start":28800}],[],[],[],[],[],[]]}],"numbers":[{"fallback":{"number":"+493012345699","trunk":"carrier"},
        "flow":"main","number":"100"}],"pauseReasons":["break"],"queues":[{"announceEverySeconds":60,"id":"sales","joinEmpty":
        true,"keys":["level","longest-idle"],"leaveEmpty":false,"members":[{"agent":"anna","level":1}],"missesMax":2,
        "offerSeconds":20,"serviceLevelSeconds":20,"weight":0,"wrapUpSeconds":15}],"version":"36778eee3c04cca8"}
        """#

    @Test("a compiled configuration of an old state folder is read, and does what it did")
    func oldConfiguration() throws {
        let body = Data(Self.oldConfiguration.replacing("\n", with: "").utf8)
        let configuration = try JSONDecoder().decode(CenterConfiguration.self, from: body)
        guard case .voicemail(let voicemail)? = configuration.flows.first?.node("message")?.action else {
            Issue.record("no voicemail")
            return
        }
        #expect(voicemail.silenceSeconds == 0, "no silence ended a message then")
        #expect(voicemail.secondsMax == 120 && voicemail.next == "goodbye")
    }

    @Test("a line of a later version, or one that is no event, is told by its number")
    func refused() {
        let later = JournalRow(sequence: 8, at: .epoch, version: 99, kind: "restarted", body: Data("{}".utf8))
        #expect(throws: JournalCodec.Failure.self) { try JournalCodec.event(later) { _ in nil } }
        let broken = JournalRow(sequence: 9, at: .epoch, version: 1, kind: "digit", body: Data("{}".utf8))
        do {
            _ = try JournalCodec.event(broken) { _ in nil }
            Issue.record("it was read")
        } catch {
            #expect("\(error)".contains("journal line 9 (digit)"))
        }
        let unknown = JournalRow(
            sequence: 10, at: .epoch, version: 1, kind: "configurationApplied", body: Data(#"{"version":"x"}"#.utf8))
        #expect(throws: JournalCodec.Failure.self) { try JournalCodec.event(unknown) { _ in nil } }
    }
}

/// Opens the box in which a line carries its body.
nonisolated private struct AnyBody: Encodable {
    let body: any Encodable

    init(_ body: any Encodable) { self.body = body }
    func encode(to encoder: any Encoder) throws { try body.encode(to: encoder) }
}
