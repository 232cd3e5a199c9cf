// NIO's event loop on the one loop of the process.

internal import CLoop
@preconcurrency public import Dispatch
internal import Glibc
public import MainLoop
internal import NIOConcurrencyHelpers
public import NIOCore

/// NIO's event loop as a member of the main loop: stream descriptors in one epoll set, tasks, scheduled tasks, and the jobs
/// of Swift tasks whose executor preference it is.
///
/// Everything but `inbox` belongs to the loop. Being on the loop is being on the main actor: handlers may enter it by
/// `MainActor.assumeIsolated`.
public nonisolated final class StreamLoop: NIOSerialEventLoopExecutor, TaskExecutor, @unchecked Sendable {
    enum Work {
        case task(() -> Void)
        case job(UnownedJob)
    }

    struct Watch {
        var events: UInt32
        let generation: UInt32
        let handler: (UInt32) -> Void
    }

    static let eventsPerWaitMax = 64
    /// The clock is read after so many pieces of work.
    static let workPerClockReading = 8

    public let descriptor: Int32
    let mainLoop: MainLoop
    /// The process's first thread if the loop was made there. Elsewhere (a test runner that parks that thread) the main
    /// queue wanders, and only the queue itself tells where we are.
    private let home: pthread_t?
    private static let key = DispatchSpecificKey<Bool>()

    var watches: [Int32: Watch] = [:]
    var generation: UInt32 = 0
    let batch = UnsafeMutablePointer<epoll_event>.allocate(capacity: StreamLoop.eventsPerWaitMax)
    var batchNext = 0, batchEnd = 0
    var work: [Work] = []
    var workNext = 0
    var timers = TimerHeap()
    private var voidFuture: EventLoopFuture<Void>!
    /// Registered channels live as long as they are open, whoever else holds them.
    var channels: [ObjectIdentifier: StreamChannel] = [:]

    private let inboxLock = NIOLock()
    private var inbox: [Work] = []

    /// Adds itself to `mainLoop`, for good: members are served in the order in which they were added.
    @MainActor public init(on mainLoop: MainLoop) {
        self.mainLoop = mainLoop
        descriptor = epoll_create1(Int32(EPOLL_CLOEXEC))
        precondition(descriptor >= 0, "epoll_create1 failed")
        home = cloop_thread_id() == getpid() ? pthread_self() : nil
        DispatchQueue.main.setSpecific(key: Self.key, value: true)
        // The library's makeSucceededFuture(()) asks the loop for this one, so it must not be made by that.
        let promise: EventLoopPromise<Void> = makePromise()
        promise.succeed(())
        voidFuture = promise.futureResult
        mainLoop.add(self)
    }

    /// Timers that wait, cancelled ones that are still kept included.
    public var timerCount: Int { timers.count }
    /// Open channels, connecting ones included.
    public var channelCount: Int { channels.count }

    // MARK: Work

    func submit(_ item: Work) {
        if inEventLoop {
            work.append(item)
            if work.count - workNext == 1 { MainActor.assumeIsolated { mainLoop.dueChanged(self) } }
            return
        }
        let first = inboxLock.withLock {
            inbox.append(item)
            return inbox.count == 1
        }
        if first { DispatchQueue.main.async { [self] in takeInbox() } }
    }

    @MainActor private func takeInbox() {
        inboxLock.withLock {
            work.append(contentsOf: inbox)
            inbox.removeAll(keepingCapacity: true)
        }
        mainLoop.dueChanged(self)
    }

    private func schedule<T>(_ deadline: NIODeadline, _ task: @escaping () throws -> T) -> Scheduled<T> {
        let promise: EventLoopPromise<T> = makePromise()
        // The entry is touched on the loop only.
        nonisolated(unsafe) let entry = TimerHeap.Entry { promise.assumeIsolated().completeWith(Result { try task() }) }
        let insert: @Sendable () -> Void = { [self] in
            // 0 would mean "in the next round", also for a deadline of the year dot.
            timers.push(entry, due: max(1, deadline.uptimeNanoseconds))
            if timers.isFirst(entry) { MainActor.assumeIsolated { mainLoop.dueChanged(self) } }
        }
        let cancel: @Sendable () -> Void = { [self] in
            if inEventLoop { timers.cancel(entry) } else { execute { [self] in timers.cancel(entry) } }
        }
        if inEventLoop { insert() } else { execute(insert) }
        return Scheduled(promise: promise, cancellationTask: cancel)
    }

    // MARK: EventLoop

    public var inEventLoop: Bool {
        if let home, pthread_equal(home, pthread_self()) != 0 { return true }
        return DispatchQueue.getSpecific(key: Self.key) != nil
    }

    public func execute(_ task: @escaping @Sendable () -> Void) { submit(.task(task)) }
    public func _executeIsolatedUnsafeUnchecked(_ task: @escaping () -> Void) { submit(.task(task)) }
    public func enqueue(_ job: consuming ExecutorJob) { submit(.job(UnownedJob(job))) }
    public func asUnownedTaskExecutor() -> UnownedTaskExecutor { UnownedTaskExecutor(ordinary: self) }

    public func scheduleTask<T>(deadline: NIODeadline, _ task: @escaping @Sendable () throws -> T) -> Scheduled<T> {
        schedule(deadline, task)
    }

    public func scheduleTask<T>(in delay: TimeAmount, _ task: @escaping @Sendable () throws -> T) -> Scheduled<T> {
        schedule(.now() + delay, task)
    }

    public func _scheduleTaskIsolatedUnsafeUnchecked<T>(
        deadline: NIODeadline, _ task: @escaping () throws -> T
    ) -> Scheduled<T> {
        schedule(deadline, task)
    }

    public func _scheduleTaskIsolatedUnsafeUnchecked<T>(
        in delay: TimeAmount, _ task: @escaping () throws -> T
    ) -> Scheduled<T> {
        schedule(.now() + delay, task)
    }

    public func makeSucceededVoidFuture() -> EventLoopFuture<Void> { voidFuture }
    public func preconditionInEventLoop(file: StaticString, line: UInt) { precondition(inEventLoop, file: file, line: line) }

    public func preconditionNotInEventLoop(file: StaticString, line: UInt) {
        precondition(!inEventLoop, file: file, line: line)
    }

    /// Closes every channel; the loop itself goes on, since it is the process's.
    public func shutdownGracefully(queue: DispatchQueue, _ callback: @escaping @Sendable ((any Error)?) -> Void) {
        execute { [self] in
            let closed = channels.values.map { channel in
                channel.close(promise: nil)
                return channel.closeFuture
            }
            EventLoopFuture.andAllComplete(closed, on: self).whenComplete { _ in queue.async { callback(nil) } }
        }
    }
}
