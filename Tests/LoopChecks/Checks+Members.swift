// What the loop promises its members.

import CLoop
import Dispatch
import Glibc
import MainLoop
import NIOCore
import Streams

/// Does what it is told whenever it is served.
private final class Member: LoopMember {
    var descriptor: Int32 = -1
    var due = UInt64.max
    var served = 0
    var work: (UInt64) -> Void = { _ in }

    func serve(until limit: UInt64) {
        served += 1
        due = .max
        work(limit)
    }
}

extension Checks {
    func checkMembers() async {
        await checkOrderAndRemoval()
        await checkDescriptors()
        await checkHotMember()
        await checkSignals()
        await checkTimersAndWorkers()
    }

    private func checkOrderAndRemoval() async {
        var order: [Int] = []
        let members = (0..<4).map { _ in Member() }
        for (number, member) in members.enumerated() {
            member.work = { _ in order.append(number) }
            loop.add(member)
        }
        // The second one takes the third one away before its turn, and itself.
        members[1].work = { [loop] _ in
            order.append(1)
            loop.remove(members[2])
            loop.remove(members[1])
        }
        for member in members {
            member.due = 0
            loop.dueChanged(member)
        }
        _ = await until { members[3].served == 1 }
        check("members are served in order, and not after their removal: \(order)", order == [0, 1, 3])
        members[1].due = 0
        loop.dueChanged(members[1])
        let late = Member()
        members[0].work = { [loop] _ in
            // Added in the middle of a round, due at once.
            late.due = 0
            loop.add(late)
        }
        members[0].due = MonotonicClock.now + 2_000_000
        loop.dueChanged(members[0])
        check("a member added while another is served is served", await until { late.served == 1 })
        check("a removed member stays unserved", members[1].served == 1 && members[2].served == 0)
        loop.remove(members[2])
        for member in [members[0], members[3], late] { loop.remove(member) }
    }

    private func checkDescriptors() async {
        var pipes: [Int32] = [0, 0]
        pipe(&pipes)
        let first = Member()
        first.descriptor = pipes[0]
        var got: [UInt8] = []
        first.work = { _ in
            var byte: UInt8 = 0
            if read(pipes[0], &byte, 1) == 1 { got.append(byte) }
        }
        loop.add(first)
        write(pipes[1], [1, 2, 3] as [UInt8], 3)
        check("what a member leaves unread brings it back", await until { got == [1, 2, 3] })
        // Closed at once after its removal; the next one gets the same number.
        loop.remove(first)
        close(pipes[0])
        close(pipes[1])
        let served = first.served
        var again: [Int32] = [0, 0]
        pipe(&again)
        let second = Member()
        second.descriptor = again[0]
        second.work = { _ in
            var byte: UInt8 = 0
            _ = read(again[0], &byte, 1)
        }
        loop.add(second)
        write(again[1], [7] as [UInt8], 1)
        let good = await until { second.served == 1 } && first.served == served
        check("a descriptor's number used again belongs to the new member", good && again[0] == pipes[0])
        loop.remove(second)
        write(again[1], [7] as [UInt8], 1)
        // Readable later than the removed one: whoever serves it has passed over that.
        let marker = await hearsByte()
        check("a removed member's descriptor is silent", marker && second.served == 1)
        close(again[0])
        close(again[1])
    }

    /// A new member with a readable descriptor is served.
    private func hearsByte() async -> Bool {
        var pipes: [Int32] = [0, 0]
        pipe(&pipes)
        let member = Member()
        member.descriptor = pipes[0]
        member.work = { _ in
            var byte: UInt8 = 0
            _ = read(pipes[0], &byte, 1)
        }
        loop.add(member)
        write(pipes[1], [9] as [UInt8], 1)
        let heard = await until { member.served > 0 }
        loop.remove(member)
        close(pipes[0])
        close(pipes[1])
        return heard
    }

    private func checkHotMember() async {
        let hot = Member()
        var mostAllowed: UInt64 = 0, due = UInt64.max, turnsAfterDue = 0
        hot.work = { limit in
            mostAllowed = max(mostAllowed, limit - min(limit, MonotonicClock.now))
            if MonotonicClock.now > due { turnsAfterDue += 1 }
            while MonotonicClock.now < limit {}
            hot.due = 0
        }
        loop.resetFigures()
        loop.add(hot)
        hot.due = 0
        loop.dueChanged(hot)
        // What comes after it in the order of members, on the main queue, and in the streams.
        due = MonotonicClock.now + 5_000_000
        var turns = 0
        let late = await lateness(due) { turns = turnsAfterDue }
        // The own loop looks before each round; Dispatch has to be woken by another thread first.
        let prompt = loop.driver == .runLoop || turns <= 2
        check("a timer beside a hot member: \(late / 1000) us late, \(turns) turns", late < limit && prompt)
        let from = MonotonicClock.now
        _ = try? await streams.scheduleTask(in: .milliseconds(5)) {}.futureResult.get()
        check("a NIO timer of 5 ms beside it: \(microseconds(since: from)) us", MonotonicClock.now - from < limit)
        let start = MonotonicClock.now
        await withCheckedContinuation { done in
            DispatchQueue.main.asyncAfter(deadline: .now() + .milliseconds(5)) { done.resume() }
        }
        check("a Dispatch timer of 5 ms beside it: \(microseconds(since: start)) us", MonotonicClock.now - start < limit)
        let figures = loop.figures
        check("it is served all the time: \(hot.served) times", hot.served > 5)
        check("it gets the budget: \(mostAllowed) ns", mostAllowed <= loop.budget && mostAllowed > loop.budget / 2)
        check(
            "figures: \(figures.rounds.count) rounds, p50 \(figures.rounds.quantile(0.5)), longest \(figures.rounds.longest) ns",
            figures.rounds.count > 5 && figures.rounds.quantile(0.5) >= 1_000_000 && figures.rounds.longest >= 1_000_000
                && figures.lag.count > 0)
        loop.remove(hot)
    }

    /// How long after `due` a timer fires; never before.
    private func lateness(_ due: UInt64, fired: @escaping () -> Void = {}) async -> UInt64 {
        await withCheckedContinuation { done in
            var timer: OneShotTimer?
            timer = OneShotTimer(on: loop) { [loop] in
                fired()
                if let timer { loop.remove(timer) }
                let now = MonotonicClock.now
                done.resume(returning: now >= due ? now - due : .max)
            }
            timer?.due = due
        }
    }

    private func checkSignals() async {
        signal(SIGUSR1) { _ in }
        DispatchQueue.global().async {
            // To the main thread itself, in the middle of its waits.
            for _ in 0..<40 {
                cloop_signal_main_thread(SIGUSR1)
                usleep(1000)
            }
        }
        let late = await lateness(MonotonicClock.now + 60_000_000)
        check("signals during the wait do not disturb a timer: \(late / 1000) us late", late < limit)
    }

    private func checkTimersAndWorkers() async {
        var fired = 0
        var timer: OneShotTimer?
        timer = OneShotTimer(on: loop) {
            fired += 1
            if fired < 3 { timer?.due = MonotonicClock.now + 1_000_000 }
        }
        timer?.due = 1
        check("a timer can be armed by what it calls", await until { fired == 3 })
        let due = MonotonicClock.now + 5_000_000
        timer?.due = due
        timer?.due = .max
        // One that is due behind it fires.
        _ = await lateness(due + 1_000_000)
        check("a disarmed timer is silent", fired == 3)
        if let timer { loop.remove(timer) }
        let queue = WorkerQueue(label: "checks")
        let worker = try? await queue.run { cloop_thread_id() }
        check("work runs beside the loop, and comes back to it", worker != getpid() && cloop_thread_id() == getpid())
        struct Bad: Error {}
        let failed = await Result { try await queue.run { throw Bad() } as Void }
        check("what work throws comes back", { if case .failure(let error) = failed { error is Bad } else { false } }())
        let back = await withCheckedContinuation { done in
            queue.run({ 42 }, then: { done.resume(returning: ($0, cloop_thread_id())) })
        }
        check("and so does its answer by a closure", back.0 == 42 && back.1 == getpid())
    }
}

extension Result where Failure == any Error {
    init(_ body: () async throws -> Success) async {
        do { self = .success(try await body()) } catch { self = .failure(error) }
    }
}
