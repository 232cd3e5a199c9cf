// Requests that become WebSockets.

internal import NIOCore
internal import NIOHTTP1
internal import NIOWebSocket

/// Who lets a path's requests in, and who gets them.
struct WebSocketUpgrade {
    let admit: (HotRequest) -> Bool
    let open: (WebSocket) -> Void
}

extension HTTPServer {
    /// Requests of this path that ask for WebSocket and that `admit` lets in become one; `open` gets it before its first
    /// frame. All others are answered like any request, by whatever route the path has.
    public func upgrade(
        _ path: String, admit: @escaping (HotRequest) -> Bool, open: @escaping (WebSocket) -> Void
    ) {
        upgrades[path] = WebSocketUpgrade(admit: admit, open: open)
    }

    func webSocketUpgrader(
        _ routerHandler: RouterHandler, _ deadlines: RequestDeadlines
    ) -> NIOWebSocketServerUpgrader {
        let replaced = NIOLoopBound((routerHandler, deadlines), eventLoop: loop)
        return NIOWebSocketServerUpgrader(
            maxFrameSize: limits.webSocketMessageBytesMax, automaticErrorHandling: false,
            shouldUpgrade: { [weak self] channel, head in
                let isAdmitted = MainActor.assumeIsolated { self?.admits(head) ?? false }
                return channel.eventLoop.makeSucceededFuture(isAdmitted ? HTTPHeaders() : nil)
            },
            upgradePipelineHandler: { [weak self] channel, head in
                channel.eventLoop.makeCompletedFuture {
                    let pipeline = channel.pipeline.syncOperations
                    let (routerHandler, deadlines) = replaced.value
                    pipeline.removeHandler(routerHandler, promise: nil)
                    pipeline.removeHandler(deadlines, promise: nil)
                    try MainActor.assumeIsolated { try self?.open(head, on: channel) }
                }
            })
    }

    private func admits(_ head: HTTPRequestHead) -> Bool {
        guard !leaving, let request = HotRequest(head), let upgrade = upgrades[request.path] else { return false }
        return upgrade.admit(request)
    }

    private func open(_ head: HTTPRequestHead, on channel: any Channel) throws {
        let id = ObjectIdentifier(channel)
        let handler = WebSocketHandler(limits: limits) { [weak self] end in
            MainActor.assumeIsolated { self?.noteEnd(end, id) }
        }
        guard let request = HotRequest(head), let upgrade = upgrades[request.path] else { return }
        let webSocket = WebSocket(request: request, handler: NIOLoopBound(handler, eventLoop: loop))
        handler.socket = webSocket
        webSockets[id] = webSocket
        counted.noteResponse(101)
        try channel.pipeline.syncOperations.addHandler(handler)
        upgrade.open(webSocket)
    }

    private func noteEnd(_ end: WebSocket.End, _ id: ObjectIdentifier) {
        webSockets[id] = nil
        switch end {
        case .slow: counted.slowWebSockets += 1
        case .refused: counted.refusedWebSockets += 1
        case .closed, .closedHere, .gone: break
        }
    }
}
