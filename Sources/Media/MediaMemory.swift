// The fixed places at which the packet path works.

internal import Audio
internal import CLoop
internal import Glibc

/// Allocates them once and frees them when nobody uses them any more.
nonisolated final class MediaMemory {
    let legs: UnsafeMutablePointer<LegSlot>
    let recordings: UnsafeMutablePointer<RecordingSlot>
    let ready: UnsafeMutablePointer<epoll_event>
    /// A received packet.
    let datagram: UnsafeMutableRawPointer
    /// A packet of our own, while `datagram` may hold a received one.
    let scratch: UnsafeMutableRawPointer
    /// One mixed frame.
    let mixed: UnsafeMutablePointer<Int16>
    /// A received packet's payload as it came, while `datagram` holds it as G.711.
    let wide: UnsafeMutableRawPointer

    init(legs legCount: Int, recordings recordingCount: Int, events: Int, datagramBytes: Int) {
        legs = .allocate(capacity: legCount)
        legs.initialize(repeating: LegSlot(), count: legCount)
        recordings = .allocate(capacity: recordingCount)
        recordings.initialize(repeating: RecordingSlot(), count: recordingCount)
        ready = .allocate(capacity: events)
        datagram = .allocate(byteCount: datagramBytes, alignment: 16)
        scratch = .allocate(byteCount: 256, alignment: 16)
        wide = .allocate(byteCount: datagramBytes, alignment: 16)
        mixed = .allocate(capacity: AudioMixer.frame)
        mixed.initialize(repeating: 0, count: AudioMixer.frame)
    }

    deinit {
        legs.deallocate()
        recordings.deallocate()
        ready.deallocate()
        datagram.deallocate()
        scratch.deallocate()
        mixed.deallocate()
        wide.deallocate()
    }
}
