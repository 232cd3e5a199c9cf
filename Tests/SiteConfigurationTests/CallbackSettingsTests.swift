// `callback:` of a queue: what is written becomes the terms of the callbacks, and mistakes are named.

import ACD
import Basics
import ContactCenter
import IVR
import Testing

@testable import SiteConfiguration

@Suite struct CallbackSettingsTests {
    private func load(_ queue: String, flow: String? = nil) throws -> LoadedConfiguration {
        var files: [String: String?] = [
            "queues.yaml": "queues:\n  sales:\n    members: [anna]\n\(queue)",
            "trunks.yaml": "trunks:\n  carrier: {peer: \"192.0.2.1:5060\"}\n",
        ]
        if let flow { files["flows/main.yaml"] = flow }
        return try ConfigurationFolder(files).load()
    }

    private func texts(_ queue: String, flow: String? = nil) throws -> [String] {
        try load(queue, flow: flow).findings.map(\.description)
    }

    @Test("what is left out has its default, what is written counts, and the queue's hours are those of its callbacks")
    func terms() throws {
        let short = try load("    callback: {trunk: carrier, numbers: [\"+49\"]}\n")
            .configuration.compile(now: .epoch).queues.first?.callback
        #expect(short == CallbackRules(trunk: "carrier", allowedPrefixes: ["+49"]))
        let long = try load(
            """
                hours: office
                callback:
                  trunk: carrier
                  numbers: ["+49", "0"]
                  key: "*"
                  after_seconds: 60
                  expected_wait_over: 180
                  mode: agent-first
                  lead_seconds: 45
                  attempts_max: 2
                  spacing_seconds: 300
                  ring_seconds: 25
                  give_up_seconds: 3600
                  caller_id: "4930100"
                  confirm: "5"

            """
        ).configuration.compile(now: .epoch).queues.first?.callback
        #expect(
            long
                == CallbackRules(
                    trunk: "carrier", key: "*", offerAfterSeconds: 60, offerWhenExpectedWaitOver: 180, mode: .agentFirst,
                    leadSeconds: 45, attemptsMax: 2, spacingSeconds: 300, ringSeconds: 25, hours: "office", giveUpSeconds: 3600,
                    callerID: "4930100", allowedPrefixes: ["+49", "0"], confirmKey: "5"))
    }

    @Test("how a trunk writes numbers: what is left out has its default, and mistakes are named")
    func numberPlan() throws {
        func load(_ numbers: String) throws -> LoadedConfiguration {
            try ConfigurationFolder([
                "trunks.yaml": "trunks:\n  carrier: {peer: \"192.0.2.1:5060\", numbers: \(numbers)}\n"
            ]).load()
        }
        func plan(_ numbers: String) throws -> NumberPlan? { try load(numbers).configuration.trunks.first?.numbers }
        #expect(try plan("{country: \"49\"}") == NumberPlan(country: "49"))
        #expect(
            try plan("{country: \"1\", national: \"1\", international: \"011\", plain: national}")
                == NumberPlan(country: "1", national: "1", international: "011", plain: .national))
        for (numbers, part) in [
            ("{national: \"0\"}", "has no `country`"), ("{country: \"+49\"}", "1 to 3 digits"),
            ("{country: \"4949\"}", "1 to 3 digits"), ("{country: \"49\", plain: local}", "`plain`"),
        ] {
            let found = try load(numbers).findings.map(\.description)
            #expect(found.contains { $0.contains(part) }, "\(part): \(found)")
        }
    }

    @Test("what agents may use a trunk for: nothing unless it is said, and mistakes are named")
    func outside() throws {
        func load(_ outside: String) throws -> LoadedConfiguration {
            try ConfigurationFolder([
                "trunks.yaml": "trunks:\n  carrier: {peer: \"192.0.2.1:5060\"\(outside)}\n"
            ]).load()
        }
        func rules(_ outside: String) throws -> [OutsideRules] {
            try load(", outside: \(outside)").configuration.compile(now: .epoch).outside
        }
        #expect(try load("").configuration.compile(now: .epoch).outside.isEmpty)
        #expect(
            try rules("{allow: [\"+49\"]}")
                == [OutsideRules(trunk: "carrier", allowed: ["+49"], callsMax: 5, minutesMax: 60, passesCallerID: false)])
        #expect(
            try rules("{allow: [\"+49\", \"0\"], deny: [\"0900\"], max_calls: 2, max_minutes: 30, pass_caller_id: true}")
                == [
                    OutsideRules(
                        trunk: "carrier", allowed: ["+49", "0"], denied: ["0900"], callsMax: 2, minutesMax: 30,
                        passesCallerID: true)
                ])
        for (text, part) in [
            ("{allow: [\"+49\"]}", "no number to show"), ("{}", "has no `allow`"),
            ("{allow: [\"+\"]}", "the begin of a number"),
            ("{allow: [\"+49\"], max_calls: 0}", "`max_calls` is 0, out of range"),
            ("{allow: [\"+49\"], max_minutes: 9999}", "`max_minutes` is 9999, out of range"),
        ] {
            let found = try load(", outside: \(text)").findings.map(\.description)
            #expect(found.contains { $0.contains(part) }, "\(part): \(found)")
        }
    }

    @Test("each mistake is one finding that names it")
    func mistakes() throws {
        func expect(_ queue: String, _ part: String, flow: String? = nil) throws {
            let found = try texts(queue, flow: flow)
            #expect(found.contains { $0.contains(part) }, "\(part): \(found)")
        }
        try expect("    callback: {key: \"1\"}\n", "has no `trunk`")
        try expect("    callback: {trunk: carrier}\n", "does not say which numbers it may call back")
        try expect("    callback: {trunk: carrier, numbers: [\"+\"]}\n", "the begin of a number")
        try expect("    callback: {trunk: carier}\n", "unknown trunk `carier`")
        try expect("    callback: {trunk: carrier, numbers: [\"+49\"], hours: nights}\n", "unknown opening hours `nights`")
        try expect("    callback: {trunk: carrier, numbers: [\"+49\"], key: \"12\"}\n", "`key`")
        try expect("    callback: {trunk: carrier, numbers: [\"+49\"], mode: both}\n", "`mode`")
        try expect("    callback: {trunk: carrier, numbers: [\"+49\"], attempts_max: 0}\n", "`attempts_max` is 0, out of range")
        try expect("    callback: {trunk: carrier, numbers: [\"+49\"], after_seconds: 60}\n", "not with which key")
        try expect("    callback: {trunk: carrier, numbers: [\"+49\"], confirm: \"12\"}\n", "`confirm`")
        try expect("    exit_keys: [\"1\"]\n    callback: {trunk: carrier, key: \"1\"}\n", "both leaves queue `sales`")
        try expect(
            "    wait_seconds_max: 60\n    callback: {trunk: carrier, key: \"1\", after_seconds: 90}\n",
            "nobody waits longer than 60 s")
        try expect(
            "    callback: {trunk: carrier, spacing_seconds: 600, give_up_seconds: 300}\n", "before its second attempt")
        try expect(
            "", "calls nobody back",
            flow: "start: sales\nnodes:\n  sales: {do: queue, queue: sales, callback: true}\n")
    }

    @Test("the phrases of callbacks are rendered before the first caller, the key by its name")
    func phrases() throws {
        let texts = try load("    callback: {trunk: carrier, numbers: [\"+49\"], key: \"*\"}\n").configuration.allTexts
        #expect(texts.contains("To be called back instead of waiting, press star. You keep your place."))
        let proving = try load("    callback: {trunk: carrier, numbers: [\"+49\"], confirm: \"#\"}\n").configuration.allTexts
        #expect(proving.contains("This is the call that you asked for. To be connected, press hash."))
        #expect(texts.contains("The expected wait is between 3 and 5 minutes."))
        #expect(texts.contains("The expected wait is less than one minute."))
    }
}
