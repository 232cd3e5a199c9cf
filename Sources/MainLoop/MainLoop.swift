// The one loop of the process, on the Dispatch main queue, and nothing else.

internal import CLoop
@preconcurrency internal import Dispatch
internal import Foundation
internal import Glibc

/// The one loop of the process, on the Dispatch main queue, always on the main thread.
///
/// `.own` sleeps in one `epoll_pwait2` over the main queue's handle and every member's descriptor; `.runLoop` uses public
/// Dispatch only, with one read source and at most one timer for each member. Nothing outside this module knows which runs.
@MainActor public final class MainLoop {
    public nonisolated enum Driver: String, Sendable, CaseIterable { case own, runLoop }

    private final class Entry {
        let member: any LoopMember
        /// As it was when the member was added: a member may have closed it before it is removed.
        let descriptor: Int32
        var source: (any DispatchSourceRead)?
        var timer: (any DispatchSourceTimer)?
        var armed = UInt64.max
        var ready = false, kicked = false, serving = false, removed = false
        init(_ member: any LoopMember) {
            self.member = member
            descriptor = member.descriptor
        }
    }

    private static let eventsPerWaitMax = 64

    public let driver: Driver
    /// How long one member may hold the loop in one round, in nanoseconds.
    public let budget: UInt64
    public private(set) var figures = LoopFigures()
    private var entries: [Entry] = []
    private let epoll: Int32
    private var stopped = false

    public init(driver: Driver = .own, budget: UInt64 = 1_000_000) {
        self.driver = driver
        self.budget = budget
        epoll = driver == .own ? epoll_create1(Int32(EPOLL_CLOEXEC)) : -1
        precondition(driver == .runLoop || epoll >= 0, "epoll_create1 failed")
    }

    isolated deinit {
        for entry in entries { cancelSources(entry) }
        if epoll >= 0 { close(epoll) }
    }

    /// Grows the process's descriptor table once, before there are threads. Later the kernel would do it inside a call
    /// like `accept`, and with more than one thread it waits there for every processor: 9 to 20 ms (facts/loop.md, trap 1).
    /// The first act of the process.
    public static func reserveDescriptors(_ count: Int = 65536) {
        var limit = rlimit()
        getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit)
        limit.rlim_cur = min(limit.rlim_max, rlim_t(count))
        setrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit)
        let last = fcntl(0, F_DUPFD_CLOEXEC, Int32(clamping: limit.rlim_cur) - 1)
        if last >= 0 { close(last) }
    }

    /// Keeps the C library to two heaps. Dispatch's workers come and go, and each new one would begin a heap of its own that
    /// grows to its high-water mark: memory that rises with time and not with work. Before there are threads.
    public static func limitHeaps() { cloop_limit_arenas() }

    /// Members are served in the order in which they were added: add what is most urgent first.
    ///
    /// A member is a set of things (all RTP sockets, all streams), not one thing: each round asks every member for its `due`.
    public func add(_ member: any LoopMember) {
        precondition(!entries.contains { $0.member === member }, "a member is added once")
        let entry = Entry(member)
        entries.append(entry)
        switch driver {
        case .own:
            if entry.descriptor >= 0 { watch(entry.descriptor) }
        case .runLoop:
            if entry.descriptor >= 0 { addSource(entry) }
            rearm(entry)
        }
    }

    /// The member is not served again, not even in the round that is under way. Call it before the member closes its
    /// descriptor. Does nothing if the member was not added.
    public func remove(_ member: any LoopMember) {
        guard let index = entries.firstIndex(where: { $0.member === member }) else { return }
        let entry = entries.remove(at: index)
        entry.removed = true
        cancelSources(entry)
        if driver == .own, entry.descriptor >= 0 {
            var event = epoll_event()
            _ = epoll_ctl(epoll, EPOLL_CTL_DEL, entry.descriptor, &event)
        }
    }

    /// Tells the loop that `member.due` changed outside `serve`.
    public func dueChanged(_ member: any LoopMember) {
        guard driver != .own, let entry = entries.first(where: { $0.member === member }), !entry.serving else { return }
        rearm(entry)
    }

    /// Runs until `stop()`; at once, if it was called before. To be called on the process's first thread.
    public func run() {
        precondition(cloop_thread_id() == getpid(), "the loop is the process's main thread")
        switch driver {
        case .own: runOwn()
        case .runLoop: while !stopped { _ = RunLoop.main.run(mode: .default, before: .distantFuture) }
        }
        stopped = false
    }

    /// `run()` returns after the round that is under way.
    public func stop() {
        stopped = true
        // The run loop sleeps in the kernel until its main queue has a block.
        DispatchQueue.main.async {}
    }

    public func resetFigures() { figures = LoopFigures() }

    // MARK: Own loop

    private func watch(_ descriptor: Int32) {
        var event = epoll_event()
        event.events = EPOLLIN.rawValue
        event.data.fd = descriptor
        precondition(epoll_ctl(epoll, EPOLL_CTL_ADD, descriptor, &event) == 0, "epoll_ctl refused a member's descriptor")
    }

    private func runOwn() {
        let handle = _dispatch_get_main_queue_handle_4CF()
        watch(handle)
        let events = UnsafeMutablePointer<epoll_event>.allocate(capacity: Self.eventsPerWaitMax)
        defer {
            var event = epoll_event()
            _ = epoll_ctl(epoll, EPOLL_CTL_DEL, handle, &event)
            events.deallocate()
        }
        var woke = cloop_now()
        while !stopped {
            var due = UInt64.max
            for entry in entries { due = min(due, entry.member.due) }
            let before = due == 0 ? woke : cloop_now()
            let timeout = due == .max ? UInt64.max : due > before ? due - before : 0
            let count = cloop_wait(epoll, events, Int32(Self.eventsPerWaitMax), timeout)
            // An interrupted wait is a round without descriptors; any other error would make the loop spin.
            precondition(count >= 0 || errno == EINTR, "epoll_pwait2 failed")
            woke = cloop_now()
            for i in 0..<max(0, Int(count)) {
                let ready = events[i].data.fd
                if ready == handle {
                    // First take the signal, then drain: a block queued meanwhile signals again.
                    var value: UInt64 = 0
                    _ = read(handle, &value, 8)
                    _dispatch_main_queue_callback_4CF(nil)
                } else {
                    for entry in entries where entry.descriptor == ready { entry.ready = true }
                }
            }
            serveReady()
            let end = cloop_now()
            figures.noteRound(end - woke, at: end)
        }
    }

    private func serveReady() {
        var now = cloop_now()
        // A member may be removed by another one's work, so the list is taken as it stood.
        for entry in entries where !entry.removed {
            let due = entry.member.due
            guard entry.ready || due <= now else { continue }
            if due > 0, due <= now { figures.noteLag(now - due, at: now) }
            entry.ready = false
            entry.member.serve(until: now + budget)
            now = cloop_now()
        }
    }

    // MARK: Public Dispatch

    private func addSource(_ entry: Entry) {
        // Dispatch lets go of a descriptor some time after `cancel`, and the member may close its own at once: the number
        // would then belong to somebody else. So Dispatch gets a second number for the same epoll set.
        let descriptor = fcntl(entry.descriptor, F_DUPFD_CLOEXEC, 0)
        precondition(descriptor >= 0, "no second number for a member's descriptor")
        let source = DispatchSource.makeReadSource(fileDescriptor: descriptor, queue: .main)
        source.setEventHandler { [weak self, weak entry] in
            if let self, let entry { serve(entry) }
        }
        source.setCancelHandler { close(descriptor) }
        entry.source = source
        source.resume()
    }

    private func cancelSources(_ entry: Entry) {
        entry.source?.cancel()
        entry.timer?.cancel()
        entry.source = nil
        entry.timer = nil
    }

    private func serve(_ entry: Entry) {
        guard !entry.removed else { return }
        let start = cloop_now()
        entry.serving = true
        entry.member.serve(until: start + budget)
        entry.serving = false
        let end = cloop_now()
        figures.noteRound(end - start, at: end)
        rearm(entry)
    }

    private func rearm(_ entry: Entry) {
        guard !entry.removed else { return }
        let due = entry.member.due
        if due == 0 {
            guard !entry.kicked else { return }
            entry.kicked = true
            DispatchQueue.main.async { [weak self] in
                entry.kicked = false
                self?.serve(entry)
            }
        } else if due != entry.armed {
            entry.armed = due
            let timer = entry.timer ?? makeTimer(entry)
            timer.schedule(
                deadline: due == .max ? .distantFuture : DispatchTime(uptimeNanoseconds: due), leeway: .nanoseconds(0))
        }
    }

    private func makeTimer(_ entry: Entry) -> any DispatchSourceTimer {
        let timer = DispatchSource.makeTimerSource(queue: .main)
        timer.setEventHandler { [weak self, weak entry] in
            guard let self, let entry else { return }
            let now = cloop_now()
            if entry.armed != .max, now > entry.armed { figures.noteLag(now - entry.armed, at: now) }
            entry.armed = .max
            serve(entry)
        }
        entry.timer = timer
        timer.resume()
        return timer
    }
}
