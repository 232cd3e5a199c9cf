// Which descriptors the stream loop asks the kernel about.

internal import CLoop
internal import Glibc
internal import NIOCore

extension StreamLoop {
    nonisolated func watch(_ number: Int32, events: UInt32, _ handler: @escaping (UInt32) -> Void) throws {
        generation &+= 1
        var event = epoll_event()
        event.events = events
        event.data.u64 = UInt64(generation) << 32 | UInt64(UInt32(bitPattern: number))
        guard epoll_ctl(descriptor, EPOLL_CTL_ADD, number, &event) == 0 else {
            throw IOError(errnoCode: errno, reason: "epoll_ctl")
        }
        watches[number] = Watch(events: events, generation: generation, handler: handler)
    }

    nonisolated func modify(_ number: Int32, events: UInt32) {
        guard let slot = watches.index(forKey: number), watches.values[slot].events != events else { return }
        var event = epoll_event()
        event.events = events
        event.data.u64 = UInt64(watches.values[slot].generation) << 32 | UInt64(UInt32(bitPattern: number))
        _ = epoll_ctl(descriptor, EPOLL_CTL_MOD, number, &event)
        watches.values[slot].events = events
    }

    nonisolated func unwatch(_ number: Int32) {
        guard watches.removeValue(forKey: number) != nil else { return }
        var event = epoll_event()
        _ = epoll_ctl(descriptor, EPOLL_CTL_DEL, number, &event)
    }
}
