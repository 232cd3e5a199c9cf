// What the operating system asks of the daemon.

@preconcurrency internal import Dispatch
internal import Glibc
internal import MainLoop

extension Server {
    /// SIGTERM and SIGINT stop, SIGHUP reloads, SIGPIPE means nothing.
    func signals() {
        signal(SIGPIPE, SIG_IGN)
        on(SIGTERM) { Task { await self.stop() } }
        on(SIGINT) { Task { await self.stop() } }
        on(SIGHUP) { Task { await self.reload() } }
    }

    private func on(_ number: Int32, _ act: @escaping @MainActor () -> Void) {
        signal(number, SIG_IGN)
        let source = DispatchSource.makeSignalSource(signal: number, queue: .main)
        source.setEventHandler { MainActor.assumeIsolated(act) }
        source.resume()
        signalSources.append(source)
    }
}

extension Server {
    /// The first act of the process, before there are threads: room for descriptors (facts/loop.md, trap 1), few heaps.
    public static func prepareProcess() {
        MainLoop.reserveDescriptors()
        MainLoop.limitHeaps()
        signal(SIGPIPE, SIG_IGN)
    }
}
