// Which numbers a queue may call back: nobody shall make it call premium services, emergency numbers or the house itself.

/// A number as it was signalled, looked at before it is promised a call and again before it is called.
public struct CallableNumber: Hashable, Sendable {
    /// Fewer are emergency numbers, short codes and extensions.
    public static let digitsMin = 7
    /// E.164 has 15; international prefixes come before them.
    public static let digitsMax = 20

    /// With `+` in place of `00`, the international prefix of ITU-T E.123.
    private let text: String
    private let digits: Substring.UTF8View

    /// nil: no number that anybody could mean.
    public init?(_ signalled: String) {
        let text = signalled.hasPrefix("00") ? "+" + signalled.dropFirst(2) : signalled
        let digits = (text.hasPrefix("+") ? text.dropFirst() : text[...]).utf8
        guard (Self.digitsMin...Self.digitsMax).contains(digits.count),
            digits.allSatisfy({ (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }),
            // Carriers send 0000000 and 9999999 for numbers that they do not know.
            digits.contains(where: { $0 != digits.first })
        else { return nil }
        self.text = text
        self.digits = digits
    }

    public static func == (a: Self, b: Self) -> Bool { a.text == b.text }
    public func hash(into hasher: inout Hasher) { hasher.combine(text) }

    /// Whether it begins with one of these. National and international form are different texts: `0` is not the begin of `00`.
    public func begins(withOneOf prefixes: [String]) -> Bool {
        prefixes.contains { prefix in
            let wanted = prefix.hasPrefix("00") ? "+" + prefix.dropFirst(2) : prefix
            return !wanted.isEmpty && text.hasPrefix(wanted)
        }
    }

    /// Whether it is that number in another form: with or without country, trunk prefix or plus.
    public func isSame(as other: String) -> Bool {
        let one = Self.significant(digits), two = Self.significant(Substring(other).utf8)
        guard one.count >= Self.digitsMin, two.count >= Self.digitsMin else { return one.elementsEqual(two) }
        return one.count >= two.count ? one.suffix(two.count) == two[...] : two.suffix(one.count) == one[...]
    }

    private static func significant(_ text: Substring.UTF8View) -> [UInt8] {
        Array(text.filter { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }.drop { $0 == UInt8(ascii: "0") })
    }
}

extension CallbackRules {
    /// Whether that number may be called under these terms.
    ///
    /// - Parameters:
    ///   - own: the numbers of the house, none of which it calls.
    ///   - plan: of the trunk; with it a number and what it has to begin with mean the same in each form.
    public func allows(_ number: String, own: [String], plan: NumberPlan? = nil) -> Bool {
        let begins = plan.map { plan in allowedPrefixes.map(plan.normalBegin) } ?? allowedPrefixes
        guard let number = CallableNumber(plan?.normal(number) ?? number), number.begins(withOneOf: begins) else {
            return false
        }
        return !own.contains { number.isSame(as: $0) } && callerID.map { number.isSame(as: $0) } != true
    }
}
