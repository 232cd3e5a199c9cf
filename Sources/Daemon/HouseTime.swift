// Times as people type them, in the house's time zone.

import ArgumentParser
import Basics
import Foundation

enum HouseTime {
    /// `2026-11-21T14:03:00Z`, `2026-11-21 14:03`, `14:03:05` of today; seconds and their fractions may be left out, and what
    /// has no zone is of the house's.
    static func read(_ text: String, _ option: String, zone: TimeZone, now: Date = Date()) throws -> Instant {
        let form =
            #/
            (?:([0-9]{4})-([0-9]{2})-([0-9]{2})[T\x20])?
            ([0-9]{2}):([0-9]{2})(?::([0-9]{2})(?:\.([0-9]{1,6}))?)?
            (Z|[-+][0-9]{2}:[0-9]{2})?
            /#
        let mend = "\(option) takes a time such as 2026-11-21 14:03, 2026-11-21T14:03:05.250Z or 14:03, not `\(text)`"
        guard let parts = text.wholeMatch(of: form)?.output else { throw ValidationError(mend) }
        func number(_ part: Substring?) -> Int? { part.flatMap { Int($0) } }
        var calendar = Calendar(identifier: .gregorian)
        calendar.timeZone = try parts.8.map { try offset($0, mend) } ?? zone
        let today = calendar.dateComponents([.year, .month, .day], from: now)
        let components = DateComponents(
            calendar: calendar, timeZone: calendar.timeZone, year: number(parts.1) ?? today.year,
            month: number(parts.2) ?? today.month, day: number(parts.3) ?? today.day, hour: number(parts.4),
            minute: number(parts.5), second: number(parts.6) ?? 0)
        guard components.isValidDate, let date = components.date else { throw ValidationError(mend) }
        let fraction = parts.7.flatMap { Int64($0 + String(repeating: "0", count: 6 - $0.count)) } ?? 0
        return Instant(microseconds: Int64(date.timeIntervalSince1970.rounded()) * 1_000_000 + fraction)
    }

    private static func offset(_ text: Substring, _ mend: String) throws -> TimeZone {
        if text == "Z" { return .gmt }
        let numbers = text.dropFirst().split(separator: ":").compactMap { Int($0) }
        guard numbers.count == 2, numbers[0] < 24, numbers[1] < 60,
            let zone = TimeZone(secondsFromGMT: (text.hasPrefix("-") ? -1 : 1) * (numbers[0] * 3600 + numbers[1] * 60))
        else { throw ValidationError(mend) }
        return zone
    }
}
