// How the house keeps its recordings: keys, listeners, time.

internal import Foundation
internal import Logging
internal import MainLoop
internal import Media
internal import SiteConfiguration
internal import Storage

extension Server {
    /// The first start makes the key, if the configuration names none. A center that cannot record is better than none.
    func makeRecordingKey() async {
        do {
            credentials.recordingKeys = try await recordingKeys(credentials.recordingKeys, for: configuration)
        } catch {
            logger.error(
                "no key of recordings, so that calls are not recorded: write `key:` or `encrypt: false` to recordings.yaml",
                metadata: ["reason": "\(error)"])
        }
    }

    /// The keys with which the house goes on: none is forgotten under which something is being recorded, and one is made where
    /// none is named.
    func recordingKeys(
        _ named: Credentials.RecordingKeys, for configuration: SiteConfiguration
    ) async throws -> Credentials.RecordingKeys {
        var keys = named
        let former = credentials.recordingKeys.current
        keys.current = keys.current ?? former
        if keys.current == nil {
            let folder = stateFolder
            keys.current = try await WorkerQueue(label: "recording-key").run {
                try FirstRunSecrets.makeRecordingKey(for: configuration, in: folder)
            }
            if keys.current != nil {
                logger.notice("key of recordings made: keep a copy of secrets/recording-key in a safe place")
            }
        }
        if let former, former != keys.current, !keys.old.contains(former) {
            keys.old.append(former)
            logger.warning("the key of recordings is another one: name the former one in old_keys before the next start")
        }
        return keys
    }

    /// Before the first recording is started or rescued.
    func openVault(edges: Edges, store: Store) -> RecordingVault {
        let vault = RecordingVault(store: store, folder: edges.recordingsFolder, clock: edges.clock)
        let retention = RecordingRetention(
            store: store, folder: edges.recordingsFolder, clock: edges.clock, on: loop, logger: logger)
        vault.onHoldLifted = { [weak retention] in retention?.lookAgain() }
        self.vault = vault
        self.retention = retention
        workRetention = WorkRetention(store: store, clock: edges.clock, on: loop, logger: logger)
        applyRecordings()
        return vault
    }

    /// What the configuration that counts now says of recordings.
    func applyRecordings() {
        let settings = configuration.recordings
        let keys = credentials.recordingKeys.keyring
        edges?.media.recordingKeys = keys
        edges?.media.sealsRecordings = settings.encrypt
        edges?.media.requiresKey = settings.encrypt
        vault?.keys = keys
        vault?.listener = settings.listen
        retention?.periods = settings.retention.periods
        edges?.secureForms = secureForms(settings.secureForms)
        workRetention?.days = configuration.routing.detailsDays
    }

    private func secureForms(_ all: [SecureFormSettings]) -> [String: SecureFormAtEdge] {
        var forms: [String: SecureFormAtEdge] = [:]
        for settings in all {
            guard let address = SecureAddress(settings.url) else { continue }
            let sink = HTTPSSink(
                form: settings.name, address: address,
                bearer: credentials.secureForms.first { $0.name == settings.name }?.token,
                certificates: settings.certificates.map { $0.hasPrefix("/") ? $0 : "\(stateFolder)/\($0)" })
            forms[settings.name] = SecureFormAtEdge(settings: settings, sink: sink)
        }
        return forms
    }

    func addRecordings(_ edges: Edges, to metrics: inout Metrics) {
        let counts = edges.recordingCounts
        metrics.add("recordings_saved_total", .counter, "Recordings whose files were finished, since the start.", counts.saved)
        metrics.add("recordings_failed_total", .counter, "Recordings that failed, since the start.", counts.failed)
        let secure = edges.secure.counts
        metrics.add(
            "secure_collected_total", .counter, "Secure forms that became a token, since the start.", secure.collected)
        metrics.add("secure_failed_total", .counter, "Secure forms that did not, since the start.", secure.failed)
        metrics.add(
            "recordings_deleted_total", .counter, "Recordings that were deleted after their time, since the start.",
            retention?.deleted ?? 0)
        metrics.add(
            "work_details_deleted_total", .counter, "Details of contacts that were deleted after their time, since the start.",
            workRetention?.deleted ?? 0)
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
