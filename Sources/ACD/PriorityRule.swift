// Customers of a tier, with an intent, of a value: who is served before others.

/// What one value of an attribute means for a contact's place in every queue.
public struct PriorityRule: Codable, Hashable, Sendable {
    public var attribute: String
    public var value: String
    /// The least class of such a contact; nil: it has no say in that.
    public var priorityClass: Int?
    /// Head start beside all others.
    public var boostSeconds: Int

    public init(attribute: String, value: String, priorityClass: Int? = nil, boostSeconds: Int = 0) {
        self.attribute = attribute
        self.value = value
        self.priorityClass = priorityClass
        self.boostSeconds = boostSeconds
    }
}
