// The channel options that a stream channel knows.

public import NIOCore

extension StreamChannel {
    nonisolated struct Options: NIOSynchronousChannelOptions {
        let channel: StreamChannel
        func setOption<Option: ChannelOption>(_ option: Option, value: Option.Value) throws { try channel.set(option, value) }
        func getOption<Option: ChannelOption>(_ option: Option) throws -> Option.Value { try channel.get(option) }
    }

    public nonisolated var syncOptions: (any NIOSynchronousChannelOptions)? { Options(channel: self) }

    public nonisolated func setOption<Option: ChannelOption>(_ option: Option, value: Option.Value) -> EventLoopFuture<Void> {
        if loop.inEventLoop { return loop.makeCompletedFuture { try set(option, value) } }
        return loop.submit { try self.set(option, value) }
    }

    public nonisolated func getOption<Option: ChannelOption>(_ option: Option) -> EventLoopFuture<Option.Value> {
        if loop.inEventLoop { return loop.makeCompletedFuture(Result { try get(option) }) }
        return loop.submit { try self.get(option) }
    }

    private nonisolated func set<Option: ChannelOption>(_ option: Option, _ value: Option.Value) throws {
        guard phase != .closed else { throw ChannelError.ioOnClosedChannel }
        switch option {
        case _ as ChannelOptions.Types.AutoReadOption:
            let before = autoRead
            autoRead = try Self.cast(value)
            if autoRead && !before {
                pipeline.read()
            } else if !autoRead && before {
                readWanted = false
                rearm()
            }
        case _ as ChannelOptions.Types.AllowRemoteHalfClosureOption: halfClosure = try Self.cast(value)
        case _ as ChannelOptions.Types.MaxMessagesPerReadOption: maxReads = try Self.cast(value)
        case _ as ChannelOptions.Types.RecvAllocatorOption: receiveAllocator = try Self.cast(value)
        case _ as ChannelOptions.Types.WriteBufferWaterMarkOption: mark = try Self.cast(value)
        default: throw ChannelError.operationUnsupported
        }
    }

    private nonisolated func get<Option: ChannelOption>(_ option: Option) throws -> Option.Value {
        guard phase != .closed else { throw ChannelError.ioOnClosedChannel }
        switch option {
        case _ as ChannelOptions.Types.AutoReadOption: return try Self.cast(autoRead)
        case _ as ChannelOptions.Types.AllowRemoteHalfClosureOption: return try Self.cast(halfClosure)
        case _ as ChannelOptions.Types.MaxMessagesPerReadOption: return try Self.cast(maxReads)
        case _ as ChannelOptions.Types.RecvAllocatorOption: return try Self.cast(receiveAllocator)
        case _ as ChannelOptions.Types.WriteBufferWaterMarkOption: return try Self.cast(mark)
        case _ as ChannelOptions.Types.BufferedWritableBytesOption: return try Self.cast(pendingBytes)
        default: throw ChannelError.operationUnsupported
        }
    }

    private nonisolated static func cast<Value, Wanted>(_ value: Value) throws -> Wanted {
        guard let wanted = value as? Wanted else { throw ChannelError.operationUnsupported }
        return wanted
    }
}
