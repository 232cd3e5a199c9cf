// What the kernel says of a channel's socket, and the bytes that come from it.

internal import CLoop
internal import Glibc
internal import NIOCore

extension StreamChannel {
    /// Brings what we ask of the kernel in line with what the channel wants.
    nonisolated func rearm() {
        guard phase == .active else { return }
        var events: UInt32 = 0
        if readWanted && !inputClosed { events |= EPOLLIN.rawValue }
        // Also without a wish to read: a peer that is gone is worth knowing. Once, since it stays true.
        if !peerFinished && !inputClosed { events |= EPOLLRDHUP.rawValue }
        if head < flushed { events |= EPOLLOUT.rawValue }
        loop.modify(fd, events: events)
    }

    public nonisolated func read0() {
        readWanted = true
        guard !inRead else { return }
        if hungUp { receiveLater() } else { rearm() }
    }

    nonisolated func ready(_ events: UInt32) {
        if phase == .connecting {
            finishConnecting()
            return
        }
        if events & EPOLLOUT.rawValue != 0 { send() }
        guard phase == .active else { return }
        let hangUp = events & (EPOLLHUP.rawValue | EPOLLERR.rawValue) != 0
        guard hangUp || events & (EPOLLIN.rawValue | EPOLLRDHUP.rawValue) != 0 else { return }
        if readWanted && !inputClosed {
            receive()
        } else if events & EPOLLERR.rawValue != 0 || hangUp && inputClosed {
            close0(error: IOError(errnoCode: ECONNRESET, reason: "hang up"), mode: .all, promise: nil)
        } else if hangUp {
            hangUpUnread()
        } else if events & EPOLLRDHUP.rawValue != 0, !peerFinished {
            peerFinished = true
            rearm()
            pipeline.fireUserInboundEventTriggered(StreamEvent.peerFinished)
        }
    }

    /// Both sides are closed, and bytes may wait that nobody wants yet. The kernel would report it for ever, so it is not
    /// asked again: from here each wish to read is tried.
    private nonisolated func hangUpUnread() {
        guard !hungUp else { return }
        hungUp = true
        loop.unwatch(fd)
        guard !peerFinished else { return }
        peerFinished = true
        pipeline.fireUserInboundEventTriggered(StreamEvent.peerFinished)
    }

    private nonisolated func receiveLater() {
        guard !receiveIsQueued else { return }
        receiveIsQueued = true
        loop.assumeIsolated().execute { [self] in
            receiveIsQueued = false
            if phase == .active, readWanted, !inputClosed { receive() }
        }
    }

    private enum Ending {
        case none, end
        case failure(any Error)
    }

    private nonisolated func receive() {
        inRead = true
        let (got, ending) = receiveSome()
        if got, phase == .active {
            pipeline.fireChannelReadComplete()
            if phase == .active, autoRead { pipeline.read() }
        }
        inRead = false
        guard phase == .active else { return }
        if hungUp, readWanted { receiveLater() }
        switch ending {
        case .none: break
        case .failure(let error):
            pipeline.fireErrorCaught(error)
            if phase == .active { close0(error: error, mode: .all, promise: nil) }
        case .end:
            guard halfClosure else {
                close0(error: ChannelError.eof, mode: .all, promise: nil)
                return
            }
            inputClosed = true
            pipeline.fireUserInboundEventTriggered(ChannelEvent.inputClosed)
            if phase == .active, outputClosed { close0(error: ChannelError.eof, mode: .all, promise: nil) }
        }
        rearm()
    }

    private nonisolated func receiveSome() -> (got: Bool, Ending) {
        var got = false
        var reads: UInt = 0
        // A handler that reads by itself asks for the next piece from inside `channelRead`, and is not asked twice.
        while reads < maxReads, phase == .active, !inputClosed, reads == 0 || autoRead || readWanted {
            reads += 1
            var buffer = receiveAllocator.buffer(allocator: allocator)
            let room = buffer.writableBytes
            var code: Int32 = 0, count = 0
            buffer.writeWithUnsafeMutableBytes(minimumWritableBytes: 0) {
                count = Glibc.recv(fd, $0.baseAddress, $0.count, 0)
                code = errno
                return max(0, count)
            }
            if count == 0 { return (got, .end) }
            if count < 0 {
                if code == EINTR { continue }
                return (got, code == EAGAIN ? .none : .failure(IOError(errnoCode: code, reason: "recv")))
            }
            _ = receiveAllocator.record(actualReadBytes: count)
            got = true
            readWanted = false
            pipeline.fireChannelRead(buffer)
            if count < room { break }
        }
        return (got, .none)
    }
}
