// Reads of the agents' timelines.

public import Basics
internal import GRDB

nonisolated extension StoreReader {
    /// Rows of one timeline in one answer, at most.
    public static let agentStatesMax = 50_001

    /// What the agent did between two moments, in order; the first row is the one that lasts at `from`, if there is one. Each
    /// row ends where the next one begins.
    ///
    /// - Parameter limit: at most `agentStatesMax`.
    public func agentStates(
        of agent: AgentID, from: Instant, to: Instant, limit: Int
    ) async throws(StoreError) -> [AgentStateRow] {
        try await read { database in
            let sql = """
                SELECT \(AgentStateRecord.columns), (
                    SELECT MIN(next.since) FROM agentStates AS next
                    WHERE next.tenant = ?1 AND next.agent = ?2 AND next.since > state.since
                )
                FROM agentStates AS state
                WHERE state.tenant = ?1 AND state.agent = ?2 AND state.since < ?4 AND state.since >= COALESCE((
                    SELECT MAX(first.since) FROM agentStates AS first
                    WHERE first.tenant = ?1 AND first.agent = ?2 AND first.since <= ?3
                ), ?3)
                ORDER BY state.since LIMIT ?5
                """
            let most = min(max(limit, 1), Self.agentStatesMax)
            return try Row.fetchAll(
                database, sql: sql,
                arguments: [tenant, agent.rawValue, from.microseconds, to.microseconds, most]
            ).map { row in
                let until: Int64? = row[5]
                return AgentStateRow(
                    record: AgentStateRecord(row: row), until: until.map { Instant(microseconds: $0) })
            }
        }
    }

    /// The newest row of each of these agents, of those who have one.
    public func lastAgentStates(of agents: [AgentID]) async throws(StoreError) -> [AgentStateRecord] {
        try await read { database in
            let statement = try database.makeStatement(
                sql: """
                    SELECT \(AgentStateRecord.columns) FROM agentStates WHERE tenant = ? AND agent = ?
                    ORDER BY since DESC LIMIT 1
                    """)
            return try agents.compactMap { agent in
                try Row.fetchOne(statement, arguments: [tenant, agent.rawValue]).map(AgentStateRecord.init(row:))
            }
        }
    }
}
