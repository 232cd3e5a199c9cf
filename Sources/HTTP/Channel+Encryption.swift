// What encryption changes in the life of a connection.

internal import NIOCore
internal import Streams

extension Channel {
    /// Whether TLS stands between the socket and everybody else.
    var isEncrypted: Bool { (self as? StreamChannel)?.isEncrypted ?? false }

    /// Closes the socket now. Closing by way of the pipeline would let TLS say farewell and wait for the answer first, and of
    /// whoever does not read or broke off there is none to be had.
    func cut() { _channelCore.close0(error: ChannelError.eof, mode: .all, promise: nil) }
}
