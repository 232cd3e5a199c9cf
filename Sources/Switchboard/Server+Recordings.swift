// How the house keeps its recordings: keys, listeners, time.

internal import Foundation
internal import Logging
internal import Media
internal import SiteConfiguration
internal import Storage

extension Server {
    /// The first start makes the key, if the configuration names none.
    func makeRecordingKey() throws {
        guard credentials.recordingKeys.current == nil,
            let key = try FirstRunSecrets.makeRecordingKey(for: configuration, in: stateFolder)
        else { return }
        credentials.recordingKeys.current = key
        logger.notice("key of recordings made: keep a copy of secrets/recording-key in a safe place")
    }

    /// Before the first recording is started or rescued.
    func openVault(edges: Edges, store: Store) -> RecordingVault {
        let vault = RecordingVault(store: store, folder: edges.recordingsFolder, clock: edges.clock)
        let retention = RecordingRetention(
            store: store, folder: edges.recordingsFolder, clock: edges.clock, on: loop, logger: logger)
        vault.onHoldLifted = { [weak retention] in retention?.lookAgain() }
        self.vault = vault
        self.retention = retention
        applyRecordings()
        return vault
    }

    /// What the configuration that counts now says of recordings.
    func applyRecordings() {
        let settings = configuration.recordings
        let keys = credentials.recordingKeys.keyring
        edges?.media.recordingKeys = keys
        edges?.media.sealsRecordings = settings.encrypt
        vault?.keys = keys
        vault?.listener = settings.listen
        retention?.periods = settings.retention.periods
    }

    func addRecordings(_ edges: Edges, to metrics: inout Metrics) {
        let counts = edges.recordingCounts
        metrics.add("recordings_saved_total", .counter, "Recordings whose files were finished, since the start.", counts.saved)
        metrics.add("recordings_failed_total", .counter, "Recordings that failed, since the start.", counts.failed)
        metrics.add(
            "recordings_deleted_total", .counter, "Recordings that were deleted after their time, since the start.",
            retention?.deleted ?? 0)
        metrics.add(
            "recordings_encrypted", .gauge, "1 while new recordings are encrypted.",
            edges.media.recordingKeys != nil && edges.media.sealsRecordings ? 1 : 0)
    }
}

extension Credentials.RecordingKeys {
    /// nil: there is no key.
    nonisolated var keyring: RecordingKeyring? {
        let all = ([current].compactMap(\.self) + old).compactMap { RecordingKey(secret: $0) }
        return all.first.map { RecordingKeyring(current: $0, others: Array(all.dropFirst())) }
    }
}

extension RecordingSettings.Retention {
    nonisolated var periods: RetentionPeriods {
        let day = 86_400
        return RetentionPeriods(
            other: other.map { $0 * day },
            queues: Dictionary(queues.map { ($0.queue, $0.days.map { $0 * day }) }, uniquingKeysWith: { first, _ in first }))
    }
}
