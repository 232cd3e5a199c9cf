// Conditions of a query that are only there when the caller asked for them.

internal import Basics
internal import GRDB

nonisolated struct RowFilter {
    private var conditions = ["tenant = ?"]
    private var arguments: StatementArguments

    init(tenant: String) { arguments = [tenant] }

    /// `condition` has one `?`; a nil value leaves the condition out.
    mutating func add(_ condition: String, _ value: (any DatabaseValueConvertible)?) {
        guard let value else { return }
        conditions.append(condition)
        arguments += [value]
    }

    /// A `?` for each value.
    mutating func add(_ condition: String, _ values: StatementArguments) {
        conditions.append(condition)
        arguments += values
    }

    mutating func add(_ condition: String) { conditions.append(condition) }

    func request(_ select: String, _ order: String, _ limit: Int) -> SQLRequest<Row> {
        let sql = "\(select) WHERE \(conditions.joined(separator: " AND ")) \(order) LIMIT \(limit)"
        return SQLRequest(sql: sql, arguments: arguments, cached: true)
    }
}

nonisolated extension TimelineRow {
    init(row: Row) {
        self.init(at: .init(microseconds: row[0]), kind: row[1], body: row[2])
    }
}

nonisolated extension AuditRow {
    init(row: Row) {
        self.init(
            id: row[0], at: .init(microseconds: row[1]), actor: row[2], role: row[3], action: row[4], object: row[5],
            detail: row[6])
    }
}
