// A handler that remembers.

import NIOCore
import Streams

/// Writes down what a pipeline tells its handlers.
nonisolated final class Recorder: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer
    private(set) var log: [String] = []
    private(set) var bytes = 0
    func channelRegistered(context: ChannelHandlerContext) { log.append("registered") }
    func channelActive(context: ChannelHandlerContext) { log.append("active") }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        let count = unwrapInboundIn(data).readableBytes
        bytes += count
        log.append("read\(count)")
    }

    func channelInactive(context: ChannelHandlerContext) { log.append("inactive") }
    func channelUnregistered(context: ChannelHandlerContext) { log.append("unregistered") }
    func handlerRemoved(context: ChannelHandlerContext) { log.append("removed") }
    func errorCaught(context: ChannelHandlerContext, error: any Error) { log.append("error") }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        switch event {
        case let event as ChannelEvent: log.append("\(event)")
        case let event as StreamEvent: log.append("\(event)")
        default: log.append("event")
        }
    }

    func channelWritabilityChanged(context: ChannelHandlerContext) { log.append("writable:\(context.channel.isWritable)") }
}
