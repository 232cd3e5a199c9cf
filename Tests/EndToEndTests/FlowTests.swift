// What a caller can do before a person answers, and without one.

import Foundation
import Testing

extension EndToEnd {
    struct FlowTests {
        static let files = [
            "numbers.yaml": """
            numbers:
              "100": {flow: main}
              "200": {flow: closed}
              "300": {flow: digits}
              "400": {flow: outside}

            """,
            "flows/closed.yaml": """
            start: opening-hours
            nodes:
              opening-hours: {do: hours, hours: never, open: sales, closed: closed}
              closed: {do: play, say: We are closed., next: message}
              message: {do: voicemail, say: Speak now., mailbox: office, silence_seconds: 2}
              sales: {do: queue, queue: sales}

            """,
            "flows/digits.yaml": """
            start: number
            nodes:
              number:
                do: collect
                say: Your number.
                attribute: card
                length_min: 4
                length_max: 16
                next: sales
                otherwise: sales
              sales: {do: queue, queue: sales}

            """,
            "flows/outside.yaml": """
            start: call
            nodes:
              call: {do: transfer, trunk: carrier, number: "+4930999", otherwise: sorry}
              sorry: {do: hang_up, say: Nobody is there.}

            """,
        ]

        @Test("a wrong key and no key are asked again, and then a person answers")
        func wrongAndMissingKeys() async throws {
            try await House.open { house in
                let anna = try await house.phone(
                    "anna-desk", tone: 880, "wait invite within 30s; answer; hear tone 440; wait bye within 20s")
                let caller = try house.call(
                    "100", "wait answered; hear speech; press 9; hear tone 880 within 30s for 500ms; hang up")
                try await caller.succeeds()
                try await anna.succeeds()
                let kinds = try await house.closedTimeline()
                #expect(kinds.contains("contact.enqueued") && !kinds.contains("flow.chose"), "\(kinds)")
            }
        }

        @Test("out of hours the caller is told so and leaves a message, which is kept as a file")
        func closedHours() async throws {
            try await House.open(Self.files) { house in
                let caller = try house.call(
                    "200", "wait answered; hear speech; hear tone 1400 within 20s; say tone 440 for 3s; hang up")
                try await caller.succeeds()
                try await house.eventually("the message is saved") {
                    try house.rows("SELECT * FROM recordings").first?["state"] == "saved"
                }
                let file = try await house.recorded()
                let left = file.content(0, tone: 440)
                #expect(left.tone > 120 && left.other * 20 <= left.tone, "\(left)")
                _ = try await house.closedTimeline()
                #expect(try house.rows("SELECT outcome FROM contacts") == [["outcome": "voicemail"]])
            }
        }

        @Test("a caller who has nothing more to say hears the goodbye, and the message ends with the silence")
        func silentCaller() async throws {
            try await House.open(Self.files) { house in
                let caller = try house.call(
                    "200",
                    "wait answered; hear speech; hear tone 1400 within 20s; say tone 440 for 2s; hear speech within 10s; wait bye within 20s"
                )
                try await caller.succeeds()
                try await house.eventually("the message is saved") {
                    try house.rows("SELECT * FROM recordings").first?["state"] == "saved"
                }
                let seconds = try house.rows("SELECT seconds FROM recordings").first?["seconds"].flatMap { Double($0) } ?? 0
                #expect(seconds > 3 && seconds < 10, "\(seconds)")
                _ = try await house.closedTimeline()
                #expect(try house.rows("SELECT outcome FROM contacts") == [["outcome": "voicemail"]])
            }
        }

        @Test("digits of a collect step are in neither the journal, the log, nor any byte of the state folder")
        func collectedDigits() async throws {
            try await House.open(Self.files) { house in
                let anna = try await house.phone(
                    "anna-desk", tone: 880, "wait invite within 30s; answer; hear tone 440; wait bye within 20s")
                let digits = "7391826405"
                let caller = try house.call(
                    "300", "wait answered; hear speech; press \(digits)#; hear tone 880 within 20s for 500ms; hang up")
                try await caller.succeeds()
                try await anna.succeeds()
                try await house.stop()
                let collected = try house.rows("SELECT body FROM journal WHERE kind = 'collected'")
                #expect(collected.count == 1 && collected.first?["body"]?.contains("true") == true, "\(collected)")
                #expect(try house.rows("SELECT * FROM journal WHERE kind = 'digit'").isEmpty)
                // The same search finds what is known to be there, so it would find the digits.
                #expect(try house.filesWith("collected").isEmpty == false)
                #expect(try house.filesWith(digits).isEmpty)
                #expect(!house.log.joined().contains(digits))
                try await house.start()
            }
        }

        @Test("a transfer goes out over the trunk, and both hear each other")
        func transfer() async throws {
            try await House.open(Self.files) { house in
                let carrier = try house.carrier(
                    tone: 880, "wait invite within 20s; ring 300ms; answer; hear tone 440; wait bye within 20s")
                try await carrier.program.line("listening")
                let caller = try house.call("400", "wait answered; hear tone 880 within 10s for 1s; hang up")
                try await caller.succeeds()
                try await carrier.succeeds()
                #expect(try await house.closedTimeline().contains("contact.connected"))
                #expect(try house.rows("SELECT outcome FROM contacts") == [["outcome": "transferred"]])
            }
        }

        @Test("where the outside is busy, the flow goes on with what it says otherwise")
        func busyOutside() async throws {
            try await House.open(Self.files) { house in
                let carrier = try house.carrier(tone: 880, "wait invite within 20s; ring 100ms; decline 486")
                try await carrier.program.line("listening")
                let caller = try house.call("400", "wait answered; hear speech within 10s; wait bye within 10s")
                try await caller.succeeds()
                try await carrier.succeeds()
                let kinds = try await house.closedTimeline()
                #expect(kinds.contains("contact.not-connected"), "\(kinds)")
            }
        }
    }
}

extension House {
    /// The kinds of what happened to the one contact, when it is over.
    func closedTimeline() async throws -> [String] {
        try await eventually("the contact is closed") { try rows("SELECT * FROM contacts WHERE ended IS NOT NULL").count == 1 }
        return try rows("SELECT kind FROM timeline ORDER BY id").compactMap { $0["kind"] }
    }

    /// Files below the state folder that hold these bytes.
    func filesWith(_ text: String) throws -> [String] {
        let wanted = Data(text.utf8)
        return try FileManager.default.subpathsOfDirectory(atPath: state).filter { path in
            let whole = state + "/" + path
            var isFolder: ObjCBool = false
            guard FileManager.default.fileExists(atPath: whole, isDirectory: &isFolder), !isFolder.boolValue else {
                return false
            }
            return try Data(contentsOf: URL(fileURLWithPath: whole)).range(of: wanted) != nil
        }
    }
}
