// Which numbers agents may have called: nobody shall make the center pay for premium services and far countries.

public import Basics

/// What agents may use a trunk for; a trunk without such rules is not called out on for any agent.
public struct OutsideRules: Codable, Hashable, Sendable {
    public static let callsMaxUsual = 5
    public static let minutesMaxUsual = 60

    public var trunk: TrunkID
    /// What the numbers that may be called begin with.
    public var allowed: [String]
    /// What they must not begin with, whatever is allowed.
    public var denied: [String]
    /// Such calls at once.
    public var callsMax: Int
    /// A call is ended after so many minutes, its ringing included.
    public var minutesMax: Int
    /// Whoever is called sees the number of the customer on the line; otherwise that of the trunk.
    public var passesCallerID: Bool

    public init(
        trunk: TrunkID, allowed: [String] = [], denied: [String] = [], callsMax: Int = Self.callsMaxUsual,
        minutesMax: Int = Self.minutesMaxUsual, passesCallerID: Bool = false
    ) {
        self.trunk = trunk
        self.allowed = allowed
        self.denied = denied
        self.callsMax = callsMax
        self.minutesMax = minutesMax
        self.passesCallerID = passesCallerID
    }

    /// The number as it is dialled over this trunk, in the form of ITU-T E.164 where the trunk's plan can bring it into that.
    ///
    /// - Parameters:
    ///   - written: by a person: blanks, hyphens, points, slashes and brackets count for nothing (RFC 3966 §5.1.1).
    ///   - own: the numbers of the house, none of which it calls.
    public func number(_ written: String, own: [String], plan: NumberPlan?) -> Result<String, OutsideRefusal> {
        let bare = String(written.unicodeScalars.filter { !Self.separators.contains($0) })
        let number = plan?.normal(bare) ?? bare
        // What a plan cannot complete is somebody else's number in another town.
        // What is dialled is what was judged: it is normal already.
        guard let callable = CallableNumber(number), plan == nil || Self.isWhole(number) && plan?.normal(number) == number
        else {
            return .failure(OutsideRefusal(.malformed, trunk))
        }
        let readings = [callable] + Self.withoutZeros(number).compactMap { CallableNumber($0) }
        for reading in readings {
            guard let begin = first(of: denied, reading, plan) else { continue }
            return .failure(OutsideRefusal(.denied, trunk, begin: begin))
        }
        guard first(of: allowed, callable, plan) != nil else { return .failure(OutsideRefusal(.notAllowed, trunk)) }
        guard !own.contains(where: { own in readings.contains { $0.isSame(as: own) } }) else {
            return .failure(OutsideRefusal(.own, trunk))
        }
        return .success(number)
    }

    /// How carriers may understand `+49 (0)900`: they drop the zero, wherever the country code ends after 1 to 3 digits.
    private static func withoutZeros(_ number: String) -> [String] {
        let international = number.hasPrefix("00") ? "+" + number.dropFirst(2) : number
        guard international.hasPrefix("+") else { return [] }
        let digits = international.dropFirst()
        return (1...3).map { "+" + digits.prefix($0) + digits.dropFirst($0).drop { $0 == "0" } }
    }

    /// In the form of ITU-T E.164.
    private static func isWhole(_ number: String) -> Bool {
        number.hasPrefix("+") && !number.hasPrefix("+0") && number.utf8.count <= NumberPlan.digitsMax + 1
    }

    private static let separators: [Unicode.Scalar] = [" ", "-", ".", "/", "(", ")", "\u{a0}", "\u{202f}"]

    private func first(of begins: [String], _ number: CallableNumber, _ plan: NumberPlan?) -> String? {
        begins.first { number.begins(withOneOf: [plan?.normalBegin($0) ?? $0]) }
    }
}

/// Why a number is not called.
public struct OutsideRefusal: Error, Hashable, Sendable {
    /// The later, the more it says: of several trunks the last one counts.
    public enum Reason: Int, Hashable, Sendable, CaseIterable {
        /// No trunk is there for agents' calls.
        case notConfigured
        /// No complete number of at least `CallableNumber.digitsMin` digits: emergency and short numbers are none.
        case malformed
        case notAllowed
        case own
        case denied
    }

    public var reason: Reason
    public var trunk: TrunkID?
    /// What the rule says that forbids it, as it is written there.
    public var begin: String?

    public init(_ reason: Reason, _ trunk: TrunkID? = nil, begin: String? = nil) {
        self.reason = reason
        self.trunk = trunk
        self.begin = begin
    }
}

extension [OutsideRules] {
    /// The first trunk that may be used for that number, and how the number is dialled there.
    public func way(
        to written: String, own: [String], plan: (TrunkID) -> NumberPlan?
    ) -> Result<(rules: OutsideRules, number: String), OutsideRefusal> {
        var refusal = OutsideRefusal(.notConfigured)
        for rules in self {
            switch rules.number(written, own: own, plan: plan(rules.trunk)) {
            case .success(let number): return .success((rules, number))
            case .failure(let new): if new.reason.rawValue > refusal.reason.rawValue { refusal = new }
            }
        }
        return .failure(refusal)
    }
}
