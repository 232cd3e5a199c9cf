// One page's connection to its desk.

internal import Basics
internal import HTTP
internal import MainLoop
internal import NIOCore

/// A WebSocket with the session and the tab behind it.
@MainActor final class DeskConnection {
    /// The page asks who is signed in, and shows the sign-in if nobody is.
    nonisolated static let sessionOver = WebSocket.Code(4002)
    nonisolated static let takenOver = WebSocket.Code(4001)

    let socket: WebSocket
    let agent: AgentID
    let session: SecretDigest
    /// A random id that the page gives itself; it survives a reload.
    let tab: String
    /// The number of the last frame that the page has seen; nil: the page is new.
    let after: UInt64?
    private(set) var isOpen = true
    var malformedFrames = 0
    private var frames: Double
    private var framesAt = MonotonicClock.now
    private let limits: DeskLimits

    /// nil: the query is not one of our page's.
    init?(_ socket: WebSocket, agent: AgentID, session: SecretDigest, limits: DeskLimits) {
        var values: [Substring: Substring] = [:]
        for pair in socket.request.query.split(separator: "&") {
            let parts = pair.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            guard parts.count == 2, values.updateValue(parts[1], forKey: parts[0]) == nil else { return nil }
        }
        guard let tab = values["tab"], !tab.isEmpty, tab.utf8.count <= DeskLimits.tabCharactersMax else { return nil }
        self.tab = String(tab)
        switch values["after"] {
        case nil: after = nil
        case let text?:
            guard let number = UInt64(text) else { return nil }
            after = number
        }
        self.socket = socket
        self.agent = agent
        self.session = session
        self.limits = limits
        frames = Double(limits.burstFramesMax)
    }

    /// Whether one more frame may come now.
    func mayTakeFrame() -> Bool {
        let now = MonotonicClock.now
        let earned = Double(now - framesAt) / 1e9 * Double(limits.framesPerSecondMax)
        frames = min(Double(limits.burstFramesMax), frames + earned)
        framesAt = now
        guard frames >= 1 else { return false }
        frames -= 1
        return true
    }

    func send(_ frame: [UInt8]) {
        guard isOpen else { return }
        socket.send(ByteBuffer(bytes: frame))
    }

    func send(_ frame: ByteBuffer) {
        guard isOpen else { return }
        socket.send(frame)
    }

    /// Nothing comes from it any more, not even its end.
    func close(_ code: WebSocket.Code, reason: String = "") {
        guard isOpen else { return }
        release()
        socket.close(code, reason: reason)
    }

    func release() {
        isOpen = false
        socket.onText = { _ in }
        socket.onEnd = { _ in }
    }
}
