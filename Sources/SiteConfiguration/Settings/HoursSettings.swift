// `hours.yaml`: when a line is open.

public import Basics
public import IVR

/// The opening hours of one line, as an admin writes them.
public struct HoursSettings: Hashable, Sendable {
    public typealias Span = OpeningHours.Span

    /// A date with its own hours.
    public struct Holiday: Hashable, Sendable {
        /// Days since 1970-01-01, local.
        public var day: Int
        public var spans: [Span]
    }

    public var id: HoursID
    /// nil: the site's.
    public var timeZone: String?
    public var monday: [Span] = []
    public var tuesday: [Span] = []
    public var wednesday: [Span] = []
    public var thursday: [Span] = []
    public var friday: [Span] = []
    public var saturday: [Span] = []
    public var sunday: [Span] = []
    public var holidays: [Holiday] = []

    /// Monday first.
    public var week: [[Span]] { [monday, tuesday, wednesday, thursday, friday, saturday, sunday] }
}

extension HoursSettings {
    static var schema: Schema<HoursSettings> {
        Schema(
            "opening hours",
            [
                Field("time_zone", \.timeZone, .timeZone), Field("monday", \.monday, .spans),
                Field("tuesday", \.tuesday, .spans), Field("wednesday", \.wednesday, .spans),
                Field("thursday", \.thursday, .spans), Field("friday", \.friday, .spans),
                Field("saturday", \.saturday, .spans), Field("sunday", \.sunday, .spans),
                Field("holidays", \.holidays, .holidays),
            ])
    }
}

extension Value where T == [OpeningHours.Span] {
    private static var spansMax: Int { 8 }

    /// `["09:00-12:00", "13:00-17:00"]`, or `closed`.
    static var spans: Value {
        let span = Value<OpeningHours.Span>(
            expected: "a time span such as `09:00-17:00`",
            read: { node, path, reading in
                guard let text = node.text, let span = OpeningHours.Span(text: text) else {
                    reading.wrongType(node, at: path, expected: "a time span such as `09:00-17:00`")
                    return nil
                }
                guard span.start < span.end else {
                    reading.error(
                        "`\(text)` ends before it begins", at: path,
                        mend: "write `\(OpeningHours.Span.clock(span.start))-24:00` here and the rest on the next day")
                    return nil
                }
                return span
            }, write: \.text)
        let list = Value<[OpeningHours.Span]>.list(span, countMax: spansMax)
        return Value(
            expected: "a list of time spans such as `[\"09:00-17:00\"]`, or `closed`",
            read: { node, path, reading in
                if node.text == "closed" { return [] }
                guard let spans = list.read(node, path, &reading) else { return nil }
                let sorted = spans.sorted { $0.start < $1.start }
                if zip(sorted, sorted.dropFirst()).contains(where: { $0.end > $1.start }) {
                    reading.error("`\(path.last)` has time spans that overlap", at: path, mend: "write each minute once")
                }
                return sorted
            }, write: { $0.isEmpty ? "closed" : $0.map(\.text).joined(separator: ", ") })
    }
}

extension Value where T == [HoursSettings.Holiday] {
    /// A mapping from dates to time spans.
    static var holidays: Value {
        let date = Value<String>.matching("a date such as `2026-12-25`") { CalendarDay.number(of: $0) != nil }
        let spans = Value<[OpeningHours.Span]>.spans
        return .named(
            "date", name: date, countMax: 1000,
            write: { "\(CalendarDay.text(of: $0.day)) \(spans.write($0.spans))" },
            read: { text, node, path, reading in
                guard let day = CalendarDay.number(of: text), let spans = spans.read(node, path, &reading) else { return nil }
                return HoursSettings.Holiday(day: day, spans: spans)
            })
    }
}

extension OpeningHours.Span {
    /// Reads `09:00-17:00`; the end may be `24:00`.
    init?(text: String) {
        let parts = text.split(separator: "-", omittingEmptySubsequences: false)
        guard parts.count == 2, let start = Self.seconds(String(parts[0]).trimmed),
            let end = Self.seconds(String(parts[1]).trimmed)
        else { return nil }
        self.init(start: start, end: end)
    }

    static func seconds(_ clock: String) -> Int? {
        let parts = clock.split(separator: ":", omittingEmptySubsequences: false)
        guard parts.count == 2, parts.allSatisfy({ $0.utf8.count == 2 && $0.utf8.allSatisfy(NameRule.isDigit) }),
            let hours = Int(parts[0]), let minutes = Int(parts[1]), minutes < 60, hours * 60 + minutes <= 24 * 60
        else { return nil }
        return (hours * 60 + minutes) * 60
    }

    static func clock(_ seconds: Int) -> String {
        let minutes = seconds / 60
        return twoDigits(minutes / 60) + ":" + twoDigits(minutes % 60)
    }

    private static func twoDigits(_ number: Int) -> String { (number < 10 ? "0" : "") + String(number) }

    var text: String { "\(Self.clock(start))-\(Self.clock(end))" }
}
