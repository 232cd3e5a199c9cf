// The numbers of those who will be called back: known here and in the store, and nowhere else.

internal import Basics
internal import Storage

/// Numbers by the keys under which the rules know their callers. Each change brings a fact for the turn under way, so that a
/// number is on the disk with the event that promised the call.
final class CallbackNumbers {
    /// What can be dialled over a trunk: digits, and a `+` before them. Anonymous callers are called by words.
    nonisolated static let digits = 3...20

    private var numbers: [CallerKey: String] = [:]

    /// After a start: what is in the store. Of those whom nobody will call any more the row goes.
    func restore(_ records: [CallbackNumberRecord], needed: Set<CallerKey>) -> [Fact] {
        for record in records where needed.contains(record.caller) && numbers[record.caller] == nil {
            numbers[record.caller] = record.number
        }
        return records.filter { !needed.contains($0.caller) && numbers[$0.caller] == nil }
            .map { .callbackNumberForgotten($0.caller) }
    }

    subscript(caller: CallerKey) -> String? { numbers[caller] }
    var count: Int { numbers.count }

    func keep(_ number: String, of caller: CallerKey, at now: Instant) -> Fact {
        numbers[caller] = number
        return .callbackNumber(CallbackNumberRecord(caller: caller, number: number, kept: now))
    }

    func forget(_ caller: CallerKey) -> Fact? {
        numbers.removeValue(forKey: caller).map { _ in .callbackNumberForgotten(caller) }
    }

    nonisolated static func isDialable(_ number: String) -> Bool {
        let text = number.utf8
        let rest = text.first == UInt8(ascii: "+") ? text.dropFirst() : text[...]
        return digits.contains(rest.count) && rest.allSatisfy { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }
    }
}
