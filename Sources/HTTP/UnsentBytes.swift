// What of our answers the kernel has not taken yet.

internal import NIOCore

extension Channel {
    /// Bytes that wait because the client is slow; 0 on a closed channel.
    var unsentBytes: Int { (try? syncOptions?.getOption(.bufferedWritableBytes)) ?? 0 }
}

extension ChannelHandlerContext {
    var unsentBytes: Int { channel.unsentBytes }
}
