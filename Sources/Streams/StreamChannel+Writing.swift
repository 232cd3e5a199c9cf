// Bytes on their way to the peer.

internal import CLoop
internal import Glibc
public import NIOCore
internal import Synchronization

extension StreamChannel {
    public nonisolated func write0(_ data: NIOAny, promise: EventLoopPromise<Void>?) {
        guard phase != .closed else {
            promise?.fail(ChannelError.ioOnClosedChannel)
            return
        }
        guard !outputClosed && !closeOutputWhenSent else {
            promise?.fail(ChannelError.outputClosed)
            return
        }
        let buffer: ByteBuffer
        if let plain = tryUnwrapData(data, as: ByteBuffer.self) {
            buffer = plain
        } else if case .byteBuffer(let wrapped)? = tryUnwrapData(data, as: IOData.self) {
            buffer = wrapped
        } else {
            promise?.fail(ChannelError.operationUnsupported)
            return
        }
        pending.append(PendingWrite(buffer: buffer, promise: promise))
        pendingBytes += buffer.readableBytes
        if pendingBytes > mark.high, writable.exchange(false, ordering: .relaxed) {
            pipeline.fireChannelWritabilityChanged()
        }
    }

    public nonisolated func flush0() {
        guard phase != .closed else { return }
        let idle = head == flushed
        flushed = pending.count
        // A flush from a promise of `send` only moves the mark: `send` goes on by itself.
        if phase == .active, idle, !inSend { send() }
    }

    nonisolated func send() {
        inSend = true
        var room = Self.bytesPerServeMax
        while phase == .active, head < flushed, room > 0 {
            let (sent, code) = sendSome()
            if sent < 0 {
                if code == EINTR { continue }
                inSend = false
                if code == EAGAIN {
                    if !inRead { rearm() }
                } else {
                    close0(error: IOError(errnoCode: code, reason: "sendmsg"), mode: .all, promise: nil)
                }
                return
            }
            room -= sent
            for promise in take(sent) { promise.succeed(()) }
            if phase == .active, pendingBytes < mark.low, !writable.exchange(true, ordering: .relaxed) {
                pipeline.fireChannelWritabilityChanged()
            }
        }
        inSend = false
        guard phase == .active else { return }
        if closeOutputWhenSent && pending.isEmpty { finishOutput() }
        if !inRead { rearm() }
    }

    private nonisolated func sendSome() -> (sent: Int, code: Int32) {
        let count = min(flushed - head, Self.buffersPerSendMax)
        return withUnsafeTemporaryAllocation(of: iovec.self, capacity: count) { vector in
            for i in 0..<count {
                // The buffers stay alive in `pending` while sendmsg reads them.
                pending[head + i].buffer.withUnsafeReadableBytes {
                    vector.initializeElement(
                        at: i, to: iovec(iov_base: UnsafeMutableRawPointer(mutating: $0.baseAddress), iov_len: $0.count))
                }
            }
            var message = msghdr()
            message.msg_iov = vector.baseAddress
            message.msg_iovlen = count
            let sent = Glibc.sendmsg(fd, &message, cloop_no_signal())
            return (sent, errno)
        }
    }

    /// Takes `sent` bytes off the queue and returns the promises of the writes that are done by it.
    private nonisolated func take(_ sent: Int) -> [EventLoopPromise<Void>] {
        var left = sent
        pendingBytes -= sent
        var done: [EventLoopPromise<Void>] = []
        while head < flushed {
            let size = pending[head].buffer.readableBytes
            if size > left {
                pending[head].buffer.moveReaderIndex(forwardBy: left)
                break
            }
            left -= size
            if let promise = pending[head].promise { done.append(promise) }
            pending[head] = PendingWrite(buffer: ByteBuffer(), promise: nil)
            head += 1
        }
        if head == pending.count {
            pending.removeAll(keepingCapacity: true)
            head = 0
            flushed = 0
        } else if head > 64, head > pending.count / 2 {
            pending.removeFirst(head)
            flushed -= head
            head = 0
        }
        return done
    }
}
