// What stands in the database of a house, read as anybody could read it.

import GRDB

extension House {
    /// Rows of a query, each column as text.
    func rows(_ sql: String) throws -> [[String: String]] {
        var configuration = Configuration()
        configuration.readonly = true
        let path = state + "/switchboard.sqlite"
        return try DatabaseQueue(path: path, configuration: configuration).read { database in
            try Row.fetchAll(database, sql: sql).map { row in
                Dictionary(uniqueKeysWithValues: row.map { ($0, $1.isNull ? "" : "\($1)".trimmingQuotes) })
            }
        }
    }
}

extension String {
    fileprivate var trimmingQuotes: String {
        hasPrefix("\"") && hasSuffix("\"") && count > 1 ? String(dropFirst().dropLast()) : self
    }
}
