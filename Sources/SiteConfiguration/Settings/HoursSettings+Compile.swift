// Works out the offsets of a time zone, so that the rules need no time zone database.

internal import Basics
internal import Foundation
internal import IVR

extension HoursSettings {
    private static let yearsBefore = 1
    private static let yearsAfter = 10

    /// As the rules need it.
    func compiled(offsets: [OpeningHours.Offset]) -> OpeningHours {
        OpeningHours(
            id: id, week: week, exceptions: holidays.map { OpeningHours.Exception(day: $0.day, spans: $0.spans) },
            offsets: offsets)
    }

    /// The offsets from UTC from the beginning of the year before `now` to the end of the tenth year after it.
    static func offsets(of timeZone: String, now: Instant) -> [OpeningHours.Offset] {
        let zone = TimeZone(identifier: timeZone) ?? .gmt
        let today = Int(now.microseconds / 86_400_000_000)
        let year = CalendarDay.date(of: today).year
        let first = CalendarDay.number(year: year - yearsBefore, month: 1, day: 1)
        let last = CalendarDay.number(year: year + yearsAfter + 1, month: 1, day: 1)
        var offset = seconds(of: zone, at: first * 86_400)
        var offsets = [OpeningHours.Offset(from: Instant(seconds: Int64(first * 86_400)), seconds: offset)]
        for day in first..<last {
            let next = seconds(of: zone, at: (day + 1) * 86_400)
            guard next != offset else { continue }
            let change = firstSecond(with: next, of: zone, between: day * 86_400, and: (day + 1) * 86_400)
            offsets.append(OpeningHours.Offset(from: Instant(seconds: Int64(change)), seconds: next))
            offset = next
        }
        return offsets
    }

    /// The second of a day at which the offset becomes `seconds`, by halving. No place changes twice in a day.
    private static func firstSecond(with seconds: Int, of zone: TimeZone, between low: Int, and high: Int) -> Int {
        var before = low
        var after = high
        while after - before > 1 {
            let middle = before + (after - before) / 2
            if Self.seconds(of: zone, at: middle) == seconds { after = middle } else { before = middle }
        }
        return after
    }

    private static func seconds(of zone: TimeZone, at second: Int) -> Int {
        zone.secondsFromGMT(for: Date(timeIntervalSince1970: Double(second)))
    }
}
