// Pages of lists that have no end.

/// What fits on a page, and where the next one begins.
struct Page<Item: Sendable>: Sendable {
    let items: [Item]
    let next: String?

    /// `found` may be longer than `limit`: then there is a next page, behind the last one shown.
    init(_ found: [Item], limit: Int, cursor: (Item) -> String) {
        items = Array(found.prefix(limit))
        next = found.count > limit ? items.last.map(cursor) : nil
    }

    static func members(_ item: Shape<Item>) -> [Member<Page<Item>>] {
        [
            Member("items", item.list, "") { $0.items },
            Member("next", Shape<String>.text.orNull, "The `cursor` of the next page; null: this is the last.") { $0.next },
        ]
    }
}
