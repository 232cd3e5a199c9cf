// What those ask who show the center to people.

public import Basics

extension Center {
    /// The agents whose devices ring for the contact, in the order in which they were asked.
    public func ringing(for contact: ContactID) -> [AgentID] {
        (contacts.look(at: contact) { $0.entry?.offers ?? [] } ?? []).compactMap { offers.look(at: $0, { $0.agent }) }
    }
}
