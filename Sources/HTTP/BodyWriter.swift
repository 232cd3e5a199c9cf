// Where a route writes its streamed body.

internal import HTTPTypes
internal import Hummingbird
internal import NIOCore

/// Waits for slow clients, and gives the loop back in between to fast ones.
struct BodyWriter: ResponseBodyWriter {
    private let handler: NIOLoopBound<RouterHandler>
    private let number: UInt64

    init(_ handler: NIOLoopBound<RouterHandler>, _ number: UInt64) {
        self.handler = handler
        self.number = number
    }

    mutating func write(_ buffer: ByteBuffer) async throws {
        try Task.checkCancellation()
        let outcome: RouterHandler.WriteOutcome
        if handler.eventLoop.inEventLoop {
            outcome = try handler.value.writeBody(buffer, number)
        } else {
            outcome = try await handler.eventLoop.submit { [handler, number] in try handler.value.writeBody(buffer, number) }
                .get()
        }
        switch outcome {
        case .goOn: break
        case .yield: await Task.yield()
        case .wait(let sent): try await sent.get()
        }
    }

    consuming func finish(_ trailers: HTTPFields?) async throws {
        if handler.eventLoop.inEventLoop {
            handler.value.end(trailers, number)
        } else {
            try await handler.eventLoop.submit { [handler, number] in handler.value.end(trailers, number) }.get()
        }
    }
}
