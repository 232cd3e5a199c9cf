// The end of a channel, of one side or of both.

internal import CLoop
internal import Glibc
public import NIOCore
internal import Synchronization

extension StreamChannel {
    public nonisolated func close0(error: any Error, mode: CloseMode, promise: EventLoopPromise<Void>?) {
        guard phase != .closed else {
            promise?.fail(ChannelError.alreadyClosed)
            return
        }
        switch mode {
        case .output: closeOutput(promise)
        case .input: closeInput(promise)
        case .all: closeAll(error, promise)
        }
    }

    /// The promise is kept after what was written before is sent.
    private nonisolated func closeOutput(_ promise: EventLoopPromise<Void>?) {
        guard !outputClosed && !closeOutputWhenSent else {
            promise?.fail(ChannelError.outputClosed)
            return
        }
        closeOutputWhenSent = true
        closeOutputPromise = promise
        // Inside `send` the queue looks empty before the last promise was told: `send` finishes by itself.
        if pending.isEmpty, !inSend { finishOutput() }
    }

    nonisolated func finishOutput() {
        closeOutputWhenSent = false
        outputClosed = true
        let promise = closeOutputPromise
        closeOutputPromise = nil
        Glibc.shutdown(fd, Int32(SHUT_WR))
        promise?.succeed(())
        if phase == .active { pipeline.fireUserInboundEventTriggered(ChannelEvent.outputClosed) }
        if inputClosed, phase == .active { close0(error: ChannelError.eof, mode: .all, promise: nil) }
    }

    private nonisolated func closeInput(_ promise: EventLoopPromise<Void>?) {
        guard !inputClosed else {
            promise?.fail(ChannelError.inputClosed)
            return
        }
        inputClosed = true
        Glibc.shutdown(fd, Int32(SHUT_RD))
        promise?.succeed(())
        pipeline.fireUserInboundEventTriggered(ChannelEvent.inputClosed)
        rearm()
    }

    private nonisolated func closeAll(_ error: any Error, _ promise: EventLoopPromise<Void>?) {
        let before = phase
        phase = .closed
        loop.unwatch(fd)
        Glibc.close(fd)
        fd = -1
        active.store(false, ordering: .relaxed)
        loop.channels[ObjectIdentifier(self)] = nil
        var failed = pending[head...].compactMap { $0.promise }
        if let closeOutputPromise { failed.append(closeOutputPromise) }
        closeOutputPromise = nil
        pending.removeAll()
        head = 0
        flushed = 0
        pendingBytes = 0
        connectPromise?.fail(error)
        connectPromise = nil
        for write in failed { write.fail(error) }
        promise?.succeed(())
        if before == .active { pipeline.fireChannelInactive() }
        if before != .idle { pipeline.fireChannelUnregistered() }
        // Later, because the caller may still be inside the pipeline.
        loop.assumeIsolated().execute { [self] in
            removeHandlers(pipeline: pipeline)
            closePromise.succeed(())
        }
    }
}
