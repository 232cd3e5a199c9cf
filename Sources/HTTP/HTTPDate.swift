// The Date field of every answer (RFC 9110, 6.6.1).

internal import Glibc

/// The time of day in the form of RFC 9110, 5.6.7, made anew once a second.
struct HTTPDate {
    private var second: time_t = -1
    private var formatted = ""

    /// `now`: seconds since 1970.
    mutating func text(at now: Int = time(nil)) -> String {
        if now == second { return formatted }
        second = now
        var parts = tm()
        gmtime_r(&second, &parts)
        let days = ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"]
        let months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
        func two(_ number: Int32) -> String { number < 10 ? "0\(number)" : "\(number)" }
        let day = days[Int(parts.tm_wday) % 7], month = months[Int(parts.tm_mon) % 12]
        let clock = "\(two(parts.tm_hour)):\(two(parts.tm_min)):\(two(parts.tm_sec))"
        formatted = "\(day), \(two(parts.tm_mday)) \(month) \(parts.tm_year + 1900) \(clock) GMT"
        return formatted
    }
}
