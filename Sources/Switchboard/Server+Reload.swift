// A changed configuration is applied whole, under live calls, or refused whole.

internal import API
internal import Basics
internal import ContactCenter
internal import Logging
internal import MainLoop
internal import SiteConfiguration

extension Server {
    /// Reads the folder again on a worker. With any error nothing changes, and the log says what is wrong where.
    ///
    /// One at a time: what is asked for meanwhile, or while the daemon starts, is done behind it, so that the files that
    /// were read last are the ones that count.
    func reload() async {
        switch reloading {
        case .idle where phase == .running: break
        case .idle, .underway, .asked:
            if phase != .stopping { reloading = .asked }
            return
        }
        repeat {
            reloading = .underway
            await reloadOnce()
        } while reloading == .asked && phase == .running
        reloading = .idle
    }

    enum Reloading { case idle, underway, asked }

    private func reloadOnce() async {
        guard let turn else { return }
        // The secrets lie where they lay at the start, whatever `state:` says.
        let (folder, state) = (configurationFolder, stateFolder)
        let (running, now) = (configuration, turn.clock.now)
        let loaded: LoadedConfiguration
        let new: CenterConfiguration?
        do {
            (loaded, new) = try await WorkerQueue(label: "configuration").run {
                let loaded = SiteConfiguration.load(folder: folder, stateFolder: state)
                return (loaded, loaded.hasErrors ? nil : loaded.configuration.compile(now: now))
            }
        } catch {
            return logger.error("configuration not read", metadata: ["reason": "\(error)"])
        }
        for finding in loaded.findings where finding.severity == .error {
            logger.error("configuration refused", metadata: ["finding": "\(finding)"])
        }
        guard let compiled = new else { return }
        do {
            if compiled.version != turn.center.configuration.version { try await save(compiled, at: turn.clock.now) }
        } catch {
            return logger.error("configuration not saved, and so not applied", metadata: ["reason": "\(error)"])
        }
        let keys: Credentials.RecordingKeys
        do {
            keys = try await recordingKeys(loaded.credentials.recordingKeys, for: loaded.configuration)
        } catch {
            return logger.error("configuration refused: no key of recordings", metadata: ["reason": "\(error)"])
        }
        configuration = loaded.configuration.keepingStart(of: startedConfiguration)
        credentials = loaded.credentials
        credentials.recordingKeys = keys
        renewCertificate(loaded.certificate)
        if compiled.version != turn.center.configuration.version {
            await turn.apply(compiled, on: WorkerQueue(label: "configuration"))
        }
        edges?.browsers.tellAgain()
        rest?.credentialsChanged()
        applyToEdges()
        await openBrowserPortLater(for: compiled)
        await keepApplied()
        await tellChanges(from: running, to: loaded.configuration, version: compiled.version)
    }

    /// What is otherwise now, for the log: a large house has a million things to compare, and nothing waits for it.
    private func tellChanges(from running: SiteConfiguration, to new: SiteConfiguration, version: String) async {
        let worker = WorkerQueue(label: "configuration")
        let changes = try? await worker.run { SiteConfiguration.difference(from: running, to: new) }
        guard let changes else { return }
        logger.notice("configuration applied", metadata: ["version": "\(version)", "changes": "\(changes.count)"])
        // The values may be names and numbers of people: `check --diff` shows them.
        for change in changes { logger.info("configuration change", metadata: ["change": "\(change.summary)"]) }
        if changes.contains(where: \.needsRestart) { logger.notice("some changes need a restart") }
    }
}

extension Server {
    /// Remembers the files that count now. Only `check --diff` misses them, so a failure is a line in the log.
    func keepApplied(isStart: Bool = false) async {
        let (folder, state) = (configurationFolder, stateFolder)
        do {
            try await WorkerQueue(label: "configuration").run {
                try AppliedConfiguration.keep(folder, in: state, isStart: isStart)
            }
        } catch {
            logger.warning("applied configuration not kept", metadata: ["reason": "\(error)"])
        }
    }
}
