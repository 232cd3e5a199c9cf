// A way between a browser and us.

package import RTP

/// Which of our sockets, and whose address at the other end.
package nonisolated struct ICEPath: Hashable, Sendable {
    package var socket: Int
    package var remote: TransportAddress

    package init(socket: Int, remote: TransportAddress) {
        self.socket = socket
        self.remote = remote
    }
}
