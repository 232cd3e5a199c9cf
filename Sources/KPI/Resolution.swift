// First contact resolution: did the customer have to come back.

public import Basics

/// One contact as the resolution looks at it. Customer and issue are keys, never personal data.
public struct ResolvableContact: Hashable, Sendable, Codable {
    public var customer: String
    public var issue: String
    public var at: Instant
    /// Whether the first level could have solved it at all; the net figure leaves out what it could not.
    public var isFirstLevel: Bool

    public init(customer: String, issue: String, at: Instant, isFirstLevel: Bool = true) {
        self.customer = customer
        self.issue = issue
        self.at = at
        self.isFirstLevel = isFirstLevel
    }
}

/// FCR: contacts after which the same customer has not come about the same issue within the window.
public struct Resolution: Hashable, Sendable, Codable {
    /// Seven days of 24 hours, and not working days.
    public static let windowUsual = Duration.seconds(7 * 86_400)

    /// Contacts whose window has closed.
    public private(set) var closed = 0
    public private(set) var closedResolved = 0
    /// Contacts whose window is open, and that are resolved as far as one can know.
    public private(set) var pending = 0
    /// Open, and the customer is back already.
    public private(set) var openRepeated = 0
    public private(set) var closedFirstLevel = 0
    public private(set) var closedFirstLevelResolved = 0

    public init(of contacts: [ResolvableContact], at now: Instant, window: Duration = Resolution.windowUsual) {
        let ordered = contacts.filter { $0.at <= now }
            .sorted { ($0.customer, $0.issue, $0.at) < ($1.customer, $1.issue, $1.at) }
        for (index, contact) in ordered.enumerated() {
            let next = index + 1 < ordered.count ? ordered[index + 1] : nil
            let isRepeated =
                next.map {
                    $0.customer == contact.customer && $0.issue == contact.issue && $0.at - contact.at <= window
                } ?? false
            if now - contact.at > window {
                closed += 1
                if !isRepeated { closedResolved += 1 }
                if contact.isFirstLevel {
                    closedFirstLevel += 1
                    if !isRepeated { closedFirstLevelResolved += 1 }
                }
            } else if isRepeated {
                openRepeated += 1
            } else {
                pending += 1
            }
        }
    }

    private static let rule = "contacts without another of the same customer and issue within 7 × 24 h / contacts"

    /// Only contacts whose window has closed: it does not change any more.
    public var final: Figure {
        Figure("FCR final", ratio(closedResolved, closed), .share, formula: Self.rule + " whose window has closed")
    }

    /// All contacts; those still pending count as resolved, so that it can only fall.
    public var provisional: Figure {
        Figure(
            "FCR provisional", ratio(closedResolved + pending, closed + pending + openRepeated), .share,
            formula: Self.rule + ", pending ones counted as resolved")
    }

    public var net: Figure {
        Figure(
            "FCR net", ratio(closedFirstLevelResolved, closedFirstLevel), .share,
            formula: Self.rule + " whose window has closed, without those that the first level cannot solve")
    }
}
