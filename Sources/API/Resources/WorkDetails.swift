// What a contact is about that is no call, part of `/v1/contacts/{id}`.

internal import Storage

enum WorkDetails {
    static let shape = Shape<WorkRecord>.object(
        "ContactDetails", "What was said of the contact when it was brought in.",
        [
            Member("customer", Shape<String>.text.orNull, "Under which the customer is known.") { $0.customer },
            Member("name", Shape<String>.text.orNull, "") { $0.name },
            Member("subject", Shape<String>.text.orNull, "") { $0.subject },
            Member("externalId", Shape<String>.text.orNull, "Under which others know the contact.") { $0.externalID },
            Member("requester", .text, "The token with which it was brought in.") { $0.requester },
        ])
}
