// What an agent has done for each queue that compares it (Asterisk's leastrecent and fewestcalls, definitions.md 3.1).

public import Basics

/// An agent's contacts of one queue.
public struct QueueRecord: Codable, Hashable, Sendable {
    public let queue: QueueID
    /// Since signing in or the daily reset.
    public internal(set) var answered = 0
    /// When the last one ended; nil: none has.
    public internal(set) var lastEndedAt: Instant?
}

extension Agent {
    /// Queues of which one agent keeps a record; behind them the one whose last contact is longest ago is forgotten.
    static let queueRecordsMax = 100

    public var records: [QueueRecord] { queueRecords ?? [] }

    public func record(of queue: QueueID) -> QueueRecord? { queueRecords?.first { $0.queue == queue } }

    public mutating func noteAnswer(of queue: QueueID) { changeRecord(of: queue) { $0.answered += 1 } }

    public mutating func noteEnd(of queue: QueueID, at now: Instant) { changeRecord(of: queue) { $0.lastEndedAt = now } }

    mutating func resetQueueRecords() {
        guard let all = queueRecords else { return }
        for index in all.indices where all[index].answered != 0 { queueRecords?[index].answered = 0 }
    }

    private mutating func changeRecord(of queue: QueueID, _ change: (inout QueueRecord) -> Void) {
        var all = records
        if let index = all.firstIndex(where: { $0.queue == queue }) {
            change(&all[index])
        } else {
            if all.count >= Self.queueRecordsMax,
                let oldest = all.indices.min(by: { (all[$0].lastEndedAt ?? .epoch) < (all[$1].lastEndedAt ?? .epoch) })
            {
                all.remove(at: oldest)
            }
            var record = QueueRecord(queue: queue)
            change(&record)
            all.insert(record, at: all.firstIndex { queue < $0.queue } ?? all.endIndex)
        }
        queueRecords = all
    }
}
