// A round of the stream loop: timers, tasks, descriptors.

internal import CLoop
internal import Glibc
public import MainLoop
internal import NIOCore

extension StreamLoop: LoopMember {
    public var due: UInt64 { workNext < work.count || batchNext < batchEnd ? 0 : timers.nextDue }

    public func serve(until limit: UInt64) {
        runTimers(until: limit)
        runWork(until: limit)
        runDescriptors(until: limit)
        // Most of what a descriptor's handler queues is short and better done while it is warm.
        if cloop_now() < limit { runWork(until: limit) }
    }

    private func runTimers(until limit: UInt64) {
        let now = cloop_now()
        while let task = timers.popDue(now: now) {
            task()
            if cloop_now() >= limit { return }
        }
    }

    private func runWork(until limit: UInt64) {
        // What the work itself adds is for the next round, so that descriptors and other members get their turn.
        let end = work.count
        while workNext < end {
            let item = work[workNext]
            workNext += 1
            switch item {
            case .task(let task): task()
            case .job(let job):
                job.runSynchronously(isolatedTo: asUnownedSerialExecutor(), taskExecutor: asUnownedTaskExecutor())
            }
            if workNext % Self.workPerClockReading == 0, cloop_now() >= limit { break }
        }
        if workNext == work.count {
            work.removeAll(keepingCapacity: true)
            workNext = 0
        } else if workNext > 512, workNext > work.count / 2 {
            work.removeFirst(workNext)
            workNext = 0
        }
    }

    private func runDescriptors(until limit: UInt64) {
        if batchNext == batchEnd {
            batchNext = 0
            batchEnd = Int(max(0, epoll_wait(descriptor, batch, Int32(Self.eventsPerWaitMax), 0)))
        }
        while batchNext < batchEnd {
            let event = batch[batchNext]
            batchNext += 1
            let number = Int32(bitPattern: UInt32(truncatingIfNeeded: event.data.u64))
            // Closed meanwhile, or closed and opened again under the same number: the generation tells.
            if let watch = watches[number], watch.generation == UInt32(truncatingIfNeeded: event.data.u64 >> 32) {
                let wanted = watch.events | EPOLLERR.rawValue | EPOLLHUP.rawValue
                if event.events & wanted != 0 { watch.handler(event.events & wanted) }
            }
            if cloop_now() >= limit { return }
        }
    }
}
