// Times as the API writes them.

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

    private static func floor(_ value: Int64, _ divisor: Int64) -> Int64 {
        value >= 0 ? value / divisor : -((-(value + 1)) / divisor) - 1
    }
}
