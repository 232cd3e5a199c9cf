// Times as clients write them.

internal import Basics

extension Instant {
    /// ISO 8601 with a zone: `2026-11-22T04:18:14Z`, `2026-11-22T05:18+01:00`; fractions of a second are left out.
    /// Nil: it is none, or a day that no month has.
    init?(iso8601 text: String) {
        var rest = Substring(text)
        func number(_ digits: Int) -> Int64? {
            let part = rest.prefix(digits)
            guard part.utf8.count == digits, part.utf8.allSatisfy({ (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) })
            else { return nil }
            rest = rest.dropFirst(digits)
            return Int64(part)
        }
        func mark(_ marks: String) -> Character? {
            guard let first = rest.first, marks.contains(first) else { return nil }
            rest = rest.dropFirst()
            return first
        }
        guard let year = number(4), mark("-") != nil, let month = number(2), mark("-") != nil, let day = number(2),
            mark("Tt ") != nil, let hour = number(2), mark(":") != nil, let minute = number(2), (1...12).contains(month),
            (1...Self.days(of: month, year)).contains(day), hour < 24, minute < 60
        else { return nil }
        var second: Int64 = 0
        if mark(":") != nil {
            guard let found = number(2), found < 60 else { return nil }
            second = found
            if mark(".,") != nil {
                let fraction = rest.prefix { $0.isASCII && $0.isNumber }
                guard (1...9).contains(fraction.count) else { return nil }
                rest = rest.dropFirst(fraction.count)
            }
        }
        var offset: Int64 = 0
        switch mark("Zz+-") {
        case "Z", "z": break
        case let sign?:
            guard let hours = number(2), hours < 24 else { return nil }
            _ = mark(":")
            guard let minutes = number(2), minutes < 60 else { return nil }
            offset = (hours * 60 + minutes) * (sign == "-" ? -60 : 60)
        case nil: return nil
        }
        guard rest.isEmpty else { return nil }
        let date = Self.days(year: year, month: month, day: day)
        self.init(seconds: date * 86_400 + hour * 3600 + minute * 60 + second - offset)
    }

    private static func days(of month: Int64, _ year: Int64) -> Int64 {
        switch month {
        case 2: year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) ? 29 : 28
        case 4, 6, 9, 11: 30
        default: 31
        }
    }

    /// Howard Hinnant's `days_from_civil`; years from 0 to 9999.
    private static func days(year: Int64, month: Int64, day: Int64) -> Int64 {
        let shifted = month <= 2 ? year - 1 : year
        let era = (shifted >= 0 ? shifted : shifted - 399) / 400
        let yearOfEra = shifted - era * 400
        let dayOfYear = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1
        return era * 146_097 + yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear - 719_468
    }
}
