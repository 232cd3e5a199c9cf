// A changed configuration is applied whole, under live calls, or refused whole.

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
        let loaded: LoadedConfiguration
        do {
            loaded = try await WorkerQueue(label: "configuration").run {
                SiteConfiguration.load(folder: folder, stateFolder: state)
            }
        } catch {
            return logger.error("configuration not read", metadata: ["reason": "\(error)"])
        }
        for finding in loaded.findings where finding.severity == .error {
            logger.error("configuration refused", metadata: ["finding": "\(finding)"])
        }
        guard !loaded.hasErrors else { return }
        let changes = SiteConfiguration.difference(from: configuration, to: loaded.configuration)
        let compiled = loaded.configuration.compile(now: turn.clock.now)
        do {
            if compiled.version != turn.center.configuration.version { try await save(compiled, at: turn.clock.now) }
        } catch {
            return logger.error("configuration not saved, and so not applied", metadata: ["reason": "\(error)"])
        }
        // Addresses and ports stay as they are until a restart, whatever the files say.
        configuration = loaded.configuration.keepingListeners(of: configuration)
        credentials = loaded.credentials
        if compiled.version != turn.center.configuration.version { turn.submit(.configurationApplied(compiled)) }
        applyToEdges()
        await keepApplied()
        logger.notice(
            "configuration applied", metadata: ["version": "\(compiled.version)", "changes": "\(changes.count)"])
        for change in changes { logger.info("configuration change", metadata: ["change": "\(change)"]) }
    }
}

extension Server {
    /// Remembers the files that count now. Only `check --diff` misses them, so a failure is a line in the log.
    func keepApplied() async {
        let (folder, state) = (configurationFolder, stateFolder)
        do {
            try await WorkerQueue(label: "configuration").run { try AppliedConfiguration.keep(folder, in: state) }
        } catch {
            logger.warning("applied configuration not kept", metadata: ["reason": "\(error)"])
        }
    }
}
