// How often one caller is promised a call: who shows somebody else's number shall not make the center ring there all day.

import Basics

/// The callbacks that each caller was promised today.
struct CallbackAllowance: Codable, Sendable {
    static let requestsPerDayMax = 3
    /// Callers that are counted in a day; nobody else is promised a call.
    static let callersMax = 100_000

    var day = 0
    var requests = PagedMap<CallerKey, Int>()

    func allows(_ caller: CallerKey, on day: Int) -> Bool {
        guard day == self.day else { return true }
        guard let count = requests[caller] else { return requests.count < Self.callersMax }
        return count < Self.requestsPerDayMax
    }

    mutating func note(_ caller: CallerKey, on day: Int) {
        if day != self.day {
            self.day = day
            requests.removeAll()
        }
        requests[caller] = (requests[caller] ?? 0) + 1
    }
}
