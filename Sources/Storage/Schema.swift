// The tables. A migration that has shipped is never edited: a change is a new one.

internal import GRDB

/// Times are microseconds since 1970; every table has `tenant`. Ids count up, so their order is the order of arrival.
nonisolated enum Schema {
    static var migrator: DatabaseMigrator {
        var migrator = DatabaseMigrator()
        migrator.registerMigration("1 journal") { try $0.execute(sql: journal) }
        migrator.registerMigration("1 history") { try $0.execute(sql: history) }
        migrator.registerMigration("1 audit") { try $0.execute(sql: audit) }
        migrator.registerMigration("2 legs") { try $0.execute(sql: legs) }
        migrator.registerMigration("3 lines left out") {
            try $0.execute(sql: "ALTER TABLE contacts ADD COLUMN timelineEntriesLeftOut INTEGER NOT NULL DEFAULT 0")
        }
        // Was never filled: the story is written when the contact is over, long after its events.
        migrator.registerMigration("3 timeline") { try $0.execute(sql: "ALTER TABLE timeline DROP COLUMN sequence") }
        migrator.registerMigration("4 notes") { try $0.execute(sql: notes) }
        migrator.registerMigration("5 agent states") { try $0.execute(sql: agentStates) }
        migrator.registerMigration("6 callback numbers") { try $0.execute(sql: callbackNumbers) }
        migrator.registerMigration("7 work") { try $0.execute(sql: work) }
        migrator.registerMigration("7 kinds") { try $0.execute(sql: "ALTER TABLE contacts ADD COLUMN kind TEXT") }
        migrator.registerMigration("8 recordings") { try $0.execute(sql: recordings) }
        migrator.registerMigration("9 work keys") { try $0.execute(sql: workKeys) }
        migrator.registerMigration("10 recording tracks") {
            try $0.execute(sql: "ALTER TABLE recordings ADD COLUMN tracks TEXT")
        }
        return migrator
    }

    /// The journal is not pruned yet (README, "What it does not do yet"): it grows by some 20 rows per call. A later
    /// migration adds pruning behind the oldest
    /// kept snapshot.
    private static let journal = """
        CREATE TABLE journal (
            sequence INTEGER PRIMARY KEY,
            tenant TEXT NOT NULL,
            at INTEGER NOT NULL,
            version INTEGER NOT NULL,
            kind TEXT NOT NULL,
            body TEXT NOT NULL
        ) STRICT;
        CREATE TABLE snapshots (
            sequence INTEGER PRIMARY KEY,
            tenant TEXT NOT NULL,
            at INTEGER NOT NULL,
            body BLOB NOT NULL
        ) STRICT;
        CREATE TABLE configurations (
            tenant TEXT NOT NULL,
            version TEXT NOT NULL,
            at INTEGER NOT NULL,
            body BLOB NOT NULL,
            PRIMARY KEY (tenant, version)
        ) STRICT;
        """

    private static let history = """
        CREATE TABLE contacts (
            tenant TEXT NOT NULL,
            id INTEGER NOT NULL,
            channel TEXT NOT NULL,
            dialled TEXT,
            trunk TEXT,
            trunkChannel INTEGER,
            caller TEXT,
            flow TEXT,
            queue TEXT,
            agent TEXT,
            state TEXT NOT NULL,
            arrived INTEGER NOT NULL,
            queued INTEGER,
            answered INTEGER,
            ended INTEGER,
            outcome TEXT,
            cause TEXT,
            PRIMARY KEY (tenant, id)
        ) STRICT, WITHOUT ROWID;
        CREATE INDEX contactsByState ON contacts (tenant, state, id);
        CREATE INDEX contactsByQueue ON contacts (tenant, queue, id);
        CREATE TABLE timeline (
            id INTEGER PRIMARY KEY,
            tenant TEXT NOT NULL,
            contact INTEGER NOT NULL,
            at INTEGER NOT NULL,
            sequence INTEGER,
            kind TEXT NOT NULL,
            body TEXT,
            FOREIGN KEY (tenant, contact) REFERENCES contacts (tenant, id) ON DELETE CASCADE
        ) STRICT;
        CREATE INDEX timelineByContact ON timeline (tenant, contact, id);
        CREATE TABLE recordings (
            tenant TEXT NOT NULL,
            id INTEGER NOT NULL,
            contact INTEGER NOT NULL,
            queue TEXT,
            agent TEXT,
            dialled TEXT,
            channel TEXT NOT NULL,
            started INTEGER NOT NULL,
            ended INTEGER,
            file TEXT NOT NULL,
            seconds REAL,
            state TEXT NOT NULL,
            PRIMARY KEY (tenant, id),
            -- No cascade: the audio file has to go first.
            FOREIGN KEY (tenant, contact) REFERENCES contacts (tenant, id) ON DELETE RESTRICT
        ) STRICT, WITHOUT ROWID;
        CREATE INDEX recordingsByContact ON recordings (tenant, contact, id);
        """

    private static let legs = """
        CREATE TABLE legs (
            tenant TEXT NOT NULL,
            contact INTEGER NOT NULL,
            leg INTEGER NOT NULL,
            party TEXT NOT NULL,
            agent TEXT,
            opened INTEGER NOT NULL,
            closed INTEGER,
            packetsReceived INTEGER NOT NULL,
            packetsSent INTEGER NOT NULL,
            packetsLost INTEGER NOT NULL,
            jitterMilliseconds REAL NOT NULL,
            roundTripMilliseconds REAL,
            remoteLoss REAL,
            PRIMARY KEY (tenant, contact, leg),
            FOREIGN KEY (tenant, contact) REFERENCES contacts (tenant, id) ON DELETE CASCADE
        ) STRICT, WITHOUT ROWID;
        """

    private static let notes = """
        CREATE TABLE notes (
            tenant TEXT NOT NULL,
            contact INTEGER NOT NULL,
            agent TEXT NOT NULL,
            began INTEGER NOT NULL,
            disposition TEXT,
            body TEXT NOT NULL,
            PRIMARY KEY (tenant, contact, agent, began),
            FOREIGN KEY (tenant, contact) REFERENCES contacts (tenant, id) ON DELETE CASCADE
        ) STRICT, WITHOUT ROWID;
        """

    /// Only of those who will be called back, and only until then.
    private static let callbackNumbers = """
        CREATE TABLE callbackNumbers (
            tenant TEXT NOT NULL,
            caller TEXT NOT NULL,
            number TEXT NOT NULL,
            kept INTEGER NOT NULL,
            PRIMARY KEY (tenant, caller)
        ) STRICT, WITHOUT ROWID;
        """

    /// What customers wrote stays at the other side; this is what an agent sees of it in a list.
    private static let work = """
        CREATE TABLE work (
            tenant TEXT NOT NULL,
            contact INTEGER NOT NULL,
            kind TEXT NOT NULL,
            customer TEXT,
            name TEXT,
            subject TEXT,
            externalID TEXT,
            requester TEXT NOT NULL,
            idempotencyKey TEXT,
            fingerprint TEXT NOT NULL,
            created INTEGER NOT NULL,
            PRIMARY KEY (tenant, contact),
            FOREIGN KEY (tenant, contact) REFERENCES contacts (tenant, id) ON DELETE CASCADE
        ) STRICT, WITHOUT ROWID;
        CREATE INDEX workByCreation ON work (tenant, created);
        """

    private static let workKeys = """
        CREATE INDEX workByKey ON work (tenant, requester, idempotencyKey, created) WHERE idempotencyKey IS NOT NULL;
        """

    /// A state lasts until the agent's next row begins: there is no column for its end, so that there can be no gap.
    private static let agentStates = """
        CREATE TABLE agentStates (
            tenant TEXT NOT NULL,
            agent TEXT NOT NULL,
            since INTEGER NOT NULL,
            state TEXT NOT NULL,
            reason TEXT,
            contact INTEGER,
            PRIMARY KEY (tenant, agent, since)
        ) STRICT, WITHOUT ROWID;
        """

    /// What recordings are looked for by; their contacts know it of those that there are.
    private static let recordings = """
        ALTER TABLE recordings ADD COLUMN trunk TEXT;
        ALTER TABLE recordings ADD COLUMN trunkChannel INTEGER;
        ALTER TABLE recordings ADD COLUMN caller TEXT;
        ALTER TABLE recordings ADD COLUMN seat TEXT;
        ALTER TABLE recordings ADD COLUMN direction TEXT;
        ALTER TABLE recordings ADD COLUMN holdReason TEXT;
        ALTER TABLE recordings ADD COLUMN holdBy TEXT;
        ALTER TABLE recordings ADD COLUMN heldAt INTEGER;
        ALTER TABLE recordings ADD COLUMN deleted INTEGER;
        UPDATE recordings SET (trunk, trunkChannel, caller, direction) = (
            SELECT contacts.trunk, contacts.trunkChannel, contacts.caller, 'in' FROM contacts
            WHERE contacts.tenant = recordings.tenant AND contacts.id = recordings.contact);
        CREATE INDEX recordingsByQueue ON recordings (tenant, queue, id);
        CREATE INDEX recordingsByAgent ON recordings (tenant, agent, id);
        CREATE INDEX recordingsByDialled ON recordings (tenant, dialled, id);
        CREATE INDEX recordingsBySeat ON recordings (tenant, seat, id);
        CREATE INDEX recordingsByTrunk ON recordings (tenant, trunk, trunkChannel, id);
        CREATE INDEX recordingsByTrunkOnly ON recordings (tenant, trunk, id);
        CREATE INDEX recordingsByChannel ON recordings (tenant, trunkChannel, id);
        CREATE INDEX recordingsByCaller ON recordings (tenant, caller, id);
        CREATE INDEX recordingsByDirection ON recordings (tenant, direction, id);
        CREATE INDEX recordingsByState ON recordings (tenant, state, id);
        CREATE INDEX recordingsByStart ON recordings (tenant, started, id);
        CREATE INDEX recordingsByHold ON recordings (tenant, id) WHERE holdReason IS NOT NULL;
        -- What may be deleted, oldest first.
        CREATE INDEX recordingsByAge ON recordings (tenant, queue, started)
            WHERE state IN ('saved', 'failed') AND holdReason IS NULL;
        """

    /// REPLACE deletes without asking the delete trigger, so inserting over a row is refused too
    /// (https://www.sqlite.org/lang_conflict.html).
    private static let audit = """
        CREATE TABLE audit (
            id INTEGER PRIMARY KEY AUTOINCREMENT,
            tenant TEXT NOT NULL,
            at INTEGER NOT NULL,
            actor TEXT NOT NULL,
            role TEXT NOT NULL,
            action TEXT NOT NULL,
            object TEXT NOT NULL,
            detail TEXT
        ) STRICT;
        CREATE TRIGGER auditNeverChanges BEFORE UPDATE ON audit
            BEGIN SELECT RAISE(ABORT, 'audit is append-only'); END;
        CREATE TRIGGER auditNeverShrinks BEFORE DELETE ON audit
            BEGIN SELECT RAISE(ABORT, 'audit is append-only'); END;
        CREATE TRIGGER auditIsNeverReplaced BEFORE INSERT ON audit
            WHEN EXISTS (SELECT 1 FROM audit WHERE id = NEW.id)
            BEGIN SELECT RAISE(ABORT, 'audit is append-only'); END;
        """
}
