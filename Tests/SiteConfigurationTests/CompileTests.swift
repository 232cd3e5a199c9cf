// What the rules get: opening hours over the changes of the clock, versions, recordings, texts.

import ACD
import Basics
import ContactCenter
import Foundation
import IVR
import Testing

@testable import SiteConfiguration

@Suite struct CompileTests {
    /// 2026-06-15T12:00:00Z.
    private let now = Instant(seconds: 1_781_524_800)

    private func instant(_ text: String) throws -> Instant {
        let date = try Date(text, strategy: .iso8601)
        return Instant(seconds: Int64(date.timeIntervalSince1970))
    }

    private func hours(_ yaml: String) throws -> OpeningHours {
        let loaded = try ConfigurationFolder(["hours.yaml": yaml]).load()
        #expect(loaded.findings == [])
        return try #require(loaded.configuration.compile(now: now).hours.first)
    }

    @Test("An office opens at nine by its own clock, before and after the clock is changed, for ten years")
    func clockChanges() throws {
        let office = try hours("hours:\n  office:\n    monday: [\"09:00-17:00\"]\n    sunday: [\"02:00-03:00\"]\n")
        // Winter, UTC+1: Monday 2026-03-23. Summer, UTC+2: Monday 2026-03-30.
        #expect(office.isOpen(at: try instant("2026-03-23T08:00:00Z")))
        #expect(!office.isOpen(at: try instant("2026-03-23T07:59:59Z")))
        #expect(office.isOpen(at: try instant("2026-03-30T07:00:00Z")))
        #expect(!office.isOpen(at: try instant("2026-03-30T15:00:00Z")))
        // The hour from two to three does not exist on 2026-03-29 and comes twice on 2026-10-25.
        for minute in 0..<180 {
            #expect(!office.isOpen(at: try instant("2026-03-29T00:00:00Z") + .seconds(minute * 60)))
        }
        let twice = try (0..<240).count { office.isOpen(at: try instant("2026-10-24T23:00:00Z") + .seconds($0 * 60)) }
        #expect(twice == 120)
        #expect(office.isOpen(at: try instant("2036-07-14T07:00:00Z")))
        #expect(!office.isOpen(at: try instant("2036-07-14T06:59:00Z")))
    }

    @Test(
        "The offsets are those of Foundation at every hour of twelve years",
        arguments: ["Europe/Berlin", "America/New_York", "Asia/Kathmandu", "Australia/Lord_Howe", "Africa/Casablanca"])
    func offsets(zone: String) throws {
        let offsets = HoursSettings.offsets(of: zone, now: now)
        let foundation = try #require(TimeZone(identifier: zone))
        let first = try instant("2025-01-01T00:00:00Z")
        #expect(offsets.first?.from == first)
        var index = 0
        for hour in 0..<(12 * 365 * 24) {
            let time = first + .seconds(hour * 3600)
            while index + 1 < offsets.count, offsets[index + 1].from <= time { index += 1 }
            let expected = foundation.secondsFromGMT(for: Date(timeIntervalSince1970: time.microseconds.asSeconds))
            guard offsets[index].seconds == expected else {
                Issue.record("\(zone) at hour \(hour): \(offsets[index].seconds), not \(expected)")
                return
            }
        }
        #expect(zone == "Asia/Kathmandu" ? offsets.count == 1 : offsets.count > 20)
    }

    @Test("A holiday has its own hours, in the time zone of the line") func holidays() throws {
        let office = try hours(
            """
            hours:
              office:
                time_zone: America/New_York
                thursday: ["00:00-24:00"]
                friday: ["09:00-17:00"]
                holidays:
                  2026-12-24: ["08:00-12:00"]
                  2026-12-25: closed

            """)
        #expect(office.isOpen(at: try instant("2026-12-24T16:59:59Z")))
        #expect(!office.isOpen(at: try instant("2026-12-24T17:00:00Z")))
        #expect(!office.isOpen(at: try instant("2026-12-25T15:00:00Z")))
        #expect(office.isOpen(at: try instant("2026-12-18T15:00:00Z")))
    }

    @Test("The version depends on the content alone") func versions() throws {
        let one = try ConfigurationFolder().load().configuration
        let same = try ConfigurationFolder(["site.yaml": "# moved\n\n\ntime_zone: Europe/Berlin\n"]).load().configuration
        let other = try ConfigurationFolder(["queues.yaml": "queues:\n  sales:\n    members: [ben, anna]\n"]).load()
            .configuration
        #expect(one.compile(now: now).version == same.compile(now: now + .seconds(86_400 * 30)).version)
        #expect(one.compile(now: now).version != other.compile(now: now).version)
    }

    @Test("A recording is compiled with its announcement, and only where it is on") func recording() throws {
        let folder = try ConfigurationFolder([
            "queues.yaml": "queues:\n  sales:\n    members: [anna]\n    record: true\n    record_announcement: We record.\n",
            "flows/main.yaml": """
            start: out
            nodes:
              out: {do: transfer, trunk: carrier, number: "1", record: true, record_announcement: We listen., otherwise: sales}
              sales: {do: queue, queue: sales}

            """,
        ])
        let loaded = folder.load()
        #expect(loaded.findings == [])
        let center = loaded.configuration.compile(now: now)
        #expect(center.queues.first?.recording == .init(announcement: "We record."))
        #expect(center.numbers.first?.recording == nil)
        let flow = try #require(center.flows.first)
        #expect(flow.start == "out")
        #expect(flow.node("out")?.action == .play(Play(prompts: [.text("We listen.")], next: "out.connect")))
        #expect(
            flow.node("out.connect")?.action
                == .transfer(Transfer(trunk: "carrier", number: "1", record: true, otherwise: "sales")))
        #expect(loaded.configuration.allTexts.prefix(2) == ["We listen.", "We record."])
    }

    @Test("Everything that the center says itself is among the texts to render") func phrases() throws {
        let configuration = try ConfigurationFolder(["site.yaml": "phrases:\n  position: \"Place {number}.\"\n"]).load()
            .configuration
        let texts = configuration.allTexts
        #expect(texts.contains("Press 1."))
        for place in 1...100 { #expect(texts.contains(configuration.site.phrases.text(forPosition: place))) }
        for range in WaitRange.all { #expect(texts.contains(configuration.site.phrases.text(for: range))) }
        #expect(configuration.site.phrases.text(forPosition: 3) == "Place 3.")
        #expect(texts.count == Set(texts).count)
    }

    @Test("A relative state folder stands beside the configuration folder") func stateFolder() {
        var configuration = SiteConfiguration()
        #expect(configuration.stateFolder(besides: "Config") == ".state")
        #expect(configuration.stateFolder(besides: "/srv/center/Config/") == "/srv/center/.state")
        #expect(configuration.stateFolder(besides: "/Config") == "/.state")
        configuration.site.state = "/var/lib/switchboard"
        #expect(configuration.stateFolder(besides: "/etc/switchboard") == "/var/lib/switchboard")
    }
}

extension Int64 {
    fileprivate var asSeconds: Double { Double(self) / 1_000_000 }
}
