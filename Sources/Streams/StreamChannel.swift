// A connected stream socket as a NIO channel: its state and its public face.

internal import CLoop
internal import Glibc
internal import NIOConcurrencyHelpers
public import NIOCore
internal import Synchronization

/// A connected stream socket on a `StreamLoop`.
///
/// Everything but the atomics and the addresses belongs to the loop. Reading, writing and closing stand in files of their own.
public nonisolated final class StreamChannel: Channel, ChannelCore, @unchecked Sendable {
    enum Phase { case idle, registered, connecting, active, closed }

    struct PendingWrite {
        var buffer: ByteBuffer
        var promise: EventLoopPromise<Void>?
    }

    static let buffersPerSendMax = 64
    /// A peer that reads as fast as we write must not hold the loop: the rest waits for the next round.
    static let bytesPerServeMax = 512 * 1024

    let loop: StreamLoop
    var fd: Int32
    var phase = Phase.idle

    // Options
    var autoRead = true, halfClosure = false
    var mark = ChannelOptions.Types.WriteBufferWaterMark(low: 32 * 1024, high: 64 * 1024)
    var maxReads: UInt = 4
    var receiveAllocator: any RecvByteBufferAllocator = AdaptiveRecvByteBufferAllocator(
        minimum: 64, initial: 2048, maximum: 65536)

    /// Whether a handler of its pipeline encrypts what it carries. To be set before the channel is active.
    public var isEncrypted = false

    // Reading
    var readWanted = false, inRead = false
    var inputClosed = false, peerFinished = false
    var hungUp = false, receiveIsQueued = false

    // Writing: `pending[head..<flushed]` may be sent.
    var pending: [PendingWrite] = []
    var head = 0, flushed = 0
    var pendingBytes = 0
    var inSend = false
    var outputClosed = false, closeOutputWhenSent = false
    var closeOutputPromise: EventLoopPromise<Void>?

    var connectPromise: EventLoopPromise<Void>?
    let closePromise: EventLoopPromise<Void>
    private var _pipeline: ChannelPipeline!
    let writable = Atomic<Bool>(true), active = Atomic<Bool>(false)
    let addresses = NIOLockedValueBox<(local: SocketAddress?, remote: SocketAddress?)>((nil, nil))

    /// Takes over `descriptor` and closes it in the end. The channel must be registered before anything else.
    public init(loop: StreamLoop, descriptor: Int32) {
        self.loop = loop
        fd = descriptor
        closePromise = loop.makePromise()
        _pipeline = ChannelPipeline(channel: self)
        _ = fcntl(descriptor, F_SETFL, fcntl(descriptor, F_GETFL) | O_NONBLOCK)
        var one: Int32 = 1
        setsockopt(descriptor, Int32(IPPROTO_TCP), TCP_NODELAY, &one, socklen_t(MemoryLayout<Int32>.size))
    }

    public let allocator = ByteBufferAllocator()
    public var closeFuture: EventLoopFuture<Void> { closePromise.futureResult }
    public var pipeline: ChannelPipeline { _pipeline }
    public var localAddress: SocketAddress? { addresses.withLockedValue { $0.local } }
    public var remoteAddress: SocketAddress? { addresses.withLockedValue { $0.remote } }
    public var parent: (any Channel)? { nil }
    public var isWritable: Bool { writable.load(ordering: .relaxed) }
    public var isActive: Bool { active.load(ordering: .relaxed) }
    public var _channelCore: any ChannelCore { self }
    public var eventLoop: any EventLoop { loop }

    public func triggerUserOutboundEvent0(_ event: Any, promise: EventLoopPromise<Void>?) { promise?.succeed(()) }
    public func channelRead0(_ data: NIOAny) {}
    public func errorCaught0(error: any Error) {}
}
