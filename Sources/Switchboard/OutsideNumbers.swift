// Numbers outside that agents want: known here from the request until its call is made, and nowhere else.

internal import Basics

/// Numbers by the keys under which the rules know them. What is wanted twice is forgotten when both are done.
final class OutsideNumbers {
    private struct Wanted {
        var number: String
        var count: Int
    }

    private var wanted: [CallerKey: Wanted] = [:]

    subscript(key: CallerKey) -> String? { wanted[key]?.number }
    var count: Int { wanted.count }

    func keep(_ number: String, as key: CallerKey) {
        wanted[key] = Wanted(number: number, count: (wanted[key]?.count ?? 0) + 1)
    }

    func forget(_ key: CallerKey) {
        guard let known = wanted[key] else { return }
        if known.count > 1 { wanted[key]?.count -= 1 } else { wanted[key] = nil }
    }
}
