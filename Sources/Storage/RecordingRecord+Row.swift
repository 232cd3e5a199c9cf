// A recording to and from its row.

internal import Basics
internal import Foundation
internal import GRDB

nonisolated extension RecordingRecord {
    private static let written =
        "id, contact, queue, agent, dialled, channel, started, ended, file, seconds, state, trunk, trunkChannel, caller, seat, "
        + "direction, tracks"
    static let columns = written + ", holdReason, holdBy, heldAt, deleted"

    /// What is on its way to be deleted stays so, whatever a turn knows that was slower; hold and deletion have writers of
    /// their own.
    private static let upsert = """
        INSERT INTO recordings (tenant, \(written)) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
        ON CONFLICT (tenant, id) DO UPDATE SET
            contact = excluded.contact, queue = excluded.queue, agent = excluded.agent, dialled = excluded.dialled,
            channel = excluded.channel, started = excluded.started, ended = excluded.ended, file = excluded.file,
            seconds = excluded.seconds, state = excluded.state, trunk = excluded.trunk, trunkChannel = excluded.trunkChannel,
            caller = excluded.caller, seat = excluded.seat, direction = excluded.direction,
            tracks = excluded.tracks
        WHERE recordings.state NOT IN ('deleting', 'deleted')
        """

    func write(_ database: Database, tenant: String) throws {
        let tracks = try tracks.map { String(decoding: try JSONEncoder().encode($0), as: UTF8.self) }
        try database.cachedStatement(sql: Self.upsert).execute(arguments: [
            tenant, id.stored, contact.stored, queue?.rawValue, agent?.rawValue, dialled, channel, started.microseconds,
            ended?.microseconds, file, seconds, state, trunk?.rawValue, trunkChannel, caller?.rawValue, seat, direction,
            tracks,
        ])
    }

    /// From a row of `columns`, in their order.
    init(row: Row) {
        self.init(
            id: RecordingID(stored: row[0]), contact: ContactID(stored: row[1]), channel: row[5],
            started: Instant(microseconds: row[6]), file: row[8], state: row[10])
        queue = QueueID(stored: row[2])
        agent = AgentID(stored: row[3])
        dialled = row[4]
        ended = Instant(stored: row[7])
        seconds = row[9]
        trunk = TrunkID(stored: row[11])
        trunkChannel = row[12]
        caller = CallerKey(stored: row[13])
        seat = row[14]
        direction = row[15]
        let tracks: String? = row[16]
        // What cannot be read hides no recording.
        self.tracks = tracks.flatMap { try? JSONDecoder().decode([Track].self, from: Data($0.utf8)) }
        let reason: String? = row[17], by: String? = row[18]
        if let reason, let at = Instant(stored: row[19]) { hold = Hold(reason: reason, by: by ?? "", at: at) }
        deleted = Instant(stored: row[20])
    }
}
