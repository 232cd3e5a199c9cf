// How numbers are written on one trunk, so that one customer is one customer however the number is written.

/// The numbering of the country that a trunk is in. Turns what is signalled into the form of ITU-T E.164.
public struct NumberPlan: Codable, Hashable, Sendable {
    /// What a number without any prefix is.
    public enum Plain: String, Codable, Hashable, Sendable, CaseIterable {
        /// Nobody can say, such as one without its area code: it stays as it is.
        case unknown
        /// Complete within the country: +39 06... in Italy, ten digits in North America.
        case national
        /// Begins with a country code.
        case international
    }

    /// The country code, 1 to 3 digits.
    public var country: String
    /// What is dialled before a national number and is no part of it (the trunk prefix of ITU-T E.123); empty: nothing is.
    public var national: String
    /// What is dialled before a country code; empty: only `+` is.
    public var international: String
    public var plain: Plain

    /// Fewer are emergency numbers, short codes and extensions, which stay as they are.
    public static let digitsMin = CallableNumber.digitsMin
    /// Of a whole number, country code included (ITU-T E.164 §6).
    public static let digitsMax = 15

    public init(country: String, national: String = "", international: String = "", plain: Plain = .unknown) {
        self.country = country
        self.national = national
        self.international = international
        self.plain = plain
    }

    /// `+`, the country code and the national number; what cannot be brought into this form stays as it is: words, codes, short
    /// numbers, numbers that nobody can have.
    public func normal(_ written: String) -> String {
        guard let digits = Self.digits(of: written), digits.count >= Self.digitsMin else { return written }
        let whole = written.hasPrefix("+") ? Substring(digits) : complete(Substring(digits), atLeast: Self.digitsMin)
        guard let whole = whole.map(withoutTrunkPrefix), (Self.digitsMin...Self.digitsMax).contains(whole.count),
            whole.first != "0"
        else { return written }
        return "+" + whole
    }

    /// The same for what numbers begin with: `0` becomes `+49`, `00` becomes `+`.
    public func normalBegin(_ written: String) -> String {
        guard let digits = Self.digits(of: written), !written.hasPrefix("+") else { return written }
        return complete(Substring(digits), atLeast: 0).map { "+" + $0 } ?? written
    }

    /// With the country code before it, and no prefix; nil: nobody can say.
    private func complete(_ digits: Substring, atLeast digitsMin: Int) -> Substring? {
        if !international.isEmpty, digits.hasPrefix(international) { return digits.dropFirst(international.count) }
        if !national.isEmpty, digits.hasPrefix(national) {
            let rest = digits.dropFirst(national.count)
            return rest.count + country.count >= digitsMin ? Substring(country + rest) : nil
        }
        switch plain {
        case .unknown: return nil
        case .national: return Substring(country + digits)
        case .international: return digits
        }
    }

    /// People write +49 (0)30: that zero is dialled only where there is no country code before it.
    private func withoutTrunkPrefix(_ whole: Substring) -> Substring {
        guard national == "0", whole.hasPrefix(country + national) else { return whole }
        return Substring(country + whole.dropFirst(country.count + national.count))
    }

    /// Without `+` and visual separators (RFC 3966 §5.1.1); nil: it is no number.
    private static func digits(of written: String) -> String? {
        var digits = ""
        for (place, scalar) in written.unicodeScalars.enumerated() {
            switch scalar {
            case "0"..."9": digits.unicodeScalars.append(scalar)
            case "+" where place == 0: break
            case "-", ".", "(", ")", "/", " ": break
            default: return nil
            }
        }
        return digits.isEmpty ? nil : digits
    }
}
