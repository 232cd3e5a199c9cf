// Times as the API writes and reads them.

internal import Basics

extension Instant {
    /// ISO 8601 in UTC with milliseconds: `2026-11-22T04:18:14.123Z`. Arithmetic only (Howard Hinnant's `civil_from_days`):
    /// no calendar, no locale, no time zone is asked.
    var iso8601: String { String(decoding: iso8601Bytes, as: UTF8.self) }

    /// As ASCII, because an answer has many of them.
    var iso8601Bytes: [UInt8] {
        let milliseconds = Self.floor(microseconds, 1000)
        let days = Self.floor(milliseconds, 86_400_000)
        let ofDay = milliseconds - days * 86_400_000
        let shifted = days + 719_468
        let era = Self.floor(shifted, 146_097)
        let dayOfEra = shifted - era * 146_097
        let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let marchMonth = (5 * dayOfYear + 2) / 153
        let day = dayOfYear - (153 * marchMonth + 2) / 5 + 1
        let month = marchMonth < 10 ? marchMonth + 3 : marchMonth - 9
        let year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0)
        var bytes: [UInt8] = []
        bytes.reserveCapacity(24)
        func append(_ value: Int64, _ width: Int, _ mark: Unicode.Scalar) {
            let digits = String(value).utf8
            for _ in digits.count..<max(width, digits.count) { bytes.append(UInt8(ascii: "0")) }
            bytes.append(contentsOf: digits)
            bytes.append(UInt8(ascii: mark))
        }
        append(year, 4, "-")
        append(month, 2, "-")
        append(day, 2, "T")
        append(ofDay / 3_600_000, 2, ":")
        append(ofDay / 60_000 % 60, 2, ":")
        append(ofDay / 1000 % 60, 2, ".")
        append(ofDay % 1000, 3, "Z")
        return bytes
    }

    /// `2026-11-22T04:18:14Z`, with or without fractions of a second, or with an offset such as `+01:00` in place of the `Z`
    /// (RFC 3339); nil: it is none, or no such day is in the calendar.
    init?(iso8601 text: String) {
        // A plus sign that nobody has escaped comes out of a query as a space.
        let form =
            #/
            ([0-9]{4})-([0-9]{2})-([0-9]{2})T([0-9]{2}):([0-9]{2}):([0-9]{2})
            (?:\.([0-9]{1,6}))?
            (?:Z|([-+\x20])([0-9]{2}):([0-9]{2}))
            /#
        guard let parts = text.wholeMatch(of: form)?.output else { return nil }
        func number(_ part: Substring?) -> Int64 { part.flatMap { Int64($0) } ?? 0 }
        let (year, month, day) = (number(parts.1), number(parts.2), number(parts.3))
        let (hour, minute, second) = (number(parts.4), number(parts.5), number(parts.6))
        let (offsetHours, offsetMinutes) = (number(parts.9), number(parts.10))
        guard hour < 24, minute < 60, second < 60, offsetHours < 24, offsetMinutes < 60,
            let days = Self.days(year, month, day)
        else { return nil }
        let fraction = parts.7.map { number($0 + String(repeating: "0", count: 6 - $0.count)) } ?? 0
        let offset = (parts.8 == "-" ? -1 : 1) * (offsetHours * 3600 + offsetMinutes * 60)
        self.init(microseconds: (days * 86_400 + hour * 3600 + minute * 60 + second - offset) * 1_000_000 + fraction)
    }

    /// Since 1970-01-01; the reverse of the above (`days_from_civil`).
    private static func days(_ year: Int64, _ month: Int64, _ day: Int64) -> Int64? {
        let isLeap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0)
        let lengths: [Int64] = [31, isLeap ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]
        guard (1...12).contains(month), (1...lengths[Int(month) - 1]).contains(day) else { return nil }
        let shifted = month <= 2 ? year - 1 : year
        let era = floor(shifted, 400)
        let yearOfEra = shifted - era * 400
        let dayOfYear = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1
        return era * 146_097 + yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear - 719_468
    }

    private static func floor(_ value: Int64, _ divisor: Int64) -> Int64 {
        value >= 0 ? value / divisor : -((-(value + 1)) / divisor) - 1
    }
}
