// What a stream channel promises its pipeline.

import CLoop
import Dispatch
import Foundation
import Glibc
import LoopTestKit
import MainLoop
import NIOCore
import Streams

extension Checks {
    func checkChannels() async {
        await checkLife()
        await checkHalfClose()
        await checkReads()
        await checkWrites()
        await checkPeerFinished()
    }

    private func checkLife() async {
        let (channel, peer, recorder) = pair()
        write(peer, "hello", 5)
        _ = await until { recorder.bytes == 5 }
        close(peer)
        try? await channel.closeFuture.get()
        let wanted = ["registered", "active", "read5", "inactive", "unregistered", "removed"]
        check("the life of a channel: \(recorder.log)", recorder.log == wanted)
        let failure = await Result { try await channel.writeAndFlush(ByteBuffer(string: "x")).get() }
        var closed = false
        if case .failure(let error) = failure { closed = (error as? ChannelError) == .ioOnClosedChannel }
        check("a write after the close fails with ioOnClosedChannel", closed)
    }

    private func checkHalfClose() async {
        let (channel, peer, recorder) = pair { try $0.syncOptions?.setOption(.allowRemoteHalfClosure, value: true) }
        shutdown(peer, Int32(SHUT_WR))
        _ = await until { recorder.log.count == 3 }
        let wanted = ["registered", "active", "inputClosed"]
        check("half close by the peer: \(recorder.log)", recorder.log == wanted && channel.isActive)
        var order: [String] = []
        writeThenCloseOutput(channel, ByteBuffer(repeating: 7, count: 1_000_000)) { order.append($0) }
        check("not writable with 1 MB waiting", !channel.isWritable)
        let total = try? await Client.elsewhere { drain(peer) }
        try? await channel.closeFuture.get()
        check(
            "close(.output) sends what waits, then ends: \(total ?? 0) \(order) \(recorder.log.suffix(5))",
            total == 1_000_000 && order == ["written true", "closed true"])
        close(peer)
    }

    private func checkReads() async {
        let (channel, peer, recorder) = pair {
            try $0.syncOptions?.setOption(.autoRead, value: false)
            try $0.pipeline.syncOperations.addHandler(ReadAgain())
        }
        channel.read()
        var good = true
        for count in 1...3 {
            write(peer, "x", 1)
            good = await until { recorder.bytes == count } && good
        }
        check("without autoRead a read() from inside channelRead counts: \(recorder.log)", good)
        channel.close(promise: nil)
        close(peer)
    }

    private func writeThenCloseOutput(
        _ channel: StreamChannel, _ data: ByteBuffer, _ note: @escaping @MainActor (String) -> Void
    ) {
        channel.writeAndFlush(data).whenComplete { result in
            let good = (try? result.get()) != nil
            MainActor.assumeIsolated { note("written \(good)") }
        }
        channel.close(mode: .output).whenComplete { result in
            let good = (try? result.get()) != nil
            MainActor.assumeIsolated { note("closed \(good)") }
        }
    }

    private func checkWrites() async {
        let (stuck, peer, _) = pair()
        let future: EventLoopFuture<Void> = stuckWrite(stuck)
        let failure = await Result { try await future.get() }
        check("a stuck write fails on close", { if case .failure = failure { true } else { false } }())
        close(peer)

        // A flush out of a write's promise, a thousand deep: `send` must not call itself.
        let (channel, other, recorder) = pair()
        let reader = Task { try? await Client.elsewhere { drain(other) } }
        let sent = await withCheckedContinuation { done in
            chain(channel, left: 1000, done)
        }
        check("a thousand writes, each from the promise of the last", sent)
        // Water marks: reported once in each direction.
        channel.writeAndFlush(ByteBuffer(repeating: 1, count: 2_000_000), promise: nil)
        _ = await until { recorder.log.contains("writable:true") }
        let marks = recorder.log.filter { $0.hasPrefix("writable") }
        check("writability: \(marks)", marks == ["writable:false", "writable:true"])
        channel.close(mode: .output, promise: nil)
        let total = await reader.value
        check("all bytes came: \(total ?? 0)", total == 2_001_000)
        channel.close(promise: nil)
        close(other)

        let (closing, third, _) = pair()
        closing.writeAndFlush(ByteBuffer(string: "last")).whenComplete { _ in closing.close(mode: .output, promise: nil) }
        let last = try? await Client.elsewhere { drain(third) }
        check("close(.output) out of a write's promise", last == 4)
        closing.close(promise: nil)
        close(third)
    }

    private func stuckWrite(_ channel: StreamChannel) -> EventLoopFuture<Void> {
        let future: EventLoopFuture<Void> = channel.writeAndFlush(ByteBuffer(repeating: 7, count: 4_000_000))
        channel.close(promise: nil)
        return future
    }

    private func chain(_ channel: StreamChannel, left: Int, _ done: CheckedContinuation<Bool, Never>) {
        guard left > 0 else {
            done.resume(returning: true)
            return
        }
        channel.writeAndFlush(ByteBuffer(string: "x")).whenComplete { result in
            let good = (try? result.get()) != nil
            MainActor.assumeIsolated {
                if good { self.chain(channel, left: left - 1, done) } else { done.resume(returning: false) }
            }
        }
    }

    private func checkPeerFinished() async {
        let (channel, peer, recorder) = pair {
            try $0.syncOptions?.setOption(.autoRead, value: false)
            try $0.syncOptions?.setOption(.allowRemoteHalfClosure, value: true)
        }
        write(peer, "unread", 6)
        shutdown(peer, Int32(SHUT_WR))
        _ = await until { recorder.log.count == 3 }
        // The loop looks at this channel again before it has heard all of another one.
        let (other, otherPeer, otherRecorder) = pair()
        for count in 1...3 {
            write(otherPeer, "x", 1)
            _ = await until { otherRecorder.bytes == count }
        }
        other.close(promise: nil)
        close(otherPeer)
        let told = recorder.log.filter { $0 == "peerFinished" }.count
        check("the peer's end is told once, also when nobody reads: \(recorder.log)", told == 1)
        channel.read()
        _ = await until { recorder.bytes == 6 }
        channel.read()
        _ = await until { recorder.log.last == "inputClosed" }
        check("and the bytes before it are not lost: \(recorder.log)", recorder.log.suffix(2) == ["read6", "inputClosed"])
        channel.close(promise: nil)
        close(peer)
        await checkGonePeer()
    }

    private func checkGonePeer() async {
        let (channel, peer, recorder) = pair { try $0.syncOptions?.setOption(.autoRead, value: false) }
        let sent = [UInt8](repeating: 1, count: 100_000)
        write(peer, sent, sent.count)
        close(peer)
        _ = await until { recorder.log.last == "peerFinished" }
        let rounds = loop.figures.rounds.count
        try? await Task.sleep(for: .milliseconds(20))
        let woken = loop.figures.rounds.count - rounds
        check("a peer that is gone does not make the loop spin: \(woken) rounds", woken < 20)
        while channel.isActive {
            let before = recorder.log.count
            channel.read()
            guard await until({ recorder.log.count > before }) else { break }
        }
        check("and what it sent before is read to the end: \(recorder.bytes)", recorder.bytes == sent.count)
    }
}

/// Asks for the next piece as soon as it has one.
nonisolated private final class ReadAgain: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer
    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        context.read()
        context.fireChannelRead(data)
    }
}

/// Reads until the end; the number of bytes.
nonisolated func drain(_ descriptor: Int32) -> Int {
    var total = 0
    var buffer = [UInt8](repeating: 0, count: 65536)
    while true {
        let count = read(descriptor, &buffer, buffer.count)
        if count <= 0 { return total }
        total += count
    }
}
